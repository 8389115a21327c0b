"""Whatever the application never sees is logged at the edge, without the path and its numbers."""

from dataclasses import dataclass

import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from onewindow_gateway.edge.keeping import Answer
from onewindow_gateway.edge.ports import Headers
from onewindow_gateway.forwardlog import ForwardLog


@dataclass
class Answering:
    """An edge that answers with a status, or tells a poll at once."""

    status: int
    reached: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1234"
        if self.reached:
            scope["app"] = object()
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def at_once(self, target: bytes, headers: Headers) -> Answer | None:
        return self.status, [(b"etag", b'"1"'), (b"x-request-id", b"request-1234")], b""


async def _ask(status: int, path: str, *, reached: bool = False) -> list[object]:
    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_message: Message) -> None: ...

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    with capture_logs() as lines:
        layer = ForwardLog(Answering(status, reached), ["/api/intake/"])
        await layer(scope, receive, send)
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


def test_a_poll_told_at_once_is_one_line_with_its_id() -> None:
    with capture_logs() as lines:
        layer = ForwardLog(Answering(304), [])
        layer.at_once(b"/api/metrics/v1/areas/330902002001", [(b"authorization", b"Bearer secret")])
    assert lines == [{"event": "told again", "log_level": "info", "status": 304, "id": "request-1234"}]
