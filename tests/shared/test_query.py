"""What stands in the query of a request is what its route asks for, or the request is refused."""

from collections.abc import Iterator

import pytest

from onewindow_shared.contracts.access import Role
from shared.sample import SERVICE
from testkit.api import XIAN, Api, running


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(SERVICE, url) as api:
        yield api


def test_a_misspelt_parameter_does_not_list_everything(api: Api) -> None:
    headers = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert api.client.get("/api/sample/v1/things?limit=1", headers=headers).status_code == 200
    answer = api.client.get("/api/sample/v1/things?limt=1&limit=1&Cursor=&limt=2", headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:onewindow:problem:invalid"
    assert [(one["loc"], one["type"]) for one in told["errors"]] == [
        (["query", "limt"], "extra_forbidden"),
        (["query", "Cursor"], "extra_forbidden"),
    ]
    assert told["detail"] == "2 wrong field(s)"


def test_a_parameter_that_takes_one_value_is_not_given_two(api: Api) -> None:
    headers = api.people.headers(Role.WINDOW_CLERK, XIAN)
    answer = api.client.get("/api/sample/v1/things?limit=1&limit=2", headers=headers)
    assert answer.status_code == 422
    assert [(one["loc"], one["type"]) for one in answer.json()["errors"]] == [
        (["query", "limit"], "repeated")
    ]


def test_a_write_with_an_unknown_parameter_writes_nothing(api: Api) -> None:
    headers = api.people.headers(Role.WINDOW_CLERK, XIAN)
    body = {"label": "one", "community": XIAN}
    path, key = "/api/sample/v1/things", {"Idempotency-Key": "key-00000001"}
    assert api.client.post(f"{path}?dry_run=true", json=body, headers=headers | key).status_code == 422
    assert api.client.get(path, headers=headers).json()["items"] == []
    assert api.client.post(path, json=body, headers=headers | key).status_code == 201


def test_an_empty_query_is_none(api: Api) -> None:
    assert api.client.get("/healthz?").status_code == 200
    assert api.client.get("/healthz?quick=1").status_code == 422
