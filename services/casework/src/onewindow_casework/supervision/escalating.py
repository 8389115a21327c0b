"""What time does: it asks where a limit is over, and goes a level up where no answer comes.

A level is dated to the day that brought it, whenever the sweep comes to it; `rules.climb` says which.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from onewindow_casework.clocks import rules as clocks
from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.clocks.recounting import Recount, Slice, done_with, next_of
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.messages import service as messages
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
from onewindow_shared.plumbing.timers import Fired
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import WorkCalendar

__all__ = ["ANSWERS", "LATE", "Missed", "limits_over", "replies_over", "settle"]


class Missed(NamedTuple):
    """A limit of a case, or of one of its steps, that is over."""

    case: CaseFile
    step: int
    due_on: date


def limits_over(unit: Unit, missed: Sequence[Missed]) -> None:
    """Ask whoever answers for cases why limits are over; once for each, and from there on level by level."""
    asked = _asked(unit, {one.case.id for one in missed})
    calendar = work_calendar(unit.session)
    begun_now = []
    for case, step, due_on in missed:
        if (case.id, step) not in asked:
            rungs = _climbed(unit, calendar, None, due_on)
            one = begun(unit, case, SupervisionKind.OVERDUE, step, Level.OFFICER)
            one.since = due_on
            _stand(unit, one, rungs[-1])
            begun_now.append((case, one, rungs))
    unit.session.add_all(one for _, one, _ in begun_now)
    unit.session.flush()
    messages.absences_of(unit, [case for case, _, _ in begun_now])
    for case, one, rungs in begun_now:
        watch(unit, one)
        for place, rung in enumerate(rungs):
            write(unit, case, one, SupervisionAction.RAISE if place else ASKED, rung=rung)
            if rung in (rungs[0], rungs[-1]):
                messages.asked(unit, case, one, rung.level, rung.reply_by)


def _asked(unit: Unit, case_ids: Collection[int]) -> Collection[tuple[int, int]]:
    """Return for which limits of cases somebody is asked already."""
    query = select(Supervision.case_id, Supervision.step).where(
        Supervision.case_id.in_(case_ids),
        Supervision.kind == SupervisionKind.OVERDUE,
        Supervision.state != SupervisionState.CLOSED,
    )
    return {(case_id, step) for case_id, step in unit.session.execute(query)}


def replies_over(unit: Unit, fired: Sequence[Fired]) -> None:
    """Go up where answers, or what they promised, have not come."""
    hold_calendar(unit)
    waiting = Supervision.id.in_([int(entity) for entity, _ in fired])
    theirs = CaseFile.id.in_(select(Supervision.case_id).where(waiting))
    query = select(CaseFile).where(theirs).order_by(CaseFile.id).with_for_update()
    cases = {case.id: case for case in unit.session.scalars(query)}
    calendar = work_calendar(unit.session)
    late = select(Supervision).where(waiting, Supervision.state != SupervisionState.CLOSED)
    for one in unit.session.scalars(late.execution_options(populate_existing=True)).all():
        if one.awaited_by is not None and one.awaited_by > lamp_days(unit).red:
            watch(unit, one)
        elif one.awaited_by is not None:
            _went_up(unit, calendar, cases[one.case_id], one, one.awaited_by)


def _went_up(unit: Unit, calendar: WorkCalendar, case: CaseFile, one: Supervision, missed: date) -> None:
    answered = one.state == SupervisionState.ANSWERED
    stands = Level(one.level)
    below = rules.LEVELS[rules.rank(stands) - 1] if answered and rules.above(stands) is None else stands
    rungs = _climbed(unit, calendar, below, missed)
    one.state = SupervisionState.ASKED
    for place, rung in enumerate(rungs):
        lapsed = answered and not place
        write(unit, case, one, SupervisionAction.LAPSE if lapsed else SupervisionAction.RAISE, rung=rung)
    if rungs:
        _stand(unit, one, rungs[-1])
        watch(unit, one)
        messages.asked(unit, case, one, rungs[-1].level, rungs[-1].reply_by)


def _climbed(unit: Unit, calendar: WorkCalendar, level: Level | None, missed: date) -> list[rules.Rung]:
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


def _count_slice(unit: Unit, first: date, _last: date, after: int) -> Slice:
    """Count again the days of answers that lie on or after a changed day."""
    waiting = select(Supervision).where(
        Supervision.state != SupervisionState.CLOSED, Supervision.awaited_by >= first
    )
    found = next_of(unit, waiting, Supervision.id, after)
    calendar, moved = work_calendar(unit.session), 0
    for one in found:
        if one.counted_from is not None:
            day = clocks.limit(calendar, one.counted_from, one.days).day
            moved += day != one.awaited_by
            await_by(unit, one, one.counted_from, one.days, day)
    return done_with(moved, [one.id for one in found])


ANSWERS = Recount("supervision.recount", _count_slice)
