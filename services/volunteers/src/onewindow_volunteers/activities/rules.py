"""What an activity must say, who may join, when somebody is busy (志愿服务条例 arts. 12-17, rules C4)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from onewindow_shared.contracts.activities import (
    ActivityIn,
    ActivityOut,
    ActivityStatus,
    MinorsRule,
    ShiftIn,
    ShiftOut,
    SignupStatus,
)
from onewindow_shared.contracts.identity import age_on
from onewindow_shared.contracts.machines import step
from onewindow_shared.plumbing.workdays import local_day

Faults = dict[str, str]
MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
TOLD = ("content", "place", "contact", "risks", "conditions")
"""What an announcement says besides time and number (志愿服务条例 art. 12)."""
OPEN = (SignupStatus.PLACED, SignupStatus.OFFERED, SignupStatus.WAITING)
HOLDS_A_PLACE = frozenset({SignupStatus.PLACED, SignupStatus.OFFERED})


class ActivityAction(StrEnum):
    """What is done to an activity."""

    PUBLISH = "publish"
    CALL_OFF = "call_off"
    END = "end"


class SignupAction(StrEnum):
    """What is done to somebody's place."""

    OFFER = "offer"
    TAKE = "take"
    COME = "come"
    """Come to the shift although one only waited for a place."""
    CANCEL = "cancel"
    EXPIRE = "expire"
    CALL_OFF = "call_off"


_A, _S = ActivityStatus, SignupStatus
ACTIVITIES: Mapping[tuple[ActivityStatus, ActivityAction], ActivityStatus] = {
    (_A.DRAFT, ActivityAction.PUBLISH): _A.PUBLISHED,
    (_A.PUBLISHED, ActivityAction.CALL_OFF): _A.CANCELLED,
    (_A.PUBLISHED, ActivityAction.END): _A.ENDED,
}
SIGNUPS: Mapping[tuple[SignupStatus, SignupAction], SignupStatus] = {
    (_S.WAITING, SignupAction.OFFER): _S.OFFERED,
    (_S.OFFERED, SignupAction.TAKE): _S.PLACED,
    (_S.OFFERED, SignupAction.EXPIRE): _S.EXPIRED,
    (_S.WAITING, SignupAction.EXPIRE): _S.EXPIRED,
    (_S.WAITING, SignupAction.COME): _S.PLACED,
    (_S.OFFERED, SignupAction.COME): _S.PLACED,
    **{(status, SignupAction.CANCEL): _S.CANCELLED for status in OPEN},
    **{(status, SignupAction.CALL_OFF): _S.CALLED_OFF for status in OPEN},
}


def walk_activity(status: ActivityStatus, action: ActivityAction) -> ActivityStatus:
    """Return the status that `action` leads to, or raise `CannotMoveError`."""
    return step(ACTIVITIES, "an activity", status, action)


def walk_signup(status: SignupStatus, action: SignupAction) -> SignupStatus:
    """Return the status that `action` leads to, or raise `CannotMoveError`."""
    return step(SIGNUPS, "a place", status, action)


@dataclass(frozen=True)
class Lengths:
    """How long a shift lasts, at least and at most."""

    shortest: timedelta
    longest: timedelta

    def faults(self, shifts: Sequence[ShiftIn | ShiftOut]) -> Faults:
        """Name the end of every shift that is too short or too long."""
        found = {}
        for place, shift in enumerate(shifts):
            lasts = shift.ends_at - shift.starts_at
            if lasts < self.shortest:
                found[f"shifts.{place}.ends_at"] = f"a shift lasts at least {self.shortest // MINUTE} minutes"
            elif lasts > self.longest:
                found[f"shifts.{place}.ends_at"] = f"a shift lasts at most {self.longest // HOUR} hours"
        return found


def drafted(form: ActivityIn, lengths: Lengths) -> Faults:
    """Return what is wrong with a draft, whatever it still lacks."""
    faults = lengths.faults(form.shifts)
    if form.hazardous and form.minors is not MinorsRule.NOT_ADMITTED:
        faults["minors"] = "minors are not organised for dangerous activities (浙江省志愿服务条例 art. 9)"
    return faults


