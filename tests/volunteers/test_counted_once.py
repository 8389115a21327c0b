"""The same minutes of a volunteer count once, whichever way they were recorded."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.records.models import CountedSpan
from onewindow_volunteers.records.spans import Span, first_minutes, minutes_of, without
from testkit.api import MONDAY, XIAN, Api
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import leave, post_form, wrong_fields
from volunteers.test_attending import merged, walked_in
from volunteers.test_life import mine
from volunteers.test_needs import TOLD, accepted, by_resident, went
from volunteers.test_records import Day, boss, hours, move


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.fixture
def helper(api: Api) -> Helper:
    return Helper.registered(api, 14)


def test_whoever_has_come_cancels_no_more(api: Api, organiser: Organiser, helper: Helper) -> None:
    day = Day(organiser, helper)
    day.at(-30)
    assert day.check("in").status_code == 201
    refused = helper.move(day.place, "cancellation")
    assert (refused.status_code, refused.json()["state"]) == (409, "checked_in")
    day.at(180)
    assert day.check("out").json()["minutes"] == 180
    again = walked_in(organiser, day.activity).json()
    assert merged(organiser, again, helper.record).json()["type"].endswith("recorded-already")
    assert hours(helper) == (0, 180)


def test_a_place_is_kept_for_whoever_has_come_and_left_the_volunteers(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    day = Day(organiser, helper, capacity=1)
    other = Helper.registered(api, 15)
    other.joined(day.activity, wait=True)
    day.at(-30)
    day.check("in")
    seen = helper.ask("GET", "people/me").json()
    path = f"people/{seen['volunteer_no']}/departure"
    headers = {**helper.citizen.headers(api), "If-Match": f'"{seen["version"]}"'}
    assert api.client.post(f"/api/volunteers/v1/{path}", headers=headers).status_code == 200
    api.tick()
    api.tick()
    assert [place["status"] for place in other.places()] == ["waiting"]


def test_what_a_walk_in_or_a_second_place_adds_is_what_was_left(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    same, longer = (organiser.published(shifts=[shift(hours=n)]) for n in (2, 4))
    over = organiser.published(shifts=[shift(starts=2.5, hours=2)])
    first = Day(organiser, helper).served(left=180)
    assert organiser.place(helper.record, over, "人手不足").status_code == 409, "it has begun"
    api.clock.pass_(hours=2)
    refused = merged(organiser, walked_in(organiser, same, "walk-in-2").json(), helper.record)
    assert refused.json()["type"].endswith("counted-elsewhere")
    assert merged(organiser, walked_in(organiser, longer).json(), helper.record).status_code == 200
    [record, _] = helper.ask("GET", "records").json()["items"]
    assert (record["minutes"], record["elsewhere_minutes"]) == (60, 180)
    assert move(organiser.ask, record, "confirmation").status_code == 200
    assert move(organiser.ask, first, "confirmation").status_code == 200
    assert hours(helper) == (240, 0), "four hours on four hours of the clock"


def test_two_places_at_once_give_the_hours_of_one(api: Api, organiser: Organiser, helper: Helper) -> None:
    other = organiser.published(shifts=[shift()])
    day = Day(organiser, helper)
    offered = organiser.place(helper.record, other, "两处相邻，兼顾").json()
    assert helper.move(offered, "acceptance").status_code == 200
    assert day.served()["minutes"] == 180
    at = other["shifts"][0]
    body = {
        "volunteer_no": helper.record["volunteer_no"],
        "came_at": at["starts_at"],
        "left_at": (day.starts_at + timedelta(minutes=170)).isoformat(),
        "reason": "签到表有签名",
    }
    path = f"shifts/{at['shift_id']}/attendance"
    refused = organiser.ask("POST", path, body, **{"Idempotency-Key": "write-down-1"})
    assert refused.json()["type"].endswith("counted-elsewhere")
    assert hours(helper) == (0, 180)


def test_help_for_a_resident_during_a_shift_counts_once(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 14, consent=TOLD)
    day = Day(organiser, helper)
    day.at(-60)
    told = accepted(organiser, helper)
    day.served()
    day.at(240)
    gave = {"came_at": day.starts_at.isoformat(), "left_at": api.clock.now.isoformat()}
    done = went(helper.ask, told, "completion", gave)
    assert by_resident(api, {**done, "code": told["code"]}, "confirmations").status_code == 200
    [helped, _] = helper.ask("GET", "records").json()["items"]
    assert (helped["minutes"], helped["elsewhere_minutes"]) == (60, 180)


def test_what_was_served_under_an_earlier_number_counts_no_second_time(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    first, longer = organiser.published(shifts=[shift()]), organiser.published(shifts=[shift(hours=4)])
    api.clock.pass_(days=1, hours=5)
    earlier = walked_in(organiser, first, "walk-in-1").json()
    same, more = (
        walked_in(organiser, one, f"walk-in-of-{n}").json() for n, one in enumerate((first, longer))
    )
    assert merged(organiser, earlier, helper.record).status_code == 200
    assert leave(api, helper.citizen, mine(api, helper.citizen).json()).status_code == 200
    now = Helper(api, helper.citizen, post_form(api, helper.citizen, key="registered-anew").json())
    refused = merged(organiser, same, now.record)
    assert refused.json()["type"].endswith("counted-elsewhere")
    assert merged(organiser, more, now.record).status_code == 200
    told = {one["volunteer_no"]: one["minutes"] for one in now.ask("GET", "records").json()["items"]}
    assert told == {helper.record["volunteer_no"]: 180, now.record["volunteer_no"]: 60}


def test_nobody_walked_in_under_a_number_that_had_ended(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    assert leave(api, helper.citizen, helper.record).status_code == 200
    activity = organiser.published(shifts=[shift()])
    api.clock.pass_(days=2)
    refused = merged(organiser, walked_in(organiser, activity).json(), helper.record)
    assert (refused.status_code, refused.json()["state"]) == (409, "left")


def test_a_ruling_finds_no_more_than_the_time_of_the_record(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    longer = organiser.published(shifts=[shift(hours=4)])
    record = Day(organiser, helper).served(left=120)
    api.clock.pass_(hours=3)
    merged(organiser, walked_in(organiser, longer).json(), helper.record)
    said = {"minutes": 180, "evidence": "一直留到结束"}
    disputed = move(helper.ask, record, "dispute", said).json()
    street = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    beyond = {"minutes": 1440, "reason": "情况属实"}
    assert wrong_fields(move(street, disputed, "ruling", beyond)) == {"minutes"}
    counted = {"minutes": 150, "reason": "情况属实"}
    assert wrong_fields(move(street, disputed, "ruling", counted)) == {"minutes"}, "the walk-in counts them"
    fewer = move(street, disputed, "ruling", {"minutes": 100, "reason": "有一段不在"})
    assert (fewer.json()["minutes"], hours(helper)) == (100, (100, 120))


def test_the_database_lets_no_record_count_what_another_counts(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    Day(organiser, helper).served()

    def again(unit: Unit) -> None:
        span = unit.session.scalars(select(CountedSpan)).one()
        unit.session.add(
            CountedSpan(
                record_id=span.record_id,
                volunteer_id=span.volunteer_id,
                starts_at=span.ends_at - timedelta(minutes=1),
                ends_at=span.ends_at + timedelta(minutes=1),
            )
        )

    with pytest.raises(IntegrityError):
        api.system(again)


def span(start: int, length: int) -> Span:
    return MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length)


spans = st.lists(st.builds(span, st.integers(0, 200), st.integers(1, 60)), max_size=6)


def every_minute(of: list[Span]) -> set[int]:
    return {
        n for start, end in of for n in range(*((at - MONDAY) // timedelta(minutes=1) for at in (start, end)))
    }


@given(one=st.builds(span, st.integers(0, 200), st.integers(1, 90)), taken=spans, wanted=st.integers(0, 100))
def test_what_is_left_is_every_minute_that_is_not_taken(one: Span, taken: list[Span], wanted: int) -> None:
    left = without([one], taken)
    assert every_minute(left) == every_minute([one]) - every_minute(taken)
    assert minutes_of(left) == len(every_minute(left))
    begin = first_minutes(left, wanted)
    assert minutes_of(begin) == min(wanted, minutes_of(left))
    assert every_minute(begin) <= every_minute(left)
