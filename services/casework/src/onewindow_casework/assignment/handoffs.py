"""Handing a case on: it stays with the giver until the taker accepts."""

from collections.abc import Mapping

from sqlalchemy.orm import joinedload

from onewindow_casework.assignment import charge, known, queries, rules
from onewindow_casework.assignment.models import NOTE, REASON, ChargeOffer
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import NotYours, bar_to_handle, in_charge_only
from onewindow_casework.handling.rules import ASSIGNABLE
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.assignment import ChargeHow
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.handoffs import BounceIn, HandOff, HandOffIn, HandOffState, may_settle
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, Problem, invalid
from onewindow_shared.plumbing.unit import Unit


class OfferWaits(Problem):
    """The case was offered to an officer who has not answered yet."""

    type = "urn:onewindow:problem:offer-waits"
    title = "Offered already"
    status = 409


SETTLING: Mapping[HandOffState, str] = {
    HandOffState.ACCEPTED: "acceptance",
    HandOffState.BOUNCED: "bounce",
    HandOffState.WITHDRAWN: "withdrawal",
}
"""The last part of the route by which an offer comes to each of its ends."""


def offer(unit: Unit, case_no: str, body: HandOffIn) -> HandOff:
    """Offer a case to a named officer; a second open offer breaks a constraint."""
    case = cases.locked(unit, case_no)
    _is_in_hand(case)
    in_charge_only(unit, case)
    away = queries.substitutes(queries.away(unit, [body.taker]))
    fault = rules.fault_of_charge(body.taker, case.applicant_subject, away)
    fault = fault or known.cannot_handle(unit, body.taker, case)
    if fault or body.taker in {unit.actor.subject, case.handler}:
        raise invalid({"taker": fault or "this officer is in charge already"})
    made = ChargeOffer(
        case_id=case.id,
        version=1,
        giver=unit.actor.subject,
        taker=body.taker,
        state=HandOffState.OFFERED,
        note_sealed=unit.vault.sealed(body.note, purpose=NOTE),
        offered_at=unit.now,
    )
    unit.session.add(made)
    unit.session.flush()
    _audit(unit, case, made)
    return _shown(unit, case, made)


def accept(unit: Unit, case_no: str, handoff_id: int, seen: int) -> HandOff:
    """Take charge of a case that was offered."""
    case, made = _settled(unit, case_no, handoff_id, seen, HandOffState.ACCEPTED)
    _is_in_hand(case)
    unit.session.flush()
    charge.put(unit, case, made.taker, unit.actor.name, ChargeHow.HANDED_ON)
    return _shown(unit, case, made)


def bounce(unit: Unit, case_no: str, handoff_id: int, seen: int, body: BounceIn) -> HandOff:
    """Give an offered case back, saying why."""
    reason = unit.vault.seal(body.reason, purpose=REASON)
    case, made = _settled(unit, case_no, handoff_id, seen, HandOffState.BOUNCED, reason)
    return _shown(unit, case, made)


def withdraw(unit: Unit, case_no: str, handoff_id: int, seen: int) -> HandOff:
    """Take one's own offer back."""
    return _shown(unit, *_settled(unit, case_no, handoff_id, seen, HandOffState.WITHDRAWN))


def _is_in_hand(case: CaseFile) -> None:
    if CaseStatus(case.status) not in ASSIGNABLE:
        raise MoveRefused(detail="The case is past being worked on.", state=case.status, action="hand_on")


def _settled(
    unit: Unit, case_no: str, handoff_id: int, seen: int, end: HandOffState, reason: str | None = None
) -> tuple[CaseFile, ChargeOffer]:
    case = cases.locked(unit, case_no)
    made = must_find(
        unit.session,
        queries.offers(case).where(ChargeOffer.id == handoff_id),
        "This case has no such hand-off.",
    )
    expect_version(_shown(unit, case, made), seen)
    if made.state != HandOffState.OFFERED:
        raise MoveRefused(detail="This offer was answered already.", state=made.state, action=end)
    if not may_settle(made.giver, made.taker, end, unit.actor.subject):
        raise NotYours(detail="The taker accepts or bounces, the giver withdraws.")
    made.state, made.settled_at, made.reason_sealed = end, unit.now, reason
    made.version += 1
    _audit(unit, case, made)
    return case, made


def _audit(unit: Unit, case: CaseFile, made: ChargeOffer) -> None:
    detail = {"handoff": made.id, "taker": made.taker}
    unit.audit(f"handoff.{made.state}", "case", case.case_no, area=case.community, detail=detail)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may hand it on now, or settle an offer of it."""
    if CaseStatus(case.status) not in ASSIGNABLE or not permits(unit.actor.roles, Permission.CASE_HANDLE):
        return []
    made = unit.session.scalar(queries.offers(case).filter_by(state=HandOffState.OFFERED))
    if made is None:
        return ["handoffs"] * (bar_to_handle(unit, case) is None)
    return [
        f"handoffs/{made.id}/{route}"
        for end, route in SETTLING.items()
        if may_settle(made.giver, made.taker, end, unit.actor.subject)
    ]


def of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[HandOff]:
    """Return the hand-offs of a case, oldest first."""
    case = cases.find(unit, case_no)
    bound = f"handoffs {case_no}"
    query = queries.offers(case)
    return page(
        unit, query, queries.BY_OFFER, wanted, bound=bound, show=lambda made: _shown(unit, case, made)
    )


def waiting(unit: Unit, wanted: Wanted) -> Page[HandOff]:
    """Return what is offered to the caller, oldest first."""
    me = unit.actor.subject
    query = queries.open_offers(me).options(joinedload(ChargeOffer.case))
    bound = f"handoffs for {me}"
    return page(
        unit, query, queries.BY_OFFER, wanted, bound=bound, show=lambda made: _shown(unit, made.case, made)
    )


def _shown(unit: Unit, case: CaseFile, made: ChargeOffer) -> HandOff:
    return HandOff(
        handoff_id=made.id,
        version=made.version,
        case_no=case.case_no,
        community=case.community,
        giver=made.giver,
        taker=made.taker,
        state=HandOffState(made.state),
        note=unit.vault.opened(made.note_sealed, purpose=NOTE),
        reason=unit.vault.opened(made.reason_sealed, purpose=REASON),
        offered_at=made.offered_at,
        settled_at=made.settled_at,
    )
