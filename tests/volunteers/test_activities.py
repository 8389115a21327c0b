"""Activities are announced in full, people find their place, and nobody is in two places at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from onewindow_shared.contracts.access import Role
from testkit.api import DONGSHAN, MONDAY, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import INSURED, Helper, Organiser, announcement, shift, trained
from volunteers.signup import BASE, answer_ward, wrong_fields
from volunteers.test_life import of_staff
from volunteers.test_records import Day

Volunteer = Callable[..., Helper]


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.fixture
def helper(api: Api) -> Volunteer:
    return lambda n, **changes: Helper.registered(api, n, **changes)


# --- announcing


@pytest.mark.parametrize("missing", ["content", "place", "contact", "risks", "conditions"])
def test_what_the_law_wants_announced_has_to_be_there(organiser: Organiser, missing: str) -> None:
    draft = organiser.drafted(**{missing: None})
    assert wrong_fields(organiser.move(draft, "publication")) == {missing}


def test_everything_missing_is_named_at_once(organiser: Organiser) -> None:
    draft = organiser.drafted(risks=None, conditions=None, shifts=[], hazardous=True)
    assert wrong_fields(organiser.move(draft, "publication")) == {
        "risks",
        "conditions",
        "shifts",
        "insurance",
    }


def test_who_does_something_dangerous_is_insured_first(organiser: Organiser) -> None:
    short = {**INSURED, "valid_until": "2026-11-23"}
    draft = organiser.drafted(hazardous=True, insurance=short)
    assert wrong_fields(organiser.move(draft, "publication")) == {"insurance.valid_until"}
    assert organiser.published(hazardous=True, insurance=INSURED)["status"] == "published"


def test_minors_are_not_called_to_something_dangerous(organiser: Organiser) -> None:
    answer = organiser.draft(hazardous=True, insurance=INSURED, minors="admitted")
    assert wrong_fields(answer) == {"minors"}


def test_drafts_are_seen_in_their_area_and_announcements_by_everybody(api: Api, organiser: Organiser) -> None:
    draft, public = organiser.drafted(title="草稿"), organiser.published()
    anybody = api.client.get(f"{BASE}/activities").json()["items"]
    assert [row["activity_id"] for row in anybody] == [public["activity_id"]]
    assert api.client.get(f"{BASE}/activities/{draft['activity_id']}").status_code == 404
    assert [row["title"] for row in organiser.ask("GET", "activities/drafts").json()["items"]] == ["草稿"]
    elsewhere = Organiser(api, DONGSHAN)
    assert elsewhere.ask("GET", "activities/drafts").json()["items"] == []
    assert elsewhere.move(draft, "publication").status_code == 404
    assert elsewhere.move(public, "cancellation", {"reason": "别处的"}).status_code == 404


def test_what_is_announced_stays_as_it_was(organiser: Organiser) -> None:
    public = organiser.published()
    seen = {"If-Match": f'"{public["version"]}"'}
    answer = organiser.ask("PUT", f"activities/{public['activity_id']}", announcement(title="别的"), **seen)
    assert answer.status_code == 409


def test_an_activity_ends_with_its_last_shift(api: Api, organiser: Organiser) -> None:
    public = organiser.published()
    api.clock.pass_(days=30)
    api.tick()
    shown = api.client.get(f"{BASE}/activities/{public['activity_id']}").json()
    assert shown["status"] == "ended"


# --- places


def test_a_full_role_has_a_line_and_the_line_moves(api: Api, organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published(shifts=[shift(days=3, capacity=1)])
    first, second, third = helper(11), helper(12), helper(13)
    place = first.joined(activity)
    assert place["status"] == "placed"
    assert second.join(activity).status_code == 409
    assert second.joined(activity, wait=True)["position"] == 1
    assert third.joined(activity, wait=True)["position"] == 2

    assert first.move(place, "cancellation").status_code == 200
    assert helper(14).join(activity).status_code == 409, "a place that came free is the line's"
    api.tick()
    offered = second.places()[0]
    assert (offered["status"], second.told()) == ("offered", ["offered"])
    assert third.places()[0]["position"] == 1

    api.clock.pass_(hours=25)
    api.tick()
    api.tick()
    assert second.told() == ["expired", "offered"]
    assert second.move(offered, "acceptance").status_code == 412
    taken = third.move(third.places()[0], "acceptance")
    assert (taken.status_code, taken.json()["status"]) == (200, "placed")


def test_nobody_is_in_two_places_at_once(organiser: Organiser, helper: Volunteer) -> None:
    morning = organiser.published(shifts=[shift(days=2, hours=3)])
    later = organiser.published(shifts=[shift(days=2, hours=3, starts=2.75)])
    overlapping = organiser.published(shifts=[shift(days=2, hours=3, starts=2.5)])
    wang = helper(21)
    wang.joined(morning)
    assert wang.join(morning).status_code == 409
    assert wang.joined(later)["overlap_minutes"] == 15
    refused = helper(22)
    refused.joined(morning)
    assert refused.join(overlapping).json()["type"].endswith("shift-overlaps")
    assert overlapping["shifts"][0]["roles"][0]["taken"] == 0
    placed = organiser.place(refused.record, overlapping, "两处相邻，已与本人商定")
    assert (placed.status_code, placed.json()["status"]) == (201, "offered"), "nobody is made to serve"
    assert refused.told() == ["offered"]
    taken = refused.move(placed.json(), "acceptance")
    assert (taken.status_code, taken.json()["overlap_minutes"]) == (200, 30)


def test_an_overlap_that_was_let_through_keeps_its_time_when_the_other_place_goes(
    organiser: Organiser, helper: Volunteer
) -> None:
    wang = helper(23)
    first = wang.joined(organiser.published(shifts=[shift(days=2, hours=3)]))
    beside = organiser.published(shifts=[shift(days=2, hours=3, starts=2)])
    offered = organiser.place(wang.record, beside, "两处相邻，已与本人商定").json()
    assert wang.move(offered, "acceptance").status_code == 200
    assert wang.move(first, "cancellation").status_code == 200
    within = organiser.published(shifts=[shift(days=2, hours=0.5, starts=2.25)])
    assert wang.join(within).json()["type"].endswith("shift-overlaps")
    before = organiser.published(shifts=[shift(days=2, hours=1.5)])
    assert wang.joined(before)["status"] == "placed"


def test_an_offer_that_was_not_asked_for_runs_out(organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published(shifts=[shift(days=5, capacity=1)])
    wang = helper(24)
    assert organiser.place(wang.record, activity, "人手不足，先问一问").status_code == 201
    organiser.api.clock.pass_(hours=24)
    organiser.api.quiet()
    assert [place["status"] for place in wang.places()] == ["expired"]
    assert helper(25).joined(activity)["status"] == "placed", "the place is free again"


def test_who_has_a_place_hears_so_although_the_role_is_full(organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published(shifts=[shift(capacity=1)])
    wang, other = helper(26), helper(27)
    wang.joined(activity)
    for wait in (False, True):
        assert wang.join(activity, wait=wait).json()["type"].endswith("signed-up-already")
    assert other.join(activity).json()["type"].endswith("role-full")


def test_a_draft_is_opened_and_discarded_by_its_makers(api: Api, organiser: Organiser) -> None:
    draft = organiser.drafted()
    path = f"activities/drafts/{draft['activity_id']}"
    opened = organiser.ask("GET", path)
    assert opened.json()["in_charge"] == draft["in_charge"] is not None
    assert Organiser(api, DONGSHAN).ask("GET", path).status_code == 404
    assert api.client.get(f"{BASE}/{path}").status_code == 401
    seen, away = {"If-Match": opened.headers["etag"]}, f"activities/{draft['activity_id']}"
    assert organiser.ask("DELETE", away, **{"If-Match": '"9"'}).status_code == 412
    assert Organiser(api, DONGSHAN).ask("DELETE", away, **seen).status_code == 404
    assert organiser.ask("DELETE", away, **seen).status_code == 204
    assert organiser.ask("GET", path).status_code == 404
    announced = organiser.published()
    seen = {"If-Match": f'"{announced["version"]}"'}
    assert organiser.ask("DELETE", f"activities/{announced['activity_id']}", **seen).status_code == 409
    assert organiser.ask("GET", f"activities/drafts/{announced['activity_id']}").status_code == 404


def test_a_refused_overlap_takes_no_place(api: Api, organiser: Organiser, helper: Volunteer) -> None:
    one, other = organiser.published(), organiser.published()
    wang = helper(31)
    wang.joined(one)
    assert wang.join(other).status_code == 409
    shown = api.client.get(f"{BASE}/activities/{other['activity_id']}").json()
    assert shown["shifts"][0]["roles"][0]["taken"] == 0


def test_minors_and_the_untrained_join_only_where_they_may(organiser: Organiser, helper: Volunteer) -> None:
    parent = helper(41).citizen
    child = helper(42, birth=date(2012, 5, 1), guardian=parent.as_guardian())
    adults_only = organiser.published()
    assert "only registered" in child.join(adults_only).json()["detail"], "the guardian has not confirmed"
    assert answer_ward(organiser.api, parent, child.record).json()["status"] == "registered"
    assert "minors" in child.join(adults_only).json()["detail"]
    open_to_minors = organiser.published(minors="admitted", shifts=[shift(days=2)])
    assert child.joined(open_to_minors)["status"] == "placed"
    trained_only = organiser.published(skill="心肺复苏", shifts=[shift(days=4)])
    assert "心肺复苏" in helper(43).join(trained_only).json()["detail"]
    said = helper(44, skills=["心肺复苏"])
    assert said.join(trained_only).status_code == 409, "what somebody says of themselves is no training"
    for days, status in ((3, 409), (4, 201)):
        until = f"{MONDAY + timedelta(days=days):%Y-%m-%d}"
        assert trained(organiser, said, "心肺复苏", valid_until=until).status_code == 201
        assert said.join(trained_only).status_code == status, "valid on the day of the shift"


def test_nobody_under_age_joins_something_dangerous_whatever_they_live_on(organiser: Organiser) -> None:
    api = organiser.api
    worker = Helper.registered(api, 23, birth=date(2009, 5, 1), self_supporting=True)
    path = f"people/{worker.record['volunteer_no']}/verification"
    assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, {"outcome": "confirmed"}, 1).status_code == 200
    dangerous = organiser.published(hazardous=True, insurance=INSURED)
    refused = worker.join(dangerous)
    assert (refused.status_code, "dangerous" in refused.json()["detail"]) == (409, True)
    assert worker.join(organiser.published(shifts=[shift(days=2)])).status_code == 201


def test_minors_come_with_a_grown_up_where_the_activity_asks_for_it(
    organiser: Organiser, helper: Volunteer
) -> None:
    parent = helper(41).citizen
    child = helper(42, birth=date(2012, 5, 1), guardian=parent.as_guardian())
    answer_ward(organiser.api, parent, child.record)
    together = organiser.published(minors="accompanied")
    assert "grown-up" in child.join(together).json()["detail"]
    assert child.join(together, accompanied=True).json()["accompanied"] is True
    assert helper(43).joined(together)["accompanied"] is False


def test_everybody_concerned_is_told_once_that_it_is_called_off(
    organiser: Organiser, helper: Volunteer
) -> None:
    activity = organiser.published(shifts=[shift(capacity=1)])
    placed, waiting = helper(51), helper(52)
    placed.joined(activity)
    waiting.joined(activity, wait=True)
    off = organiser.move(activity, "cancellation", {"reason": "台风预警"})
    assert off.json()["called_off"] == "台风预警"
    assert organiser.move(off.json(), "cancellation", {"reason": "再一次"}).status_code == 409
    assert placed.told() == waiting.told() == ["called_off"]
    assert placed.joined(organiser.published())["status"] == "placed", "the time is free again"


def test_calling_off_leaves_alone_what_took_place(organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published(shifts=[shift(days=1), shift(days=8)])
    one = helper(53)
    for nth in (0, 1):
        assert one.join(activity, nth=nth).status_code == 201
    organiser.api.clock.pass_(days=2)
    off = organiser.move(activity, "cancellation", {"reason": "场地维修"}).json()
    assert (off["status"], off["called_off"]) == ("ended", "场地维修")
    assert [place["status"] for place in one.places()] == ["placed", "called_off"]
    assert one.told() == ["called_off"]
    first = activity["shifts"][0]
    body = {
        "volunteer_no": one.record["volunteer_no"],
        "came_at": first["starts_at"],
        "left_at": first["ends_at"],
        "reason": "未带手机",
    }
    key = {"Idempotency-Key": "written-down-later"}
    written = organiser.ask("POST", f"shifts/{first['shift_id']}/attendance", body, **key)
    assert (written.status_code, written.json()["minutes"]) == (201, 180)


def test_what_is_called_off_after_somebody_came_has_ended(organiser: Organiser, helper: Volunteer) -> None:
    one, other = helper(54), helper(55)
    day = Day(organiser, one)
    other.joined(day.activity)
    day.at(-30)
    assert day.check("in").status_code == 201
    off = organiser.move(day.activity, "cancellation", {"reason": "场地停电"}).json()
    assert (off["status"], off["called_off"]) == ("ended", "场地停电")
    assert [place["status"] for place in (*one.places(), *other.places())] == ["placed", "called_off"]
    assert (one.told(), other.told()) == ([], ["called_off"])


def test_others_places_are_not_found(organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published()
    mine, stranger = helper(61), helper(62)
    place = mine.joined(activity)
    assert stranger.places() == []
    assert stranger.move(place, "cancellation").status_code == 404
    path = f"shifts/{activity['shifts'][0]['shift_id']}/signups"
    assert [row["volunteer_no"] for row in organiser.ask("GET", path).json()["items"]] == [
        mine.record["volunteer_no"]
    ]
    assert Organiser(organiser.api, DONGSHAN).ask("GET", path).json()["items"] == []


def test_a_role_is_never_overbooked_however_many_come_at_once(
    api: Api, organiser: Organiser, helper: Volunteer
) -> None:
    activity = organiser.published(shifts=[shift(capacity=3)])
    crowd = [helper(n) for n in range(71, 83)]
    with ThreadPoolExecutor(12) as at_once:
        answers = list(at_once.map(lambda one: one.join(activity, wait=True), crowd))
    statuses = [answer.json()["status"] for answer in answers]
    assert sorted(statuses) == ["placed"] * 3 + ["waiting"] * 9
    assert sorted(answer.json()["position"] or 0 for answer in answers)[:3] == [0, 0, 0]
    shown = api.client.get(f"{BASE}/activities/{activity['activity_id']}").json()
    assert shown["shifts"][0]["roles"][0]["taken"] == 3


def test_one_person_takes_one_of_two_shifts_at_the_same_time_however_fast(
    organiser: Organiser, helper: Volunteer
) -> None:
    one, other = organiser.published(), organiser.published()
    wang = helper(91)
    with ThreadPoolExecutor(2) as at_once:
        answers = list(at_once.map(wang.join, (one, other)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_a_shift_that_began_is_left_as_it_is(api: Api, organiser: Organiser, helper: Volunteer) -> None:
    activity = organiser.published()
    early, late = helper(95), helper(96)
    place = early.joined(activity)
    api.clock.pass_(days=1, minutes=1)
    assert late.join(activity).status_code == 409
    assert early.move(place, "cancellation").status_code == 409


def test_what_was_read_of_an_activity_is_what_if_match_takes(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    activity = organiser.published(shifts=[shift(capacity=1)])
    address = f"{BASE}/activities/{activity['activity_id']}"
    before = api.client.get(address).headers["etag"]
    helper.joined(activity)
    seen = api.client.get(address).headers["etag"]
    assert seen != before, "the places left have changed"
    assert api.client.get(address, headers={"If-None-Match": seen}).status_code == 304
    path = f"activities/{activity['activity_id']}/cancellation"
    off = organiser.ask("POST", path, {"reason": "台风预警"}, **{"If-Match": seen})
    assert (off.status_code, off.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize("capacity", [True, "2", 1.0, 0, 2**80])
def test_a_capacity_is_a_whole_number(organiser: Organiser, capacity: object) -> None:
    at = {**shift(), "roles": [{"name": "陪伴员", "capacity": capacity}]}
    assert wrong_fields(organiser.draft(shifts=[at])) == {"shifts.0.roles.0.capacity"}


@pytest.mark.parametrize(
    ("hours", "fits"), [(14 / 60, False), (0.25, True), (24, True), (24.01, False), (24 * 365.0, False)]
)
def test_a_shift_is_neither_a_moment_nor_a_year(organiser: Organiser, hours: float, fits: bool) -> None:
    answer = organiser.draft(shifts=[shift(), shift(days=3, hours=hours)])
    assert answer.status_code == 201 if fits else wrong_fields(answer) == {"shifts.1.ends_at"}


def test_a_shift_longer_than_shifts_may_be_now_is_not_published_nor_joined(open_service: Open) -> None:
    with open_service(longest_shift_hours=168) as api:
        draft = Organiser(api).drafted(shifts=[shift(hours=160)])
        public = Organiser(api).published(shifts=[shift(hours=160, capacity=1)])
        first, second = Helper.registered(api, 31), Helper.registered(api, 32)
        place = first.joined(public)
        second.joined(public, wait=True)
    with open_service() as api:
        first.api = second.api = api
        assert wrong_fields(Organiser(api).move(draft, "publication")) == {"shifts.0.ends_at"}
        refused = Helper.registered(api, 33).join(public, wait=True)
        assert (refused.status_code, "longer" in refused.json()["detail"]) == (409, True)
        assert first.move(place, "cancellation").status_code == 200
        api.quiet()
        offered = second.places()[0]
        assert offered["status"] == "offered"
        assert second.move(offered, "acceptance").status_code == 409


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-01T03:00:00+14:00"),
        ("9999-12-31T20:00:00Z", "9999-12-31T23:00:00Z"),
    ],
)
def test_a_shift_lies_within_reach(api: Api, starts_at: str, ends_at: str) -> None:
    answer = Organiser(api).draft(shifts=[{**shift(), "starts_at": starts_at, "ends_at": ends_at}])
    assert wrong_fields(answer) == {"shifts.0.starts_at", "shifts.0.ends_at"}
