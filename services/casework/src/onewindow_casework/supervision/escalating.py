"""What time does: it asks where a limit is over, and goes a level up where no answer comes.

A level is dated to the day that brought it, whenever the sweep comes to it; `rules.climb` says which.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from onewindow_casework.clocks import rules as clocks
from onewindow_casework.clocks.queries import hold_calendar, last_day
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_casework.supervision import rules
from onewindow_casework.supervision.lamps import lamp_days
from onewindow_casework.supervision.models import Supervision
from onewindow_casework.supervision.writing import (
    ASKED,
    LATE,
    await_by,
    await_nothing,
    begun,
    watch,
    write,
)
from onewindow_shared.contracts.supervision import (
    Level,
    SupervisionAction,
    SupervisionKind,
    SupervisionState,
)
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit

__all__ = ["LATE", "limit_over", "recount", "reply_over", "settle"]


def limit_over(unit: Unit, case: CaseFile, step: int, due_on: date) -> None:
    """Ask whoever answers for a case why a limit is over; once, and from there on level by level."""
    if any(one.kind == SupervisionKind.OVERDUE and one.step == step for one in open_of(unit, case)):
        return
    rungs = _climbed(unit, None, due_on)
    one = begun(unit, case, SupervisionKind.OVERDUE, step, Level.OFFICER)
    one.since = due_on
    _stand(unit, one, rungs[-1])
    unit.session.add(one)
    unit.session.flush()
    watch(unit, one)
    for place, rung in enumerate(rungs):
        write(unit, case, one, SupervisionAction.RAISE if place else ASKED, rung=rung)


def reply_over(unit: Unit, supervision_id: str, _due_at: datetime) -> None:
    """Go up where an answer, or what it promised, has not come."""
    hold_calendar(unit)
    query = select(CaseFile).join(Supervision, Supervision.case_id == CaseFile.id)
    case = unit.session.scalar(
        query.where(Supervision.id == int(supervision_id)).with_for_update(of=CaseFile)
    )
    if case is None:
        return
    one = unit.session.get_one(Supervision, int(supervision_id), populate_existing=True)
    if one.state == SupervisionState.CLOSED or one.awaited_by is None:
        return
    if one.awaited_by > lamp_days(unit).red:
        watch(unit, one)
        return
    _went_up(unit, case, one, one.awaited_by)


def _went_up(unit: Unit, case: CaseFile, one: Supervision, missed: date) -> None:
    answered = one.state == SupervisionState.ANSWERED
    stands = Level(one.level)
    below = rules.LEVELS[rules.rank(stands) - 1] if answered and rules.above(stands) is None else stands
    rungs = _climbed(unit, below, missed)
    one.state = SupervisionState.ASKED
    for place, rung in enumerate(rungs):
        lapsed = answered and not place
        write(unit, case, one, SupervisionAction.LAPSE if lapsed else SupervisionAction.RAISE, rung=rung)
    if rungs:
        _stand(unit, one, rungs[-1])
        watch(unit, one)


def _climbed(unit: Unit, level: Level | None, missed: date) -> list[rules.Rung]:
    calendar = work_calendar(unit.session)
    return rules.climb(
        level,
        missed,
        lamp_days(unit).red,
        reply_days(unit),
        lambda start, days: clocks.limit(calendar, start, days).day,
    )


def _stand(unit: Unit, one: Supervision, rung: rules.Rung) -> None:
    one.level, one.counted_from = rung.level, rung.on
    one.days, one.awaited_by = reply_days(unit)[rung.level], rung.reply_by


def reply_days(unit: Unit) -> Mapping[Level, int]:
    """Return the working days that each level has for an answer."""
    settings = settings_of(unit)
    return {
        Level.OFFICER: settings.reply_days_officer,
        Level.TEAM: settings.reply_days_team,
        Level.STREET: settings.reply_days_street,
        Level.DISTRICT: settings.reply_days_district,
    }


def open_of(unit: Unit, case: CaseFile) -> Sequence[Supervision]:
    """Return what is still asked of a case, or answered and not closed."""
    query = select(Supervision).where(
        Supervision.case_id == case.id, Supervision.state != SupervisionState.CLOSED
    )
    return unit.session.scalars(query.order_by(Supervision.id)).all()


def settle(unit: Unit, case: CaseFile, still_over: Callable[[int], bool]) -> None:
    """End what a case has no more reason for: it has ended, or the limit is done or not over any more."""
    for one in open_of(unit, case):
        stays = case.open and (one.kind != SupervisionKind.OVERDUE or still_over(one.step))
        if not stays:
            one.state = SupervisionState.CLOSED
            await_nothing(unit, one)
            write(unit, case, one, SupervisionAction.END)


def recount(unit: Unit, first: date, _last: date) -> int:
    """Count again the days of answers that lie on or after a changed day; return how many moved."""
    waiting = select(Supervision).where(
        Supervision.state != SupervisionState.CLOSED, Supervision.awaited_by >= first
    )
    moved = 0
    for one in unit.session.scalars(waiting.order_by(Supervision.id).with_for_update()):
        if one.counted_from is not None:
            day = last_day(unit, one.counted_from, one.days).day
            moved += day != one.awaited_by
            await_by(unit, one, one.counted_from, one.days, day)
    return moved
