"""Every answer carries the id of its request, and no error repeats what the caller sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.requests import usable_id
from shared import sample
from testkit.api import DONGSHAN, XIAN, Api, running

ID = "X-Request-Id"
GIVEN = {ID: "from-the-gateway-1"}
PATH = "/api/sample/v1/things"


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(sample.SERVICE, url) as opened:
        yield opened


@pytest.mark.parametrize(
    "path", ["/healthz", "/nowhere", PATH, "/api/sample/v1/refusal", "/api/sample/v1/defect/x"]
)
def test_whatever_is_answered_carries_the_id_it_came_with(api: Api, path: str) -> None:
    assert api.client.get(path, headers=GIVEN).headers[ID] == GIVEN[ID]
    made = {api.client.get(path).headers[ID] for _ in range(2)}
    assert len(made) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in made)


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "new\nline-in-it", "空白空白空白空白", '"quoted-id"', ""]
)
def test_an_id_that_is_not_safe_to_log_is_replaced(given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", usable_id(given))


def test_the_audit_names_the_request(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    with capture_logs() as lines:
        api.client.get(PATH, headers=clerk | GIVEN)
    assert [(line["route"], line["status"], line["id"]) for line in lines] == [(PATH, 200, GIVEN[ID])]


def test_a_defect_is_a_problem_without_a_word_of_the_defect(api: Api) -> None:
    answer = api.client.get("/api/sample/v1/defect/110101199003077")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:onewindow:problem:internal",
        "title": "Internal error",
        "status": 500,
    }


def test_every_wrong_field_is_named_and_none_is_repeated(api: Api) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    body = {"label": "", "community": "secret-community", "n": "secret-number"}
    refused = api.client.post(PATH, json=body, headers=clerk)
    assert refused.status_code == 422
    assert {tuple(error["loc"]) for error in refused.json()["errors"]} == {
        ("header", "Idempotency-Key"),
        ("body", "label"),
        ("body", "community"),
        ("body", "n"),
    }
    assert "secret" not in refused.text


@pytest.mark.parametrize(
    ("content", "status"),
    [("{", 422), ("", 422), ("[]", 422), ('{"label": "\\ud800"}', 422), ("[" * 100_000, 422), ("NaN", 422)],
)
def test_what_is_no_json_is_a_problem(api: Api, content: str, status: int) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | {"Content-Type": "application/json"}
    refused = api.client.post(PATH, content=content, headers=clerk | {"Idempotency-Key": "a-key-of-mine"})
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 401), ("Bearer", 401), ("Basic eDp5", 401), ("Bearer unknown", 401), ("Bearer  ", 401)],
)
def test_who_does_not_sign_in_is_told_how(api: Api, header: str | None, status: int) -> None:
    answer = api.client.get(PATH, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (status, "Bearer")


def test_who_lacks_the_permission_is_told_which(api: Api) -> None:
    auditor = api.people.headers(Role.AUDITOR, XIAN) | {"Idempotency-Key": "a-key-of-mine"}
    refused = api.client.post(PATH, json={"label": "a", "community": XIAN}, headers=auditor)
    assert refused.status_code == 403
    assert "case.create" in refused.json()["detail"]


def test_who_stands_outside_the_area_sees_nothing(api: Api) -> None:
    number = api.system(sample.thing, "one", DONGSHAN)
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert api.client.get(f"{PATH}/{number}", headers=clerk).status_code == 404
    assert api.client.get(PATH, headers=clerk).json()["items"] == []


def test_a_database_that_cannot_be_reached_is_an_outage(tmp_path: Path) -> None:
    with running(sample.SERVICE, f"sqlite:///{tmp_path}/gone/base.sqlite3") as api:
        answer = api.client.get(PATH, headers=api.people.headers(Role.WINDOW_CLERK, XIAN))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["type"] == "urn:onewindow:problem:unavailable"
