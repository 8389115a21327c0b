"""What is wrong with an application that is only begun; nothing of it is repeated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from onewindow_shared.contracts.drafts import DraftIn, WrongField
from onewindow_shared.contracts.intake import CaseIn

_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Begun:
    """The state of a draft whose case is posted."""

    draft_id: int
    version: int


BESIDE = ("community", "accepting_community")


def application(form: DraftIn) -> CaseIn | list[WrongField]:
    """Read a draft as an application, or say which fields keep it from being one."""
    twice = [name for name in BESIDE if name in form.content]
    if twice:
        return [WrongField(field=name, reason="this is said beside the content") for name in twice]
    try:
        return CaseIn.model_validate({**form.content, **form.model_dump(include=set(BESIDE))})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [named(fault["loc"], fault["msg"]) for fault in found]


def named(path: Sequence[int | str], reason: str) -> WrongField:
    """Name a wrong field."""
    return WrongField(field=".".join(map(str, path)), reason=reason)


def item_of(content: Mapping[str, JsonValue]) -> str | None:
    """Return the code of the item that a draft is about, if it says one."""
    code = content.get("item_code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
