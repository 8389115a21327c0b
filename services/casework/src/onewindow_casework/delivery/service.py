"""Writing down how an outcome was delivered, or that a try failed."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.delivery import rules, showing
from onewindow_casework.delivery.models import (
    PROOF,
    RECEIVER,
    REMARK,
    TRACKING_NO,
    TRIED_NO,
    WITNESS,
    Delivery,
    DeliveryTry,
)
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import done, move, taken
from onewindow_casework.steps import planning
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.delivery import DeliveryIn, DeliveryTryIn, DeliveryTryOut
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.steps import StepKind
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

OLDEST_FIRST = Keyset((DeliveryTry.id,))


def deliver(unit: Unit, case_no: str, seen: int, body: DeliveryIn) -> CaseFileOut:
    """Hand the outcome over (T18)."""
    case = taken(unit, case_no, seen)
    move(unit, case, CaseAction.DELIVER)
    day = body.delivered_on or unit.today
    _refuse(unit, case, rules.faults(body), delivered_on=day)
    case.delivery = Delivery(
        method=body.method,
        delivered_on=day,
        proof_sealed=unit.vault.sealed(body.proof, purpose=PROOF),
        carrier=body.carrier,
        tracking_no_sealed=unit.vault.sealed(body.tracking_no, purpose=TRACKING_NO),
        sealed_receiver=unit.vault.sealed(body.receiver, purpose=RECEIVER),
        refused=body.refused,
        witness_sealed=unit.vault.sealed(body.witness, purpose=WITNESS),
        delivered_at=unit.now,
        delivered_by=unit.actor.subject,
        delivered_by_name=unit.actor.name,
    )
    planning.moved(unit, case, StepKind.DELIVERY)
    detail = {"method": body.method, "delivered_on": day.isoformat(), "refused": body.refused}
    return done(unit, case, CaseAction.DELIVER, note=body.method, detail=detail)


def try_failed(unit: Unit, case_no: str, body: DeliveryTryIn) -> DeliveryTryOut:
    """Write down that the outcome was refused, came back, or found nobody: it has to be delivered anew."""
    case = cases.locked(unit, case_no)
    if case.status != CaseStatus.DECIDED:
        detail = "Nothing waits to be delivered."
        raise MoveRefused(detail=detail, state=case.status, action="delivery-tries")
    day = body.tried_on or unit.today
    faults = rules.parts(body.method, body.carrier, body.tracking_no, needed=False)
    _refuse(unit, case, faults, tried_on=day)
    made = DeliveryTry(
        case_id=case.id,
        method=body.method,
        failure=body.failure,
        tried_on=day,
        carrier=body.carrier,
        tracking_no_sealed=unit.vault.sealed(body.tracking_no, purpose=TRIED_NO),
        remark_sealed=unit.vault.sealed(body.remark, purpose=REMARK),
        at=unit.now,
        by=unit.actor.subject,
        by_name=unit.actor.name,
    )
    unit.session.add(made)
    said = {"method": body.method, "failure": body.failure, "tried_on": day.isoformat()}
    tell(unit, case, "delivery_failed", note=body.failure, detail=said)
    return showing.tried(unit, made)


def _refuse(unit: Unit, case: CaseFile, faults: dict[str, str], **days: date) -> None:
    decided_on = local_day(case.decision.decided_at, unit.zone) if case.decision else None
    for name, day in days.items():
        if fault := rules.fault_of_day(day, decided_on, unit.today):
            faults[name] = fault
    if faults:
        raise invalid(faults)


def tries(unit: Unit, wanted: Wanted, case_no: str) -> Page[DeliveryTryOut]:
    """Return the tries that failed, oldest first."""
    case = cases.find(unit, case_no)
    query, bound = select(DeliveryTry).where(DeliveryTry.case_id == case.id), f"delivery tries {case_no}"
    return page(unit, query, OLDEST_FIRST, wanted, bound=bound, show=lambda made: showing.tried(unit, made))
