"""Answers that are told again for a moment, to whoever may see the same."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.edge.conftest import check, revoked
from onewindow_gateway.edge import Edge, EdgeSettings, KeepPolicy

pytestmark = pytest.mark.anyio
TAG = '"of-this-state"'


class Figures:
    """An application of one route; it counts whom it answered."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.seen: list[str | None] = []

    async def answer(self, request: Request) -> Response:
        self.answered[request.url.path] += 1
        self.seen.append(request.headers.get("if-none-match"))
        await asyncio.sleep(0.01)
        if "refused" in request.url.path:
            return JSONResponse({"n": self.answered.total()}, 404)
        if request.url.path == "/other":
            return JSONResponse({"n": self.answered.total()})
        return JSONResponse({"n": self.answered.total()}, headers={"ETag": TAG})


def rights(claims: Any) -> str:
    """Accounts of one first letter may see the same."""
    return str(claims.subject[0])


@asynccontextmanager
async def asking(figures: Figures, seconds: float = 60) -> AsyncIterator[httpx2.AsyncClient]:
    policy = KeepPolicy(re.compile("/figures/[a-z]+"), seconds, rights)
    inner = Starlette(routes=[Route("/{rest:path}", figures.answer, methods=["GET", "POST"])])
    edge = Edge(inner, {}, check, revoked, [], EdgeSettings(keep=policy))
    transport = httpx2.ASGITransport(app=edge)
    async with httpx2.AsyncClient(transport=transport, base_url="http://edge") as client:
        yield client


def of(name: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer good-{name}", **more}


async def test_who_may_see_the_same_is_told_the_same() -> None:
    figures = Figures()
    async with asking(figures) as client:
        several = [client.get("/figures/xian", headers=of(name)) for name in ("anna", "alma", "arno")]
        told = [answer.json() for answer in await asyncio.gather(*several)]
        assert told == [{"n": 1}] * 3
        assert (await client.get("/figures/xian", headers=of("bert"))).json() == {"n": 2}
        assert (await client.get("/figures/xian?by=day", headers=of("anna"))).json() == {"n": 3}
        assert (await client.get("/figures/xian", headers=of("anna"))).json() == {"n": 1}


async def test_who_knows_it_already_is_told_nothing_new() -> None:
    figures = Figures()
    async with asking(figures) as client:
        for _ in range(2):
            known = await client.get("/figures/xian", headers=of("anna", **{"If-None-Match": f"W/{TAG}"}))
            assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", TAG)
            assert "content-length" not in known.headers
        other = await client.get("/figures/xian", headers=of("anna", **{"If-None-Match": '"older"'}))
        assert (other.status_code, other.json()) == (200, {"n": 1})
    assert figures.seen == [None], "what is kept is whole, whatever the first one knew"


async def test_every_answer_has_the_id_of_its_own_request() -> None:
    async with asking(Figures()) as client:
        ids = [
            (
                await client.get("/figures/xian", headers=of("anna", **{"X-Request-ID": f"desk-000{n}"}))
            ).headers.get_list("x-request-id")
            for n in range(2)
        ]
    assert ids == [["desk-0000"], ["desk-0001"]]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/figures/refused", of("anna")),
        ("GET", "/other", of("anna")),
        ("GET", "/figures/xian", {}),
        ("GET", "/figures/xian", of("dismissed")),
        ("GET", "/figures/xian", {"Authorization": "Bearer bad"}),
        ("POST", "/figures/xian", of("anna")),
    ],
)
async def test_everything_else_the_application_answers(
    method: str, path: str, headers: dict[str, str]
) -> None:
    figures = Figures()
    async with asking(figures) as client:
        await client.get("/figures/xian", headers=of("dora"))
        before = figures.answered.total()
        for n in range(1, 3):
            await client.request(method, path, headers=headers)
            assert figures.answered.total() >= before + n


async def test_what_was_kept_is_forgotten_in_time() -> None:
    figures = Figures()
    async with asking(figures, seconds=0) as client:
        for n in range(1, 3):
            assert (await client.get("/figures/xian", headers=of("anna"))).json() == {"n": n}
