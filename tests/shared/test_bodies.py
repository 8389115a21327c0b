"""A body that says something twice is refused by the name of the key, and never read by its last value."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.bodies import MOST_NAMED, expect_once
from onewindow_shared.plumbing.problems import Invalid
from shared.sample import SERVICE
from testkit.api import XIAN, Api, running

PATH = "/api/sample/v1/things"


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(SERVICE, url) as api:
        yield api


def post(api: Api, body: bytes, kind: str = "application/json") -> Any:
    headers = api.people.headers(Role.WINDOW_CLERK, XIAN) | {"Idempotency-Key": "key-00000001"}
    return api.client.post(PATH, content=body, headers=headers | {"Content-Type": kind})


@pytest.mark.parametrize(
    "kind", ["application/json", "application/JSON; charset=utf-8", "application/x+json"]
)
def test_a_key_that_is_there_twice_is_named_and_nothing_is_written(api: Api, kind: str) -> None:
    twice = f'{{"label": "one", "community": "{XIAN}", "lab\\u0065l": "two"}}'.encode()
    answer = post(api, twice, kind)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"] == [
        {"loc": ["body", "label"], "detail": "is there twice", "type": "repeated"}
    ]
    assert "two" not in answer.text
    headers = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert api.client.get(PATH, headers=headers).json()["items"] == []
    assert post(api, json.dumps({"label": "one", "community": XIAN}).encode(), kind).status_code == 201


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'{"a":' * 600 + b"1" + b"}" * 600, b"\xff\xfe{"]
)
def test_what_is_no_json_or_too_deep_is_refused_as_before(api: Api, body: bytes) -> None:
    answer = post(api, body)
    assert answer.status_code == 422, answer.text


def named(body: str) -> list[str]:
    """Return the path of each key that stands twice."""
    with pytest.raises(Invalid) as refused:
        expect_once(body.encode())
    return sorted(".".join(map(str, one.loc)) for one in refused.value.errors)


def test_keys_are_named_wherever_they_are() -> None:
    assert named('{"a": 1, "a": {"b": 1, "b": 2, "c": [0, {"d": 1, "d": 1}]}}') == [
        "body.a",
        "body.a.b",
        "body.a.c.1.d",
    ]
    assert named('[{"a": 1}, {"a": 1, "a": 1, "a": 1}]') == ["body.1.a"]
    several = ", ".join(f'"k{n}": 1, "k{n}": 2' for n in range(100))
    assert len(named(f"{{{several}}}")) == MOST_NAMED


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"]))
def test_whatever_says_each_thing_once_is_read(value: Any, encoding: str) -> None:
    expect_once(json.dumps(value, ensure_ascii=False).encode(encoding))


@given(VALUES, st.text(st.characters(exclude_characters="."), max_size=3), VALUES)
def test_whatever_says_a_thing_twice_is_not(value: Any, key: str, other: Any) -> None:
    member = f"{json.dumps(key)}: {json.dumps(other)}"
    body = f'{{"first": {json.dumps(value)}, {member}, {member}}}'
    assert f"body.{key}" in named(body)
