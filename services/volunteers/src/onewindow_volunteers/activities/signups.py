"""What volunteers do: sign up, wait, take an offer, cancel; the database keeps capacity and overlap."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.activities import (
    ActivityStatus,
    MinorsRule,
    NoticeKind,
    PlacementIn,
    SignupIn,
    SignupOut,
    SignupStatus,
    VolunteerNotice,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.volunteers import Capacity, VolunteerStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.idempotency import answered
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, Problem, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.activities import queries, rules
from onewindow_volunteers.activities.models import Activity, Notice, Shift, Signup
from onewindow_volunteers.activities.problems import NotAdmitted, OfferOver, RoleFull, SignedUpAlready
from onewindow_volunteers.activities.rules import Call, Joiner, SignupAction
from onewindow_volunteers.activities.service import tell
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import born, expect_recording, held, latest_held, still_serves
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.training.service import trained_in

PLACE_FREED, OFFER_ENDS = "signup.place_freed", "signup.offer_ends"


def expect_room(unit: Unit, subject: str, key: str, form: SignupIn) -> None:
    """Refuse whoever would not wait where a role is full, before anything is written.

    A request that was answered before is let through to its answer. Roles are everybody's to read, so that
    no scope has to be made for each of a crowd.
    """
    full = not form.wait and queries.is_full(unit.session, form.role_id)
    if full and not answered(unit.session, subject, key):
        raise _no_room(unit, form.role_id, subject)


def _no_room(unit: Unit, role_id: int, subject: str) -> Problem:
    """Say why nobody finds a place in a full role: perhaps one of them is theirs."""
    return SignedUpAlready() if queries.is_in(unit.session, role_id, subject) else RoleFull()


def sign_up(unit: Unit, shift_id: int, form: SignupIn) -> SignupOut:
    """Take a place of a role, or stand in its line."""
    activity, shift = _open_shift(unit, shift_id, form.role_id)
    me = latest_held(unit.session, unit.actor.subject)
    signup = _enter(unit, activity, shift, form.role_id, me, accompanied=form.accompanied)
    if _taken(unit, signup.role_id):
        _be_placed(unit, shift, signup)
    elif form.wait:
        _enter_as(unit, signup, SignupStatus.WAITING)
        queries.stand_in_line(unit.session, signup)
    else:
        raise _no_room(unit, form.role_id, me.subject)
    _audit(unit, signup, "signed_up")
    return queries.place_of(unit, signup)


def offer_anyway(unit: Unit, shift_id: int, form: PlacementIn) -> SignupOut:
    """Keep a place for a volunteer of one's area although the time overlaps; the reason is kept.

    Nobody is made to serve (志愿服务条例 art. 25): it is theirs once they take it.
    """
    activity, shift = _open_shift(unit, shift_id, form.role_id)
    if not unit.actor.scope.covers(activity.community):
        raise NotAdmitted(detail="This activity is not of your area.")
    person = held(unit.session, form.volunteer_no)
    signup = _enter(unit, activity, shift, form.role_id, person, accompanied=False)
    if not _taken(unit, signup.role_id):
        raise _no_room(unit, form.role_id, person.subject)
    signup.override = form.reason
    signup.offered_until = rules.offered_until(unit.now, settings_of(unit).offer_kept, shift.starts_at)
    _enter_as(unit, signup, SignupStatus.OFFERED)
    _told_of_offer(unit, signup, signup.offered_until, reason=form.reason)
    return queries.place_of(unit, signup)


def _told_of_offer(unit: Unit, signup: Signup, until: datetime, reason: str | None = None) -> None:
    unit.set_timer(OFFER_ENDS, str(signup.id), until)
    tell(unit, signup, NoticeKind.OFFERED)
    _audit(unit, signup, "offered", reason=reason)


def _open_shift(unit: Unit, shift_id: int, role_id: int) -> tuple[Activity, Shift]:
    activity, shift = queries.shift_to_join(unit.session, shift_id)
    if role_id not in {role.id for role in shift.roles}:
        raise invalid({"role_id": "this shift has no such role"})
    if activity.status != ActivityStatus.PUBLISHED or shift.starts_at <= unit.now:
        raise NotAdmitted(detail="This shift has begun, or does not take place.")
    _expect_bounded(unit, shift)
    return activity, shift


def _expect_bounded(unit: Unit, shift: Shift) -> None:
    """Refuse a shift that was announced before shifts had a longest length: nobody's time is kept for it."""
    if shift.ends_at - shift.starts_at > settings_of(unit).shift_lengths.longest:
        raise NotAdmitted(detail="This shift is longer than a shift may be: it has to be announced anew.")


