"""Routes of the catalogue as a file."""

import hashlib
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from onewindow_intake.deps import SettingsDep
from onewindow_intake.exchange import service, workbook, yamlfile
from onewindow_intake.exchange.rules import Book
from onewindow_intake.exchange.written import written
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.exchange import FileKind, ImportFault, ImportIn, ImportMode, ImportOut
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    CREATING,
    LISTING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import XLSX_TYPE, xlsx_answer
from onewindow_shared.plumbing.uploads import (
    FileTooLarge,
    UnknownFile,
    UnreadableError,
    UnreadableFile,
    kind_of,
    received,
)
from onewindow_shared.plumbing.yamlfiles import YAML_TYPE

router = APIRouter(prefix="/api/intake/v1/catalogue", tags=["keeping the catalogue"])
KEEPER = gated(Permission.CATALOGUE_MANAGE)
READERS = {YAML_TYPE: yamlfile.read, XLSX_TYPE: workbook.read}
FILE: dict[str, Any] = {"schema": {}}
AS_FILE: dict[str, Any] = {"requestBody": {"required": True, "content": dict.fromkeys(READERS, FILE)}}
ImportNo = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post(
    "/imports",
    status_code=201,
    summary="Import a catalogue",
    response_model=ImportOut,
    openapi_extra=AS_FILE,
    responses=problems(*CREATING, UnknownFile, UnreadableFile, FileTooLarge),
)
async def create_import(
    request: Request,
    key: IdempotencyKey,
    settings: SettingsDep,
    mode: Annotated[ImportMode, Query()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
    effective_from: Annotated[date | None, Query(description="First day; today unless given")] = None,
    run: Run = KEEPER,
) -> Response:
    """Import items, categories and districts' terms from YAML or XLSX; they follow the answer in slices.

    Read the import again to see how far it is, and its faults to see what is wrong with which row.
    """
    reader = READERS.get(kind_of(request))
    if reader is None:
        raise UnknownFile
    file = await received(request, settings.most_import_bytes)
    try:
        book: Book = await run_in_threadpool(reader, file)
    except UnreadableError as error:
        raise UnreadableFile(detail=str(error)) from None
    form = ImportIn(
        mode=mode,
        dry_run=dry_run,
        effective_from=effective_from,
        digest=hashlib.sha256(file).hexdigest(),
    )
    return await run.create(key, form, service.begin, book)


@router.get("/imports", summary="List imports", responses=problems(*LISTING))
async def list_imports(wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER) -> Page[ImportOut]:
    """List the imports, newest first."""
    return await run.read(service.imports, wanted)


@router.get("/imports/{import_no}", summary="Follow an import", responses=problems(*READING))
async def read_import(import_no: ImportNo, run: Run = KEEPER) -> ImportOut:
    """Show how far an import is."""
    return await run.read(service.read, import_no)


@router.get(
    "/imports/{import_no}/faults",
    summary="List what is wrong",
    responses=problems(*READING, BadCursor),
)
async def list_faults(
    import_no: ImportNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[ImportFault]:
    """List every bad row with the field and the reason."""
    return await run.read(service.faults, import_no, wanted)


@router.get(
    "/export",
    summary="Export the catalogue",
    response_class=Response,
    responses={
        200: {"description": "The file", "content": dict.fromkeys(READERS, FILE)},
        **problems(*ASKING),
    },
)
async def export(
    kind: Annotated[FileKind, Query(alias="format")] = FileKind.YAML, run: Run = KEEPER
) -> Response:
    """Write the catalogue as a file that can be imported again, without loss.

    It has the categories, the items in force, those published for days to come, and districts' own terms of
    them; it has no drafts, and nothing that is over.
    """
    catalogue = await run.read(written)
    if kind is FileKind.XLSX:
        return await xlsx_answer("catalogue.xlsx", *workbook.write(catalogue))
    file = await run_in_threadpool(yamlfile.write, catalogue)
    name = {"Content-Disposition": 'attachment; filename="catalogue.yaml"'}
    return Response(file, headers=name, media_type=YAML_TYPE)
