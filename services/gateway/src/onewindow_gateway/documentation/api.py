"""The merged description, and the page that shows it without asking any other host."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from onewindow_gateway.deps import Gateway, gateway_of
from onewindow_gateway.documentation import service
from onewindow_shared.plumbing.conditional import JSON_TYPE
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(include_in_schema=False)
ASSETS = StaticFiles(directory=str(files("fastapi_offline") / "static"))
PAGE = Path(__file__).parent / "page"
WHY = "what can be asked of the suite is no secret"
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@router.get("/openapi.json")
async def read_openapi(
    request: Request, gateway: Annotated[Gateway, Depends(gateway_of)], run: Run = open_to_all(WHY)
) -> Response:
    """Describe every API of the suite in one document."""
    return Response(await service.merged(request.app, gateway), media_type=JSON_TYPE)


@router.get("/docs")
async def read_docs(run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Show the description."""
    return HTMLResponse((PAGE / "docs.html").read_text(encoding="utf-8"), headers=POLICY)


@router.get("/docs/page.js")
async def read_script(run: Run = open_to_all(WHY)) -> Response:
    """Start the page."""
    return Response((PAGE / "page.js").read_bytes(), media_type="text/javascript", headers=POLICY)


@router.get("/docs/assets/{name}")
async def read_asset(name: str, request: Request, run: Run = open_to_all(WHY)) -> Response:
    """Send a part of the page that its library brought with it."""
    return await ASSETS.get_response(name, request.scope)
