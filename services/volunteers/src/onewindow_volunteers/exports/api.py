"""Routes of exports."""

from typing import Any

from fastapi import APIRouter, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.volunteer_exports import VolunteerExportIn
from onewindow_shared.plumbing.attachments import ZIP_TYPE
from onewindow_shared.plumbing.problems import ASKING, GATED, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from onewindow_volunteers.exports import files

router = APIRouter(prefix="/api/volunteers/v1", tags=["people"])
FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/people/export",
    response_class=Response,
    summary="Take an area's volunteers away",
    responses={
        200: {"description": "The table", "content": {XLSX_TYPE: FILE}},
        **problems(*ASKING),
    },
)
async def export_people(body: VolunteerExportIn, run: Run = gated(Permission.VOLUNTEER_EXPORT)) -> Response:
    """Stream the volunteers of one's area as XLSX, masked unless one may see more; the reason is audited."""
    return await files.area_sheet(run, body)


@router.get(
    "/people/me/data",
    response_class=Response,
    summary="Take one's own data away",
    responses={
        200: {"description": "An archive of JSON and PDF/A", "content": {ZIP_TYPE: FILE}},
        **problems(*GATED, NotFound),
    },
)
async def export_own_data(run: Run = gated(Permission.VOLUNTEER_REGISTER)) -> Response:
    """Return everything that is kept of oneself as one file (个人信息保护法 art. 45)."""
    return await files.own_data(run)
