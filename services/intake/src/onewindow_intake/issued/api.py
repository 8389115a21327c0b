"""Routes of the documents that a case has."""

from typing import Any

from fastapi import APIRouter, Request, Response

from onewindow_intake.issued import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind, IssuedDocuments
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import UNCHANGED, answer
from onewindow_shared.plumbing.problems import (
    READING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["documents"])
READ: dict[int | str, dict[str, Any]] = {
    **UNCHANGED,
    **problems(*READING),
}


@router.get(
    "/{case_no}/issued-documents",
    summary="List the documents of a case",
    response_model=IssuedDocuments,
    responses=READ,
)
async def list_issued_documents(
    request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)
) -> Response:
    """List what was issued in the course of a case, oldest first."""
    return answer(request, await run.read(service.several, case_no))


@router.get(
    "/{case_no}/issued-documents/{kind}",
    summary="Read a document of a case",
    response_model=AnyDocument,
    responses=READ,
)
async def read_issued_document(
    request: Request, case_no: CaseNo, kind: DocumentKind, run: Run = gated(Permission.CASE_READ)
) -> Response:
    """Show a document of a case as it was issued: receipt, notice and so on; 404 if none of this kind was."""
    return answer(request, await run.read(service.shown, case_no, kind))
