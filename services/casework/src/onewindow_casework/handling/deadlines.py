"""Moves that change how long a case may take: suspended, resumed, extended.

The limits are counted in the same transaction, under the calendar that everybody else counts with.
"""

from onewindow_casework.assignment.queries import in_charge
from onewindow_casework.clocks import service as clocks
from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.handling import rules
from onewindow_casework.handling.models import (
    EXTENDED,
    EXTENSION_TOLD,
    RESULT,
    SUSPENDED,
    SUSPENSION_TOLD,
    CaseFile,
    Extension,
    Suspension,
)
from onewindow_casework.handling.moving import done, in_charge_only, move, taken, unless
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.limits import ExtensionIn, ResumptionIn, SuspensionIn
from onewindow_shared.plumbing.problems import Problem, invalid
from onewindow_shared.plumbing.unit import Unit


class AlreadyExtended(Problem):
    """This case has had its extension; there is one per case."""

    type = "urn:onewindow:problem:already-extended"
    title = "Already extended"
    status = 409


class LimitOver(Problem):
    """The promised day is over: an extension is approved, and its reason told, before."""

    type = "urn:onewindow:problem:limit-over"
    title = "Too late to extend"
    status = 409


def suspend(unit: Unit, case_no: str, seen: int, body: SuspensionIn) -> CaseFileOut:
    """Stop both limits for the time of a special procedure that was told in writing (T14)."""
    case = _to_move(unit, case_no, seen, CaseAction.SUSPEND)
    in_charge_only(unit, case)
    if fault := rules.fault_of_procedure(body.procedure, case.special_procedures):
        raise invalid({"procedure": fault})
    left = clocks.days_left_to_pause(unit, case)
    if body.days > left:
        raise invalid({"days": f"this case may be suspended for {left} more working days"})
    start, told_until = clocks.pause_of(unit, body.days)
    case.suspensions.append(
        Suspension(
            procedure=body.procedure,
            reason_sealed=unit.vault.seal(body.reason, purpose=SUSPENDED),
            days=body.days,
            start=start,
            told_until=told_until,
            notice_method=body.notice.method,
            notice_proof_sealed=unit.vault.seal(body.notice.proof, purpose=SUSPENSION_TOLD),
            suspended_at=unit.now,
            suspended_by=unit.actor.subject,
        )
    )
    case.awaits_applicant = body.awaits_applicant
    told = {"procedure": body.procedure, "days": body.days, "told_until": told_until.isoformat()}
    detail = {**told, **clocks.count_again(unit, case)}
    return done(unit, case, CaseAction.SUSPEND, note=body.reason, detail=detail)


def resume(unit: Unit, case_no: str, seen: int, body: ResumptionIn) -> CaseFileOut:
    """Let both limits run on from the next day: the result of the special procedure is in (T15)."""
    case = _to_move(unit, case_no, seen, CaseAction.RESUME)
    in_charge_only(unit, case)
    running = case.suspensions[-1]
    running.ended_on, case.awaits_applicant = unit.today, False
    running.result_sealed = unit.vault.seal(body.result, purpose=RESULT)
    detail = clocks.count_again(unit, case)
    return done(unit, case, CaseAction.RESUME, note=body.result, detail=detail)


def extend(unit: Unit, case_no: str, seen: int, body: ExtensionIn) -> CaseFileOut:
    """Extend both limits once: a head approves, the reason is told before the promised day is over (T16)."""
    case = _to_move(unit, case_no, seen, CaseAction.EXTEND)
    unless(bar_to_extend(unit, case))
    if case.extension is not None:
        raise AlreadyExtended
    if clocks.promise_is_over(unit, case):
        raise LimitOver
    most = longest_extension(unit, case)
    if body.days > most:
        raise invalid({"days": f"a case may be extended by {most} working days"})
    case.extension = Extension(
        days=body.days,
        reason_sealed=unit.vault.seal(body.reason, purpose=EXTENDED),
        notice_method=body.notice.method,
        notice_proof_sealed=unit.vault.seal(body.notice.proof, purpose=EXTENSION_TOLD),
        approved_at=unit.now,
        approved_by=unit.actor.subject,
        approved_by_name=unit.actor.name,
    )
    detail = {"days": body.days, **clocks.count_again(unit, case)}
    return done(unit, case, CaseAction.EXTEND, note=body.reason, detail=detail)


def longest_extension(unit: Unit, case: CaseFile) -> int:
    """Return by how many working days a case may be extended: what its item says, or else the district."""
    return settings_of(unit).extension_days if case.extension_days is None else case.extension_days


def bar_to_extend(unit: Unit, case: CaseFile) -> rules.Bar | None:
    """Say why this actor may not extend the case."""
    return rules.bar_to_extend(
        actor=unit.actor.subject,
        handlers={case.handler, in_charge(unit, case)},
        applicant=case.applicant_subject,
    )


def _to_move(unit: Unit, case_no: str, seen: int, action: CaseAction) -> CaseFile:
    """Take a case whose limits are about to change; whoever imports a calendar waits before its cases do."""
    hold_calendar(unit)
    case = taken(unit, case_no, seen)
    move(unit, case, action)
    return case
