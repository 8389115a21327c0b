"""Suspending a volunteer for a reason, hearing the appeal, taking the volunteer back."""

from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.volunteer_life import (
    AppealIn,
    AppealOutcome,
    AppealRulingIn,
    SuspensionIn,
    SuspensionOut,
)
from onewindow_shared.contracts.volunteers import VolunteerOut, VolunteerStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.models import Volunteer, seal
from onewindow_volunteers.people.queries import masked, volunteer
from onewindow_volunteers.people.rules import VolunteerAction
from onewindow_volunteers.people.service import enter_register, move, to_change
from onewindow_volunteers.standing import queries
from onewindow_volunteers.standing.models import Suspension


def suspend(unit: Unit, volunteer_no: str, seen: int, why: SuspensionIn) -> VolunteerOut:
    """Keep a volunteer from serving; what they were to do is given up, and they may appeal."""
    person = to_change(unit, volunteer_no, seen)
    move(unit, person, VolunteerAction.SUSPEND)
    unit.session.add(
        Suspension(
            **place(person.community),
            volunteer_id=person.id,
            volunteer_no=person.volunteer_no,
            subject=person.subject,
            person_index=person.person_index,
            since=unit.now,
            by=unit.actor.subject,
            sealed_reason=seal(unit.vault, Suspension.sealed_reason, why.reason),
        )
    )
    return masked(unit.vault, person)


def resume(unit: Unit, volunteer_no: str, seen: int) -> VolunteerOut:
    """Let a suspended volunteer serve again, if they have not left meanwhile."""
    person = to_change(unit, volunteer_no, seen)
    _take_back(unit, person)
    return masked(unit.vault, person)


def _take_back(unit: Unit, person: Volunteer) -> None:
    """End the suspension; whoever left meanwhile has left all the same."""
    ended = queries.end(unit.session, person, unit.now)
    if not (ended and person.status == VolunteerStatus.LEFT):
        enter_register(unit, person, VolunteerAction.RESUME)


def of(unit: Unit, volunteer_no: str, wanted: Wanted) -> Page[SuspensionOut]:
    """List a volunteer's suspensions, newest first: one's own, or those of one's area."""
    person = volunteer(unit.session, volunteer_no)
    query = select(Suspension).where(Suspension.volunteer_id == person.id)
    show = partial(queries.shown, unit.vault)
    return page(unit, query, queries.NEWEST_FIRST, wanted, bound=f"suspensions {volunteer_no}", show=show)


def appeal(unit: Unit, suspension_id: int, seen: int, form: AppealIn) -> SuspensionOut:
    """Say why a suspension is wrong; the street or the district decides, not whoever suspended."""
    suspension = _to_change(unit, suspension_id, seen)
    if suspension.appealed_at is not None or suspension.ended_at is not None:
        raise MoveRefused(state=_state(suspension), action="appeal")
    suspension.appealed_at = unit.now
    suspension.sealed_appeal = seal(unit.vault, Suspension.sealed_appeal, form.statement)
    _audit(unit, suspension, "appealed")
    return queries.shown(unit.vault, suspension)


def rule(unit: Unit, suspension_id: int, seen: int, form: AppealRulingIn) -> SuspensionOut:
    """Decide on an appeal, both sides having been heard."""
    person = queries.suspended(unit.session, suspension_id)
    suspension = _to_change(unit, suspension_id, seen)
    if _state(suspension) != "appealed":
        raise MoveRefused(state=_state(suspension), action="rule")
    suspension.ruled_at, suspension.ruled_by = unit.now, unit.actor.subject
    suspension.outcome = form.outcome
    suspension.sealed_ruling = seal(unit.vault, Suspension.sealed_ruling, form.reason)
    if form.outcome is AppealOutcome.LIFTED:
        person.version += 1
        _take_back(unit, person)
    _audit(unit, suspension, form.outcome)
    return queries.shown(unit.vault, suspension)


def _state(suspension: Suspension) -> str:
    """Say where a suspension stands: one appeal, and one ruling on it, while it lasts."""
    if suspension.ended_at is not None:
        return "ended"
    if suspension.ruled_at is not None:
        return "ruled"
    return "in_force" if suspension.appealed_at is None else "appealed"


def _to_change(unit: Unit, suspension_id: int, seen: int) -> Suspension:
    suspension = queries.suspension_to_change(unit.session, suspension_id)
    expect_version(queries.shown(unit.vault, suspension), seen)
    suspension.version += 1
    return suspension


def _audit(unit: Unit, suspension: Suspension, action: str) -> None:
    number, area = str(suspension.id), suspension.community
    detail = {"volunteer": suspension.volunteer_no}
    unit.audit(f"suspension.{action}", "suspension", number, area=area, detail=detail)
