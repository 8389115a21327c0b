"""Routes of attendance, service records and hours."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.activities import SignupOut
from onewindow_shared.contracts.attending import AbsenceIn
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.records import (
    AttendanceCode,
    AttendanceIn,
    CheckIn,
    DisputeIn,
    ForgottenIn,
    HoursOut,
    RecordOut,
    RecordStatus,
    ReplyIn,
    RulingIn,
    ScanIn,
    StatementOut,
)
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    GATED,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.people.problems import RecordingNotAgreedTo
from onewindow_volunteers.records import attendance, hearing, service
from onewindow_volunteers.records.problems import (
    CodeNotShown,
    CountedElsewhere,
    HigherLevelConfirms,
    NotTheTime,
    RecordedAlready,
)

router = APIRouter(prefix="/api/volunteers/v1", tags=["service records"])
COME = (*CREATING, NotFound, NotTheTime, RecordedAlready, RecordingNotAgreedTo)
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.get(
    "/shifts/{shift_id}/code",
    summary="The code to be shown at the place",
    responses=problems(*READING),
)
async def read_code(
    shift_id: Id, response: Response, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> AttendanceCode:
    """Return the code of this moment as text of a QR code; it changes all the time."""
    response.headers["Cache-Control"] = "no-store"
    return await run.read(attendance.code_now, shift_id)


@router.post(
    "/signups/{signup_id}/check-in",
    status_code=201,
    response_model=RecordOut,
    summary="Check in",
    responses=problems(*COME, CodeNotShown),
)
async def check_in(
    signup_id: Id, body: CheckIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.SHIFT_JOIN)
) -> Response:
    """Come to a shift: read the code at the place; it may be sent later, with the time it was read."""
    return await run.create(idempotency_key, body, attendance.check_in, signup_id)


@router.get(
    "/signups/{signup_id}/code", summary="The code to be scanned by staff", responses=problems(*READING)
)
async def read_own_code(
    signup_id: Id, response: Response, run: Run = gated(Permission.SHIFT_JOIN)
) -> AttendanceCode:
    """Return the code of this moment by which one shows at the place who one is; it changes all the time."""
    response.headers["Cache-Control"] = "no-store"
    return await run.read(attendance.own_code_now, signup_id)


@router.post(
    "/shifts/{shift_id}/scans",
    summary="Scan a volunteer's code",
    responses=problems(*READING, MoveRefused, NotTheTime, CodeNotShown, RecordingNotAgreedTo),
)
async def scan_volunteer(
    shift_id: Id, body: ScanIn, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> RecordOut:
    """Take down that somebody came, or left, by the code on their phone; scanned twice changes nothing."""
    return await run.change(attendance.scan, shift_id, body)


@router.post(
    "/signups/{signup_id}/check-out",
    summary="Check out",
    responses=problems(*READING, MoveRefused, NotTheTime, CodeNotShown, RecordingNotAgreedTo),
)
async def check_out(signup_id: Id, body: CheckIn, run: Run = gated(Permission.SHIFT_JOIN)) -> RecordOut:
    """Leave a shift: read the code at the place once more; what was given between waits for confirmation."""
    return await run.change(attendance.check_out, signup_id, body)


@router.post(
    "/shifts/{shift_id}/attendance",
    status_code=201,
    response_model=RecordOut,
    summary="Write attendance down",
    responses=problems(*COME, CountedElsewhere),
)
async def write_down(
    shift_id: Id,
    body: AttendanceIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Response:
    """Write down that somebody was there, where no code was read; the reason is kept."""
    return await run.create(idempotency_key, body, attendance.write_down, shift_id)


@router.post(
    "/signups/{signup_id}/absence",
    summary="Somebody was not there",
    responses=problems(*CHANGING, NotTheTime, RecordedAlready),
)
async def miss_somebody(
    signup_id: Id, body: AbsenceIn, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> SignupOut:
    """Take down that somebody with a place was not there, excused or not; attendance undoes it."""
    return await run.change(attendance.miss, signup_id, seen, body)


@router.post(
    "/records/{record_id}/end",
    summary="Mend a forgotten check-out",
    responses=problems(*MOVING, NotTheTime),
)
async def end_record(
    record_id: Id, body: ForgottenIn, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> RecordOut:
    """Say when somebody really left who came and forgot to check out; the reason is kept."""
    return await run.change(attendance.end, record_id, seen, body)


@router.get("/records", summary="One's own service records", responses=problems(*LISTING))
async def list_own_records(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.SHIFT_JOIN)
) -> Page[RecordOut]:
    """List what one has given, newest first (民政部令第67号 art. 12)."""
    return await run.read(service.mine, wanted)


@router.get("/records/area", summary="Service records of an area", responses=problems(*LISTING))
async def list_area_records(
    wanted: Annotated[Wanted, from_query(Wanted)],
    status: Annotated[RecordStatus, Query(description="Only these")] = RecordStatus.PENDING,
    run: Run = gated(Permission.RECORD_CONFIRM),
) -> Page[RecordOut]:
    """List the records of one's area that wait for something, newest first."""
    return await run.read(service.to_confirm, wanted, status)


