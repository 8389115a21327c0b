"""Addresses of the pages that need no account."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from onewindow_gateway.deps import Gateway, client_of, gateway_of
from onewindow_gateway.pages import looking_up
from onewindow_gateway.pages.asking import Asker, NothingTold
from onewindow_gateway.pages.showing import COOKIE, HERE, Display, Shown
from onewindow_shared.plumbing.requests import request_id
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(include_in_schema=False)
WHY = "residents follow their case and check papers without an account"
ASSETS = StaticFiles(directory=HERE / "assets")
YEAR = 365 * 86400
PAGES = (
    *("/", "/tracking", "/papers", "/case-papers", "/certificates", "/service-certificates", "/lists"),
    "/reviews",
)
Typed = Annotated[str, Form()]


async def shown(request: Request, gateway: Annotated[Gateway, Depends(gateway_of)]) -> Shown:
    """Return who reads which page."""
    return Shown(Display.of(request.cookies), gateway.settings.zone, request.url.path)


async def asker(
    gateway: Annotated[Gateway, Depends(gateway_of)], client: Annotated[str, Depends(client_of)]
) -> Asker:
    """Return who asks the services."""
    return Asker(gateway, client, request_id())


ShownDep = Annotated[Shown, Depends(shown)]
AskerDep = Annotated[Asker, Depends(asker)]


async def told(
    reader: Shown, template: str, look_up: Callable[[], Awaitable[Any]], **said: Any
) -> HTMLResponse:
    """Show what is found, or the same page with the reason why nothing is."""
    try:
        found = await look_up()
    except NothingTold as nothing:
        return reader.page(template, status=nothing.why.status, found=None, silence=nothing, **said)
    return reader.page(template, found=found, silence=None, **said)


@router.get("/")
async def read_home(reader: ShownDep, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Show what there is."""
    return reader.page("home.html")


@router.post("/display")
async def choose_display(
    request: Request,
    back: Typed = "/",
    language: Typed = "",
    size: Typed = "",
    scheme: Typed = "",
    run: Run = open_to_all(WHY),
) -> Response:
    """Keep how somebody wants to read, and go back to where they were."""
    chosen = Display.of(request.cookies).choosing({"language": language, "size": size, "scheme": scheme})
    answer = RedirectResponse(back if back in PAGES else "/", 303)
    answer.set_cookie(COOKIE, chosen.kept, max_age=YEAR, httponly=True, samesite="strict")
    return answer


@router.get("/tracking")
async def ask_tracking(reader: ShownDep, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Ask for number and code."""
    return reader.page("tracking.html", found=None, silence=None, number="")


@router.post("/tracking")
async def show_tracking(
    reader: ShownDep,
    ask: AskerDep,
    number: Typed = "",
    code: Typed = "",
    cursor: Typed = "",
    run: Run = open_to_all(WHY),
) -> HTMLResponse:
    """Show where a case stands, and a page of what happened; the code goes along for the page before."""
    look_up = partial(looking_up.track, ask, number, code, cursor)
    return await told(reader, "tracking.html", look_up, number=number, code=code, cursor=cursor)


@router.get("/papers")
@router.get("/case-papers")
async def ask_paper(reader: ShownDep, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Ask for the number and the code that stand on a paper."""
    return reader.page("papers.html", found=None, silence=None, number="")


@router.post("/papers")
@router.post("/certificates")
@router.post("/service-certificates")
async def show_proof(
    reader: ShownDep, ask: AskerDep, number: Typed = "", code: Typed = "", run: Run = open_to_all(WHY)
) -> HTMLResponse:
    """Say whether a paper or a certificate is genuine: its number tells which it is, wherever it is typed."""
    proof = looking_up.proof_of(number, reader.path)
    return await told(reader, proof.template, partial(proof.look_up, ask, number, code), number=number)


@router.get("/papers/{token}")
async def show_scanned_paper(
    reader: ShownDep,
    ask: AskerDep,
    token: Annotated[str, Path(max_length=64)],
    run: Run = open_to_all(WHY),
) -> HTMLResponse:
    """Say the same to whoever scanned the QR code of a paper."""
    return await told(reader, "papers.html", lambda: looking_up.check_token(ask, token), number="")


@router.get("/certificates")
@router.get("/service-certificates")
async def ask_certificate(reader: ShownDep, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Ask for the number and the code that stand on a certificate; its QR code leads here."""
    return reader.page("certificates.html", found=None, silence=None, number="")


@router.get("/lists")
async def show_list(
    reader: ShownDep,
    ask: AskerDep,
    community: Annotated[str, Query(max_length=12)] = "",
    cursor: Annotated[str | None, Query(max_length=512)] = None,
    run: Run = open_to_all(WHY),
) -> HTMLResponse:
    """Show what may be asked of a community, once one was chosen."""
    return await told(reader, "lists.html", lambda: looking_up.listed(ask, community, cursor))


@router.get("/pages/assets/{name}")
async def read_page_asset(name: str, request: Request, run: Run = open_to_all(WHY)) -> Response:
    """Send the style, or the script that fills in what a QR code said."""
    return await ASSETS.get_response(name, request.scope)
