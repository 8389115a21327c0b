"""Routes of drafts."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_intake.cases.problems import DuplicateUndecided, NumbersUsedUp, OutsideArea
from onewindow_intake.deps import DeskDep, SettingsDep, SnapshotDep
from onewindow_intake.drafts import service
from onewindow_intake.drafts.problems import DraftSubmitted
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseCreated
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.drafts import DraftIn, DraftOut, DraftSaved, DraftSummary
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    LISTING,
    READING,
    StillRunning,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/drafts", tags=["drafts"])
CHANGE = (*CHANGING, DraftSubmitted)
DraftId = Annotated[int, Path(ge=1, le=2**53)]


@router.post(
    "",
    status_code=201,
    summary="Begin a draft",
    response_model=DraftSaved,
    responses=problems(*CREATING, OutsideArea),
)
async def begin_draft(
    body: DraftIn,
    idempotency_key: IdempotencyKey,
    snapshot: SnapshotDep,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_CREATE),
) -> Response:
    """Save an application as far as it has come; the answer says what is still wrong. No number is given."""
    return await run.create(
        idempotency_key, body, service.begin, snapshot, settings.terms, settings.drafts_kept
    )


@router.get(
    "",
    summary="List drafts",
    response_model=Page[DraftSummary],
    responses={**UNCHANGED, **problems(*LISTING)},
)
async def list_drafts(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_CREATE),
) -> Response:
    """List the drafts of one's window, newest first; residents see their own, and no window theirs."""
    return answer(request, await run.read(service.several, wanted))


@router.post(
    "/{draft_id}/resumption",
    summary="Resume a draft",
    responses=problems(*READING, DraftSubmitted),
)
async def resume_draft(
    draft_id: DraftId,
    response: Response,
    snapshot: SnapshotDep,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_CREATE),
) -> DraftOut:
    """Show a draft in full to whoever goes on with it; that they did is written down."""
    found = await run.change(service.resume, draft_id, snapshot, settings.terms)
    response.headers["Cache-Control"] = "no-store"
    return found


@router.put("/{draft_id}", summary="Save a draft", responses=problems(*CHANGE))
async def save_draft(
    draft_id: DraftId,
    body: DraftIn,
    seen: IfMatch,
    snapshot: SnapshotDep,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_CREATE),
) -> DraftSaved:
    """Save a draft again; the answer says what is still wrong, and nothing of it is refused."""
    return await run.change(
        service.save,
        draft_id,
        seen,
        body,
        snapshot=snapshot,
        terms=settings.terms,
        kept_for=settings.drafts_kept,
    )


@router.delete("/{draft_id}", status_code=204, summary="Discard a draft", responses=problems(*CHANGE))
async def discard_draft(draft_id: DraftId, seen: IfMatch, run: Run = gated(Permission.CASE_CREATE)) -> None:
    """Erase a draft that nobody will submit."""
    await run.write(service.discard, draft_id, seen)


@router.post(
    "/{draft_id}/submission",
    summary="Submit a draft",
    responses=problems(*CHANGE, OutsideArea, DuplicateUndecided, StillRunning, NumbersUsedUp),
)
async def submit_draft(
    draft_id: DraftId, seen: IfMatch, desk: DeskDep, run: Run = gated(Permission.CASE_CREATE)
) -> CaseCreated:
    """Post the case of a draft and erase it; submitted again, by whomever, it answers the same case.

    Whoever saves it in that very moment either finds it submitted, or has this answered with 412.
    """
    ready = await run.read(service.to_submit, draft_id, seen)
    if isinstance(ready, CaseCreated):
        return ready
    return await desk.submit(run, service.BECOMES, ready.form, ready.begun)
