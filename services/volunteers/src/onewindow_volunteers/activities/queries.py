"""Finding activities, shifts and places, and showing them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from onewindow_shared.contracts.activities import (
    ActivityOut,
    ActivityRow,
    ActivityStatus,
    Insurance,
    MinorsRule,
    NoticeKind,
    RoleOut,
    ShiftOut,
    SignupOut,
    SignupStatus,
    VolunteerNotice,
)
from onewindow_shared.contracts.attending import Missed
from onewindow_shared.contracts.volunteers import ServiceCategory
from onewindow_shared.plumbing.bulk import insert_into, table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.scope import published
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import (
    Activity,
    BusyQuarter,
    Notice,
    Shift,
    ShiftRole,
    Signup,
    Waiting,
)
from onewindow_volunteers.activities.rules import OPEN, quarters
from onewindow_volunteers.people.holding import hold_people, hold_whose
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.settings import settings_of

SIGNUPS = table_of(Signup)
NEWEST_ACTIVITIES = Keyset([Activity.id], newest_first=True)
IN_LINE = Keyset([Signup.id])
NEWEST_NOTICES = Keyset([Notice.id], newest_first=True)


def announced(session: Session, activity_id: int) -> Activity:
    """Return a published activity, whoever asks."""
    query = published(select(Activity).where(Activity.id == activity_id))
    return _there(session.scalar(query))


def draft(session: Session, activity_id: int) -> Activity:
    """Return a draft of the caller's area."""
    query = select(Activity).where(Activity.id == activity_id, Activity.status == ActivityStatus.DRAFT)
    return _there(session.scalar(query))


def activity_to_change(session: Session, activity_id: int) -> Activity:
    """Return an activity of the caller's area that nobody else changes meanwhile."""
    return _there(session.scalar(select(Activity).where(Activity.id == activity_id).with_for_update()))


def announced_shift(session: Session, shift_id: int) -> tuple[Activity, Shift]:
    """Return a shift of a published activity, whoever asks."""
    query = published(select(Activity, Shift).join(Shift).where(Shift.id == shift_id))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def shift_to_join(session: Session, shift_id: int) -> tuple[Activity, Shift]:
    """Return a shift of a published activity, which nobody calls off or ends meanwhile."""
    query = published(select(Activity).join(Shift).where(Shift.id == shift_id))
    activity = _there(session.scalar(query.with_for_update(read=True, of=Activity)))
    return activity, session.get_one(Shift, shift_id)


def _there(activity: Activity | None) -> Activity:
    if activity is None:
        raise NotFound
    return activity


def signup_to_change(session: Session, signup_id: int) -> Signup:
    """Return somebody's place that nobody else changes meanwhile."""
    hold_whose(session, SIGNUPS, signup_id)
    return must_find(session, select(Signup).where(Signup.id == signup_id).with_for_update())


def place_within_reach(session: Session, signup_id: int) -> Signup:
    """Return a place of one's own, or of one's area."""
    return must_find(session, select(Signup).where(Signup.id == signup_id))


def take_place(session: Session, role_id: int) -> bool:
    """Take a place of a role if there is one, in one statement; say whether there was."""
    free = update(ShiftRole).where(ShiftRole.id == role_id, ShiftRole.taken < ShiftRole.capacity)
    taken = session.execute(free.values(taken=ShiftRole.taken + 1).returning(ShiftRole.id))
    return taken.scalar_one_or_none() is not None


def is_full(session: Session, role_id: int) -> bool:
    """Say whether every place of a role is taken, without waiting for anybody who takes one now."""
    return (
        session.scalar(select(ShiftRole.taken >= ShiftRole.capacity).where(ShiftRole.id == role_id)) is True
    )


def is_in(session: Session, role_id: int, subject: str) -> bool:
    """Say whether an account has, is offered or waits for a place in the shift of a role."""
    shift = select(ShiftRole.shift_id).where(ShiftRole.id == role_id).scalar_subquery()
    mine = (Signup.subject == subject, Signup.shift_id == shift, Signup.status.in_(OPEN))
    return session.scalar(select(Signup.id).where(*mine).limit(1)) is not None


def release_place(session: Session, role_id: int) -> None:
    """Give a place back."""
    session.execute(update(ShiftRole).where(ShiftRole.id == role_id).values(taken=ShiftRole.taken - 1))


def hold_line(session: Session, role_id: int) -> None:
    """Let nobody take or give back a place of a role, or join its line, until this transaction ends.

    Who leaves the line, or moves up in it, is held by their own sign-up.
    """
    session.execute(select(ShiftRole.id).where(ShiftRole.id == role_id).with_for_update())