def _enter(
    unit: Unit, activity: Activity, shift: Shift, role_id: int, person: Volunteer, *, accompanied: bool
) -> Signup:
    day = local_day(shift.starts_at, unit.zone)
    joiner = Joiner(
        registered=person.status == VolunteerStatus.REGISTERED,
        born=born(unit.vault, person),
        trained_in=trained_in(unit, person, day),
        counts_as_adult=person.capacity == Capacity.SELF_SUPPORTING,
        agreed_to=person.guardian is not None and person.guardian.confirmed_at is not None,
        accompanied=accompanied,
    )
    adults = settings_of(unit).adult_age
    call = Call(MinorsRule(activity.minors), activity.skill, adults, hazardous=activity.hazardous)
    if why := rules.unfit(joiner, call, day):
        raise NotAdmitted(detail=why)
    expect_recording(unit.session, person.id)
    return Signup(
        **place(activity.community),
        activity_id=activity.id,
        shift_id=shift.id,
        role_id=role_id,
        volunteer_id=person.id,
        volunteer_no=person.volunteer_no,
        subject=person.subject,
        accompanied=accompanied,
    )


def _taken(unit: Unit, role_id: int) -> bool:
    """Take a place; whoever finds none holds the line and looks again, so that no freed place is missed."""
    if queries.take_place(unit.session, role_id):
        return True
    queries.hold_line(unit.session, role_id)
    return queries.take_place(unit.session, role_id)


def _enter_as(unit: Unit, signup: Signup, status: SignupStatus) -> None:
    signup.status, signup.status_since = status, unit.now
    unit.session.add(signup)
    unit.session.flush()


def _be_placed(unit: Unit, shift: Shift, signup: Signup) -> None:
    times = (shift.starts_at, shift.ends_at)
    others = queries.other_times(unit.session, signup.volunteer_id, shift)
    signup.overlap_minutes = rules.shared_minutes(times, others)
    _enter_as(unit, signup, SignupStatus.PLACED)
    wanted = list(rules.quarters(*times, settings_of(unit).overlap_grace))
    queries.be_busy(unit, signup, wanted, anyway=signup.override is not None)


def take_offer(unit: Unit, signup_id: int, seen: int) -> SignupOut:
    """Take the place that is kept for one."""
    signup = _to_change(unit, signup_id, seen)
    if signup.offered_until is not None and signup.offered_until <= unit.now:
        raise OfferOver
    shift = unit.session.get_one(Shift, signup.shift_id)
    _expect_bounded(unit, shift)
    expect_recording(unit.session, signup.volunteer_id)
    _move(unit, signup, SignupAction.TAKE)
    unit.cancel_timer(OFFER_ENDS, str(signup.id))
    _be_placed(unit, shift, signup)
    _audit(unit, signup, "offer_taken")
    return queries.place_of(unit, signup)


def cancel(unit: Unit, signup_id: int, seen: int) -> SignupOut:
    """Give a place, an offer or a place in the line back, until one has come or the shift begins."""
    signup = _to_change(unit, signup_id, seen)
    if queries.has_come(unit.session, signup.id):
        raise MoveRefused(state="checked_in", action=SignupAction.CANCEL)
    if unit.session.get_one(Shift, signup.shift_id).starts_at <= unit.now:
        raise MoveRefused(state="begun", action=SignupAction.CANCEL)
    _give_up(unit, signup)
    return queries.place_of(unit, signup)


def give_up_places(unit: Unit, person: Volunteer) -> None:
    """Give back every place of somebody in a shift to come, and tell them, unless they serve again by now."""
    if still_serves(unit.session, person):
        return
    for signup in queries.open_signups_of(unit.session, person.id, unit.now):
        _give_up(unit, signup)
        tell(unit, signup, NoticeKind.GIVEN_UP)


