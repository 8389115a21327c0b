"""The page behind the link that somebody is sent: it works without JavaScript, and signs nobody in."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from onewindow_shared.plumbing.problems import Invalid, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, open_to_all
from onewindow_shared.plumbing.unit import system_actor
from onewindow_volunteers.inactivity import pages, service

router = APIRouter(prefix=service.PREFIX, tags=["people"])
Secret = Annotated[str, Path(max_length=100)]
WHY = "whoever was sent the link need not sign in: the link is the secret"
HTML: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
PAGE = {200: HTML, 404: {"description": "The link is not, or no longer, good", **HTML}, **problems(Invalid)}


@router.get("/{secret}", response_class=HTMLResponse, summary="Be asked whether one stays", responses=PAGE)
async def read_question(secret: Secret, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Ask; merely looking, as programs that preview links do, answers nothing."""
    system = system_actor(run.runtime.name, run.actor.request_id)
    try:
        answer_by = await run.runtime.read(system, service.still_asked, secret)
    except NotFound:
        return _over()
    day = answer_by.astimezone(run.runtime.settings.zone).date()
    return HTMLResponse(pages.question(day), headers=pages.HEADERS)


@router.post("/{secret}", response_class=HTMLResponse, summary="Stay", responses=PAGE)
async def answer_question(secret: Secret, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Stay registered; answering again changes nothing."""
    try:
        await run.runtime.write(system_actor(run.runtime.name, run.actor.request_id), service.stay, secret)
    except NotFound:
        return _over()
    return HTMLResponse(pages.THANKS, headers=pages.HEADERS)


def _over() -> HTMLResponse:
    return HTMLResponse(pages.OVER, status_code=404, headers=pages.HEADERS)