def stand_in_line(session: Session, signup: Signup) -> None:
    """Let somebody wait behind all who wait already."""
    session.add(Waiting(role_id=signup.role_id, signup_id=signup.id))
    session.flush()


def leave_line(session: Session, signup: Signup) -> None:
    """Let somebody wait no longer."""
    key = (Waiting.role_id == signup.role_id, Waiting.signup_id == signup.id)
    session.execute(delete(Waiting).where(*key))


def next_in_line(session: Session, role_id: int) -> int | None:
    """Return the sign-up that has waited longest."""
    return session.scalar(select(func.min(Waiting.signup_id)).where(Waiting.role_id == role_id))


def first_in_line(session: Session, role_id: int) -> Signup | None:
    """Return whoever has waited longest, held; where nobody waits the line is held, so that nobody joins it.

    Who leaves the line, or is offered a place, before they could be held is passed over.
    """
    while (following := next_in_line(session, role_id)) is not None:
        signup = signup_to_change(session, following)
        if signup.status == SignupStatus.WAITING:
            return signup
    hold_line(session, role_id)
    return None if next_in_line(session, role_id) is None else first_in_line(session, role_id)


def _position(session: Session, signup: Signup) -> int | None:
    if signup.status != SignupStatus.WAITING:
        return None
    before = (Waiting.role_id == signup.role_id, Waiting.signup_id <= signup.id)
    return session.scalar(select(func.count()).select_from(Waiting).where(*before))


def be_busy(unit: Unit, signup: Signup, wanted: Sequence[int], *, anyway: bool) -> None:
    """Keep quarters of an hour for somebody; the key refuses one that is kept already, unless `anyway`."""
    _keep(unit, signup.volunteer_id, signup.id, wanted, anyway=anyway)


def _keep(unit: Unit, volunteer_id: int, signup_id: int, wanted: Iterable[int], *, anyway: bool) -> None:
    keep = insert_into(unit.session, BusyQuarter)
    rows = [{"volunteer_id": volunteer_id, "quarter": one, "signup_id": signup_id} for one in wanted]
    unit.session.execute(keep.on_conflict_do_nothing() if anyway else keep, rows)


def be_free(unit: Unit, signup: Signup) -> None:
    """Let go of the quarters kept for a place; other places that share time with it keep those they need.

    Of a shift that is longer than shifts may be no more quarters are kept than of the longest.
    """
    unit.session.execute(delete(BusyQuarter).where(BusyQuarter.signup_id == signup.id))
    grace, longest = settings_of(unit).overlap_grace, settings_of(unit).shift_lengths.longest
    for other in _beside(unit.session, signup.volunteer_id, unit.session.get_one(Shift, signup.shift_id)):
        ends_at = min(other.ends_at, other.starts_at + longest)
        needed = quarters(other.starts_at, ends_at, grace)
        _keep(unit, signup.volunteer_id, other.id, needed, anyway=True)


def other_times(session: Session, volunteer_id: int, shift: Shift) -> list[tuple[datetime, datetime]]:
    """Return the shifts in which somebody is placed, wherever, and that share time with this one."""
    return [(other.starts_at, other.ends_at) for other in _beside(session, volunteer_id, shift)]


def _beside(session: Session, volunteer_id: int, shift: Shift) -> Sequence[Any]:
    s = SIGNUPS.c
    query = select(s.id, Shift.starts_at, Shift.ends_at).join_from(SIGNUPS, Shift, Shift.id == s.shift_id)
    placed = (s.volunteer_id == volunteer_id, s.status == SignupStatus.PLACED, Shift.id != shift.id)
    shared = (Shift.starts_at < shift.ends_at, Shift.ends_at > shift.starts_at)
    return session.execute(query.where(*placed, *shared).order_by(s.id)).all()


def has_come(session: Session, signup_id: int) -> bool:
    """Say whether somebody has come to the shift that they have a place in."""
    record = select(ServiceRecord.id).where(ServiceRecord.signup_id == signup_id)
    return session.scalar(record) is not None


def anybody_came(session: Session, activity_id: int) -> bool:
    """Say whether somebody has come to a shift of an activity; one may come shortly before it begins."""
    of_it = select(ServiceRecord.id).where(ServiceRecord.activity_id == activity_id)
    return session.scalar(of_it.limit(1)) is not None


def open_signups(session: Session, activity_id: int, now: datetime) -> Sequence[Signup]:
    """Return everybody who has, is offered or waits for a place in a shift yet to begin, each held."""
    concerned = select(SIGNUPS.c.volunteer_id).where(SIGNUPS.c.activity_id == activity_id)
    hold_people(session, session.scalars(concerned.where(SIGNUPS.c.status.in_(OPEN))))
    return _to_come(session, Signup.activity_id == activity_id, now)


