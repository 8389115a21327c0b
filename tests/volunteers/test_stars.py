"""Stars come step by step after a time in which anybody may object; honours and incentives are records."""

from itertools import count
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_volunteers.stars import rules
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, Citizen, wrong_fields
from volunteers.test_certificates import confirmed
from volunteers.test_erasure import erase
from volunteers.test_metrics import rebuilt
from volunteers.test_records import boss, move

_keys = count(1)
THRESHOLDS = [100, 300, 600]


@given(granted=st.integers(min_value=0, max_value=5))
def test_levels_come_one_after_another(granted: int) -> None:
    found = rules.next_level(granted, THRESHOLDS)
    assert found == ((granted + 1, THRESHOLDS[granted] * 60) if granted < 3 else None)


@given(minutes=st.integers(0, 200), wanted=st.integers(0, 200), objections=st.integers(0, 3))
def test_what_becomes_of_a_star(minutes: int, wanted: int, objections: int) -> None:
    fate = rules.fate(minutes, wanted, objections)
    assert (fate is rules.Fate.REFUSED) == (minutes < wanted)
    assert (fate is rules.Fate.GRANTED) == (minutes >= wanted and not objections)


@pytest.fixture
def api(open_service: Open) -> Any:
    with open_service(star_hours=[2, 5]) as api:
        yield api


def create(who: Any, path: str, body: Any) -> Response:
    answer: Response = who("POST", path, body, **{"Idempotency-Key": f"star-key-{next(_keys)}"})
    return answer


def applied(helper: Helper) -> dict[str, Any]:
    answer = create(helper.ask, "stars", {})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def shown(api: Api, status: str = "publicised") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.client.get(f"{BASE}/stars?status={status}").json()["items"]
    return found


def stars_of(helper: Helper) -> tuple[int, int]:
    told = helper.ask("GET", "people/me/hours").json()
    return told["stars"], told["stars_reached"]


def objected(api: Api, star: dict[str, Any], n: int = 40) -> Response:
    headers = {**Citizen(n).headers(api), "Idempotency-Key": f"star-key-{next(_keys)}"}
    path = f"{BASE}/stars/{star['star_id']}/objections"
    return api.client.post(path, json={"statement": "时间有误"}, headers=headers)


def test_a_star_is_shown_to_everybody_before_it_is_granted(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    assert create(helper.ask, "stars", {}).json()["type"].endswith("no-star-yet")
    confirmed(organiser, helper)
    star = applied(helper)
    assert (star["level"], star["minutes"], star["open_until"]) == (1, 170, "2026-12-01"), "5 working days"
    assert objected(api, star, 14).status_code == 403, "nobody objects to their own"
    assert create(helper.ask, "stars", {}).json()["type"].endswith("star-already")
    [row] = shown(api)
    assert (row["holder"], row["level"]) == ("买**·艾*", 1)
    assert stars_of(helper) == (0, 1), "reached, and not granted yet"
    api.clock.pass_(days=7)
    api.tick()
    assert shown(api, "granted") == []
    api.clock.pass_(hours=20)
    api.tick()
    assert [row["level"] for row in shown(api, "granted")] == [1]
    assert stars_of(helper) == (1, 1)
    assert create(helper.ask, "stars", {}).json()["type"].endswith("no-star-yet"), "step by step"
    confirmed(organiser, helper, left=180)
    assert applied(helper)["level"] == 2


def test_who_objects_has_it_decided_by_the_street(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    confirmed(organiser, helper)
    star = applied(helper)
    assert objected(api, star).status_code == 201
    assert objected(api, star).json()["type"].endswith("objected-already")
    street, elsewhere = (boss(api, Role.STREET_SUPERVISOR, area[:9]) for area in (XIAN, DONGSHAN))
    path, body = f"stars/{star['star_id']}", {"grant": False, "reason": "记录与事实不符"}
    assert street("GET", f"{path}/objections").json()["items"][0]["statement"] == "时间有误"
    assert elsewhere("GET", f"{path}/objections").status_code == 404
    assert street("POST", f"{path}/ruling", body, **{"If-Match": '"1"'}).status_code == 409, (
        "it is still open"
    )
    api.clock.pass_(days=8)
    api.tick()
    assert objected(api, star, 41).json()["type"].endswith("publicity-over")
    assert elsewhere("POST", f"{path}/ruling", body, **{"If-Match": '"1"'}).status_code == 404
    ruled = street("POST", f"{path}/ruling", body, **{"If-Match": '"1"'}).json()
    assert (ruled["status"], ruled["objections"]) == ("refused", 1)
    assert shown(api) == shown(api, "refused") == []
    assert [one["reason"] for one in helper.ask("GET", "stars/reached").json()["items"]] == ["记录与事实不符"]
    assert applied(helper)["level"] == 1, "once more"


def test_hours_that_are_no_longer_there_give_no_star(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    record = confirmed(organiser, helper)
    applied(helper)
    move(helper.ask, record, "dispute", {"minutes": 180, "evidence": "到最后"})
    api.clock.pass_(days=8)
    api.tick()
    assert shown(api, "granted") == []
    assert helper.ask("GET", "stars/reached").json()["items"][0]["status"] == "refused"


def test_whoever_is_erased_is_no_longer_named(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    confirmed(organiser, helper)
    applied(helper)
    assert objected(api, shown(api)[0]).status_code == 201
    erase(api, helper)
    [row] = shown(api)
    assert row["holder"] == "*"
    said = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])("GET", f"stars/{row['star_id']}/objections").json()
    assert [one["statement"] for one in said["items"]] == [""]


def test_honours_and_incentives_are_records(api: Api) -> None:
    helper = Helper.registered(api, 14)
    body = {
        "volunteer_no": helper.record["volunteer_no"],
        "kind": "incentive",
        "title": "免费健康体检",
        "given_by": "西安社区居民委员会",
        "given_on": "2026-11-20",
    }
    manager, elsewhere = Organiser(api), Organiser(api, KAIYUAN)
    assert wrong_fields(create(manager.ask, "honours", {**body, "given_on": "2027-01-01"})) == {"given_on"}
    assert create(elsewhere.ask, "honours", body).status_code == 404
    made = create(manager.ask, "honours", body).json()
    path = f"people/{helper.record['volunteer_no']}/honours"
    assert helper.ask("GET", path).json()["items"] == [made]
    assert elsewhere.ask("GET", path).status_code == 404


def test_a_district_grants_more_levels_than_are_counted(open_service: Open) -> None:
    with open_service(star_hours=[1, 2, 3, 4, 5, 6]) as api:
        organiser, helper = Organiser(api), Helper.registered(api, 14)
        for _ in range(3):
            confirmed(organiser, helper)
        for level in range(1, 7):
            assert applied(helper)["level"] == level
            api.clock.pass_(days=10)
            api.quiet()
        assert stars_of(helper) == (6, 6)
        rebuilt(api)


def test_a_star_is_granted_by_what_it_asked_for_when_it_was_applied_for(open_service: Open) -> None:
    with open_service(star_hours=[1, 2]) as api:
        organiser, helper = Organiser(api), Helper.registered(api, 14)
        confirmed(organiser, helper)
        applied(helper)
        api.clock.pass_(days=10)
        api.quiet()
        applied(helper)
        now = api.clock.now
    with open_service(star_hours=[100]) as api:
        api.clock.now = now
        api.clock.pass_(days=10)
        api.quiet()
        assert len(shown(api, "granted")) == 2
