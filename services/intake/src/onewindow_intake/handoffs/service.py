"""Use cases of responsibility: until the next officer accepts, the giver stays responsible."""

from sqlalchemy import Select

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.moving import expect, moved, take_charge, whole
from onewindow_intake.handoffs import queries, rules
from onewindow_intake.handoffs.ending import end, end_open
from onewindow_intake.handoffs.models import NOTE, REASON, Offer
from onewindow_intake.handoffs.problems import AnsweredFor, HandOffSettled, NotResponsible
from onewindow_intake.officers.service import nobody_there
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.handoffs import (
    BounceIn,
    HandOff,
    HandOffIn,
    HandOffState,
    ResponsibilityIn,
    may_settle,
)
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.scope import place, taken_in
from onewindow_shared.plumbing.unit import Unit


def offer(unit: Unit, case_no: str, form: HandOffIn) -> HandOff:
    """Offer a case to a named officer; a second open offer breaks a constraint."""
    case = cases.of(unit.session, case_no, to_move=True)
    _not_ended(case, "offer")
    giver = unit.actor.subject
    if not rules.may_offer(case.responsible_officer, giver):
        raise NotResponsible(detail="Only the officer responsible for the case hands it over.")
    if wrong := rules.faults(case.responsible_officer, form.taker, giver):
        raise invalid(wrong)
    if why := nobody_there(unit, form.taker, case):
        raise invalid({"taker": why})
    made = Offer(
        case_no=case_no,
        version=1,
        **place(case.community),
        **taken_in(case.accepting_community),
        department=case.department,
        giver=giver,
        taker=form.taker,
        state=HandOffState.OFFERED,
        note_sealed=unit.vault.sealed(form.note, purpose=NOTE),
        offered_at=unit.now,
    )
    unit.session.add(made)
    unit.session.flush()
    unit.audit("handoff.offered", "case", case_no, area=case.community, detail={"handoff": made.id})
    return shown(unit.vault, made)


def accept(unit: Unit, case_no: str, handoff_id: int, seen: int) -> HandOff:
    """Become responsible for a case that was offered."""
    case, made = _settled(unit, case_no, handoff_id, seen, HandOffState.ACCEPTED)
    _not_ended(case, "accept_handoff")
    case.responsible_officer = made.taker
    enter(unit, case, "handed_over", detail={"handoff": made.id})
    return shown(unit.vault, made)


def claim(unit: Unit, case_no: str, seen: int) -> CaseOut:
    """Become the first contact of a case from home that nobody answers for."""
    case = _open(unit, case_no, seen, "claim")
    if case.responsible_officer:
        present = whole(unit, case).model_dump(mode="json")
        raise AnsweredFor(detail="Somebody was faster.", current=present)
    take_charge(unit, case)
    return moved(unit, case, "claimed")


def assign(unit: Unit, case_no: str, seen: int, form: ResponsibilityIn) -> CaseOut:
    """Make an officer responsible in place of an absent one, or of nobody, for a reason that is kept."""
    case = _open(unit, case_no, seen, "assign")
    if form.officer == case.responsible_officer:
        raise invalid({"officer": "this officer is responsible already"})
    if why := nobody_there(unit, form.officer, case):
        raise invalid({"officer": why})
    end_open(unit, case_no, form.officer)
    before, case.responsible_officer = case.responsible_officer, form.officer
    case.first_contact_officer = case.first_contact_officer or form.officer
    detail: dict[str, object] = {"from": before or None, "to": form.officer}
    return moved(unit, case, "reassigned", reason=form.reason, detail=detail)


def _open(unit: Unit, case_no: str, seen: int, action: str) -> Case:
    case = cases.of(unit.session, case_no, to_move=True)
    expect(unit, case, seen)
    _not_ended(case, action)
    return case


def _not_ended(case: Case, action: str) -> None:
    if case.ended_on is not None:
        raise MoveRefused(detail="The case has ended.", state=case.status, action=action)


def bounce(unit: Unit, case_no: str, handoff_id: int, seen: int, form: BounceIn) -> HandOff:
    """Give an offered case back, saying why; bounces are counted."""
    _, made = _settled(unit, case_no, handoff_id, seen, HandOffState.BOUNCED)
    made.reason_sealed = unit.vault.seal(form.reason, purpose=REASON)
    unit.count(Metric.HANDOFFS_BOUNCED, community=made.community)
    unit.audit("handoff.bounced", "case", case_no, area=made.community, detail={"handoff": made.id})
    return shown(unit.vault, made)


def withdraw(unit: Unit, case_no: str, handoff_id: int, seen: int) -> HandOff:
    """Take one's own offer back."""
    _, made = _settled(unit, case_no, handoff_id, seen, HandOffState.WITHDRAWN)
    unit.audit("handoff.withdrawn", "case", case_no, area=made.community, detail={"handoff": made.id})
    return shown(unit.vault, made)


def _settled(unit: Unit, case_no: str, handoff_id: int, seen: int, state: HandOffState) -> tuple[Case, Offer]:
    """Bring an offer to its end; everything that ends offers waits for the case first."""
    case = cases.of(unit.session, case_no, to_move=True)
    made = queries.of(unit.session, case_no, handoff_id)
    expect_version(shown(unit.vault, made), seen)
    if made.state != HandOffState.OFFERED:
        raise HandOffSettled(detail="Somebody has answered this offer already.")
    if not may_settle(made.giver, made.taker, state, unit.actor.subject):
        raise NotResponsible(detail="The taker accepts or bounces, the giver withdraws.")
    end(unit, made, state)
    return case, made


def of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[HandOff]:
    """Show every offer of a case, oldest first."""
    cases.of(unit.session, case_no)
    return _page(unit, wanted, queries.of_case(case_no), f"handoffs {case_no}")


def waiting(unit: Unit, wanted: Wanted) -> Page[HandOff]:
    """Show what is offered to the caller, oldest first."""
    me = unit.actor.subject
    return _page(unit, wanted, queries.open_for(me), f"handoffs for {me}")


def _page(unit: Unit, wanted: Wanted, query: Select[Offer], bound: str) -> Page[HandOff]:
    def show(made: Offer) -> HandOff:
        return shown(unit.vault, made)

    return page(unit, query, queries.OLDEST_FIRST, wanted, bound=bound, show=show)


def shown(vault: Vault, made: Offer) -> HandOff:
    """Show an offer."""
    return HandOff(
        handoff_id=made.id,
        version=made.version,
        case_no=made.case_no,
        community=made.community,
        giver=made.giver,
        taker=made.taker,
        state=HandOffState(made.state),
        note=vault.opened(made.note_sealed, purpose=NOTE),
        reason=vault.opened(made.reason_sealed, purpose=REASON),
        offered_at=made.offered_at,
        settled_at=made.settled_at,
    )