@router.post(
    "/records/{record_id}/confirmation",
    summary="Confirm a service record",
    responses=problems(*MOVING, HigherLevelConfirms),
)
async def confirm_record(
    record_id: Id, seen: IfMatch, run: Run = gated(Permission.RECORD_CONFIRM)
) -> RecordOut:
    """Confirm what was given; long days are confirmed by the street or the district."""
    return await run.change(service.confirm, record_id, seen)


@router.post("/records/{record_id}/dispute", summary="Dispute a service record", responses=problems(*MOVING))
async def dispute_record(
    record_id: Id, body: DisputeIn, seen: IfMatch, run: Run = gated(Permission.SHIFT_JOIN)
) -> RecordOut:
    """Say what was really given (民政部令第67号 art. 13); until it is ruled nothing of it counts."""
    return await run.change(service.dispute, record_id, seen, body)


@router.post("/records/{record_id}/contest", summary="Contest a service record", responses=problems(*MOVING))
async def contest_record(
    record_id: Id, body: ReplyIn, seen: IfMatch, run: Run = gated(Permission.RECORD_CONFIRM)
) -> RecordOut:
    """Say why a record of one's area is not true: the wrong person or time; it is ruled as a dispute."""
    return await run.change(service.contest, record_id, seen, body)


@router.post(
    "/records/{record_id}/statements",
    status_code=201,
    response_model=StatementOut,
    summary="Answer a dispute",
    responses=problems(*CREATING, NotFound, MoveRefused),
)
async def reply_to_dispute(
    record_id: Id,
    body: ReplyIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.RECORD_CONFIRM),
) -> Response:
    """Say what the organisation's side knows of what a volunteer disputes, before it is ruled."""
    return await run.create(idempotency_key, body, hearing.reply, record_id)


@router.get(
    "/records/{record_id}/statements",
    summary="What was said in a dispute",
    responses=problems(*READING, BadCursor),
)
async def list_statements(
    record_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    response: Response,
    run: Run = gated(Permission.RECORD_HEAR),
) -> Page[StatementOut]:
    """List both sides and the ruling with its reason, to the volunteer and the record's area; audited."""
    response.headers["Cache-Control"] = "no-store"
    return await run.write(hearing.heard, record_id, wanted)


@router.post(
    "/records/{record_id}/ruling",
    summary="Settle a dispute",
    responses=problems(*MOVING, HigherLevelConfirms),
)
async def rule_record(
    record_id: Id, body: RulingIn, seen: IfMatch, run: Run = gated(Permission.RECORD_RULE)
) -> RecordOut:
    """Say what counts, both sides having been heard; the street or the district does this."""
    return await run.change(service.rule, record_id, seen, body)


@router.get("/people/me/hours", summary="One's own hours", responses=problems(*GATED, NotFound))
async def read_own_hours(run: Run = gated(Permission.SHIFT_JOIN)) -> HoursOut:
    """Add up what one has given; confirmed records alone count."""
    return await run.read(service.my_hours)


@router.get(
    "/people/{volunteer_no}/hours",
    summary="A volunteer's hours",
    responses=problems(*READING),
)
async def read_hours(volunteer_no: VolunteerNo, run: Run = gated(Permission.RECORD_CONFIRM)) -> HoursOut:
    """Add up what a volunteer of one's area has given."""
    return await run.read(service.hours_of, volunteer_no)
