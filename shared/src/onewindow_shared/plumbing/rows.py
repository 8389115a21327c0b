"""Rows of files that are imported: what a cell says in a field's type, and what is wrong with a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, get_args

from pydantic import ValidationError

from onewindow_shared.plumbing.uploads import as_text

MOST_FIELD: Final = 200
MOST_REASON: Final = 500
YES_NO: Final = {"true": True, "false": False, "是": True, "否": False}


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row."""

    row: str
    field: str
    reason: str


def wrong_fields(row: str, error: ValidationError) -> Iterator[Wrong]:
    """Name every field of a row that its contract refuses."""
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        yield Wrong(row, ".".join(map(str, one["loc"]))[:MOST_FIELD], one["msg"][:MOST_REASON])


def takes_null(annotation: Any) -> bool:
    """Say whether a field may be null: an empty cell is, elsewhere it is as if it were not there."""
    return NoneType in get_args(annotation)


def as_field(annotation: Any, given: Any) -> Any:
    """Return what a cell says in the type of its field, None if it is empty."""
    kinds = {annotation, *get_args(annotation)}
    if given in ("", None):
        return None
    if bool in kinds:
        return YES_NO.get(str(given).strip().lower(), given)
    if int in kinds or any(int in get_args(kind) for kind in kinds):
        return int(given) if isinstance(given, float) and given.is_integer() else given
    return as_text(given)
