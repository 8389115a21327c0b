"""Writing down who walked in, and merging them to a volunteer later."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.activities import SignupStatus
from onewindow_shared.contracts.attending import MergeIn, WalkInIn, WalkInOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Shift, Signup
from onewindow_volunteers.activities.queries import announced_shift, open_signup_in
from onewindow_volunteers.activities.signups import come_after_all
from onewindow_volunteers.people.models import Volunteer, opened, seal
from onewindow_volunteers.people.queries import held
from onewindow_volunteers.records.attendance import given_in
from onewindow_volunteers.records.times import presence
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.walkins.models import WalkIn

ENTITY = "walk_in"
FORGOTTEN = f"{ENTITY}.forgotten"
IN_ORDER = Keyset([WalkIn.id])


def write_down(unit: Unit, shift_id: int, form: WalkInIn) -> WalkInOut:
    """Write down somebody who came without a place; the name is kept for a while."""
    activity, shift = announced_shift(unit.session, shift_id)
    if not unit.actor.scope.covers(activity.community):
        raise NotFound
    if faults := _faults(unit, shift, form):
        raise invalid(faults)
    walk_in = WalkIn(
        **place(activity.community),
        shift_id=shift.id,
        role_id=form.role_id,
        sealed_name=seal(unit.vault, WalkIn.sealed_name, form.name),
        came_at=form.came_at,
        left_at=form.left_at,
    )
    unit.session.add(walk_in)
    unit.session.flush()
    unit.set_timer(FORGOTTEN, str(walk_in.id), unit.now + settings_of(unit).walk_ins_kept)
    _audit(unit, walk_in, "written_down")
    return _shown(unit, walk_in)


def _faults(unit: Unit, shift: Shift, form: WalkInIn) -> dict[str, str]:
    faults: dict[str, str] = {}
    if form.role_id not in {role.id for role in shift.roles}:
        faults["role_id"] = "this shift has no such role"
    return faults | presence(unit, shift).faults(form.came_at, form.left_at, unit.now)


def of_shift(unit: Unit, shift_id: int, wanted: Wanted) -> Page[WalkInOut]:
    """List who walked in to a shift of one's area."""
    query = select(WalkIn).where(WalkIn.shift_id == shift_id)
    bound = f"walk-ins of {shift_id}"
    return page(unit, query, IN_ORDER, wanted, bound=bound, show=partial(_shown, unit))


def merge(unit: Unit, walk_in_id: int, seen: int, form: MergeIn) -> WalkInOut:
    """Say who walked in: what they gave becomes a service record of theirs, which waits for confirmation.

    It is not that of a registration that had ended by then.
    """
    walk_in = must_find(unit.session, select(WalkIn).where(WalkIn.id == walk_in_id).with_for_update())
    expect_version(_shown(unit, walk_in), seen)
    if walk_in.record_id is not None:
        raise MoveRefused(state="merged", action="merge")
    person = held(unit.session, form.volunteer_no)
    if person.status == VolunteerStatus.LEFT and person.status_since <= walk_in.came_at:
        raise MoveRefused(state=person.status, action="merge")
    signup = _place(unit, walk_in, person)
    walk_in.record_id = given_in(unit, signup, walk_in.came_at, walk_in.left_at, form.reason).record_id
    walk_in.volunteer_no, walk_in.sealed_name = person.volunteer_no, None
    walk_in.version += 1
    unit.cancel_timer(FORGOTTEN, str(walk_in.id))
    _audit(unit, walk_in, "merged", form.reason)
    return _shown(unit, walk_in)


def _place(unit: Unit, walk_in: WalkIn, person: Volunteer) -> Signup:
    """Return the place that somebody had or waited for, or one beyond those that were announced."""
    known = open_signup_in(unit.session, walk_in.shift_id, person.id)
    if known is not None:
        if known.status != SignupStatus.PLACED:
            come_after_all(unit, known)
        return known
    signup = Signup(
        **place(walk_in.community),
        activity_id=unit.session.get_one(Shift, walk_in.shift_id).activity_id,
        shift_id=walk_in.shift_id,
        role_id=walk_in.role_id,
        volunteer_id=person.id,
        volunteer_no=person.volunteer_no,
        subject=person.subject,
        status=SignupStatus.PLACED,
        status_since=unit.now,
    )
    unit.session.add(signup)
    unit.session.flush()
    return signup


def forgotten(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Drop the name of somebody whom nobody could tell (timer)."""
    del due_at
    walk_in = unit.session.get_one(WalkIn, int(entity_id), with_for_update=True)
    walk_in.sealed_name = None
    walk_in.version += 1


def _shown(unit: Unit, row: WalkIn) -> WalkInOut:
    named = row.sealed_name is not None
    return WalkInOut(
        version=row.version,
        walk_in_id=row.id,
        shift_id=row.shift_id,
        role_id=row.role_id,
        name_masked=mask_name(opened(unit.vault, WalkIn.sealed_name, row)) if named else None,
        came_at=row.came_at,
        left_at=row.left_at,
        volunteer_no=row.volunteer_no,
        record_id=row.record_id,
    )


def _audit(unit: Unit, walk_in: WalkIn, action: str, reason: str | None = None) -> None:
    number, detail = str(walk_in.id), {"shift": walk_in.shift_id, "record": walk_in.record_id}
    unit.audit(f"{ENTITY}.{action}", ENTITY, number, area=walk_in.community, reason=reason, detail=detail)
