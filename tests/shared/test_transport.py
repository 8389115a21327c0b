"""Batches between the real sender and the real application: signed, fresh, and answered one by one."""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.relay import Relay, Unreachable
from onewindow_shared.plumbing.service import create_app
from onewindow_shared.plumbing.transport import BATCH_TYPE, HttpTransport
from shared import sample
from shared.events import MAX_TRIES, dead, publish, waiting
from shared.sample import labels
from shared.test_inbox import HANDLERS, envelope
from testkit.api import SECRETS, Api, FrozenClock, People, running, settings_for

SECRET = SECRETS["events_secret"]
LEFT = replace(sample.SERVICE, name="left", handlers=HANDLERS, destinations=())
PATH = "/internal/events"


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(LEFT, url) as opened:
        yield opened


def signed(content: str, *, secret: str = SECRET, moment: datetime | None = None) -> dict[str, str]:
    moment = moment or system_clock()
    return {
        "content-type": BATCH_TYPE,
        "webhook-id": "message",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("message", moment, content),
    }


def batch(*happened: tuple[str, int]) -> str:
    return f"[{','.join(envelope(what, n).model_dump_json() for what, n in happened)}]"


def test_a_signed_batch_is_taken_and_answered_event_by_event(api: Api) -> None:
    content = batch(("a", 1), ("b", 13))
    answer = api.client.post(PATH, content=content, headers=signed(content))
    assert [outcome["outcome"] for outcome in answer.json()] == ["done", "failed"]


OTHER = base64.b64encode(b"another-secret-of-somebody-else-").decode()
FORGED: dict[str, dict[str, str]] = {
    "no signature": {},
    "another secret": signed("[]", secret=OTHER),
    "another body": signed("[ ]"),
    "an old time": signed("[]", moment=system_clock() - timedelta(hours=1)),
    "a time to come": signed("[]", moment=system_clock() + timedelta(hours=1)),
    "a changed time": signed("[]") | {"webhook-timestamp": str(int(system_clock().timestamp()) - 1)},
    "no time": signed("[]") | {"webhook-timestamp": "soon"},
    "an endless time": signed("[]") | {"webhook-timestamp": "1e999"},
    "a changed message": signed("[]") | {"webhook-id": "another"},
    "no base64": signed("[]") | {"webhook-signature": "v1,~~~"},
    "no version": signed("[]") | {"webhook-signature": "nonsense"},
    "another version": signed("[]")
    | {"webhook-signature": signed("[]")["webhook-signature"].replace("v1", "v2")},
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_no_peer_signed_lately_is_refused(api: Api, forgery: str) -> None:
    refused = api.client.post(PATH, content="[]", headers=FORGED[forgery])
    assert refused.status_code == 401
    assert refused.json()["type"] == "urn:onewindow:problem:bad-signature"


@pytest.mark.parametrize("content", ["", "{", "{}", '[{"id":"1"}]', '["one"]', "\ud800", "[" * 10_000])
def test_a_signed_batch_that_is_none_is_refused(api: Api, content: str) -> None:
    sent = content.encode(errors="replace").decode()
    refused = api.client.post(PATH, content=sent, headers=signed(sent))
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


@asynccontextmanager
async def client_of(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://left.test") as client:
        yield client


async def test_a_relay_carries_events_from_one_database_to_another(
    url: str, tmp_path: Path, clock: FrozenClock
) -> None:
    sender = sample.runtime_on(sample.empty_database("sqlite", tmp_path, "sender"), clock)
    app = create_app(LEFT, settings_for(LEFT, url), verifier=People(), background=False)
    async with app.router.lifespan_context(app), client_of(app) as client:
        transport = HttpTransport(client, {"left": "http://left.test"}, SECRET)
        relay = Relay(sender.database, transport, ("left",), clock, MAX_TRIES)
        await sender.system(publish, *(("a", n) for n in range(20)))
        while await sender.system(waiting):
            await relay.step("left")
            clock.pass_(minutes=6)
        assert await app.state.runtime.system(labels) == [f"a{n}" for n in range(20) if n != 13]
    assert [letter.reason for letter in await sender.system(dead)] == ["LookupError"]
    await sender.database.close()


@pytest.mark.parametrize("status", [401, 404, 422, 500, 503])
async def test_a_refusal_of_the_whole_batch_blames_no_event(status: int) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(status))
    ) as client:
        with pytest.raises(Unreachable, match=str(status)):
            await HttpTransport(client, {"left": "http://left.test"}, SECRET).deliver("left", ["{}"])


async def test_an_answer_that_makes_no_sense_is_none() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"fine": True})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        with pytest.raises(Unreachable):
            await HttpTransport(client, {"left": "http://left.test"}, SECRET).deliver("left", ["{}"])


async def test_a_peer_that_hangs_up_is_out_of_reach() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        with pytest.raises(Unreachable):
            await HttpTransport(client, {"left": "http://left.test"}, SECRET).deliver("left", ["{}"])
