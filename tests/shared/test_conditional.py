"""Nobody writes over what they have not seen, and nobody is sent what they have."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.conditional import _if_match, answer
from onewindow_shared.plumbing.problems import VersionRequired
from shared import sample
from testkit.api import DONGSHAN, XIAN, Api, running


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(sample.SERVICE, url) as opened:
        yield opened


@pytest.fixture
def path(api: Api) -> str:
    return f"/api/sample/v1/things/{api.system(sample.thing, 'one')}"


BODY = {"label": "one", "community": XIAN, "n": 7}


def test_a_read_carries_its_version_and_a_second_read_costs_nothing(api: Api, path: str) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    first = api.client.get(path, headers=clerk)
    assert first.headers["ETag"] == '"1"'
    for tag in ('"1"', 'W/"1"', '"0", "1"', "*"):
        again = api.client.get(path, headers=clerk | {"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", '"1"')
    assert api.client.get(path, headers=clerk | {"If-None-Match": '"2"'}).json() == first.json()


def test_a_write_by_somebody_who_saw_the_present_state_succeeds(api: Api, path: str) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    done = api.client.put(path, json=BODY, headers=clerk | {"If-Match": '"1"'})
    assert (done.status_code, done.headers["ETag"], done.json()["n"]) == (200, '"2"', 7)


def test_of_two_writers_who_saw_the_same_state_one_wins_and_the_other_sees_it(api: Api, path: str) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | {"If-Match": '"1"'}
    assert api.client.put(path, json=BODY, headers=clerk).status_code == 200
    late = api.client.put(path, json=BODY | {"n": 8}, headers=clerk)
    assert late.status_code == 412
    assert late.json()["current"] == {
        "id": int(path.rpartition("/")[2]),
        "label": "one",
        "n": 7,
        "version": 2,
    }


@pytest.mark.parametrize("tag", [None, "", "1", "*", '"one"', 'W/"1"', '"-1"', '"1', '"' + "9" * 5000 + '"'])
def test_a_write_without_a_version_is_refused(api: Api, path: str, tag: str | None) -> None:
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    headers = clerk if tag is None else clerk | {"If-Match": tag}
    refused = api.client.put(path, json=BODY, headers=headers)
    assert refused.status_code == 428
    assert refused.headers["content-type"] == "application/problem+json"


@given(st.text(st.characters(max_codepoint=255)))
async def test_no_header_breaks_it(text: str) -> None:
    with suppress(VersionRequired):
        assert await _if_match(text) >= 0


def test_outside_ones_area_there_is_nothing_to_read_or_write(api: Api, path: str) -> None:
    stranger = api.people.headers(Role.WINDOW_CLERK, DONGSHAN)
    assert api.client.get(path, headers=stranger).status_code == 404
    assert api.client.get(path, headers=stranger | {"If-None-Match": "*"}).status_code == 404
    assert api.client.put(path, json=BODY, headers=stranger | {"If-Match": '"9"'}).status_code == 404


def test_an_answer_without_version_is_tagged_by_its_content() -> None:
    request = Request({"type": "http", "headers": []})
    one, same, other = (
        answer(request, sample.ThingIn(label=label, community=XIAN)).headers["ETag"] for label in "aab"
    )
    assert one == same != other
