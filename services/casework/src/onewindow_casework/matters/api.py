"""Routes of standing matters."""

from typing import Annotated

from fastapi import APIRouter, Query

from onewindow_casework.matters import queries
from onewindow_shared.contracts.admission import DistrictCode, MatterClass, MatterOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(prefix="/api/casework/v1/admission", tags=["lists"])
ANYONE = (Unauthorized, NotPermitted, Invalid)


@router.get("/matters", summary="List standing matters", responses=problems(*ANYONE, BadCursor))
async def list_matters(
    wanted: Annotated[Wanted, from_query(Wanted)],
    district: Annotated[DistrictCode, Query()],
    matter_class: Annotated[MatterClass | None, Query()] = None,
    run: Run = open_to_all("what law and policy say of communities is public"),
) -> Page[MatterOut]:
    """List what law and policy put on a district's lists, and what it has set aside by a basis of its own."""
    return await run.read(queries.several, wanted, district, matter_class)
