"""Setting the limits of a case, watching the promised one, and counting again when the calendar changes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from onewindow_casework.clocks import rules
from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.handling import queries
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.casework import ClockOut, ExplainedDay, LimitOut
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import CountedDay, Due, WorkCalendar

OVERDUE = "case.overdue"
"""Timer at the close of business of the promised day."""


def limits_of(unit: Unit, cases: Iterable[CaseAccepted]) -> list[dict[str, Any]]:
    """Count both limits of new cases; return the columns that keep them."""
    hold_calendar(unit)
    calendar = work_calendar(unit.session)
    return [_columns(_counted(calendar, case), calendar) for case in cases]


def _counted(calendar: WorkCalendar, case: CaseFile | CaseAccepted) -> rules.Limits:
    return rules.limits(
        calendar, case.accepted_on, promised_days=case.promised_days, statutory_days=case.statutory_days
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


def promise_ends_at(unit: Unit, case: CaseFile) -> datetime:
    """Return the instant from which the case is overdue."""
    return _ends_at(unit, case.promised_due_on)


def _ends_at(unit: Unit, day: date) -> datetime:
    return rules.ends_at(day, unit.zone, settings_of(unit).close_of_business_hour)


def watch(unit: Unit, case_no: str, promised_due_on: date) -> None:
    """Have the promised limit looked at when it is over."""
    if promised_due_on != date.max:
        unit.set_timer(OVERDUE, case_no, _ends_at(unit, promised_due_on))


def promise_over(unit: Unit, case_no: str, due_at: datetime) -> None:
    """Flag an open case whose promised day is over (T22), once, whenever the timer comes to it."""
    case = queries.locked(unit, case_no)
    if not case.open or case.overdue:
        return
    if unit.now < promise_ends_at(unit, case):
        watch(unit, case.case_no, case.promised_due_on)
        return
    case.overdue, case.overdue_on = True, case.promised_due_on
    _count_overdue(unit, case, 1, case.promised_due_on)
    tell(unit, case, "overdue", detail={"due_at": due_at.isoformat()})


def stop(unit: Unit, case: CaseFile) -> None:
    """End the watch of a case that has come to its end."""
    if case.overdue:
        case.overdue, case.overdue_until = False, unit.today
        _count_overdue(unit, case, -1, unit.today)
    unit.cancel_timer(OVERDUE, case.case_no)


def recount_limits(unit: Unit, first: date, last: date) -> int:
    """Count again the limits of open cases that reach a day from `first` to `last`; return how many moved.

    Each case that moved is audited, and its applicant told.
    """
    calendar = work_calendar(unit.session)
    return sum(_recount(unit, calendar, case) for case in queries.open_between(unit, first, last))


def _recount(unit: Unit, calendar: WorkCalendar, case: CaseFile) -> bool:
    before, after = _kept(case), _counted(calendar, case)
    if before == after:
        return False
    for name, value in _columns(after, calendar).items():
        setattr(case, name, value)
    if before.promised.day != after.promised.day:
        _watch_again(unit, case)
    detail = {"before": _written(before), "after": _written(after), "calendar": calendar.version}
    tell(unit, case, "due_changed", detail=detail)
    return True


def _watch_again(unit: Unit, case: CaseFile) -> None:
    """Take back the flag of a promised day that is none any more; the timer sets it again if need be."""
    if case.overdue and case.overdue_on is not None:
        _count_overdue(unit, case, -1, case.overdue_on)
        case.overdue, case.overdue_on = False, None
    watch(unit, case.case_no, case.promised_due_on)


def _written(limits: rules.Limits) -> dict[str, str]:
    return {"promised": limits.promised.day.isoformat(), "statutory": limits.statutory.day.isoformat()}


def _count_overdue(unit: Unit, case: CaseFile, n: int, day: date) -> None:
    unit.count(Metric.CASES_OVERDUE_OPEN, n, community=case.community, day=day, item=case.item_code)


def explain(unit: Unit, case_no: str) -> ClockOut:
    """Return both limits of a case day by day."""
    case, calendar = queries.find(unit, case_no), work_calendar(unit.session)
    return ClockOut(
        case_no=case.case_no,
        calendar_version=calendar.version,
        promised=_explained(unit, calendar, case.accepted_on, case.promised_days),
        statutory=_explained(unit, calendar, case.accepted_on, case.statutory_days),
    )


def _explained(unit: Unit, calendar: WorkCalendar, start: date, days: int) -> LimitOut:
    due = rules.limit(calendar, start, days)
    return LimitOut(
        limit=days,
        start=start,
        due_on=due.day,
        due_at=_ends_at(unit, due.day),
        provisional=due.provisional,
        days=[_line(day) for day in rules.explained(calendar, start, days)],
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
