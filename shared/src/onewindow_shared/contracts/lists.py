"""The published lists of a district as everybody sees them: versions, and what changed between two."""

from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints

from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import Contract, Moment, Text


class ListIn(Contract):
    """The next version of the lists: what is followed, admitted and paid for."""

    title: Annotated[Text, StringConstraints(max_length=200)]
    note: Text | None = None
    effective_from: date


class ListOut(Contract):
    """A version of a district's lists."""

    district: str
    number: int
    title: str
    note: str | None
    effective_from: date
    published_at: Moment


class ChangedField(Contract):
    """A field of a matter before and after."""

    field: str
    before: Any
    after: Any


class ChangedMatter(Contract):
    """A matter that stands on both versions, and what is different."""

    code: str
    name: str
    fields: list[ChangedField]


class NamedMatter(Contract):
    """A matter that stands on one version only."""

    code: str
    name: str


class ListChanges(Contract):
    """What a version has that an earlier one had not, has no more, or has otherwise."""

    district: str
    since: int
    number: int
    added: list[NamedMatter]
    removed: list[NamedMatter]
    changed: list[ChangedMatter]


class PublicStep(Contract):
    """One thing that happened to a listed item since its draft; nobody is named."""

    on: date
    step: str
    status: ItemStatus
