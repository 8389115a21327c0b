"""What people do with an accepted case, from taking it on to closing it."""

from onewindow_casework.agency import service as agency
from onewindow_casework.assignment import handoffs
from onewindow_casework.assignment import queries as assignment
from onewindow_casework.clocks import service as clocks
from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.delays import service as delays
from onewindow_casework.handling import queries, rules
from onewindow_casework.handling.counting import count_closed
from onewindow_casework.handling.deadlines import bar_to_extend, longest_extension
from onewindow_casework.handling.models import REASONS, CaseFile, Decision
from onewindow_casework.handling.moving import bar_to_handle, done, in_charge_only, move, taken, unless
from onewindow_casework.handling.reopening import within_window
from onewindow_casework.reviews import counting as review_figures
from onewindow_casework.reviews import inviting
from onewindow_casework.reviews import service as reviewing
from onewindow_casework.steps import objections, planning
from onewindow_casework.steps import service as steps
from onewindow_casework.supervision import service as supervision
from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.casework import (
    CaseActions,
    CaseFileOut,
    DecisionIn,
    Outcome,
    WithdrawalIn,
)
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, actions
from onewindow_shared.contracts.parties import Acting, Letter
from onewindow_shared.plumbing.problems import Problem, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


class OriginalsStillKept(Problem):
    """An office still keeps paper originals of the applicant: their chain ends before the case does."""

    type = "urn:onewindow:problem:originals-still-kept"
    title = "Originals not returned"
    status = 409


def one(unit: Unit, case_no: str) -> CaseFileOut:
    """Return a case within reach."""
    return queries.show(unit, queries.find(unit, case_no))


def start(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Begin the work (T13)."""
    case = taken(unit, case_no, seen)
    move(unit, case, CaseAction.START)
    in_charge_only(unit, case)
    planning.advance(unit, case)
    return done(unit, case, CaseAction.START)


def decide(unit: Unit, case_no: str, seen: int, body: DecisionIn) -> CaseFileOut:
    """Grant or refuse (T17)."""
    case = taken(unit, case_no, seen)
    bar = _bar_to_decide(unit, case)
    move(unit, case, CaseAction.DECIDE)
    unless(bar)
    planning.come_to_decision(unit, case)
    faults = rules.faults_of_decision(body.outcome, body.reasons, body.remedies)
    if faults:
        raise invalid(faults)
    case.decision = Decision(
        outcome=body.outcome,
        reasons_sealed=unit.vault.sealed(body.reasons, purpose=REASONS),
        remedies=body.remedies,
        decided_at=unit.now,
        decided_by=unit.actor.subject,
        decided_by_name=unit.actor.name,
    )
    planning.decided(unit, case)
    return done(unit, case, CaseAction.DECIDE, note=body.outcome, detail={"outcome": body.outcome})


def close(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Close a delivered case as granted or refused (T19), and judge whether the promise was kept."""
    hold_calendar(unit)
    case = taken(unit, case_no, seen)
    outcome = Outcome(case.decision.outcome) if case.decision else Outcome.GRANT
    action = rules.closing(outcome)
    decided_on = local_day(case.decision.decided_at, unit.zone) if case.decision else None
    taken_days = clocks.days_taken(unit, case, decided_on) if decided_on else None
    move(unit, case, action)
    if case.originals_held:
        raise OriginalsStillKept(detail=f"{case.originals_held} are to be returned first.")
    case.closed_at = unit.now
    case.on_time = not clocks.promise_is_over(unit, case)
    case.handling_days = taken_days
    count_closed(unit, case)
    closed = done(unit, case, action, detail={"outcome": outcome, "on_time": case.on_time})
    reviewed = review_figures.count_closing(unit, case)
    case.review_until = inviting.last_day(unit, unit.now)
    inviting.invite(unit, case.case_no, unit.now, case.review_until)
    if reviewed:
        inviting.closed_to(unit, case)
    return closed


def withdraw(unit: Unit, case_no: str, seen: int, body: WithdrawalIn) -> CaseFileOut:
    """Take a case back before it is decided (T20), saying who asked for it on the applicant's side."""
    case = taken(unit, case_no, seen)
    move(unit, case, CaseAction.WITHDRAW)
    acting, fault = _acting(unit, case, body.acting)
    if fault:
        raise invalid({"acting": fault})
    case.withdrawn_as, case.awaits_applicant = acting, False
    return done(unit, case, CaseAction.WITHDRAW, note=body.reason, acting=acting)


def _acting(unit: Unit, case: CaseFile, said: Acting | None) -> tuple[Acting, str | None]:
    """Say in whose quality a case is taken back, and why that is not covered, if it is not."""
    own = Acting(case.posted_as) if unit.actor.roles <= PERSONAL_ROLES else None
    acting = said or own or Acting.APPLICANT
    letter = Letter.model_validate(case.entrustment) if case.entrustment else None
    return acting, rules.fault_of_acting(said, acting, own, letter, unit.today)


def possible(unit: Unit, case_no: str) -> CaseActions:
    """Return what the caller may do with a case now."""
    case, roles = queries.find(unit, case_no), unit.actor.roles
    status = CaseStatus(case.status)
    not_in_charge = bar_to_handle(unit, case) is not None
    barred = {
        CaseAction.START: not_in_charge,
        CaseAction.SUSPEND: not_in_charge or not clocks.days_left_to_pause(unit, case),
        CaseAction.RESUME: not_in_charge,
        CaseAction.EXTEND: not _extendable(unit, case),
        CaseAction.REOPEN: not within_window(unit, case),
        CaseAction.CLOSE: case.originals_held,
        CaseAction.CLOSE_REFUSED: case.originals_held,
        CaseAction.DECIDE: _bar_to_decide(unit, case) or planning.before_decision(unit, case),
        CaseAction.WITHDRAW: _acting(unit, case, None)[1],
    }
    outcome = Outcome(case.decision.outcome) if case.decision else None
    moves = rules.offered(actions(status, roles), outcome, [move for move, bar in barred.items() if bar])
    charge = rules.charges(status, roles, handled=case.handler is not None)
    tries = ["delivery-tries"] * rules.may_try(status, roles)
    charge += handoffs.possible(unit, case)
    below = [*steps.possible(unit, case), *objections.possible(unit, case), *agency.possible(unit, case)]
    watched = [*delays.possible(unit, case), *supervision.possible(unit, case)]
    said = reviewing.possible(unit, case)
    return CaseActions(
        case_no=case.case_no, version=case.version, actions=[*charge, *moves, *tries, *below, *watched, *said]
    )


def _extendable(unit: Unit, case: CaseFile) -> bool:
    return (
        case.extension is None
        and longest_extension(unit, case) > 0
        and bar_to_extend(unit, case) is None
        and not clocks.promise_is_over(unit, case)
    )


def _bar_to_decide(unit: Unit, case: CaseFile) -> rules.Bar | None:
    return rules.bar_to_decide(
        actor=unit.actor.subject,
        actor_department=unit.actor.department,
        department=case.department,
        agents=assignment.agents(unit, case),
        applicant=case.applicant_subject,
    )
