"""Objections to what was put up: taken, heard and ruled on before the decision (rules C2, T23)."""

from onewindow_casework.assignment.queries import in_charge
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import unless
from onewindow_casework.steps import planning, queries, rules
from onewindow_casework.steps.models import MOBILE, OBJECTOR, REASONS, RECORD, WORDS, CaseStep, Objection
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.access import Permission, Role, permits
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.masking import mask_name, mask_phone
from onewindow_shared.contracts.steps import (
    HearingIn,
    ObjectionIn,
    ObjectionOut,
    ObjectionState,
    RulingIn,
    StepAction,
    StepState,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.unit import Unit


def take(unit: Unit, case_no: str, number: int, body: ObjectionIn) -> ObjectionOut:
    """Take an objection from whoever brings it, while the outcome is up."""
    case = cases.locked(unit, case_no)
    step = queries.one(unit, case, number)
    if not _may_object(unit, case, step):
        raise MoveRefused(detail="Nothing is put up here now.", state=step.state, action="object")
    made = Objection(
        case_id=case.id,
        step=number,
        version=1,
        state=ObjectionState.TAKEN,
        name_sealed=unit.vault.seal(body.name, purpose=OBJECTOR),
        mobile_sealed=unit.vault.sealed(body.mobile, purpose=MOBILE),
        words_sealed=unit.vault.seal(body.words, purpose=WORDS),
        taken_at=unit.now,
        taken_by=unit.actor.subject,
        taken_by_name=unit.actor.name,
    )
    unit.session.add(made)
    unit.session.flush()
    tell(unit, case, "objection_taken", detail={"objection": made.id, "number": number})
    return _shown(unit, case, made)


def _may_object(unit: Unit, case: CaseFile, step: CaseStep) -> bool:
    return rules.may_object(StepState(step.state), CaseStatus(case.status), step.put_up_until, unit.today)


def hear(unit: Unit, case_no: str, objection_id: int, seen: int, body: HearingIn) -> ObjectionOut:
    """Write down what whoever objects said when they were heard."""
    case, made, _ = _to_settle(unit, case_no, objection_id, seen, ObjectionState.TAKEN)
    made.state, made.record_sealed = ObjectionState.HEARD, unit.vault.seal(body.record, purpose=RECORD)
    made.heard_at, made.heard_by = unit.now, unit.actor.subject
    return _settled(unit, case, made)


def rule(unit: Unit, case_no: str, objection_id: int, seen: int, body: RulingIn) -> ObjectionOut:
    """Dismiss an objection, or have the work done again from a step on."""
    case, made, step = _to_settle(unit, case_no, objection_id, seen, ObjectionState.HEARD)
    made.state = ObjectionState.UPHELD if body.upheld else ObjectionState.DISMISSED
    made.reasons_sealed = unit.vault.seal(body.reasons, purpose=REASONS)
    made.ruled_at, made.ruled_by, made.ruled_by_name = unit.now, unit.actor.subject, unit.actor.name
    if body.upheld and step.state == StepState.PUT_UP:
        steps = queries.all_of(unit, case)
        numbers = rules.again(steps, step.number, body.again_from)
        if numbers is None:
            raise invalid({"again_from": "no work that comes before this publicity"})
        planning.do_again(unit, case, steps, numbers)
        planning.advance(unit, case)
    return _settled(unit, case, made)


def _to_settle(
    unit: Unit, case_no: str, objection_id: int, seen: int, state: ObjectionState
) -> tuple[CaseFile, Objection, CaseStep]:
    case = cases.locked(unit, case_no)
    made = queries.objection(unit, case, objection_id)
    expect_version(_shown(unit, case, made), seen)
    if made.state != state or not case.open:
        detail = "An objection is heard, and then ruled on, while its case is open."
        raise MoveRefused(detail=detail, state=made.state, action="settle")
    step = queries.one(unit, case, made.step)
    unless(_bar(unit, case, step))
    return case, made, step


def _bar(unit: Unit, case: CaseFile, step: CaseStep) -> rules.StepBar | None:
    return rules.bar(
        Role(step.role) if step.role else None,
        StepAction.UPHOLD,
        actor=unit.actor.subject,
        roles=unit.actor.roles,
        in_charge=in_charge(unit, case),
        applicant=case.applicant_subject,
        done_by=None,
    )


def _settled(unit: Unit, case: CaseFile, made: Objection) -> ObjectionOut:
    made.version += 1
    unit.session.flush()
    tell(unit, case, f"objection_{made.state}", detail={"objection": made.id, "number": made.step})
    return _shown(unit, case, made)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may take or settle objections now."""
    if not case.open or not permits(unit.actor.roles, Permission.CASE_STEP):
        return []
    steps = {step.number: step for step in queries.all_of(unit, case)}
    up = (n for n, step in steps.items() if _may_object(unit, case, step))
    waiting = unit.session.scalars(queries.objections(case).where(Objection.ruled_at.is_(None)))
    mine = (made for made in waiting if _bar(unit, case, steps[made.step]) is None)
    return [
        *(f"steps/{number}/objections" for number in up),
        *(f"objections/{made.id}/{rules.NEXT[ObjectionState(made.state)]}" for made in mine),
    ]


def several(unit: Unit, wanted: Wanted, case_no: str) -> Page[ObjectionOut]:
    """Return the objections of a case, oldest first."""
    case = cases.find(unit, case_no)
    return page(
        unit,
        queries.objections(case),
        queries.OLDEST_FIRST,
        wanted,
        bound=f"objections {case_no}",
        show=lambda made: _shown(unit, case, made),
    )


def _shown(unit: Unit, case: CaseFile, made: Objection) -> ObjectionOut:
    mobile = unit.vault.opened(made.mobile_sealed, purpose=MOBILE)
    return ObjectionOut(
        version=made.version,
        objection_id=made.id,
        case_no=case.case_no,
        step=made.step,
        state=ObjectionState(made.state),
        name=mask_name(unit.vault.open(made.name_sealed, purpose=OBJECTOR)),
        mobile=mask_phone(mobile) if mobile else None,
        words=unit.vault.open(made.words_sealed, purpose=WORDS),
        record=unit.vault.opened(made.record_sealed, purpose=RECORD),
        reasons=unit.vault.opened(made.reasons_sealed, purpose=REASONS),
        taken_at=made.taken_at,
        taken_by=made.taken_by_name,
        heard_at=made.heard_at,
        ruled_at=made.ruled_at,
        ruled_by=made.ruled_by_name,
    )
