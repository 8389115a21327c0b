"""Routes of the register as a file."""

import hashlib
from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from onewindow_casework.exchange import files, rules, service
from onewindow_casework.exchange.files import READERS
from onewindow_casework.settings import Settings
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.exchange import FileKind, ImportFault, ImportMode
from onewindow_shared.contracts.register_files import RegisterImportIn, RegisterImportNow, RegisterImportOut
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import CREATING, READING, BadCursor, NotFound, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import xlsx_answer
from onewindow_shared.plumbing.uploads import (
    FileTooLarge,
    UnknownFile,
    UnreadableError,
    UnreadableFile,
    kind_of,
    received,
)
from onewindow_shared.plumbing.yamlfiles import YAML_TYPE

router = APIRouter(prefix="/api/casework/v1/register/{district}", tags=["district"])
KEEPER = gated(Permission.DISTRICT_MANAGE)
FILE: dict[str, Any] = {"schema": {}}
AS_FILE: dict[str, Any] = {"requestBody": {"required": True, "content": dict.fromkeys(READERS, FILE)}}
ImportNo = Annotated[int, Path(ge=1, le=2**63 - 1)]
District = Annotated[AreaCode, Path(description="One's own district")]


@router.post(
    "/imports",
    status_code=201,
    response_model=RegisterImportOut,
    summary="Import a register",
    openapi_extra=AS_FILE,
    responses=problems(*CREATING, NotFound, UnknownFile, UnreadableFile, FileTooLarge),
)
async def import_register(
    request: Request,
    district: District,
    key: IdempotencyKey,
    mode: Annotated[ImportMode, Query()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
    run: Run = KEEPER,
) -> Response:
    """Take areas, values, grid cells and norms from YAML or XLSX; the answer names every bad row and why.

    What is not in the file stays as it is. Areas and cells begin and end by decisions alone, once they are
    in the register. The first rows are written with the answer, more follow in slices: read the import again
    to see how far it is.
    """
    reader = READERS.get(kind_of(request))
    if reader is None:
        raise UnknownFile
    settings = cast("Settings", run.runtime.settings)
    file = await received(request, settings.most_import_bytes)
    try:
        book = await run_in_threadpool(reader, file)
    except UnreadableError as error:
        raise UnreadableFile(detail=str(error)) from None
    known = await run.read(service.exported, district)
    plan = await run_in_threadpool(rules.planned, book, known)
    form = RegisterImportIn(mode=mode, dry_run=dry_run, digest=hashlib.sha256(file).hexdigest())
    return await run.create(key, form, service.take_in, district, plan)


@router.get("/imports/{import_no}", summary="Follow an import", responses=problems(*READING))
async def read_register_import(
    district: District, import_no: ImportNo, run: Run = KEEPER
) -> RegisterImportNow:
    """Show how far an import is."""
    return await run.read(service.read, district, import_no)


@router.get(
    "/imports/{import_no}/faults",
    summary="List what is wrong with an import",
    responses=problems(*READING, BadCursor),
)
async def list_register_faults(
    district: District,
    import_no: ImportNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = KEEPER,
) -> Page[ImportFault]:
    """List every bad row with the field and the reason, those that were overtaken meanwhile included."""
    return await run.read(service.faults, district, import_no, wanted)


@router.get(
    "/export",
    summary="Export a register",
    response_class=Response,
    responses={
        200: {"description": "The file", "content": dict.fromkeys(READERS, FILE)},
        **problems(*READING),
    },
)
async def export_register(
    district: District,
    kind: Annotated[FileKind, Query(alias="format")] = FileKind.YAML,
    run: Run = KEEPER,
) -> Response:
    """Write areas, values, grid cells and norms as a file that can be imported again, without loss."""
    register = await run.read(service.exported, district)
    if kind is FileKind.XLSX:
        return await xlsx_answer("register.xlsx", *files.tables(register))
    written = await run_in_threadpool(files.write_yaml, register)
    name = {"Content-Disposition": 'attachment; filename="register.yaml"'}
    return Response(written, headers=name, media_type=YAML_TYPE)
