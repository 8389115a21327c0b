"""Warning lamps, told by the calendar of today and never stored, and who is asked when something is late."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onewindow_casework.clocks.rules import limit
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.supervision import (
    Level,
    SupervisionAction,
    SupervisionKind,
    SupervisionState,
)
from onewindow_shared.plumbing.workdays import ONE_DAY, WorkCalendar


@dataclass(frozen=True)
class LampDays:
    """Up to which last day each lamp is lit now: so a list or a count of one is a range of days."""

    red: date
    """The latest day whose business is closed."""
    orange: date
    yellow: date


def lamp_days(
    calendar: WorkCalendar, today: date, *, closed: bool, orange_days: int, yellow_days: int
) -> LampDays:
    """Return the ranges of the lamps; `closed` says that today's business is over.

    A lamp is lit from so many working days before the last day on; none at all means on that day itself.
    """
    orange = _days_ahead(calendar, today, orange_days)
    return LampDays(
        red=today if closed else today - ONE_DAY,
        orange=orange,
        yellow=max(orange, _days_ahead(calendar, today, yellow_days)),
    )


def _days_ahead(calendar: WorkCalendar, today: date, days: int) -> date:
    return limit(calendar, today, days).day if days else today


def lamp(due_on: date, days: LampDays) -> Lamp | None:
    """Return the lamp of a last day, or None while there is time enough."""
    if due_on <= days.red:
        return Lamp.RED
    if due_on <= days.orange:
        return Lamp.ORANGE
    return Lamp.YELLOW if due_on <= days.yellow else None


def lit_between(which: Lamp, days: LampDays) -> tuple[date, date]:
    """Return the last days for which a lamp is lit: after the first one, up to the second."""
    if which is Lamp.RED:
        return date.min, days.red
    if which is Lamp.ORANGE:
        return days.red, max(days.red, days.orange)
    before = max(days.red, days.orange)
    return before, max(before, days.yellow)


_K, _S, _A = SupervisionKind, SupervisionState, SupervisionAction
MOVES: Mapping[tuple[SupervisionState, SupervisionAction], SupervisionState] = {
    (_S.ASKED, _A.ANSWER): _S.ANSWERED,
    (_S.ANSWERED, _A.AGAIN): _S.ASKED,
    (_S.ANSWERED, _A.CLOSE): _S.CLOSED,
    (_S.ASKED, _A.CLOSE): _S.CLOSED,
    (_S.ASKED, _A.RAISE): _S.ASKED,
    (_S.ANSWERED, _A.LAPSE): _S.ASKED,
    (_S.ASKED, _A.END): _S.CLOSED,
    (_S.ANSWERED, _A.END): _S.CLOSED,
}
"""Where an action leads."""
_ORDERED = frozenset({_A.ANSWER, _A.AGAIN, _A.CLOSE, _A.RAISE, _A.END})
ALLOWED: Mapping[SupervisionKind, frozenset[SupervisionAction]] = {
    _K.OVERDUE: frozenset({_A.ANSWER, _A.RAISE, _A.LAPSE, _A.END}),
    _K.URGE: _ORDERED,
    _K.SUPERVISE: _ORDERED,
}
"""What there is for each kind: what a limit asks ends with its reason, not by anybody's word."""
BY_PEOPLE = (_A.ANSWER, _A.AGAIN, _A.CLOSE)
LEVELS = tuple(Level)
_LEVEL_OF: Mapping[Role, Level] = {
    Role.COMMUNITY_MANAGER: Level.TEAM,
    Role.STREET_SUPERVISOR: Level.STREET,
    Role.DISTRICT_ADMIN: Level.DISTRICT,
}


class SupervisionBar(StrEnum):
    """Why somebody may not do what the table would allow."""

    TOO_LOW = "a level further up does this"
    NOT_ASKED = "whoever answers for the case is asked, or a level between them and whoever asks"
    OWN_ORDER = "nobody answers their own order"
    OWN_CASE = "nobody supervises, or answers for, their own case"


def walk(
    kind: SupervisionKind, state: SupervisionState, action: SupervisionAction
) -> SupervisionState | None:
    """Return where an action leads, or None where there is no such move."""
    return MOVES.get((state, action)) if action in ALLOWED[kind] else None


def level_of(roles: Iterable[Role]) -> Level:
    """Return the highest level that somebody with these roles stands at."""
    return max((_LEVEL_OF.get(role, Level.OFFICER) for role in roles), key=rank, default=Level.OFFICER)


def rank(level: Level) -> int:
    """Return how far up a level is."""
    return LEVELS.index(level)


def above(level: Level | None) -> Level | None:
    """Return the next level up, the lowest one above none, and None above the highest."""
    place = 0 if level is None else rank(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def bar_to_issue(level: Level, lowest: Level, *, actor: str, applicant: str | None) -> SupervisionBar | None:
    """Say why somebody of a level may not give an order of a kind that begins at the `lowest` one."""
    if actor == applicant:
        return SupervisionBar.OWN_CASE
    return SupervisionBar.TOO_LOW if level is Level.OFFICER or rank(level) < rank(lowest) else None


@dataclass(frozen=True)
class Standing:
    """Who has to do with a supervision."""

    kind: SupervisionKind
    level: Level
    """Where it stands now."""
    issued: Level
    """Where it was issued."""
    issuer: str
    answerable: str | None
    """Who answers for the case."""
    applicant: str | None


def bar(action: SupervisionAction, standing: Standing, *, actor: str, level: Level) -> SupervisionBar | None:
    """Say why somebody of a level may not do this to a supervision.

    It is answered by whoever answers for the case, or by a level above them that it has come to, which for an
    order is below where it stands; it is asked again or closed from the issuer's level up.
    """
    if actor == standing.applicant:
        return SupervisionBar.OWN_CASE
    if action is not _A.ANSWER:
        return SupervisionBar.TOO_LOW if rank(level) < rank(standing.issued) else None
    if actor == standing.answerable:
        return None
    if actor == standing.issuer:
        return SupervisionBar.OWN_ORDER
    highest = rank(standing.level) - (standing.kind is not _K.OVERDUE)
    return None if 0 < rank(level) <= highest else SupervisionBar.NOT_ASKED


@dataclass(frozen=True)
class Rung:
    """A level that something late has come to."""

    level: Level
    on: date
    """The day whose close of business brought it there."""
    reply_by: date
    skipped: bool
    """Its time for an answer was over before anybody could be told."""


def climb(
    level: Level | None,
    missed: date,
    over: date,
    days: Mapping[Level, int],
    last_day: Callable[[date, int], date],
) -> list[Rung]:
    """Return the levels that something late came to since it stood at `level`, and `missed` a last day.

    Each is reached at the close of business of the day that was missed before, and has its own days for an
    answer from there, whenever the system comes to it: `over` is the latest day whose business is closed. A
    level whose days are over by then is skipped, it was never asked, and the next one follows as it would
    have; what stands at the highest level stays there, asked once.
    """
    found: list[Rung] = []
    while (level := above(level)) is not None:
        reply_by = last_day(missed, days[level])
        passed = reply_by <= over and above(level) is not None
        found.append(Rung(level, missed, reply_by, skipped=passed))
        if not passed:
            break
        missed = reply_by
    return found
