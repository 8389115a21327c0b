"""Planning the steps of a case, and letting one stage follow the other."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import inspect

from onewindow_casework.clocks import steps as own_limits
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_casework.steps import queries, rules
from onewindow_casework.steps.models import CaseStep
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import PlannedStep, StepAction, StepKind, StepState
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.unit import Unit

COPIED = (
    *("name", "kind", "role", "working_days", "officers", "paper"),
    *("publicity_working_days", "publicity_calendar_days"),
)


def rows(case_id: int, steps: Iterable[PlannedStep]) -> list[dict[str, Any]]:
    """Return the rows of a case's steps, with every column."""
    empty = dict.fromkeys(column.key for column in inspect(CaseStep).column_attrs if column.key != "id")
    return [
        {**empty, **step.model_dump(), "case_id": case_id, "number": number, "state": StepState.WAITING}
        for number, step in enumerate(steps, start=1)
    ]


def advance(unit: Unit, case: CaseFile) -> None:
    """Begin the steps of the first stage that is not over."""
    steps = queries.all_of(unit, case)
    begun = rules.to_begin(steps, decided=case.status == CaseStatus.DECIDED)
    for step in begun:
        step.state, step.started_on = StepState.RUNNING, unit.today
    with unit.session.no_autoflush:
        own_limits.watch_begun(unit, case, begun)
    if case.overdue or any(rules.may_be_over(step, unit.today) for step in steps):
        own_limits.settle(unit, case)


def before_decision(unit: Unit, case: CaseFile) -> str | None:
    """Say what of the procedure comes before the decision, or None where it has come to it."""
    if missing := rules.undone(queries.all_of(unit, case)):
        return f"These steps come first: {', '.join(map(str, missing))}."
    if case.steps and rules.unsettled(queries.states_of_objections(unit, case)):
        return "Objections are not ruled on yet."
    return None


def come_to_decision(unit: Unit, case: CaseFile) -> None:
    """Refuse a decision to which the procedure has not come."""
    if first := before_decision(unit, case):
        raise MoveRefused(detail=first, state=case.status, action="decide")


def decided(unit: Unit, case: CaseFile) -> None:
    """Have the outcome delivered in the days of the item's own step, or of the law (行政许可法 art. 44)."""
    most, steps = settings_of(unit).delivery_days, queries.all_of(unit, case)
    planned = [step for step in steps if step.kind == StepKind.DELIVERY and step.state not in rules.OVER]
    for step in planned:
        step.working_days = rules.delivery_days(step.working_days, most)
    if not planned:
        case.steps.append(
            CaseStep(
                number=max((step.number for step in steps), default=0) + 1,
                stage=max((step.stage for step in steps), default=0) + 1,
                name=rules.TO_DELIVER,
                kind=StepKind.DELIVERY,
                officers=1,
                working_days=most,
                state=StepState.WAITING,
            )
        )
    moved(unit, case, StepKind.DECISION)


def moved(unit: Unit, case: CaseFile, kind: StepKind) -> None:
    """Take the step of the case's own move along: it is decided, or delivered."""
    for step in queries.all_of(unit, case):
        to = rules.walk(StepKind(step.kind), StepState(step.state), StepAction.MOVE)
        if step.kind == kind and to is not None:
            step.state, step.done_at = to, unit.now
            step.done_by, step.done_by_name = unit.actor.subject, unit.actor.name
            own_limits.unwatch(unit, case, step)
    advance(unit, case)


def begin_again(unit: Unit, case: CaseFile, again_from: int | None) -> None:
    """Plan the steps of a reopened case: from one on, or else only its decision and delivery again."""
    steps = queries.all_of(unit, case)
    numbers = rules.reopened(steps, again_from)
    if numbers is None:
        raise invalid({"again_from": "this case has no such step to be done again"})
    if numbers:
        do_again(unit, case, steps, numbers)
    advance(unit, case)


def do_again(unit: Unit, case: CaseFile, steps: Sequence[CaseStep], numbers: Iterable[int]) -> None:
    """Set these steps aside as far as they are not over, and plan each again behind all others."""
    chosen = [step for step in steps if step.number in set(numbers)]
    behind, later = max(step.number for step in steps), max(step.stage for step in steps)
    for number, step in enumerate(chosen, start=behind + 1):
        if step.state not in rules.OVER:
            step.state = StepState.SET_ASIDE
            own_limits.unwatch(unit, case, step)
        copied = {name: getattr(step, name) for name in COPIED}
        case.steps.append(
            CaseStep(
                **copied,
                number=number,
                again_of=step.number,
                stage=step.stage + later,
                state=StepState.WAITING,
            )
        )
