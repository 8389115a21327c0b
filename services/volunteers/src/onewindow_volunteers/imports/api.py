"""Routes of imports, and of people who were handed in and confirm themselves."""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import ImportFault
from onewindow_shared.contracts.volunteer_imports import (
    SelfConfirmationIn,
    UnconfirmedOut,
    VolunteerImportIn,
    VolunteerImportOut,
)
from onewindow_shared.contracts.volunteers import RegistrationIn, VolunteerOut
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import AT_ONCE, XLSX_TYPE, Table, xlsx_answer
from onewindow_shared.plumbing.uploads import (
    FileTooLarge,
    UnknownFile,
    UnreadableError,
    UnreadableFile,
    as_text,
    kind_of,
    received,
    sheets_of,
)
from onewindow_shared.plumbing.workbooks import Row
from onewindow_volunteers.deps import beyond_ones_own, identify, terms_of
from onewindow_volunteers.imports import rules, service
from onewindow_volunteers.imports.service import Sheet
from onewindow_volunteers.people.rules import Verdict
from onewindow_volunteers.people.service import AlreadyRegistered, ErasedBefore, Terms, TooManyChecks
from onewindow_volunteers.settings import Settings

router = APIRouter(prefix="/api/volunteers/v1", tags=["imports"])
KEEPER = gated(Permission.VOLUNTEER_IMPORT)
MYSELF = gated(Permission.VOLUNTEER_REGISTER)
FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
AS_FILE: dict[str, Any] = {"requestBody": {"required": True, "content": {XLSX_TYPE: FILE}}}
Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/imports",
    status_code=201,
    summary="Import volunteers",
    response_model=VolunteerImportOut,
    openapi_extra=AS_FILE,
    responses=problems(*CREATING, UnknownFile, UnreadableFile, FileTooLarge),
)
async def create_volunteer_import(
    request: Request,
    key: IdempotencyKey,
    dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
    run: Run = KEEPER,
) -> Response:
    """Take people down from the first sheet of a workbook; the answer comes at once, its rows follow.

    Nobody is registered by it: whoever is taken down is unconfirmed until they confirm it themselves by a
    one-time code to their phone, and is sent no message. Each bad row is kept from it by itself.
    """
    if kind_of(request) != XLSX_TYPE:
        raise UnknownFile
    settings = cast("Settings", run.runtime.settings)
    file = await received(request, settings.most_import_bytes)
    sheet = await run_in_threadpool(_sheet, file)
    form = VolunteerImportIn(dry_run=dry_run, digest=hashlib.sha256(file).hexdigest())
    return await run.create(key, form, service.begin, sheet)


def _sheet(file: bytes) -> Sheet:
    try:
        rows = next(iter(sheets_of(file).values()), [])
    except UnreadableError as error:
        raise UnreadableFile(detail=str(error)) from None
    if not 1 <= len(rows) <= rules.MOST_ROWS:
        raise UnreadableFile(detail=f"A file has 1 to {rules.MOST_ROWS} rows below its header.")
    missing = rules.missing(rows[0][1].keys())
    if missing:
        raise UnreadableFile(detail=f"The first row names no column {'、'.join(missing)}.")
    return [(row, {header: cells.get(header) for header in rules.HEADER}) for row, cells in rows]


@router.get("/imports", summary="List imports", responses=problems(*LISTING))
async def list_volunteer_imports(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[VolunteerImportOut]:
    """List one's own imports, newest first."""
    return await run.read(service.imports, wanted)


@router.get("/imports/{import_no}", summary="Follow an import", responses=problems(*READING))
async def read_volunteer_import(import_no: Number, run: Run = KEEPER) -> VolunteerImportOut:
    """Show how far an import of one's own is."""
    return await run.read(service.read, import_no)


@router.get(
    "/imports/{import_no}/faults",
    summary="List what is wrong",
    responses=problems(*READING, BadCursor),
)
async def list_volunteer_faults(
    import_no: Number, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[ImportFault]:
    """List every bad row with the column and the reason, without what was written there."""
    return await run.read(service.faults, import_no, wanted)


@router.get(
    "/imports/{import_no}/bad-rows",
    response_class=Response,
    summary="Take the bad rows away",
    responses={
        200: {"description": "The bad rows", "content": {XLSX_TYPE: FILE}},
        **problems(*READING),
    },
)
async def take_bad_rows(import_no: Number, run: Run = KEEPER) -> Response:
    """Return the bad rows of one's own file with what is wrong, to be mended and handed in again; audited."""
    await run.write(service.take_bad_rows, import_no)
    table = Table("志愿者", (*rules.HEADER, "错误"), _bad_rows(run, import_no))
    return await xlsx_answer(f"bad-rows-{import_no}.xlsx", table)


async def _bad_rows(run: Run, import_no: int) -> AsyncGenerator[Sequence[Row]]:
    after = -1
    while some := await run.read(service.bad_rows, import_no, after, AT_ONCE):
        yield [
            (*(_cell(one.cells.get(header)) for header in rules.HEADER), "\n".join(one.faults))
            for one in some
        ]
        after = some[-1].place


def _cell(written: Any) -> str | None:
    return None if written is None else as_text(written)


@router.get("/unconfirmed", summary="List who has not confirmed yet", responses=problems(*LISTING))
async def list_unconfirmed(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[UnconfirmedOut]:
    """List the people of one's area who were handed in and are not registered yet, with masked names."""
    return await run.read(service.unconfirmed, wanted)


@router.get("/unconfirmed/mine", summary="Who was handed in under one's phone", responses=problems(*LISTING))
async def list_asked(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = MYSELF
) -> Page[UnconfirmedOut]:
    """List who was handed in under the phone that one is signed in with."""
    return await beyond_ones_own(run).read(service.asked, wanted)


@router.post(
    "/unconfirmed/{unconfirmed_id}/confirmation",
    status_code=201,
    response_model=VolunteerOut,
    summary="Confirm what was handed in of oneself",
    responses=problems(*CREATING, NotFound, AlreadyRegistered, ErasedBefore, TooManyChecks),
)
async def confirm_oneself(
    request: Request,
    unconfirmed_id: Number,
    body: SelfConfirmationIn,
    idempotency_key: IdempotencyKey,
    terms: Annotated[Terms, Depends(terms_of)],
    run: Run = MYSELF,
) -> Response:
    """Register with what was handed in, by one's own phone and document, and say what one agrees to."""
    wide = beyond_ones_own(run)

    async def ask() -> Verdict:
        form: RegistrationIn = await wide.read(service.form_of, unconfirmed_id, body)
        return await identify(request, wide, terms, form)

    return await wide.create(idempotency_key, body, service.confirm, unconfirmed_id, terms, ask=ask)


@router.post(
    "/unconfirmed/{unconfirmed_id}/refusal",
    status_code=204,
    summary="Refuse what was handed in",
    responses=problems(*READING),
)
async def refuse_oneself(unconfirmed_id: Number, run: Run = MYSELF) -> None:
    """Have what was handed in under one's phone erased."""
    await beyond_ones_own(run).write(service.refuse, unconfirmed_id)
