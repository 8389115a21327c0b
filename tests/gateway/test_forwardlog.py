"""Whatever the application never sees is logged at the edge, without the path and its numbers."""

import pytest
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from onewindow_gateway.forwardlog import ForwardLog


def _edge(status: int, *, reached: bool) -> object:
    async def edge(scope: Scope, _receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1234"
        if reached:
            scope["app"] = object()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return edge


async def _ask(status: int, path: str, *, reached: bool = False) -> list[object]:
    async def receive() -> object:
        return {"type": "http.request"}

    async def send(_message: object) -> None: ...

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    with capture_logs() as lines:
        layer = ForwardLog(_edge(status, reached=reached), ["/api/intake/"])  # type: ignore[arg-type]
        await layer(scope, receive, send)  # type: ignore[arg-type]
    return list(lines)


@pytest.mark.parametrize(("status", "level"), [(200, "info"), (429, "info"), (503, "error")])
async def test_a_forwarded_request_is_one_line_with_its_id(status: int, level: str) -> None:
    (line,) = await _ask(status, "/api/intake/v1/cases/33090200200120261123000018")
    assert isinstance(line, dict)
    assert (line["log_level"], line["status"], line["id"]) == (level, status, "request-1234")
    assert line["route"] == "/api/intake/*"
    assert "33090200200120261123000018" not in str(line)


async def test_what_the_application_answered_is_left_to_its_own_log() -> None:
    assert await _ask(200, "/auth/me", reached=True) == []
