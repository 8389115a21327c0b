"""Before and after a shift: reminders, calendars, who came late or not at all, who walked in, who was trained."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_volunteers.feeds.rules import OCTETS, Appointment, calendar
from onewindow_volunteers.records import rules
from testkit.api import KAIYUAN, MONDAY, Api
from volunteers.organiser import INSURED, Helper, Organiser, shift, trained
from volunteers.signup import BASE, Citizen, wrong_fields
from volunteers.test_erasure import erase
from volunteers.test_life import of_ones_own
from volunteers.test_records import Day, hours, move

Ask = Callable[..., Any]


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.fixture
def helper(api: Api) -> Helper:
    return Helper.registered(api, 14)


@given(late=st.integers(min_value=-600, max_value=600), grace=st.integers(min_value=0, max_value=60))
def test_nobody_is_late_within_the_grace(late: int, grace: int) -> None:
    found = rules.came_late(MONDAY + timedelta(minutes=late), MONDAY, timedelta(minutes=grace))
    assert found == (late if late > grace else 0)


def test_everybody_with_a_place_is_reminded_once_unless_it_is_called_off(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    activity = organiser.published(shifts=[shift(days=3)])
    off = organiser.published(shifts=[shift(days=3, starts=4)])
    helper.joined(activity)
    helper.joined(off)
    organiser.move(off, "cancellation", {"reason": "台风预警"})
    api.clock.pass_(days=1, hours=23)
    api.tick()
    assert helper.told() == ["called_off"]
    api.clock.pass_(hours=1)
    for _ in range(2):
        api.tick()
    assert helper.told() == ["reminder", "called_off"]


def test_who_comes_late_is_late_and_who_does_not_come_is_missed(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    day = Day(organiser, helper)
    assert day.served(came=12)["late_minutes"] == 12
    other = Helper.registered(api, 15)
    place = Day(organiser, other, days=2)
    path, body = f"signups/{place.place['signup_id']}/absence", {"kind": "excused", "reason": "临时住院"}
    assert organiser.ask("POST", path, body, **{"If-Match": '"1"'}).status_code == 409, "not yet"
    place.at(60)
    assert other.ask("POST", path, body, **{"If-Match": '"1"'}).status_code == 403
    assert Organiser(api, KAIYUAN).ask("POST", path, body, **{"If-Match": '"1"'}).status_code == 404
    assert organiser.ask("POST", path, body, **{"If-Match": '"1"'}).json()["missed"] == "excused"
    assert other.places()[0]["missed"] == "excused"
    assert place.served(came=61)["late_minutes"] == 61
    assert other.places()[0]["missed"] is None, "they came after all"
    assert organiser.ask("POST", path, body, **{"If-Match": '"2"'}).status_code == 409


def walked_in(organiser: Organiser, activity: dict[str, Any], key: str = "walk-in-1", **changes: Any) -> Any:
    at = activity["shifts"][0]
    body = {
        "role_id": at["roles"][0]["role_id"],
        "name": "周建国",
        "came_at": at["starts_at"],
        "left_at": at["ends_at"],
        **changes,
    }
    return organiser.ask("POST", f"shifts/{at['shift_id']}/walk-ins", body, **{"Idempotency-Key": key})


def merged(organiser: Organiser, walk_in: dict[str, Any], person: dict[str, Any], seen: int = 1) -> Any:
    body = {"volunteer_no": person["volunteer_no"], "reason": "当面核对"}
    path = f"walk-ins/{walk_in['walk_in_id']}/merge"
    return organiser.ask("POST", path, body, **{"If-Match": f'"{seen}"'})


def test_who_walked_in_is_merged_to_a_volunteer_later(api: Api, organiser: Organiser, helper: Helper) -> None:
    activity = organiser.published(shifts=[shift(capacity=1)])
    Helper.registered(api, 15).joined(activity)
    assert wrong_fields(walked_in(organiser, activity)) == {"left_at"}
    api.clock.pass_(days=1, hours=4)
    assert wrong_fields(walked_in(organiser, activity, role_id=9999)) == {"role_id"}
    walk_in = walked_in(organiser, activity).json()
    assert (walk_in["name_masked"], walk_in["volunteer_no"]) == ("周*国", None)
    path = f"shifts/{activity['shifts'][0]['shift_id']}/walk-ins"
    assert organiser.ask("GET", path).json()["items"] == [walk_in]
    assert Organiser(api, KAIYUAN).ask("GET", path).json()["items"] == []
    assert merged(Organiser(api, KAIYUAN), walk_in, helper.record).status_code == 404
    made = merged(organiser, walk_in, helper.record).json()
    assert (made["volunteer_no"], made["name_masked"]) == (helper.record["volunteer_no"], None)
    assert hours(helper) == (0, 180)
    [record] = helper.ask("GET", "records").json()["items"]
    assert record["came_proof"] == "manual"
    move(organiser.ask, record, "confirmation")
    assert hours(helper) == (180, 0)
    assert merged(organiser, made, helper.record, 2).status_code == 409
    again = walked_in(organiser, activity, "walk-in-2").json()
    assert merged(organiser, again, helper.record).json()["type"].endswith("recorded-already")
    shown = api.client.get(f"{BASE}/activities/{activity['activity_id']}").json()
    assert shown["shifts"][0]["roles"][0]["taken"] == 1, "the places that were announced"


@pytest.mark.parametrize(("swept", "before"), [(True, "expired"), (False, "waiting")])
def test_who_waited_and_came_has_walked_in(
    api: Api, organiser: Organiser, helper: Helper, swept: bool, before: str
) -> None:
    activity = organiser.published(shifts=[shift(capacity=1)])
    Helper.registered(api, 15).joined(activity)
    helper.joined(activity, wait=True)
    api.clock.pass_(days=1, hours=4)
    if swept:
        api.tick()
    [waited] = helper.places()
    assert (waited["status"], waited["position"] is None) == (before, swept)
    walk_in = walked_in(organiser, activity).json()
    assert merged(organiser, walk_in, helper.record).status_code == 200
    assert (helper.places()[-1]["status"], hours(helper)) == ("placed", (0, 180))
    shown = api.client.get(f"{BASE}/activities/{activity['activity_id']}").json()
    assert shown["shifts"][0]["roles"][0]["taken"] == 1


def test_a_name_that_is_nobodys_is_not_kept(api: Api, organiser: Organiser) -> None:
    activity = organiser.published()
    api.clock.pass_(days=1, hours=4)
    walked_in(organiser, activity)
    api.clock.pass_(days=30)
    api.tick()
    path = f"shifts/{activity['shifts'][0]['shift_id']}/walk-ins"
    assert organiser.ask("GET", path).json()["items"][0]["name_masked"] is None


def test_trainings_are_seen_by_the_person_and_their_community(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    assert wrong_fields(trained(organiser, helper, "急救", held_on="2026-12-01")) == {"held_on"}
    assert trained(Organiser(api, KAIYUAN), helper, "急救").status_code == 404
    trained(organiser, helper, "急救", valid_until="2026-11-30")
    path = f"people/{helper.record['volunteer_no']}/trainings"
    api.clock.pass_(days=7)
    assert [one["valid"] for one in helper.ask("GET", path).json()["items"]] == [True]
    api.clock.pass_(days=1)
    assert [one["valid"] for one in organiser.ask("GET", path).json()["items"]] == [False]
    assert Helper.registered(api, 15).ask("GET", path).status_code == 404
    of_ones_own(api, helper.citizen, f"people/{helper.record['volunteer_no']}/move", {"community": KAIYUAN})
    assert len(Organiser(api, KAIYUAN).ask("GET", path).json()["items"]) == 1, "it moves with the person"


def test_insurance_covers_the_whole_of_something_dangerous(organiser: Organiser) -> None:
    for dates, wrong in (
        ({"valid_from": "2026-11-25"}, {"insurance.valid_from"}),
        ({"valid_from": "2026-11-24"}, set()),
        ({"valid_until": "2026-11-23"}, {"insurance.valid_until"}),
    ):
        drafted = organiser.drafted(hazardous=True, insurance={**INSURED, **dates})
        answer = organiser.move(drafted, "publication")
        assert (wrong_fields(answer) if wrong else answer.status_code == 200 and set()) == wrong


def opened(helper: Helper) -> str:
    address: str = helper.ask("POST", "people/me/calendar").json()["address"]
    return address


def test_a_calendar_shows_ones_places_until_its_address_is_withdrawn(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    activity = organiser.published(title="清洁, 河道; 周末", shifts=[shift(), shift(days=2)])
    place = helper.joined(activity)
    Helper.registered(api, 15).joined(activity)
    address = opened(helper)
    answer = api.client.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert f"UID:signup-{place['signup_id']}@onewindow\r\n" in answer.text
    assert "SUMMARY:清洁\\, 河道\\; 周末\r\n" in answer.text
    assert "DTSTART:20261124T013000Z\r\n" in answer.text
    assert not any(secret in answer.text for secret in helper.citizen.secrets())
    newer = opened(helper)
    assert (api.client.get(address).status_code, api.client.get(newer).status_code) == (404, 200)
    helper.move(place, "cancellation")
    assert "VEVENT" not in api.client.get(newer).text
    assert helper.ask("DELETE", "people/me/calendar").status_code == 204
    assert api.client.get(newer).status_code == 404


def test_erasure_ends_the_calendar(api: Api, helper: Helper) -> None:
    address = opened(helper)
    erase(api, helper)
    assert api.client.get(address).status_code == 404


def test_who_has_no_registration_has_no_calendar(api: Api) -> None:
    headers = api.people.headers(Role.VOLUNTEER, subject=Citizen(77).subject)
    assert api.client.post(f"{BASE}/people/me/calendar", headers=headers).status_code == 404


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=120)


@given(title=TITLES)
def test_lines_of_a_calendar_are_short_and_read_back(title: str) -> None:
    at = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    text = calendar([Appointment("a@b", at, at, at + timedelta(hours=1), title, "")])
    assert all(len(line.encode()) <= OCTETS for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    [said] = [line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:")]
    plain = said.removeprefix("SUMMARY:")
    for sign in (";", ","):
        plain = plain.replace(f"\\{sign}", sign)
    assert plain.replace("\\\\", "\\") == title
