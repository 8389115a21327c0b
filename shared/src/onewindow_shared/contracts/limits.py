"""How long a case may take, and what changes it: limits explained day by day, special procedures."""

from collections.abc import Sequence
from datetime import date

from onewindow_shared.contracts.catalogue import Days, SpecialProcedure
from onewindow_shared.contracts.common import Contract, Moment, Text
from onewindow_shared.contracts.delivery import DeliveryMethod
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.steps import StepState


class WrittenNotice(Contract):
    """How the applicant was told in writing."""

    method: DeliveryMethod
    proof: Text
    """What proves it: a signature, the number of the parcel, the receipt of the system."""


class SuspensionIn(Contract):
    """A special procedure: its time is told in writing and not counted (行政许可法 art. 45)."""

    procedure: SpecialProcedure
    days: Days
    """Working days that it takes, the day of the notice not counted."""
    reason: Text
    notice: WrittenNotice
    awaits_applicant: bool = False
    """It waits for something that the applicant has to do: a sample, a paper, an appearance."""


class ResumptionIn(Contract):
    """The result of a special procedure is in."""

    result: Text


class ExtensionIn(Contract):
    """The one extension of both limits: approved by a head, its reason told (行政许可法 art. 42)."""

    days: Days
    """Working days that come on top."""
    reason: Text
    notice: WrittenNotice


class ExplainedDay(Contract):
    """One day of a limit, and why it was counted or not."""

    day: date
    counted: bool
    why: str
    """`workday` or `makeup` if counted, else `weekend`, `holiday`, `start` or `paused`."""
    number: int | None
    """Running number of a counted day."""
    name: str
    """Holiday that it belongs to, empty for none."""
    estimated: bool
    """The State Council may still change this day."""


class LimitOut(Contract):
    """One limit of a case, in working days; the first day is not counted (民法典 arts. 201, 203)."""

    limit: int
    """All the days that it has, with those of an extension."""
    start: date
    due_on: date
    due_at: Moment
    """Close of business on the last day."""
    provisional: bool
    days: Sequence[ExplainedDay]
    """From the start to the last day; empty for a limit that ends with the calendar itself."""
    as_kept: bool = False
    """The case ended under an earlier calendar: its last day stands, and no present one explains it."""


class PauseOut(Contract):
    """A special procedure, and the days on which both limits stood still for it."""

    procedure: SpecialProcedure
    reason: str
    days: int
    """Working days that the applicant was told it takes."""
    start: date
    """First day that is not counted: that of the notice, or the next one after the close of business."""
    told_until: date
    """Last day of the time that was told; whatever it takes beyond is counted."""
    ended_on: date | None
    """Day on which the result was in; null while the procedure lasts."""


class ExtensionOut(Contract):
    """The extension of a case."""

    days: int
    reason: str
    approved_at: Moment
    approved_by: str
    """Name of the head who approved it."""


class StepLimit(Contract):
    """The own limit of a step: working days from the day after it began, without the pauses of the case."""

    number: int
    name: str
    state: StepState
    limit: int | None
    started_on: date | None
    due_on: date | None
    """Null where it has no limit, or has not begun."""
    provisional: bool
    done_on: date | None
    lamp: Lamp | None
    """While the step is to be done."""


class ClockOut(Contract):
    """Both limits of a case, explained day by day with the calendar as it is known now.

    A case that has ended keeps its last days; where the calendar was corrected since, they are told as kept.
    """

    case_no: CaseNo
    calendar_version: str
    pauses: Sequence[PauseOut]
    extension: ExtensionOut | None
    """The one that counts: what was approved before a reopening is used up."""
    promised: LimitOut
    statutory: LimitOut
    steps: Sequence[StepLimit]
    """Beside both limits, where the item has a procedure."""
