"""The request id through all hops, and one log line per request without personal data.

A line names the route's template, never the path or the query that filled it.
"""

import re
import time
import uuid
from contextvars import ContextVar

import structlog
from fastapi_rfc9457.models import PROBLEM_MEDIA_TYPE
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onewindow_shared.plumbing.problems import URN

HEADER = b"x-request-id"
LEFT = 499
"""How a request is logged whose client went away before its body was all there; nobody is answered."""
_VALID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="-")
log = structlog.get_logger()


def request_id() -> str:
    """Return the id of the request being answered, `-` outside one."""
    return _current.get()


def usable_id(given: str) -> str:
    """Keep a caller's id that is safe to log, else make one."""
    return given if _VALID.fullmatch(given) else uuid.uuid4().hex


class RequestLog:
    """ASGI layer: binds the request id, returns it, and logs method, route, status and milliseconds.

    A defect is answered here, so that the 500 carries its request id too. Behind a front that has said in
    `state` which id it returns, none is added.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        current = usable_id(given.decode("latin-1"))
        _current.set(current)
        returned = () if "request_id" in scope.get("state", ()) else ((HEADER, current.encode()),)
        began, status, started = False, 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal began, status
            if message["type"] == "http.response.start":
                began, status = True, message["status"]
                message["headers"] = [*message.get("headers", ()), *returned]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            status = LEFT
        except Exception:
            log.exception("request failed", id=current)
            if began:
                raise
            await _apology()(scope, receive, answer)
        finally:
            _log(scope, status, (time.perf_counter() - started) * 1000, current)


def _apology() -> Response:
    body = {"type": f"{URN}internal", "title": "Internal error", "status": 500}
    return JSONResponse(body, 500, media_type=PROBLEM_MEDIA_TYPE)


def _log(scope: Scope, status: int, milliseconds: float, current: str) -> None:
    route = getattr(scope.get("route"), "path", "unrouted")
    level = log.error if status >= 500 else log.info
    level(
        "request", method=scope["method"], route=route, status=status, ms=round(milliseconds, 1), id=current
    )
