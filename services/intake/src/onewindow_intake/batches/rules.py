"""What a client's clock is worth: when papers came that were taken offline."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from onewindow_intake.cases.rules import long_past
from onewindow_shared.contracts.batches import Judgement, JudgementReason
from onewindow_shared.plumbing.workdays import WorkCalendar


@dataclass(frozen=True)
class Arrival:
    """A batch has come."""

    at: datetime
    sent_at: datetime
    """The same moment by the client's clock."""
    tolerated: timedelta
    """By which a clock may be wrong without being corrected."""
    oldest_days: int
    """Working days by which papers are still believed to have been taken before."""
    calendar: WorkCalendar
    zone: tzinfo

    @property
    def skew(self) -> timedelta:
        """By how much the client's clock is behind."""
        return self.at - self.sent_at

    def believes(self, age: timedelta) -> bool:
        """Say whether papers may have been taken so long ago."""
        try:
            made_at = self.at - age
        except OverflowError:
            return False
        return not long_past(self.calendar, made_at, self.at, self.oldest_days, self.zone)


@dataclass(frozen=True)
class Judged:
    """When papers came, as the server takes it."""

    at: datetime
    how: Judgement
    why: JudgementReason

    def beside(self, told: datetime, made_at: datetime) -> datetime:
        """Say when something was that the same clock dates `told`: moved by as much as the papers were.

        What lies at the ends of time stays there.
        """
        try:
            return told + (self.at - made_at)
        except OverflowError:
            return told


def judge(arrival: Arrival, made_at: datetime) -> Judged:
    """Say when papers came that the client's clock dates `made_at`; never later than the batch."""
    if made_at > arrival.sent_at:
        return Judged(arrival.at, Judgement.ARRIVAL, JudgementReason.MADE_AFTER_SENT)
    right = abs(arrival.skew) <= arrival.tolerated and made_at <= arrival.at
    age = (arrival.at if right else arrival.sent_at) - made_at
    if not arrival.believes(age):
        return Judged(arrival.at, Judgement.ARRIVAL, JudgementReason.TOO_OLD)
    if right:
        return Judged(made_at, Judgement.AS_TOLD, JudgementReason.CLOCK_RIGHT)
    return Judged(arrival.at - age, Judgement.SHIFTED, JudgementReason.CLOCK_WRONG)
