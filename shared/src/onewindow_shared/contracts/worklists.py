"""Lists of cases as people work through them: what is listed, in which order, and taken away as a table."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from onewindow_shared.contracts.common import Code, CommunityCode, Contract, not_before
from onewindow_shared.contracts.identity import IdDocument, PersonName
from onewindow_shared.contracts.intake import Channel, Note, Officer, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseStatus

StreetCode = Annotated[str, Field(pattern=r"^[0-9]{9}$", examples=["330902002"])]
Days = Annotated[int, Field(ge=0, le=365)]
Typed = Annotated[str, Field(min_length=1, max_length=50)]


class CaseSort(StrEnum):
    """The order of a list."""

    RECEIVED = "received"
    """Newest receipt first."""
    DUE = "due"
    """Open cases with a due date, the earliest first."""
    NOTICE = "notice"
    """Cases in which a notice can still be given, the most urgent first: sooner what came online."""


class CaseFilter(Contract):
    """Which cases are listed; days are included at both ends."""

    status: Annotated[tuple[CaseStatus, ...], Field(max_length=len(CaseStatus))] = ()
    """Any of these."""
    item: Code | None = None
    category: ServiceCategory | None = None
    department: Code | None = None
    community: CommunityCode | None = None
    street: StreetCode | None = None
    channel: Channel | None = None
    first_contact_officer: Officer | None = None
    responsible_officer: Officer | None = None
    mine: bool = False
    """Only what the caller answers for, wherever it belongs."""
    nobody: bool = False
    """Only what nobody answers for yet: it came from home, and no officer has dealt with it."""
    taken_in: bool = False
    """What windows of the caller's area took in for other communities; else what belongs to the area."""
    received_from: date | None = None
    received_to: Annotated[date | None, not_before("received_from")] = None
    due_from: date | None = None
    due_to: Annotated[date | None, not_before("due_from")] = None
    due_in: Days | None = None
    """Due within so many days; 0: today or overdue."""
    notice_in: Days | None = None
    """The window has to answer, by a notice or an acceptance, within so many days; 0: today or overdue."""
    overdue: bool = False
    """Only open cases past their due date."""
    answered: bool | None = None
    """Of cases with corrections or papers to come: true, everything was handed in or declared, and the window
    looks next; false, the applicant still owes something."""
    undecided: bool = False
    """Only what was taken in offline and whose window has still to decide about an earlier case."""
    q: Typed | None = None
    """Words of what the item is called, category, state, or the last six or more digits of the number.

    A number may be typed in groups, or as it stands on a paper of the case. Fewer digits that are the name
    of nothing are refused.
    """
    sort: CaseSort | None = None
    """Left out: by due date what is overdue or due soon, by notice what needs one soon, else by receipt."""


class CaseLookupIn(Contract):
    """Whose cases are looked for, by document or by full name; in a body, because both are personal data."""

    id_document: IdDocument | None = None
    name: PersonName | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if (self.id_document is None) == (self.name is None):
            raise ValueError("say whose cases: by `id_document` or by `name`")
        return self


class SheetFormat(StrEnum):
    """What a table is taken away as."""

    CSV = "csv"
    XLSX = "xlsx"


class CaseExportIn(Contract):
    """A list of cases to be taken away."""

    filter: CaseFilter = CaseFilter()
    format: SheetFormat = SheetFormat.CSV
    reason: Annotated[Note, Field(min_length=4)]
    """Kept in the audit."""
