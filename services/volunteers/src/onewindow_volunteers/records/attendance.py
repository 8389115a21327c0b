"""Coming and leaving: by the rotating code at the place, with or without a network, or by the organiser."""

from datetime import datetime

from onewindow_shared.contracts.activities import SignupOut, SignupStatus
from onewindow_shared.contracts.attending import AbsenceIn
from onewindow_shared.contracts.records import (
    AttendanceCode,
    AttendanceIn,
    CheckIn,
    ForgottenIn,
    Proof,
    RecordOut,
    RecordStatus,
    ScanIn,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.activities.models import Activity, Shift, Signup
from onewindow_volunteers.activities.queries import announced_shift, place_of, place_within_reach
from onewindow_volunteers.activities.queries import signup_to_change as signup_of
from onewindow_volunteers.people.queries import expect_recording
from onewindow_volunteers.records import queries, rules
from onewindow_volunteers.records.counted import count_once
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.records.problems import CodeNotShown, CountedElsewhere, NotTheTime, RecordedAlready
from onewindow_volunteers.records.rules import RecordAction, Window
from onewindow_volunteers.records.service import audit, move, record_by
from onewindow_volunteers.records.times import presence
from onewindow_volunteers.settings import settings_of

KEY, OWN_KEY = "attendance", "attendance.own"


def code_now(unit: Unit, shift_id: int) -> AttendanceCode:
    """Return the code to be shown at the place now; a shift of another area is not found."""
    activity, shift = announced_shift(unit.session, shift_id)
    if not unit.actor.scope.covers(activity.community):
        raise NotFound
    window = Window.of(unit.now, settings_of(unit).attendance_code)
    code = rules.code_of(unit.vault.derive(KEY), shift.id, window)
    return AttendanceCode(code=code, valid_until=window.starts_at + window.length)


def check_in(unit: Unit, signup_id: int, form: CheckIn) -> RecordOut:
    """Take down that somebody came; both the time read and the time told are kept."""
    signup = signup_of(unit.session, signup_id)
    activity, shift = announced_shift(unit.session, signup.shift_id)
    came_at = _read(unit, shift, form)
    if signup.status != SignupStatus.PLACED or not _open(unit, shift, came_at):
        raise NotTheTime(detail="Come to a shift in which you have a place, not long before it begins.")
    record = _record(unit, activity, shift, signup, came_at)
    record.status, record.came_proof, record.came_told_at = RecordStatus.CHECKED_IN, Proof.CODE, unit.now
    return _kept(unit, record, "checked_in")


def own_code_now(unit: Unit, signup_id: int) -> AttendanceCode:
    """Return the code by which somebody with a place shows at the place who they are."""
    signup = place_within_reach(unit.session, signup_id)
    window = Window.of(unit.now, settings_of(unit).attendance_code)
    code = rules.code_of(unit.vault.derive(OWN_KEY), signup.id, window)
    return AttendanceCode(code=code, valid_until=window.starts_at + window.length)


def scan(unit: Unit, shift_id: int, form: ScanIn) -> RecordOut:
    """Take down by the code on their phone that somebody came, or left; scanned twice, they came once."""
    length, signup_id = settings_of(unit).attendance_code, rules.told_of(form.code)
    key = unit.vault.derive(OWN_KEY)
    if signup_id is None or not rules.was_read(key, signup_id, form.code, unit.now, length):
        raise CodeNotShown
    signup = signup_of(unit.session, signup_id)
    activity, shift = announced_shift(unit.session, shift_id)
    if signup.shift_id != shift.id:
        raise CodeNotShown
    record = queries.record_of(unit.session, signup.id)
    if record is None:
        if signup.status != SignupStatus.PLACED or not _open(unit, shift, unit.now):
            raise NotTheTime(detail="Somebody with a place comes not long before the shift begins.")
        record = _record(unit, activity, shift, signup, unit.now)
        record.status, record.came_proof, record.came_told_at = (
            RecordStatus.CHECKED_IN,
            Proof.SCANNED,
            unit.now,
        )
        return _kept(unit, record, "scanned_in")
    if record.status != RecordStatus.CHECKED_IN or unit.now <= record.came_at + 2 * length:
        return queries.shown(record, unit.today)
    move(record, RecordAction.CHECK_OUT)
    record.left_at, record.left_proof, record.left_told_at = unit.now, Proof.SCANNED, unit.now
    count_once(unit, record)
    record.version += 1
    return _kept(unit, record, "scanned_out")


def check_out(unit: Unit, signup_id: int, form: CheckIn) -> RecordOut:
    """Take down that somebody left, and what was given between; sent again, it changes nothing."""
    signup = signup_of(unit.session, signup_id)
    record = queries.record_of(unit.session, signup_id)
    if record is None:
        raise NotFound(detail="Nobody checked in with this place.")
    _, shift = announced_shift(unit.session, signup.shift_id)
    left_at = _read(unit, shift, form)
    if record.left_at == left_at:
        return queries.shown(record, unit.today)
    if left_at <= record.came_at:
        raise NotTheTime(detail="One leaves after coming.")
    move(record, RecordAction.CHECK_OUT)
    record.left_at, record.left_proof, record.left_told_at = left_at, Proof.CODE, unit.now
    count_once(unit, record)
    record.version += 1
    return _kept(unit, record, "checked_out")


def end(unit: Unit, record_id: int, seen: int, form: ForgottenIn) -> RecordOut:
    """Take down when somebody left who forgot to check out; the reason goes into the audit."""
    record = queries.record_to_change(unit.session, record_id)
    expect_version(queries.shown(record, unit.today), seen)
    if record.shift_id is None:
        raise MoveRefused(state=record.status, action=RecordAction.CHECK_OUT)
    shift = unit.session.get_one(Shift, record.shift_id)
    if not shift.ends_at <= unit.now <= shift.ends_at + settings_of(unit).check_outs_mended:
        raise NotTheTime(
            detail="A check-out is mended once the shift is over, and not for long: then it is ruled."
        )
    if faults := presence(unit, shift).faults(record.came_at, form.left_at, unit.now):
        raise invalid(faults)
    move(record, RecordAction.CHECK_OUT)
    record.left_at, record.left_proof, record.left_told_at = form.left_at, Proof.MANUAL, unit.now
    count_once(unit, record)
    record.version += 1
    return _kept(unit, record, "ended", reason=form.reason)


def write_down(unit: Unit, shift_id: int, form: AttendanceIn) -> RecordOut:
    """Write down by hand that somebody was there; the reason goes into the audit."""
    signup = signup_of(unit.session, queries.place_in(unit.session, shift_id, form.volunteer_no))
    if signup.status != SignupStatus.PLACED or form.left_at > unit.now:
        raise NotTheTime(detail="Only somebody with a place is written down, and only afterwards.")
    shift = unit.session.get_one(Shift, shift_id)
    if faults := presence(unit, shift).faults(form.came_at, form.left_at, unit.now):
        raise invalid(faults)
    return given_in(unit, signup, form.came_at, form.left_at, form.reason)


def given_in(unit: Unit, signup: Signup, came_at: datetime, left_at: datetime, reason: str) -> RecordOut:
    """Record what somebody gave in a place of theirs, as the organiser says, unless all of it is counted."""
    if queries.is_recorded(unit.session, signup.shift_id, signup.volunteer_id):
        raise RecordedAlready
    activity, shift = announced_shift(unit.session, signup.shift_id)
    record = _record(unit, activity, shift, signup, came_at)
    record.status = RecordStatus.PENDING
    record.came_proof = record.left_proof = Proof.MANUAL
    record.left_at = left_at
    record.came_told_at = record.left_told_at = unit.now
    count_once(unit, record)
    if record.elsewhere_minutes and not record.minutes:
        raise CountedElsewhere
    return _kept(unit, record, "written_down", reason=reason)


def miss(unit: Unit, signup_id: int, seen: int, form: AbsenceIn) -> SignupOut:
    """Take down that somebody with a place was not there, excused or not; the reason goes into the audit."""
    signup = signup_of(unit.session, signup_id)
    expect_version(place_of(unit, signup), seen)
    if queries.record_of(unit.session, signup.id) is not None:
        raise RecordedAlready
    shift = unit.session.get_one(Shift, signup.shift_id)
    if signup.status != SignupStatus.PLACED or shift.starts_at > unit.now:
        raise NotTheTime(detail="Only somebody with a place is missed, and only once the shift has begun.")
    signup.missed = form.kind
    signup.version += 1
    detail = {"kind": form.kind, "shift": signup.shift_id}
    unit.audit(
        "signup.missed", "signup", str(signup.id), area=signup.community, reason=form.reason, detail=detail
    )
    return place_of(unit, signup)


def _read(unit: Unit, shift: Shift, form: CheckIn) -> datetime:
    """Return when a code was read, if it was shown then; a phone whose clock is fast has read it now."""
    settings = settings_of(unit)
    read_at = min(form.read_at or unit.now, unit.now)
    too_old = read_at < unit.now - settings.attendance_offline
    key = unit.vault.derive(KEY)
    shown = rules.was_read(key, shift.id, form.code, read_at, settings.attendance_code)
    if too_old or not shown:
        raise CodeNotShown
    return read_at


def _open(unit: Unit, shift: Shift, at: datetime) -> bool:
    return shift.starts_at - settings_of(unit).attendance_early <= at < shift.ends_at


def _record(unit: Unit, activity: Activity, shift: Shift, signup: Signup, came_at: datetime) -> ServiceRecord:
    expect_recording(unit.session, signup.volunteer_id)
    signup.missed = None
    ended_on = local_day(max(one.ends_at for one in activity.shifts), unit.zone)
    return ServiceRecord(
        **place(signup.community),
        signup_id=signup.id,
        activity_id=activity.id,
        shift_id=shift.id,
        volunteer_id=signup.volunteer_id,
        volunteer_no=signup.volunteer_no,
        subject=signup.subject,
        activity=activity.title,
        content=activity.content,
        organisation=activity.organisation,
        in_charge=activity.in_charge,
        place=activity.place,
        day=local_day(shift.starts_at, unit.zone),
        came_at=came_at,
        late_minutes=rules.came_late(came_at, shift.starts_at, settings_of(unit).late_grace),
        due_on=record_by(unit, ended_on),
    )


def _kept(unit: Unit, record: ServiceRecord, action: str, reason: str | None = None) -> RecordOut:
    unit.session.add(record)
    unit.session.flush()
    audit(unit, record, action, reason)
    return queries.shown(record, unit.today)
