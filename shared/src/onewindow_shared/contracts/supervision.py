"""Supervision of open cases: what is asked of whoever answers for one, by time or from above (督办、催办)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Literal

from onewindow_shared.contracts.catalogue import Days
from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Resource, Text
from onewindow_shared.contracts.numbers import CaseNo


class Level(StrEnum):
    """Who looks after what is late, each level above the one before."""

    OFFICER = "officer"
    """Whoever answers for the case."""
    TEAM = "team"
    """The community's manager."""
    STREET = "street"
    DISTRICT = "district"


class SupervisionKind(StrEnum):
    """Why something is asked."""

    OVERDUE = "overdue"
    """A limit is over: the system asks by itself."""
    URGE = "urge"
    """催办"""
    SUPERVISE = "supervise"
    """督办"""


class SupervisionState(StrEnum):
    """Where a supervision stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


class SupervisionAction(StrEnum):
    """What is done with a supervision; of what people do, the last part of the route."""

    ANSWER = "answer"
    AGAIN = "second-order"
    CLOSE = "closure"
    RAISE = "raise"
    """By time: the answer did not come, the next level looks after it."""
    LAPSE = "lapse"
    """By time: what the answer promised did not come, the next level looks after it."""
    END = "end"
    """By the case: it has ended, or the limit is not over any more."""


class SupervisionIn(Contract):
    """An order from above: what is asked of whoever answers for the case."""

    kind: Literal[SupervisionKind.URGE, SupervisionKind.SUPERVISE]
    text: Text
    reply_days: Days | None = None
    """Working days for the answer, not counting today; the district's setting unless given."""


class SupervisionAnswerIn(Contract):
    """What whoever answers for the case says."""

    text: Text
    done_by: date | None = None
    """Where a limit is over: the day by which the work will be done; the latest that may be unless given."""


class SecondOrderIn(Contract):
    """The answer does not do: it is asked again."""

    text: Text
    reply_days: Days | None = None


class SupervisionClosureIn(Contract):
    """Whoever ordered it is content, or takes it back."""

    remark: Text | None = None


class SupervisionRow(Resource):
    """A supervision as a line of a list."""

    supervision_id: int
    case_no: CaseNo
    community: CommunityCode
    department: str
    kind: SupervisionKind
    step: int | None
    """Number of the step whose limit is over; null where it is about the case."""
    level: Level
    """Who looks after it now."""
    state: SupervisionState
    since: date
    awaited_by: date | None
    """Last day for the answer, or for what the answer promised; null where nothing is awaited."""
    late: bool
    """That day is over."""


class SupervisionEntry(Contract):
    """Something that happened to a supervision."""

    what: Literal["asked"] | SupervisionAction
    level: Level
    on: date
    """The day that it counts as of, whenever the system came to it."""
    at: Moment
    by: str
    """Name of a member of staff, or `system`."""
    text: str | None
    awaited_by: date | None
    skipped: bool
    """Its time for an answer was over before anybody could be told: no answer was asked of this level."""


class SupervisionOut(SupervisionRow):
    """A supervision with everything that happened to it."""

    answerable: str | None
    """Name of the one person who answers for the case today."""
    entries: Sequence[SupervisionEntry]
    """Oldest first."""