def unpublishable(drafted: ActivityOut, lengths: Lengths, now: datetime, zone: tzinfo) -> Faults:
    """Name everything that keeps an activity from being published (志愿服务条例 arts. 12, 17)."""
    faults = {name: "needed before it is published" for name in TOLD if getattr(drafted, name) is None}
    faults |= lengths.faults(drafted.shifts)
    if not drafted.shifts:
        faults["shifts"] = "say when it takes place"
    for place, shift in enumerate(drafted.shifts):
        if shift.starts_at <= now:
            faults[f"shifts.{place}.starts_at"] = "this lies in the past"
    first_day = min((local_day(shift.starts_at, zone) for shift in drafted.shifts), default=None)
    last_day = max((local_day(shift.ends_at, zone) for shift in drafted.shifts), default=None)
    if drafted.hazardous and drafted.insurance is None:
        faults["insurance"] = "whoever takes part in something dangerous is insured first"
    elif drafted.insurance and last_day and drafted.insurance.valid_until < last_day:
        faults["insurance.valid_until"] = "the insurance ends before the activity"
    begins = drafted.insurance.valid_from if drafted.insurance else None
    if begins and first_day and begins > first_day:
        faults["insurance.valid_from"] = "the insurance begins after the activity"
    return faults


@dataclass(frozen=True)
class Joiner:
    """What decides whether somebody may join."""

    registered: bool
    born: date
    trained_in: Collection[str]
    """Skills of trainings that are valid on the day."""
    counts_as_adult: bool
    """Lives on their own work since 16 (民法典 art. 18)."""
    agreed_to: bool
    """A minor's guardian has confirmed by their own phone."""
    accompanied: bool = False
    """A grown-up comes along."""


@dataclass(frozen=True)
class Call:
    """What an activity asks of those who join."""

    minors: MinorsRule
    skill: str | None
    adult_age: int
    hazardous: bool


def unfit(joiner: Joiner, call: Call, day: date) -> str | None:
    """Return why somebody may not join on a day, None if they may."""
    if not joiner.registered:
        return "only registered volunteers sign up"
    if age_on(joiner.born, day) < call.adult_age and (why := _too_young(joiner, call)):
        return why
    if call.skill is not None and call.skill not in joiner.trained_in:
        return f"this needs training: {call.skill}"
    return None


def _too_young(joiner: Joiner, call: Call) -> str | None:
    """Return why somebody under age may not join; to live on one's own work gives capacity, not age."""
    if call.hazardous:
        return "nobody under age takes part in something dangerous (浙江省志愿服务条例 art. 9)"
    if joiner.counts_as_adult:
        return None
    if call.minors is MinorsRule.NOT_ADMITTED:
        return "minors are not admitted to this activity"
    if not joiner.agreed_to:
        return "the guardian has not confirmed yet"
    if call.minors is MinorsRule.ACCOMPANIED and not joiner.accompanied:
        return "minors come with a grown-up: say `accompanied`"
    return None


def quarters(starts_at: datetime, ends_at: datetime, grace: timedelta) -> Iterator[int]:
    """Yield the quarters of an hour for which somebody in a shift is busy.

    The first `grace` of a shift is left out, so that two shifts may share that much and no more; a shift
    always keeps its last quarter.
    """
    first, last = _quarter(starts_at + grace), -(-int(ends_at.timestamp()) // _SECONDS) - 1
    yield from range(min(first, last), last + 1)


_SECONDS = int(QUARTER.total_seconds())


def _quarter(at: datetime) -> int:
    return int(at.timestamp()) // _SECONDS


def shared_minutes(shift: tuple[datetime, datetime], others: Sequence[tuple[datetime, datetime]]) -> int:
    """Return how many minutes of a shift somebody has promised to others as well."""
    overlaps = (min(shift[1], end) - max(shift[0], start) for start, end in others)
    return sum(max(0, int(overlap.total_seconds())) for overlap in overlaps) // 60


def offered_until(now: datetime, keeps: timedelta, starts_at: datetime) -> datetime:
    """Return until when a free place is kept for the next in line: never beyond the start."""
    return min(now + keeps, starts_at)
