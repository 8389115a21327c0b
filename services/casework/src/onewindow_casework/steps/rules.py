"""How the steps of a case move, who takes them, and what is done again after an objection.

One table for all steps; `walk` is the only way along it, and what can be done is asked from it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from onewindow_casework.clocks.rules import limit
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import ObjectionState, StepAction, StepKind, StepState
from onewindow_shared.plumbing.workdays import WorkCalendar

_K, _S, _A = StepKind, StepState, StepAction
MOVES: Mapping[tuple[StepKind, StepState, StepAction], StepState] = {
    (_K.WORK, _S.RUNNING, _A.COMPLETE): _S.DONE,
    (_K.WORK, _S.TO_CHECK, _A.CHECK): _S.DONE,
    (_K.WORK, _S.TO_CHECK, _A.RETURN): _S.RUNNING,
    (_K.PUBLICITY, _S.RUNNING, _A.PUT_UP): _S.PUT_UP,
    (_K.PUBLICITY, _S.PUT_UP, _A.COMPLETE): _S.DONE,
    (_K.PUBLICITY, _S.PUT_UP, _A.UPHOLD): _S.SET_ASIDE,
    (_K.DECISION, _S.RUNNING, _A.MOVE): _S.DONE,
    (_K.DELIVERY, _S.RUNNING, _A.MOVE): _S.DONE,
}
"""Where an action leads; work that two officers do comes to be checked before it is done."""
TOLD: Mapping[StepState, str] = {
    _S.RUNNING: "step_returned",
    _S.TO_CHECK: "step_to_check",
    _S.PUT_UP: "put_up",
    _S.DONE: "step_done",
}
"""What has happened when a step has come to a state, as applicants follow it."""
TAKEN = frozenset({_K.WORK, _K.PUBLICITY})
"""Steps that are walked by themselves; decision and delivery move with the case."""
OVER = frozenset({_S.DONE, _S.SET_ASIDE})
TO_DELIVER = "送达办理结果"
"""Name of the step in which an outcome is delivered where the item names none."""
NEXT = {ObjectionState.TAKEN: "hearing", ObjectionState.HEARD: "ruling"}
"""What an objection waits for: the last part of the route."""


class Planned(Protocol):
    """What of a step decides about the others."""

    number: int
    stage: int
    kind: str
    state: str
    again_of: int | None
    started_on: date | None
    working_days: int | None


Kept = TypeVar("Kept", bound=Planned)


class StepBar(StrEnum):
    """Why somebody may not do to a step what the table would allow."""

    NOT_THE_ROLE = "this step is taken by another role"
    NOT_IN_CHARGE = "the officer in charge takes this step"
    SAME_OFFICER = "a second officer checks what the first one did"
    OWN_CASE = "nobody works on their own case"


def walk(kind: StepKind, state: StepState, action: StepAction, *, officers: int = 1) -> StepState | None:
    """Return where an action leads, or None where the table has no such move."""
    to = MOVES.get((kind, state, action))
    return _S.TO_CHECK if action is _A.COMPLETE and kind is _K.WORK and to and officers > 1 else to


def moves(kind: StepKind, state: StepState) -> list[StepAction]:
    """List what is done to a step by a route of its own."""
    return [
        action
        for (of, source, action) in MOVES
        if (of, source) == (kind, state) and action not in {_A.UPHOLD, _A.MOVE}
    ]


def bar(
    role: Role | None,
    action: StepAction,
    *,
    actor: str,
    roles: Collection[Role],
    in_charge: str | None,
    applicant: str | None,
    done_by: str | None,
) -> StepBar | None:
    """Say why this actor may not do this to a step."""
    if role not in roles:
        return StepBar.NOT_THE_ROLE
    if actor == applicant:
        return StepBar.OWN_CASE
    if action in {_A.CHECK, _A.RETURN}:
        return StepBar.SAME_OFFICER if actor == done_by else None
    return StepBar.NOT_IN_CHARGE if role is Role.AGENT_OFFICER and actor != in_charge else None


def next_stage(steps: Iterable[Planned]) -> int | None:
    """Return the stage that is the first one not over."""
    return min((step.stage for step in steps if step.state not in OVER), default=None)


def to_begin(steps: Sequence[Kept], *, decided: bool) -> list[Kept]:
    """Return the steps that begin now: of the first stage that is not over; a delivery follows a decision."""
    stage = next_stage(steps)
    waiting = [step for step in steps if step.stage == stage and step.state == _S.WAITING]
    return [step for step in waiting if decided or step.kind != _K.DELIVERY]


def may_be_over(step: Planned, today: date) -> bool:
    """Say whether so many days have passed since a step began that its limit can be over."""
    if step.started_on is None or step.working_days is None:
        return False
    return today >= step.started_on + timedelta(days=step.working_days)


def delivery_days(own: int | None, most: int) -> int:
    """Return the working days that a delivery has: the item's own, and no more than the law's."""
    return most if own is None else min(own, most)


def undone(steps: Iterable[Planned]) -> list[int]:
    """Return the numbers of the steps that come before the decision and are not over."""
    return [step.number for step in steps if step.kind in TAKEN and step.state not in OVER]


def latest(steps: Sequence[Planned]) -> list[Planned]:
    """Return the steps whose place no other one has taken."""
    repeated = {step.again_of for step in steps}
    return [step for step in steps if step.number not in repeated]


def again(steps: Sequence[Planned], publicity: int, wanted: int | None) -> list[int] | None:
    """Return the numbers of the steps that are done again after an upheld objection.

    They are those of the present round from the `wanted` one (or the first) on, whole stages of them; None
    where the wanted one is no work before the publicity.
    """
    last = next(step for step in steps if step.number == publicity)
    round_ = latest(steps)
    before = {step.number: step.stage for step in round_ if step.stage < last.stage and step.kind == _K.WORK}
    first = min(before, default=None) if wanted is None else wanted
    if first is None:
        return [step.number for step in round_ if step.stage >= last.stage]
    if first not in before:
        return None
    return [step.number for step in round_ if step.stage >= before[first]]


def reopened(steps: Sequence[Planned], wanted: int | None) -> list[int] | None:
    """Return the numbers of the last round's steps that a reopened case goes through again.

    Those from the `wanted` one on, or only decision and delivery; None where there is no such step.
    """
    last = {step.number: step for step in latest(steps)}
    if wanted is None:
        return [number for number, step in last.items() if step.kind not in TAKEN]
    if wanted not in last:
        return None
    return [number for number, step in last.items() if step.stage >= last[wanted].stage]


def last_day_up(
    calendar: WorkCalendar, put_up: date, working_days: int | None, calendar_days: int | None
) -> date:
    """Return the last day of a publicity.

    Its first day is not counted, and none ends on a day off (民法典 arts. 201, 203).
    """
    if working_days is not None:
        return limit(calendar, put_up, working_days).day
    return limit(calendar, put_up + timedelta(days=calendar_days or 1), 0).day


def may_object(state: StepState, status: CaseStatus, until: date | None, today: date) -> bool:
    """Say whether objections are taken now: while the outcome is up, its last day included."""
    up = state is _S.PUT_UP and until is not None and today <= until
    return status in {CaseStatus.HANDLING, CaseStatus.SUSPENDED} and up


def unsettled(states: Iterable[str]) -> bool:
    """Say whether an objection is not ruled on yet."""
    return any(state in NEXT for state in states)
