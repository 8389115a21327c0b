"""Routes of documents: uploads in parts or at once, the list of a case, and reading for a reason."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import StreamingResponse

from onewindow_intake.deps import KeeperDep
from onewindow_intake.documents import service
from onewindow_intake.documents.problems import (
    DocumentCutOff,
    DocumentEmpty,
    DocumentTooLarge,
    DocumentWithheld,
    PartsMissing,
    UnknownType,
    UploadClosed,
)
from onewindow_intake.documents.rules import EXTENSIONS
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.documents import DocumentDisclosureIn, DocumentOut, UploadIn, UploadOut
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import UNCHANGED, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    READING,
    BadCursor,
    NotFound,
    Unavailable,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1", tags=["documents"])
SENDING = problems(*READING, UploadClosed, DocumentTooLarge, Unavailable)
COMPLETING = problems(
    *READING,
    UploadClosed,
    PartsMissing,
    DocumentEmpty,
    DocumentCutOff,
    DocumentTooLarge,
    UnknownType,
    Unavailable,
)
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_BYTES = {"application/octet-stream": _BINARY}
RAW: dict[str, Any] = {"requestBody": {"required": True, "content": _BYTES}}
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Number = Annotated[int, Path(ge=1, le=1000)]


@router.post(
    "/cases/{case_no}/uploads",
    status_code=201,
    summary="Begin an upload",
    response_model=UploadOut,
    responses=problems(*CREATING, NotFound, UploadClosed),
)
async def open_upload(
    case_no: CaseNo,
    body: UploadIn,
    idempotency_key: IdempotencyKey,
    keeper: KeeperDep,
    run: Run = gated(Permission.CASE_HAND_IN),
) -> Response:
    """Name a file of a case; its bytes follow, in parts or at once."""
    return await run.create(idempotency_key, body, service.open_upload, case_no, keeper.terms)


@router.get(
    "/uploads/{upload_id}",
    summary="See what of an upload has come",
    responses=problems(*READING, UploadClosed),
)
async def read_upload(
    upload_id: Id, keeper: KeeperDep, run: Run = gated(Permission.CASE_HAND_IN)
) -> UploadOut:
    """List the parts that have arrived, so that an interrupted upload goes on where it was."""
    return await run.read(service.upload, upload_id, keeper.terms)


@router.put(
    "/uploads/{upload_id}/parts/{number}", summary="Send a part", responses=SENDING, openapi_extra=RAW
)
async def put_part(
    request: Request,
    upload_id: Id,
    number: Number,
    keeper: KeeperDep,
    run: Run = gated(Permission.CASE_HAND_IN),
) -> UploadOut:
    """Send one part, in any order; a part that is sent again takes the place of the one before."""
    return await keeper.take_part(run, upload_id, number, _body(request))


@router.put(
    "/uploads/{upload_id}/content", summary="Send a document at once", responses=COMPLETING, openapi_extra=RAW
)
async def put_content(
    request: Request, upload_id: Id, keeper: KeeperDep, run: Run = gated(Permission.CASE_HAND_IN)
) -> DocumentOut:
    """Send all bytes in one request, and complete the upload."""
    return await keeper.take_whole(run, upload_id, _body(request))


@router.post("/uploads/{upload_id}/completion", summary="Complete an upload", responses=COMPLETING)
async def complete_upload(
    upload_id: Id, keeper: KeeperDep, run: Run = gated(Permission.CASE_HAND_IN)
) -> DocumentOut:
    """Keep the parts as one document, if its content is of a type that is taken."""
    return await keeper.complete(run, upload_id)


@router.get(
    "/cases/{case_no}/documents",
    summary="List the documents of a case",
    response_model=Page[DocumentOut],
    responses={**UNCHANGED, **problems(*READING, BadCursor)},
)
async def list_documents(
    request: Request,
    case_no: CaseNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.DOCUMENT_READ),
) -> Response:
    """List what is kept with a case, in the order in which it came."""
    return answer(request, await run.read(service.several, wanted, case_no))


@router.post(
    "/cases/{case_no}/documents/{document_id}/disclosure",
    summary="Read a document",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The document", "content": dict.fromkeys(EXTENSIONS, _BINARY)},
        **problems(*READING, DocumentWithheld, Unavailable),
    },
)
async def read_document(
    case_no: CaseNo,
    document_id: Id,
    body: DocumentDisclosureIn,
    keeper: KeeperDep,
    run: Run = gated(Permission.DOCUMENT_READ),
) -> StreamingResponse:
    """Hand a document out; who read it and why is kept in the audit."""
    found, pieces = await keeper.hand_out(run, case_no, document_id, body)
    plain = f"document{EXTENSIONS[found.media_type]}"
    headers = {
        "Content-Disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Length": str(found.size),
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces, headers=headers, media_type=found.media_type)


def _body(request: Request) -> AsyncIterator[bytes]:
    return aiter(request.stream())
