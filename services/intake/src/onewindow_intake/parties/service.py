"""Use case of taking back consent (个人信息保护法 arts. 13(3), 15)."""

from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.moving import end, expect, moved, standing
from onewindow_intake.cases.queries import of
from onewindow_intake.cases.rules import move
from onewindow_intake.parties.problems import ConsentWithdrawn
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.parties import ConsentWithdrawalIn, Power
from onewindow_shared.plumbing.unit import Unit


def withdraw_consent(unit: Unit, case_no: str, seen: int, form: ConsentWithdrawalIn) -> CaseOut:
    """Note that consent is withdrawn: a case not accepted yet is taken back, another goes on."""
    case = of(unit.session, case_no, to_move=True)
    expect(unit, case, seen)
    if case.consent_withdrawn_at is not None:
        raise ConsentWithdrawn(detail=f"This was at {case.consent_withdrawn_at.isoformat()}.")
    acting = acting_in(unit, case, form.acting, Power.WITHDRAW)
    case.consent_reuse = False
    if form.only_reuse:
        return moved(unit, case, "reuse_withdrawn", acting=acting, reason=form.reason)
    case.consent_withdrawn_at = unit.now
    try:
        target = move(standing(case), CaseAction.WITHDRAW, unit.actor.roles, unit.now).target
    except CannotMoveError:
        return moved(unit, case, "consent_withdrawn", acting=acting, reason=form.reason)
    end(case, target, unit.today)
    detail: dict[str, object] = {"consent": "withdrawn"}
    return moved(unit, case, "withdrawn", acting=acting, reason=form.reason, detail=detail)