def _give_up(unit: Unit, signup: Signup) -> None:
    had_a_place = signup.status in rules.HOLDS_A_PLACE
    _move(unit, signup, SignupAction.CANCEL)
    queries.leave_line(unit.session, signup)
    unit.session.flush()
    queries.be_free(unit, signup)
    unit.cancel_timer(OFFER_ENDS, str(signup.id))
    if had_a_place:
        _give_back(unit, signup)
    _audit(unit, signup, "cancelled")


def _give_back(unit: Unit, signup: Signup) -> None:
    """Free a place, or keep it for the line, which the system moves: nobody reaches another's sign-up."""
    queries.hold_line(unit.session, signup.role_id)
    if queries.next_in_line(unit.session, signup.role_id) is None:
        queries.release_place(unit.session, signup.role_id)
    else:
        unit.set_timer(PLACE_FREED, str(signup.id), unit.now)


def place_was_freed(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Offer a place that was given back to the next in line (timer)."""
    freed = unit.session.get_one(Signup, int(entity_id))
    shift = unit.session.get_one(Shift, freed.shift_id)
    signup = None if shift.starts_at <= unit.now else queries.first_in_line(unit.session, freed.role_id)
    if signup is None:
        queries.release_place(unit.session, freed.role_id)
        return
    queries.leave_line(unit.session, signup)
    signup.offered_until = rules.offered_until(unit.now, settings_of(unit).offer_kept, shift.starts_at)
    _move(unit, signup, SignupAction.OFFER)
    _told_of_offer(unit, signup, signup.offered_until)


def offer_has_ended(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Take back an offer that nobody took in time, and pass the place on (timer)."""
    signup = queries.signup_to_change(unit.session, int(entity_id))
    if signup.status != SignupStatus.OFFERED:
        return
    _move(unit, signup, SignupAction.EXPIRE)
    tell(unit, signup, NoticeKind.EXPIRED)
    _give_back(unit, signup)
    _audit(unit, signup, "expired")


def line_ends(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Let nobody wait for a place in a shift that has begun (timer); offers end by themselves."""
    del due_at
    for signup in queries.waiting_in(unit.session, int(entity_id)):
        queries.leave_line(unit.session, signup)
        _move(unit, signup, SignupAction.EXPIRE)
        _audit(unit, signup, "expired")


def come_after_all(unit: Unit, signup: Signup) -> None:
    """Give somebody who came the place that they still waited for, beyond those that were announced."""
    queries.leave_line(unit.session, signup)
    unit.cancel_timer(OFFER_ENDS, str(signup.id))
    _move(unit, signup, SignupAction.COME)
    _audit(unit, signup, "came")


def mine(unit: Unit, wanted: Wanted) -> Page[SignupOut]:
    """List one's own places; staff see those of their area's activities."""
    show = partial(queries.place_of, unit)
    return page(unit, select(Signup), queries.IN_LINE, wanted, bound="signups", show=show)


def notices(unit: Unit, wanted: Wanted) -> Page[VolunteerNotice]:
    """List what one was told about one's places and the needs one is asked for, newest first."""
    return page(unit, select(Notice), queries.NEWEST_NOTICES, wanted, bound="notices", show=queries.notice_of)


def of_shift(unit: Unit, wanted: Wanted, shift_id: int) -> Page[SignupOut]:
    """List who signed up for a shift of one's area, in the order they came."""
    query = select(Signup).where(Signup.shift_id == shift_id)
    show = partial(queries.place_of, unit)
    return page(unit, query, queries.IN_LINE, wanted, bound=f"signups of {shift_id}", show=show)


def _to_change(unit: Unit, signup_id: int, seen: int) -> Signup:
    signup = queries.signup_to_change(unit.session, signup_id)
    expect_version(queries.place_of(unit, signup), seen)
    return signup


def _move(unit: Unit, signup: Signup, action: SignupAction) -> None:
    try:
        signup.status = rules.walk_signup(SignupStatus(signup.status), action)
    except CannotMoveError as error:
        raise MoveRefused(state=error.status, action=action) from None
    signup.status_since, signup.version = unit.now, signup.version + 1
    if action is not SignupAction.OFFER:
        signup.offered_until = None


def _audit(unit: Unit, signup: Signup, action: str, reason: str | None = None) -> None:
    detail = {"status": signup.status, "shift": signup.shift_id, "role": signup.role_id}
    unit.audit(
        f"signup.{action}",
        "signup",
        str(signup.id),
        area=signup.community,
        reason=reason,
        detail=detail,
    )
