"""What people do with a step: complete it, have it checked, put its outcome up."""

from onewindow_casework.assignment import charge
from onewindow_casework.assignment.queries import in_charge
from onewindow_casework.clocks.steps import step_due, step_lamp, unwatch
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import taken, unless
from onewindow_casework.steps import planning, queries, rules
from onewindow_casework.steps.models import REMARK, RESULT, CaseStep
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import (
    CheckIn,
    CompletionIn,
    PublicityIn,
    StepAction,
    StepKind,
    StepOut,
    StepReturnIn,
    StepState,
)
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit


def complete(unit: Unit, case_no: str, number: int, seen: int, body: CompletionIn) -> CaseFileOut:
    """Write down what came of a step; work of two officers waits for the second one."""
    case, step = _to_walk(unit, case_no, number, seen, StepAction.COMPLETE)
    if step.paper is not None and body.paper_no is None:
        raise invalid({"paper_no": f"this step leaves a paper: {step.paper}"})
    if step.kind == StepKind.PUBLICITY:
        _is_settled(unit, case, step)
    step.result_sealed = unit.vault.seal(body.result, purpose=RESULT)
    step.paper_no, step.done_at = body.paper_no, unit.now
    step.done_by, step.done_by_name = unit.actor.subject, unit.actor.name
    return _walked(unit, case, step, StepAction.COMPLETE)


def check(unit: Unit, case_no: str, number: int, seen: int, body: CheckIn) -> CaseFileOut:
    """Confirm, as the second officer, what the first one did (行政许可法 art. 34)."""
    case, step = _to_walk(unit, case_no, number, seen, StepAction.CHECK)
    step.checked_by, step.checked_by_name = unit.actor.subject, unit.actor.name
    step.remark_sealed = unit.vault.sealed(body.remark, purpose=REMARK)
    return _walked(unit, case, step, StepAction.CHECK)


def send_back(unit: Unit, case_no: str, number: int, seen: int, body: StepReturnIn) -> CaseFileOut:
    """Have the work done anew, because a second officer does not agree with it."""
    case, step = _to_walk(unit, case_no, number, seen, StepAction.RETURN)
    step.remark_sealed = unit.vault.seal(body.reason, purpose=REMARK)
    return _walked(unit, case, step, StepAction.RETURN)


def put_up(unit: Unit, case_no: str, number: int, seen: int, body: PublicityIn) -> CaseFileOut:
    """Make the outcome so far public for the days of the item (T23)."""
    case, step = _to_walk(unit, case_no, number, seen, StepAction.PUT_UP)
    days = (step.publicity_working_days, step.publicity_calendar_days)
    step.put_up_until = rules.last_day_up(work_calendar(unit.session), unit.today, *days)
    step.put_up_on, step.place = unit.today, body.place
    return _walked(unit, case, step, StepAction.PUT_UP)


def _to_walk(
    unit: Unit, case_no: str, number: int, seen: int, action: StepAction
) -> tuple[CaseFile, CaseStep]:
    case = taken(unit, case_no, seen)
    step = queries.one(unit, case, number)
    if case.status != CaseStatus.HANDLING:
        raise MoveRefused(detail="The case is not being handled.", state=case.status, action=action)
    if rules.walk(StepKind(step.kind), StepState(step.state), action) is None:
        detail = f"A step that is {step.state} has no {action}."
        raise MoveRefused(detail=detail, state=step.state, action=action)
    unless(_bar(unit, case, step, action))
    if step.role == Role.AGENT_OFFICER and action is StepAction.COMPLETE:
        charge.noted(unit, case)
    return case, step


def _bar(unit: Unit, case: CaseFile, step: CaseStep, action: StepAction) -> rules.StepBar | None:
    return rules.bar(
        Role(step.role) if step.role else None,
        action,
        actor=unit.actor.subject,
        roles=unit.actor.roles,
        in_charge=in_charge(unit, case),
        applicant=case.applicant_subject,
        done_by=step.done_by,
    )


def _is_settled(unit: Unit, case: CaseFile, step: CaseStep) -> None:
    if detail := _why_up(unit, case, step):
        raise MoveRefused(detail=detail, state=step.state, action=StepAction.COMPLETE)


def _why_up(unit: Unit, case: CaseFile, step: CaseStep) -> str | None:
    """Say why a publicity cannot end: its last day is not over, or an objection not ruled on."""
    if step.put_up_until is not None and unit.today <= step.put_up_until:
        return f"It is up until {step.put_up_until}."
    return (
        "Objections are not ruled on yet."
        if rules.unsettled(queries.states_of_objections(unit, case))
        else None
    )


def _walked(unit: Unit, case: CaseFile, step: CaseStep, action: StepAction) -> CaseFileOut:
    to = rules.walk(StepKind(step.kind), StepState(step.state), action, officers=step.officers)
    step.state = to or step.state
    if step.state in rules.OVER:
        unwatch(unit, case, step)
    planning.advance(unit, case)
    detail = {"number": step.number, "step_state": step.state}
    tell(unit, case, rules.TOLD[StepState(step.state)], note=step.name, detail=detail)
    return cases.show(unit, case)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may move its steps now."""
    if case.status != CaseStatus.HANDLING:
        return []
    return [
        f"steps/{step.number}/{action}"
        for step in queries.all_of(unit, case)
        for action in rules.moves(StepKind(step.kind), StepState(step.state))
        if _bar(unit, case, step, action) is None and not _must_wait(unit, case, step, action)
    ]


def _must_wait(unit: Unit, case: CaseFile, step: CaseStep, action: StepAction) -> bool:
    ends_publicity = action is StepAction.COMPLETE and step.kind == StepKind.PUBLICITY
    return ends_publicity and _why_up(unit, case, step) is not None


def several(unit: Unit, wanted: Wanted, case_no: str) -> Page[StepOut]:
    """Return the steps of a case; results are not shown to whoever applied."""
    case = cases.find(unit, case_no)
    bound = f"steps {case_no}"
    return page(
        unit,
        queries.of_case(case),
        queries.BY_NUMBER,
        wanted,
        bound=bound,
        show=lambda step: _shown(unit, case, step),
    )


def _shown(unit: Unit, case: CaseFile, step: CaseStep) -> StepOut:
    staff = unit.actor.scope.owner is None
    due = step_due(work_calendar(unit.session), case, step)

    def opened(sealed: str | None, purpose: str) -> str | None:
        return unit.vault.opened(sealed, purpose=purpose) if staff else None

    return StepOut(
        number=step.number,
        again_of=step.again_of,
        stage=step.stage,
        name=step.name,
        kind=StepKind(step.kind),
        role=Role(step.role) if step.role else None,
        officers=step.officers,
        paper=step.paper,
        state=StepState(step.state),
        started_on=step.started_on,
        due_on=due.day if due else None,
        lamp=step_lamp(unit, case, step, due),
        put_up_on=step.put_up_on,
        put_up_until=step.put_up_until,
        place=step.place,
        result=opened(step.result_sealed, RESULT),
        remark=opened(step.remark_sealed, REMARK),
        paper_no=step.paper_no,
        done_by=step.done_by_name,
        checked_by=step.checked_by_name,
        done_at=step.done_at,
    )
