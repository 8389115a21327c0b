"""Sends the built pages; where they are not built, a plain notice."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from onewindow_gateway.pages.api import shown
from onewindow_gateway.pages.showing import Shown
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(include_in_schema=False)
WHY = "the pages hold no data: they ask for it with the token of whoever signs in"
BUILT = FilePath(__file__).parent / "built"
ASSETS = StaticFiles(directory=BUILT / "assets", check_dir=False)
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
        "frame-src blob:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
WHOLE_DESK = {"Service-Worker-Allowed": "/desk"}
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
ShownDep = Annotated[Shown, Depends(shown)]


def _app(name: str, reader: Shown) -> Response:
    page = BUILT / f"{name}.html"
    if page.exists():
        return FileResponse(page, media_type="text/html", headers=POLICY)
    return reader.page("not_built.html", status=503)


@router.get("/desk/worker.js")
async def read_worker(run: Run = open_to_all(WHY)) -> Response:
    """Send the part of the front desk that lets it open without a network."""
    worker = BUILT / "worker.js"
    if not worker.exists():
        raise NotFound
    return FileResponse(worker, media_type="text/javascript", headers=POLICY | WHOLE_DESK)


@router.get("/desk")
@router.get("/desk/{view:path}")
async def read_desk(reader: ShownDep, run: Run = open_to_all(WHY)) -> Response:
    """Send the page of the front desk."""
    return _app("desk", reader)


@router.get("/wall")
@router.get("/wall/{view:path}")
async def read_wall(reader: ShownDep, run: Run = open_to_all(WHY)) -> Response:
    """Send the page of the district's figures."""
    return _app("wall", reader)


@router.get("/volunteer")
@router.get("/volunteer/{view:path}")
async def read_volunteer(reader: ShownDep, run: Run = open_to_all(WHY)) -> Response:
    """Send the page of the volunteer's phone."""
    return _app("volunteer", reader)


@router.get("/apps/assets/{name}")
async def read_app_asset(name: str, request: Request, run: Run = open_to_all(WHY)) -> Response:
    """Send a part of the pages, compressed where the browser understands it; its name changes with it."""
    kind = TYPES.get(FilePath(name).suffix)
    if kind is None:
        raise NotFound
    packed = "gzip" in request.headers.get("accept-encoding", "")
    answer = await ASSETS.get_response(f"{name}.gz" if packed else name, request.scope)
    answer.headers["Content-Type"] = kind
    answer.headers["Cache-Control"] = FOR_EVER
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
