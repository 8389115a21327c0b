"""The own limits of steps: when each is over, its lamp, and what time does about it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy.orm import selectinload

from onewindow_casework.clocks import rules
from onewindow_casework.clocks.queries import ends_at, hold_calendar
from onewindow_casework.handling import queries
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.steps import queries as steps
from onewindow_casework.steps.models import CaseStep
from onewindow_casework.steps.rules import OVER, TOLD, last_day_up
from onewindow_casework.supervision import escalating, lamps
from onewindow_casework.supervision.models import OF_THE_CASE
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import StepState
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.timers import Fired
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due, Pause, WorkCalendar

STEP_OVER = "case.step_over"
"""Timer at the close of business of the last day of a step's own limit."""
_DONE = frozenset({*OVER, StepState.WAITING})


def pauses_of(case: CaseFile) -> list[Pause]:
    """Return the days that special procedures take out of every limit of a case."""
    return [rules.pause(stop.start, stop.told_until, stop.ended_on) for stop in case.suspensions]


def step_due(calendar: WorkCalendar, case: CaseFile, step: CaseStep) -> Due | None:
    """Return the last day of a step's own limit, none where it has none or has not begun."""
    return _due(calendar, step, lambda: pauses_of(case))


def _due(calendar: WorkCalendar, step: CaseStep, pauses: Callable[[], Sequence[Pause]]) -> Due | None:
    if step.started_on is None or step.working_days is None:
        return None
    return rules.limit(calendar, step.started_on, step.working_days, pauses())


def step_lamp(unit: Unit, case: CaseFile, step: CaseStep, due: Due | None) -> Lamp | None:
    """Return the lamp of a step that is to be done."""
    return lamps.of_day(unit, due.day if due and case.open and step.state not in _DONE else None)


def watch_begun(unit: Unit, case: CaseFile, begun: Iterable[CaseStep]) -> None:
    """Have the limits of steps looked at that begin today: no pause that is over reaches into them."""
    stands = case.status == CaseStatus.SUSPENDED
    for step in begun:
        due = _due(work_calendar(unit.session), step, lambda: pauses_of(case) if stands else ())
        _watch(unit, case, step, due)


def watch_steps(unit: Unit, case: CaseFile, running: Iterable[CaseStep]) -> None:
    """Have the limits of steps that run looked at when they are over."""
    for step in running:
        _watch(unit, case, step, step_due(work_calendar(unit.session), case, step))


def _watch(unit: Unit, case: CaseFile, step: CaseStep, due: Due | None) -> None:
    if due is not None and due.day != date.max and step.state not in _DONE:
        unit.set_timer(STEP_OVER, _entity(case, step), ends_at(unit, due.day))


def unwatch(unit: Unit, case: CaseFile, step: CaseStep) -> None:
    """Have nobody look at the limit of a step that is done."""
    unit.cancel_timer(STEP_OVER, _entity(case, step))


def _entity(case: CaseFile, step: CaseStep) -> str:
    return f"{case.case_no}/{step.number}"


def steps_over(unit: Unit, fired: Sequence[Fired]) -> None:
    """Ask why steps are not done, once their last days are over; look again where such a day has moved."""
    hold_calendar(unit)
    numbers = {tuple(entity.split("/")) for entity, _ in fired}
    with_pauses = selectinload(CaseFile.suspensions)
    found = queries.all_locked(unit, {case_no for case_no, _ in numbers}, with_pauses)
    cases = {case.id: case for case in found}
    calendar, missed = work_calendar(unit.session), []
    for step in steps.of_cases(unit, cases):
        case = cases[step.case_id]
        if (case.case_no, str(step.number)) not in numbers:
            continue
        due = step_due(calendar, case, step)
        if step_lamp(unit, case, step, due) is Lamp.RED and due is not None:
            missed.append(escalating.Missed(case, step.number, due.day))
        elif case.open:
            watch_steps(unit, case, [step])
    escalating.limits_over(unit, missed)


def settle(unit: Unit, case: CaseFile) -> None:
    """End what is asked because of limits that are done, or not over any more."""
    escalating.settle(unit, case, lambda number: _is_over(unit, case, number))


def _is_over(unit: Unit, case: CaseFile, number: int) -> bool:
    if number == OF_THE_CASE:
        return lamps.of_case(unit, case) is Lamp.RED
    step = steps.one(unit, case, number)
    return step_lamp(unit, case, step, step_due(work_calendar(unit.session), case, step)) is Lamp.RED


def look_again(unit: Unit, case: CaseFile) -> None:
    """Watch every step anew whose limit may have moved, and leave up longer what is put up."""
    all_of_them = steps.all_of(unit, case)
    watch_steps(unit, case, all_of_them)
    for step in all_of_them:
        if step.state == StepState.PUT_UP:
            _leave_up(unit, case, step)
    settle(unit, case)


def _leave_up(unit: Unit, case: CaseFile, step: CaseStep) -> None:
    """Have what is put up not come down before its days are over; no day that was told is made earlier."""
    if step.put_up_on is None or step.put_up_until is None:
        return
    days = step.publicity_working_days, step.publicity_calendar_days
    last = last_day_up(work_calendar(unit.session), step.put_up_on, *days)
    if last > step.put_up_until:
        step.put_up_until = last
        detail = {"number": step.number, "until": last.isoformat()}
        tell(unit, case, TOLD[StepState.PUT_UP], note=step.name, detail=detail)
