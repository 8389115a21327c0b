"""Setting the limits of a case, watching the promised one, and counting again when the calendar changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from onewindow_casework.clocks import rules
from onewindow_casework.clocks import steps as own_limits
from onewindow_casework.clocks.queries import ends_at, hold_calendar, is_over
from onewindow_casework.clocks.recounting import Recount, Slice, done_with, next_of
from onewindow_casework.clocks.steps import pauses_of, step_due, step_lamp
from onewindow_casework.delays import arising as delays
from onewindow_casework.handling import queries
from onewindow_casework.handling.models import EXTENDED, SUSPENDED, CaseFile, Extension, Suspension
from onewindow_casework.settings import settings_of
from onewindow_casework.steps import queries as steps
from onewindow_casework.steps.models import CaseStep
from onewindow_casework.supervision.escalating import Missed, limits_over
from onewindow_casework.supervision.models import OF_THE_CASE
from onewindow_casework.timeline.service import Also, tell
from onewindow_shared.contracts.catalogue import SpecialProcedure
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.limits import (
    ClockOut,
    ExplainedDay,
    ExtensionOut,
    LimitOut,
    PauseOut,
    StepLimit,
)
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.steps import StepState
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.timers import Fired
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import CountedDay, Due, Pause, WorkCalendar, local_day

Detail = Mapping[str, Any]
"""What the audit keeps of a step: codes and days, no personal data."""
OVERDUE = "case.overdue"
"""Timer at the close of business of the promised day."""


def limits_of(unit: Unit, cases: Iterable[CaseAccepted]) -> list[dict[str, Any]]:
    """Count both limits of new cases; return the columns that keep them."""
    hold_calendar(unit)
    calendar = work_calendar(unit.session)
    return [_columns(_counted(calendar, case, case.accepted_on), calendar) for case in cases]


def _counted(
    calendar: WorkCalendar,
    case: CaseFile | CaseAccepted,
    start: date,
    pauses: Sequence[Pause] = (),
    extra: int = 0,
) -> rules.Limits:
    return rules.limits(
        calendar,
        start,
        promised_days=case.promised_days + extra,
        statutory_days=case.statutory_days + extra,
        pauses=pauses,
    )


def _columns(limits: rules.Limits, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "promised_due_on": limits.promised.day,
        "promised_provisional": limits.promised.provisional,
        "statutory_due_on": limits.statutory.day,
        "statutory_provisional": limits.statutory.provisional,
        "calendar_version": calendar.version,
    }


def _kept(case: CaseFile) -> rules.Limits:
    return rules.Limits(
        Due(case.promised_due_on, case.promised_provisional),
        Due(case.statutory_due_on, case.statutory_provisional),
    )


def _counting(case: CaseFile) -> Extension | None:
    """Return the extension that counts; one that was approved before a reopening is used up."""
    extension, reopened = case.extension, case.reopened_at
    if extension is None or (reopened is not None and extension.approved_at <= reopened):
        return None
    return extension


def _extra(case: CaseFile) -> int:
    extension = _counting(case)
    return extension.days if extension else 0


def _start(unit: Unit, case: CaseFile) -> date:
    """Return the day from which the limits run: that of the acceptance, or of the last reopening."""
    return local_day(case.reopened_at, unit.zone) if case.reopened_at else case.accepted_on


def pause_of(unit: Unit, days: int) -> tuple[date, date]:
    """Return the first and the last day of a pause of so many working days that begins now."""
    start = rules.pause_begins(unit.now, unit.today, unit.zone, settings_of(unit).close_of_business_hour)
    return start, rules.limit(work_calendar(unit.session), start, days).day


def days_left_to_pause(unit: Unit, case: CaseFile) -> int:
    """Return the working days for which special procedures may still suspend a case."""
    used = rules.days_paused(work_calendar(unit.session), pauses_of(case))
    return max(settings_of(unit).suspension_days - used, 0)


def days_taken(unit: Unit, case: CaseFile, decided_on: date) -> int:
    """Return the working days from acceptance, or the last reopening, to the decision."""
    return rules.handling_days(work_calendar(unit.session), _start(unit, case), decided_on, pauses_of(case))


def promise_is_over(unit: Unit, case: CaseFile) -> bool:
    """Say whether business has closed on the promised day."""
    return is_over(unit, case.promised_due_on)


def watch(unit: Unit, case_no: str, promised_due_on: date) -> None:
    """Have the promised limit looked at when it is over."""
    if promised_due_on != date.max:
        unit.set_timer(OVERDUE, case_no, ends_at(unit, promised_due_on))


def promises_over(unit: Unit, fired: Sequence[Fired]) -> None:
    """Flag the open cases whose promised day is over (T22), each once, whenever the timers come to them.

    One that was flagged before anybody asked why is asked after and left as it is otherwise.
    """
    hold_calendar(unit)
    due_at, late = dict(fired), []
    for case in queries.all_locked(unit, due_at.keys()):
        if not case.open:
            continue
        if promise_is_over(unit, case):
            late.append(case)
        else:
            watch(unit, case.case_no, case.promised_due_on)
    for case in late:
        if not case.overdue:
            _flag(unit, case, due_at[case.case_no])
    delays.arose(unit, late)
    limits_over(unit, [Missed(case, OF_THE_CASE, case.promised_due_on) for case in late])


def _flag(unit: Unit, case: CaseFile, due_at: datetime) -> None:
    case.overdue, case.overdue_on = True, case.promised_due_on
    _count_overdue(unit, case, 1, case.promised_due_on)
    ended_at = ends_at(unit, case.promised_due_on)
    tell(unit, case, "overdue", detail={"due_at": due_at.isoformat()}, also=Also(at=ended_at))


def stop(unit: Unit, case: CaseFile) -> None:
    """End the watch of a case that has come to its end."""
    if case.overdue:
        case.overdue, case.overdue_until = False, unit.today
        _count_overdue(unit, case, -1, unit.today)
    unit.cancel_timer(OVERDUE, case.case_no)
    own_limits.settle(unit, case)


def _count_slice(unit: Unit, first: date, last: date, after: int) -> Slice:
    """Count again the limits of open cases that reach a day from `first` to `last`.

    Each case that moved is audited, and its applicant told.
    """
    calendar = work_calendar(unit.session)
    cases = next_of(unit, queries.open_between(first, last), CaseFile.id, after)
    moved = sum(_recount(unit, calendar, case) for case in cases)
    return done_with(moved, [case.id for case in cases])


LIMITS = Recount("limits.recount", _count_slice)


def _recount(unit: Unit, calendar: WorkCalendar, case: CaseFile) -> bool:
    moved = _moved(unit, calendar, case)
    if moved:
        tell(unit, case, "due_changed", detail=moved)
    else:
        own_limits.look_again(unit, case)
    return bool(moved)


def count_again(unit: Unit, case: CaseFile) -> Detail:
    """Count again the limits of a case whose pauses or extension have changed.

    The calendar must be held since before the case was locked. Returns what the audit keeps of the move.
    """
    return _moved(unit, work_calendar(unit.session), case)


def _moved(unit: Unit, calendar: WorkCalendar, case: CaseFile) -> Detail:
    before = _kept(case)
    after = _counted(calendar, case, _start(unit, case), pauses_of(case), _extra(case))
    if before == after:
        return {}
    for name, value in _columns(after, calendar).items():
        setattr(case, name, value)
    if before.promised.day != after.promised.day:
        _watch_again(unit, case)
    own_limits.look_again(unit, case)
    return {"before": _written(before), "after": _written(after), "calendar": calendar.version}


def _watch_again(unit: Unit, case: CaseFile) -> None:
    """Take back the flag of a promised day that is none any more; the timer sets it again if need be."""
    if case.overdue and case.overdue_on is not None:
        _count_overdue(unit, case, -1, case.overdue_on)
        delays.lifted(unit, case, case.overdue_on)
        case.overdue, case.overdue_on = False, None
    watch(unit, case.case_no, case.promised_due_on)


def _written(limits: rules.Limits) -> dict[str, str]:
    return {"promised": limits.promised.day.isoformat(), "statutory": limits.statutory.day.isoformat()}


def _count_overdue(unit: Unit, case: CaseFile, n: int, day: date) -> None:
    unit.count(Metric.CASES_OVERDUE_OPEN, n, community=case.community, day=day, by=facets_of(case))


def explain(unit: Unit, case_no: str) -> ClockOut:
    """Return both limits of a case day by day."""
    case, calendar = queries.find(unit, case_no), work_calendar(unit.session)
    extension, kept = _counting(case), _kept(case)
    promised = _explained(unit, calendar, case, case.promised_days + _extra(case), kept.promised)
    statutory = _explained(unit, calendar, case, case.statutory_days + _extra(case), kept.statutory)
    earlier = promised.as_kept or statutory.as_kept
    return ClockOut(
        case_no=case.case_no,
        calendar_version=case.calendar_version if earlier else calendar.version,
        pauses=[_pause(unit, stop) for stop in case.suspensions],
        extension=_extension(unit, extension) if extension else None,
        promised=promised,
        statutory=statutory,
        steps=[_step_limit(unit, calendar, case, step) for step in steps.all_of(unit, case)],
    )


def _step_limit(unit: Unit, calendar: WorkCalendar, case: CaseFile, step: CaseStep) -> StepLimit:
    due = step_due(calendar, case, step)
    return StepLimit(
        number=step.number,
        name=step.name,
        state=StepState(step.state),
        limit=step.working_days,
        started_on=step.started_on,
        due_on=due.day if due else None,
        provisional=due.provisional if due else False,
        done_on=local_day(step.done_at, unit.zone) if step.done_at else None,
        lamp=step_lamp(unit, case, step, due),
    )


def _pause(unit: Unit, stop: Suspension) -> PauseOut:
    return PauseOut(
        procedure=SpecialProcedure(stop.procedure),
        reason=unit.vault.open(stop.reason_sealed, purpose=SUSPENDED),
        days=stop.days,
        start=stop.start,
        told_until=stop.told_until,
        ended_on=stop.ended_on,
    )


def _extension(unit: Unit, extension: Extension) -> ExtensionOut:
    return ExtensionOut(
        days=extension.days,
        reason=unit.vault.open(extension.reason_sealed, purpose=EXTENDED),
        approved_at=extension.approved_at,
        approved_by=extension.approved_by_name,
    )


def _explained(unit: Unit, calendar: WorkCalendar, case: CaseFile, days: int, kept: Due) -> LimitOut:
    start, pauses = _start(unit, case), pauses_of(case)
    counted = rules.limit(calendar, start, days, pauses)
    as_kept = not case.open and counted.day != kept.day
    due = kept if as_kept else counted
    return LimitOut(
        limit=days,
        start=start,
        due_on=due.day,
        due_at=ends_at(unit, due.day),
        provisional=due.provisional,
        days=[] if as_kept else [_line(day) for day in rules.explained(calendar, start, days, pauses)],
        as_kept=as_kept,
    )


def _line(day: CountedDay) -> ExplainedDay:
    return ExplainedDay(
        day=day.day,
        counted=day.counted,
        why=day.why,
        number=day.number,
        name=day.name,
        estimated=day.estimated,
    )
