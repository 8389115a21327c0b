"""What people do with an accepted case, from taking it on to closing it."""

from onewindow_casework.clocks import service as clocks
from onewindow_casework.handling import queries, rules
from onewindow_casework.handling.models import RECEIVER, CaseFile, Decision, Delivery
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.casework import (
    AssignmentIn,
    CaseActions,
    CaseFileOut,
    DecisionIn,
    DeliveryIn,
    Outcome,
    WithdrawalIn,
)
from onewindow_shared.contracts.lifecycle import CannotMoveError, CaseAction, CaseStatus, actions, walk
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, Problem, invalid
from onewindow_shared.plumbing.unit import Unit


class NotYours(Problem):
    """The case is in sight, but this is for somebody else to do; `detail` says for whom."""

    type = "urn:onewindow:problem:not-yours"
    title = "For somebody else to do"
    status = 403


class AlreadyAssigned(Problem):
    """Somebody is in charge of this case already."""

    type = "urn:onewindow:problem:already-assigned"
    title = "Already assigned"
    status = 409


def one(unit: Unit, case_no: str) -> CaseFileOut:
    """Return a case within reach."""
    return queries.show(unit, queries.find(unit, case_no))


def claim(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Take charge of a case that nobody is in charge of."""
    case = _taken(unit, case_no, seen)
    if case.handler is not None:
        raise AlreadyAssigned(detail="Ask whoever assigns cases to assign it anew.")
    return _assign(unit, case, unit.actor.subject, unit.actor.name, action="claim")


def assign(unit: Unit, case_no: str, seen: int, body: AssignmentIn) -> CaseFileOut:
    """Put an officer in charge, or another one than before."""
    return _assign(unit, _taken(unit, case_no, seen), body.officer, body.name, action="assign")


def _assign(unit: Unit, case: CaseFile, officer: str, name: str, *, action: str) -> CaseFileOut:
    if CaseStatus(case.status) not in rules.ASSIGNABLE:
        raise MoveRefused(detail="The case is past being worked on.", state=case.status, action=action)
    case.handler, case.handler_name = officer, name
    tell(unit, case, "assigned", note=name, detail={"officer": officer})
    return queries.show(unit, case)


def start(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Begin the work (T13)."""
    case = _taken(unit, case_no, seen)
    _move(unit, case, CaseAction.START)
    _unless(rules.bar_to_start(actor=unit.actor.subject, handler=case.handler))
    return _done(unit, case, CaseAction.START)


def decide(unit: Unit, case_no: str, seen: int, body: DecisionIn) -> CaseFileOut:
    """Grant or refuse (T17)."""
    case = _taken(unit, case_no, seen)
    _move(unit, case, CaseAction.DECIDE)
    _unless(_bar_to_decide(unit, case))
    faults = rules.faults_of_decision(body.outcome, body.reasons, body.remedies)
    if faults:
        raise invalid(faults)
    case.decision = Decision(
        **body.model_dump(),
        decided_at=unit.now,
        decided_by=unit.actor.subject,
        decided_by_name=unit.actor.name,
    )
    return _done(unit, case, CaseAction.DECIDE, note=body.outcome, detail={"outcome": body.outcome})


def deliver(unit: Unit, case_no: str, seen: int, body: DeliveryIn) -> CaseFileOut:
    """Hand the outcome over (T18)."""
    case = _taken(unit, case_no, seen)
    _move(unit, case, CaseAction.DELIVER)
    receiver = unit.vault.seal(body.receiver, purpose=RECEIVER) if body.receiver else None
    case.delivery = Delivery(
        method=body.method,
        proof=body.proof,
        sealed_receiver=receiver,
        delivered_at=unit.now,
        delivered_by=unit.actor.subject,
        delivered_by_name=unit.actor.name,
    )
    return _done(unit, case, CaseAction.DELIVER, note=body.method, detail={"method": body.method})


def close(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Close a delivered case as granted or refused (T19), and judge whether the promise was kept."""
    case = _taken(unit, case_no, seen)
    outcome = Outcome(case.decision.outcome) if case.decision else Outcome.GRANT
    action = rules.closing(outcome)
    _move(unit, case, action)
    case.closed_at = unit.now
    case.on_time = unit.now <= clocks.promise_ends_at(unit, case)
    unit.count(Metric.CASES_CLOSED, community=case.community, item=case.item_code)
    if case.on_time:
        unit.count(Metric.CASES_CLOSED_ON_TIME, community=case.community, item=case.item_code)
    return _done(unit, case, action, detail={"outcome": outcome, "on_time": case.on_time})


def withdraw(unit: Unit, case_no: str, seen: int, body: WithdrawalIn) -> CaseFileOut:
    """Take a case back before it is decided (T20)."""
    case = _taken(unit, case_no, seen)
    _move(unit, case, CaseAction.WITHDRAW)
    return _done(unit, case, CaseAction.WITHDRAW, note=body.reason)


def possible(unit: Unit, case_no: str) -> CaseActions:
    """Return what the caller may do with a case now."""
    case, roles = queries.find(unit, case_no), unit.actor.roles
    status, me = CaseStatus(case.status), unit.actor.subject
    barred = {
        CaseAction.START: rules.bar_to_start(actor=me, handler=case.handler),
        CaseAction.DECIDE: _bar_to_decide(unit, case),
    }
    outcome = Outcome(case.decision.outcome) if case.decision else None
    moves = rules.offered(actions(status, roles), outcome, [move for move, bar in barred.items() if bar])
    charge = rules.charges(status, roles, handled=case.handler is not None)
    return CaseActions(case_no=case.case_no, version=case.version, actions=[*charge, *moves])


def _taken(unit: Unit, case_no: str, seen: int) -> CaseFile:
    """Load a case for writing, as the caller saw it."""
    case = queries.locked(unit, case_no)
    expect_version(queries.show(unit, case), seen)
    return case


def _move(unit: Unit, case: CaseFile, action: CaseAction) -> None:
    try:
        move = walk(CaseStatus(case.status), action, unit.actor.roles)
    except CannotMoveError as error:
        raise MoveRefused(detail=f"{error}.", state=case.status, action=action) from error
    case.status, case.open = move.target, rules.is_open(move.target)


def _bar_to_decide(unit: Unit, case: CaseFile) -> rules.Bar | None:
    return rules.bar_to_decide(
        actor=unit.actor.subject,
        actor_department=unit.actor.department,
        department=case.department,
        handler=case.handler,
        applicant=case.applicant_subject,
    )


def _unless(bar: rules.Bar | None) -> None:
    if bar is not None:
        raise NotYours(detail=f"{bar.capitalize()}.")


def _done(
    unit: Unit,
    case: CaseFile,
    action: CaseAction,
    *,
    note: str | None = None,
    detail: dict[str, str | bool] | None = None,
) -> CaseFileOut:
    if not case.open:
        clocks.stop(unit, case)
    tell(unit, case, rules.STEPS[action], note=note, detail=detail)
    return queries.show(unit, case)
