"""The same creating request, sent again, makes nothing new and gets the same answer."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Response
from sqlalchemy import func, select, text

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.idempotency import IdempotencyRecord
from onewindow_shared.plumbing.problems import KeyReused, StillRunning
from onewindow_shared.plumbing.runtime import Run, Runtime
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.ticker import KEYS_KEPT, tidying
from onewindow_shared.plumbing.unit import Actor, Unit
from shared.conftest import NewReplica
from shared.sample import SERVICE, Thing, ThingIn, ThingOut, add, labels
from testkit.api import XIAN, Api, FrozenClock, running

PATH = "/api/sample/v1/things"
KEY = {"Idempotency-Key": "a-key-of-my-own"}


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(SERVICE, url) as opened:
        yield opened


def body(label: str = "one", n: int = 1) -> dict[str, Any]:
    return {"label": label, "community": XIAN, "n": n}


def test_the_second_sending_gets_the_first_answer(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    first = api.client.post(PATH, json=body(), headers=clerk | KEY)
    again = api.client.post(PATH, json=body(), headers=clerk | KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert api.system(labels) == ["one"]


def test_the_same_request_written_differently_is_the_same_request(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | KEY
    first = api.client.post(PATH, json=body(), headers=clerk)
    spaced = json.dumps(dict(reversed(body(" one ").items())), indent=2)
    again = api.client.post(PATH, content=spaced, headers=clerk | {"Content-Type": "application/json"})
    assert again.content == first.content


def test_a_key_is_good_for_one_request(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | KEY
    api.client.post(PATH, json=body(), headers=clerk)
    refused = api.client.post(PATH, json=body("another"), headers=clerk)
    assert refused.status_code == 422
    assert refused.json()["type"] == KeyReused.type
    assert api.system(labels) == ["one"]


def test_two_people_may_choose_the_same_key(api: Api) -> None:
    for subject, label in (("a", "one"), ("b", "two")):
        who = api.people.headers(Role.WINDOW_CLERK, XIAN, subject=subject)
        assert api.client.post(PATH, json=body(label), headers=who | KEY).status_code == 201
    assert api.system(labels) == ["one", "two"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "short"}, {"Idempotency-Key": "x" * 256}])
def test_a_creating_request_needs_a_key(api: Api, headers: dict[str, str]) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert api.client.post(PATH, json=body(), headers=clerk | headers).status_code == 422
    assert api.system(labels) == []


def test_a_refusal_is_not_remembered(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    api.client.post(PATH, json=body(), headers=clerk | {"Idempotency-Key": "another-key"})
    assert api.client.post(PATH, json=body(), headers=clerk | KEY).status_code == 409
    assert api.client.post(PATH, json=body("two"), headers=clerk | KEY).status_code == 201


def test_answers_are_forgotten_after_some_days(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | KEY
    api.client.post(PATH, json=body(), headers=clerk)
    api.clock.now += KEYS_KEPT / 2
    api.system(tidying)
    assert api.client.post(PATH, json=body(), headers=clerk).headers["Idempotency-Replayed"] == "true"
    api.clock.now += KEYS_KEPT
    api.system(tidying)
    assert (
        api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(IdempotencyRecord))) == 0
    )


def request_of(runtime: Runtime) -> Run:
    actor = Actor("clerk", "", frozenset({Role.WINDOW_CLERK}), EVERYTHING)
    return Run(runtime, actor, "POST /things", Response())


def slowly(unit: Unit, posted: ThingIn) -> ThingOut:
    if unit.dialect == "postgresql":
        unit.session.execute(text("SELECT pg_sleep(0.1)"))
    return add(unit, posted)


async def test_the_first_one_is_still_running(runtime: Runtime) -> None:
    run, posted = request_of(runtime), ThingIn(label="one", community=XIAN)
    answers = await asyncio.gather(
        *(run.create("a-key-of-mine", posted, slowly) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Response", StillRunning.__name__]
    assert await runtime.system(labels) == ["one"]


async def test_twins_that_reach_two_replicas_make_one(new_replica: NewReplica) -> None:
    replicas, posted = [new_replica() for _ in range(4)], ThingIn(label="one", community=XIAN)
    answers = await asyncio.gather(
        *(request_of(replica).create("a-key-of-mine", posted, slowly) for replica in replicas)
    )
    assert len({bytes(answer.body) for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotency-Replayed", "false") for answer in answers) == [
        "false",
        *["true"] * 3,
    ]
    assert await replicas[0].system(labels) == ["one"]


async def test_a_replica_that_fails_midway_leaves_the_work_to_the_next(new_replica: NewReplica) -> None:
    def failing(unit: Unit, posted: ThingIn) -> ThingOut:
        slowly(unit, posted)
        raise LookupError

    first, second = new_replica(), new_replica()
    posted = ThingIn(label="one", community=XIAN)
    failed, made = await asyncio.gather(
        request_of(first).create("a-key-of-mine", posted, failing),
        request_of(second).create("a-key-of-mine", posted, slowly),
        return_exceptions=True,
    )
    if not isinstance(failed, LookupError):
        assert failed.headers["Idempotency-Replayed"] == "true", "the second was faster"  # type: ignore[union-attr]
    assert not isinstance(made, BaseException)
    assert await first.system(labels) == ["one"]


async def test_a_crash_between_work_and_answer_keeps_neither(runtime: Runtime, clock: FrozenClock) -> None:
    def crashing(unit: Unit, posted: ThingIn) -> ThingOut:
        add(unit, posted)
        raise KeyboardInterrupt

    posted = ThingIn(label="one", community=XIAN)
    if runtime.database.dialect == "postgresql":
        with pytest.raises(KeyboardInterrupt):
            await request_of(runtime).create("a-key-of-mine", posted, crashing)
        assert await runtime.system(labels) == []
    answer = await request_of(runtime).create("a-key-of-mine", posted, add)
    assert "Idempotency-Replayed" not in answer.headers
    assert await runtime.system(lambda unit: unit.session.scalar(select(Thing.at))) == clock()
