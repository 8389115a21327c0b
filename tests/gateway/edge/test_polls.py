"""Polls that are known by their bytes are told at once what they would be told on the whole way."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gateway.edge.conftest import Account
from onewindow_gateway.edge import Edge, EdgeSettings, KeepPolicy, LimitPolicy, TokenRefused, polls
from onewindow_gateway.edge.keeping import Answer
from onewindow_gateway.edge.ports import Headers

pytestmark = pytest.mark.anyio
TAG = '"of-this-state"'
XIAN = "/figures/xian?from=2026-01-01"
BY_ACCOUNT = LimitPolicy("account", 1, 60, key="account")
KEPT = LimitPolicy("polls", 2, 60, key="account", kept=True)


async def figures(_request: Request) -> Response:
    return JSONResponse({"n": 1}, headers={"ETag": TAG})


@dataclass
class Watched:
    """An edge around one route, and the headers of each request as they came."""

    policies: tuple[LimitPolicy, ...] = ()
    over: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    seconds: float = 60

    def __post_init__(self) -> None:
        inner = Starlette(routes=[Route("/figures/{rest}", figures)])
        policy = KeepPolicy(re.compile("/figures/[a-z]+"), self.seconds, lambda _: "all")
        self.edge = Edge(inner, {}, self._check, self._revoked, self.policies, EdgeSettings(keep=policy))
        self.came: Headers = []

    def _check(self, token: str) -> Account:
        if token in self.over:
            raise TokenRefused("expired")
        return Account(token)

    def _revoked(self, claims: Any) -> bool:
        return claims.subject in self.ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.came = list(scope["headers"])
        await self.edge(scope, receive, send)

    def again(self, target: str = XIAN, **changed: str) -> Answer | None:
        """Ask as whoever was last, but for some headers."""
        new = {name.replace("_", "-").encode(): value.encode() for name, value in changed.items()}
        headers = [(name, new.get(name, value)) for name, value in self.came]
        return self.edge.at_once(target.encode(), headers)


@asynccontextmanager
async def asking(watched: Watched) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=watched)
    async with httpx2.AsyncClient(transport=transport, base_url="http://edge") as client:
        yield client


async def poll(watched: Watched, **headers: str) -> httpx2.Response:
    told = {
        "Authorization": "Bearer anna",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    async with asking(watched) as client:
        return await client.get(XIAN, headers=told)


@pytest.mark.parametrize(("known", "status", "body"), [(TAG, 304, b""), ('"older"', 200, b'{"n":1}')])
async def test_a_poll_is_told_again_what_it_was_told(known: str, status: int, body: bytes) -> None:
    watched = Watched((BY_ACCOUNT, KEPT))
    first = await poll(watched, If_None_Match=known)
    told = watched.again()
    assert told is not None
    assert (told[0], told[2]) == (first.status_code, first.content) == (status, body)
    again = httpx2.Headers(told[1])
    same = first.headers.keys() - {"x-request-id", "ratelimit", "ratelimit-policy"}
    assert again.keys() == first.headers.keys()
    assert {name: again[name] for name in same} == {name: first.headers[name] for name in same}
    assert again["x-request-id"] != first.headers["x-request-id"]


async def test_nobody_is_known_who_was_not_told() -> None:
    watched = Watched()
    assert watched.edge.at_once(XIAN.encode(), [(b"authorization", b"Bearer anna")]) is None


@pytest.mark.parametrize(
    ("target", "changed"),
    [
        (XIAN, {"authorization": "Bearer bert"}),
        (XIAN, {"authorization": "bearer anna"}),
        (XIAN, {"if_none_match": '"older"'}),
        ("/figures/xian", {}),
        ("/figures/nan?from=2026-01-01", {}),
    ],
)
async def test_another_request_goes_the_whole_way(target: str, changed: dict[str, str]) -> None:
    watched = Watched()
    await poll(watched, If_None_Match=TAG)
    assert watched.again(target, **changed) is None


async def test_a_token_that_is_over_or_revoked_is_known_no_more() -> None:
    watched = Watched()
    await poll(watched)
    watched.over.add("anna")
    assert watched.again() is None
    watched.over.clear()
    assert watched.again() is not None
    watched.ended.add("anna")
    assert watched.again() is None


async def test_polls_that_are_known_have_a_limit_of_their_own() -> None:
    watched = Watched((BY_ACCOUNT, KEPT))
    assert (await poll(watched)).headers["ratelimit"].startswith('"account";r=0')
    rests = [
        told and httpx2.Headers(told[1])["ratelimit"][:11] for told in (watched.again() for _ in range(3))
    ]
    assert rests == ['"polls";r=1', '"polls";r=0', None]
    assert (await poll(watched)).status_code == 429


async def test_what_is_kept_costs_an_account_nothing_whichever_way_it_is_told() -> None:
    watched = Watched((BY_ACCOUNT,))
    whole_way = [await poll(watched, X_Request_ID=f"desk-000{n}") for n in range(5)]
    assert {answer.status_code for answer in whole_way} == {200}
    assert watched.again() is None, "none was remembered"
    async with asking(watched) as client:
        headers = {"Authorization": "Bearer anna"}
        refused = [await client.get(f"/figures/{name}", headers=headers) for name in ("nan", "dong")]
    assert {answer.status_code for answer in refused} == {429}, "what has to be looked up does"


async def test_what_is_over_costs_a_request_again() -> None:
    watched = Watched((BY_ACCOUNT,), seconds=0)
    assert [(await poll(watched)).status_code for _ in range(2)] == [200, 429]


async def test_what_counts_against_an_address_goes_the_whole_way() -> None:
    watched = Watched((LimitPolicy("everybody", 9, 60, everyone=True),))
    await poll(watched)
    assert watched.again() is None


@pytest.mark.parametrize("header", [{"X_Request_ID": "desk-0001"}, {"Cookie": "c" * 5000}])
async def test_requests_that_are_no_plain_polls_are_not_remembered(header: dict[str, str]) -> None:
    watched = Watched()
    assert (await poll(watched, **header)).status_code == 200
    assert watched.again() is None


async def test_without_something_kept_somebody_has_to_look() -> None:
    watched = Watched(seconds=0)
    await poll(watched)
    assert watched.again() is None


async def test_only_so_many_polls_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polls, "_REMEMBERED", 2)
    watched = Watched()
    for tag in ('"1"', '"2"', '"3"'):
        await poll(watched, If_None_Match=tag)
    known = [watched.again(if_none_match=tag) is not None for tag in ('"1"', '"2"', '"3"')]
    assert known == [False, True, True]
