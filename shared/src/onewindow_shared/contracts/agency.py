"""代办: an agent acts in the applicant's place, on their word, free of charge (rules B1.6)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment, Resource, StatedDay, Text
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.outcomes import SignedHow

Short = Annotated[Text, Field(max_length=100)]


class AgencyState(StrEnum):
    """Where an agency stands; each but the first two is written on a form of its own."""

    APPLIED = "applied"
    ENTRUSTED = "entrusted"
    """委托书: the applicant has signed, and handed the papers over."""
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    """中止单"""
    RESUMED = "resumed"
    """续办委托书"""
    DONE = "done"
    """办结单"""
    TERMINATED = "terminated"
    """终止单"""


class AgencyAction(StrEnum):
    """What is done with an agency; the last part of its route."""

    ENTRUST = "entrustment"
    START = "start"
    SUSPEND = "suspension"
    RESUME = "resumption"
    COMPLETE = "completion"
    TERMINATE = "termination"


class AgencyIn(Contract):
    """The applicant asks for an agent."""


class AgencyEntrustmentIn(Contract):
    """The letter of entrustment (委托书): what for, until when, with which papers. No fee can be said."""

    matters: Text
    until: StatedDay
    papers: Annotated[list[Short], Field(max_length=50)]
    """Names of the papers that were handed over."""
    signed_how: SignedHow


class AgencyReasonIn(Contract):
    """Why an agency is suspended, taken up again or ended, or what came of it."""

    reason: Text


class AgencyResumptionIn(AgencyReasonIn):
    """The letter of entrustment is renewed (续办委托书), and why it was suspended is over."""

    until: StatedDay | None = None
    """Last day of the renewed letter; that of the former one, which must not have ended, unless given."""


class VisitIn(Contract):
    """A way that the agent went in the applicant's place."""

    day: StatedDay
    place: Short
    purpose: Text


class VisitOut(Contract):
    """A visit."""

    day: date
    place: str
    purpose: str
    by: str


class AgencyEntry(Contract):
    """Something that happened to an agency."""

    state: AgencyState
    at: Moment
    by: str
    reason: str | None
    until: date | None
    """Last day of the letter that was signed, or renewed, with it."""


class AgencyOut(Resource):
    """The agency of a case; the applicant stays the declaring party."""

    case_no: CaseNo
    state: AgencyState
    matters: str | None
    until: date | None
    papers: Sequence[str]
    visits: int
    entries: Sequence[AgencyEntry]
    """Oldest first."""
