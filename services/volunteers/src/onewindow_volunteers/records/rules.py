"""What counts as service, who may confirm it, what it adds up to (民政部令第67号, rules B3.4-B3.5, C4)."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.machines import step
from onewindow_shared.contracts.numbers import TRACKING_ALPHABET
from onewindow_shared.contracts.records import RecordStatus

SIGNS = 8
MARK = "OW"


class RecordAction(StrEnum):
    """What is done to a service record."""

    CHECK_OUT = "check_out"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    CONTEST = "contest"
    """Staff say that it is not as it was written down."""
    RULE = "rule"


_S, _A = RecordStatus, RecordAction
MOVES: Mapping[tuple[RecordStatus, RecordAction], RecordStatus] = {
    (_S.CHECKED_IN, _A.CHECK_OUT): _S.PENDING,
    (_S.PENDING, _A.CONFIRM): _S.CONFIRMED,
    (_S.CHECKED_IN, _A.DISPUTE): _S.DISPUTED,
    (_S.CHECKED_IN, _A.CONTEST): _S.DISPUTED,
    (_S.PENDING, _A.DISPUTE): _S.DISPUTED,
    (_S.CONFIRMED, _A.DISPUTE): _S.DISPUTED,
    (_S.PENDING, _A.CONTEST): _S.DISPUTED,
    (_S.CONFIRMED, _A.CONTEST): _S.DISPUTED,
    (_S.DISPUTED, _A.RULE): _S.CONFIRMED,
}


def walk(status: RecordStatus, action: RecordAction) -> RecordStatus:
    """Return the status that `action` leads to, or raise `CannotMoveError`."""
    return step(MOVES, "a record", status, action)


@dataclass(frozen=True)
class Window:
    """A stretch of time for which one code is shown."""

    number: int
    length: timedelta

    @classmethod
    def of(cls, at: datetime, length: timedelta) -> "Window":
        """Return the window that a moment falls into."""
        return cls(int(at.timestamp() // length.total_seconds()), length)

    @property
    def starts_at(self) -> datetime:
        """First moment of the window."""
        return datetime.fromtimestamp(self.number * self.length.total_seconds(), UTC)

    def holds(self, at: datetime) -> bool:
        """Say whether a code of this window was readable then: one more window is allowed for slow hands."""
        return self.starts_at <= at < self.starts_at + 2 * self.length


def code_of(key: bytes, shift_id: int, window: Window) -> str:
    """Return what is shown at the place during a window: it can be made by nobody without the key."""
    value = int.from_bytes(hmac.digest(key, f"{shift_id}.{window.number}".encode(), hashlib.sha256), "big")
    signs = []
    for _ in range(SIGNS):
        value, sign = divmod(value, len(TRACKING_ALPHABET))
        signs.append(TRACKING_ALPHABET[sign])
    return f"{MARK}.{shift_id}.{window.number}.{''.join(signs)}"


def was_read(key: bytes, shift_id: int, code: str, at: datetime, length: timedelta) -> bool:
    """Say whether a code was shown for a shift at a moment."""
    parts = code.strip().upper().split(".")
    if len(parts) != 4 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 12:
        return False
    window = Window(int(parts[2]), length)
    expected = code_of(key, shift_id, window)
    return hmac.compare_digest(code.strip().upper().encode(), expected.encode()) and window.holds(at)


def told_of(code: str) -> int | None:
    """Return whose code this says to be; whether it is one tells `was_read`."""
    parts = code.strip().split(".")
    number = parts[1] if len(parts) == 4 else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


@dataclass(frozen=True)
class Presence:
    """When somebody can have been at a shift."""

    starts_at: datetime
    ends_at: datetime
    early: timedelta
    """How long before the shift people come."""
    longest: timedelta
    """Nobody stays longer than a shift may last."""

    def faults(self, came_at: datetime, left_at: datetime, now: datetime) -> dict[str, str]:
        """Name what cannot be true of when somebody came and left."""
        if not self.starts_at - self.early <= came_at < self.ends_at:
            return {"came_at": "this is not the time of the shift"}
        if left_at > now:
            return {"left_at": "this lies ahead"}
        if not max(came_at, self.starts_at) < left_at <= came_at + self.longest:
            return {"left_at": "nobody leaves before the shift, or stays longer than shifts last"}
        return {}


def came_late(came_at: datetime, starts_at: datetime, grace: timedelta) -> int:
    """Return the minutes that somebody came late, none within the grace."""
    late = came_at - starts_at
    return int(late.total_seconds()) // 60 if late > grace else 0


@dataclass(frozen=True)
class Levels:
    """Minutes of one day above which a higher level has to confirm (广东 i志愿 practice: 8 and 12 hours)."""

    street_above: int
    district_above: int


_COMMUNITY = frozenset({Role.COMMUNITY_MANAGER, Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN})
_STREET = frozenset({Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN})
_DISTRICT = frozenset({Role.DISTRICT_ADMIN})


def may_confirm(day_minutes: int, levels: Levels) -> frozenset[Role]:
    """Return who may confirm a record that brings a day to so many minutes."""
    if day_minutes > levels.district_above:
        return _DISTRICT
    return _STREET if day_minutes > levels.street_above else _COMMUNITY


def allowed(day_minutes: int, levels: Levels, roles: Collection[Role]) -> bool:
    """Say whether somebody may confirm it."""
    return not may_confirm(day_minutes, levels).isdisjoint(roles)


def stars(minutes: int, thresholds: Sequence[int]) -> tuple[int, int | None]:
    """Return the level that confirmed minutes reach, and what the next still wants; thresholds in hours."""
    level = sum(minutes >= hours * 60 for hours in thresholds)
    wanting = thresholds[level] * 60 - minutes if level < len(thresholds) else None
    return level, wanting
