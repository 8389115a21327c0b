"""The published lists of a district as everybody sees them: versions, and what changed between two."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import StringConstraints

from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import Contract, Moment, StatedDay, Text


class ListIn(Contract):
    """The next version of the lists: what is followed, admitted and paid for."""

    title: Annotated[Text, StringConstraints(max_length=200)]
    note: Text | None = None
    effective_from: StatedDay


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


class Change(StrEnum):
    """What a version does with a matter, beside another version."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class MatterChange(Contract):
    """A matter in which two versions differ."""

    code: str
    name: str
    what: Change
    fields: list[ChangedField]
    """What is different, where it stands on both."""


class PublicStep(Contract):
    """One thing that happened to a listed item since its draft; nobody is named."""

    on: date
    step: str
    status: ItemStatus