def open_signups_of(session: Session, volunteer_id: int, now: datetime) -> Sequence[Signup]:
    """Return the places, offers and places in lines that somebody has in shifts yet to begin, by role."""
    theirs = _to_come(session, Signup.volunteer_id == volunteer_id, now)
    return sorted(theirs, key=lambda signup: (signup.role_id, signup.id))


def _to_come(session: Session, which: ColumnElement[bool], now: datetime) -> Sequence[Signup]:
    """Return what is open in shifts yet to begin; a place to which somebody has come stays theirs."""
    come = exists().where(ServiceRecord.signup_id == Signup.id)
    still = (which, Signup.status.in_(OPEN), Shift.starts_at > now, ~come)
    query = select(Signup).join(Shift, Shift.id == Signup.shift_id).where(*still).order_by(Signup.id)
    return session.scalars(query.with_for_update(of=Signup)).all()


def waiting_in(session: Session, shift_id: int) -> Sequence[Signup]:
    """Return everybody who waits for a place in a shift, kept from other writers."""
    query = select(Signup).where(Signup.shift_id == shift_id, Signup.status == SignupStatus.WAITING)
    return session.scalars(query.order_by(Signup.id).with_for_update()).all()


def open_signup_in(session: Session, shift_id: int, volunteer_id: int) -> Signup | None:
    """Return the place, offer or place in the line that somebody has in a shift, kept from other writers."""
    theirs = (Signup.shift_id == shift_id, Signup.volunteer_id == volunteer_id)
    query = select(Signup).where(*theirs, Signup.status.in_(OPEN))
    return session.scalar(query.with_for_update())


def all_placed(session: Session, shift_id: int) -> Sequence[Signup]:
    """Return everybody who has a place in a shift, each held."""
    theirs = (SIGNUPS.c.shift_id == shift_id, SIGNUPS.c.status == SignupStatus.PLACED)
    hold_people(session, session.scalars(select(SIGNUPS.c.volunteer_id).where(*theirs)))
    query = select(Signup).where(Signup.shift_id == shift_id, Signup.status == SignupStatus.PLACED)
    return session.scalars(query.order_by(Signup.id)).all()


def row_of(activity: Activity) -> ActivityRow:
    """Show an activity in a list."""
    return ActivityRow(
        activity_id=activity.id,
        status=ActivityStatus(activity.status),
        title=activity.title,
        category=ServiceCategory(activity.category),
        community=activity.community,
        organisation=activity.organisation,
        hazardous=activity.hazardous,
        minors=MinorsRule(activity.minors),
    )


def whole(activity: Activity) -> ActivityOut:
    """Show an activity with its shifts."""
    return ActivityOut(
        version=activity.version,
        **row_of(activity).model_dump(),
        organisation_id=activity.organisation_id,
        in_charge=activity.in_charge,
        content=activity.content,
        place=activity.place,
        contact=activity.contact,
        risks=activity.risks,
        conditions=activity.conditions,
        insurance=Insurance.model_validate(activity.insurance) if activity.insurance else None,
        skill=activity.skill,
        called_off=activity.called_off,
        shifts=[_shift(shift) for shift in activity.shifts],
    )


def _shift(shift: Shift) -> ShiftOut:
    roles = [
        RoleOut(role_id=role.id, name=role.name, capacity=role.capacity, taken=role.taken)
        for role in shift.roles
    ]
    return ShiftOut(shift_id=shift.id, starts_at=shift.starts_at, ends_at=shift.ends_at, roles=roles)


def place_of(unit: Unit, signup: Signup) -> SignupOut:
    """Show where somebody stands."""
    return SignupOut(
        version=signup.version,
        signup_id=signup.id,
        volunteer_no=signup.volunteer_no,
        activity_id=signup.activity_id,
        shift_id=signup.shift_id,
        role_id=signup.role_id,
        status=SignupStatus(signup.status),
        position=_position(unit.session, signup),
        offered_until=signup.offered_until,
        overlap_minutes=signup.overlap_minutes,
        accompanied=signup.accompanied,
        missed=Missed(signup.missed) if signup.missed else None,
    )


def notice_of(notice: Notice) -> VolunteerNotice:
    """Show what somebody was told."""
    return VolunteerNotice(
        at=notice.at,
        signup_id=notice.signup_id,
        activity_id=notice.activity_id,
        need_id=notice.need_id,
        kind=NoticeKind(notice.kind),
    )
