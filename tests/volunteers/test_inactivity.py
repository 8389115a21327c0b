"""Whoever has not served for long is asked once whether they stay; without an answer they rest, erased never."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.messages import pause
from onewindow_volunteers.inactivity.rules import months_after
from testkit.api import XIAN, Api
from testkit.provider import Provider, providing
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import Citizen
from volunteers.test_certificates import confirmed
from volunteers.test_erasure import erase
from volunteers.test_life import mine, of_ones_own, of_staff, suspended
from volunteers.test_metrics import rebuilt, registered

ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.builds(datetime.combine, st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.times(), st.just(ZONE))


@given(at=MOMENTS, months=st.integers(1, 48))
def test_months_end_on_the_same_day_or_the_last_of_the_month(at: datetime, months: int) -> None:
    then = months_after(at.astimezone(timezone(timedelta(0))), months, ZONE)
    assert (then.year - at.year) * 12 + then.month - at.month == months
    assert then.day == at.day or (then.day < at.day and (then + timedelta(days=1)).day == 1)
    assert (then.hour, then.minute) == (at.hour, at.minute)


def test_the_29th_of_february_comes_back_on_the_28th() -> None:
    assert months_after(datetime(2028, 2, 29, 9, tzinfo=ZONE), 12, ZONE) == datetime(
        2029, 2, 28, 9, tzinfo=ZONE
    )


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as found:
        yield found


def links(provider: Provider) -> list[str]:
    return [urlsplit(message["link"]).path for message in provider.messages]


@pytest.fixture
def api(open_service: Open, provider: Provider) -> Iterator[Api]:
    with open_service(**provider.settings) as api:
        yield api


def send(api: Api) -> int:
    assert api.client.portal is not None
    sent: int = api.client.portal.call(api.app.state.sender.next)
    return sent


def asked(api: Api, provider: Provider) -> str:
    """Let the timers fire and what they want said be said; return the link."""
    api.quiet()
    assert (send(api), send(api)) == (1, 0), "once"
    return links(provider)[-1]


def status(api: Api, helper: Helper) -> str:
    found: str = mine(api, helper.citizen).json()["status"]
    return found


def test_whoever_follows_the_link_stays(api: Api, provider: Provider) -> None:
    helper = Helper.registered(api, 14)
    api.clock.pass_(days=364)
    api.quiet()
    assert send(api) == 0, "not before the months are over"
    api.clock.pass_(days=1)
    link = asked(api, provider)
    message = provider.messages[0]
    assert message["phone"] == helper.citizen.phone
    assert message["answer_by"] == "2027-12-23"
    assert not any(secret in link for secret in (*helper.citizen.secrets(), helper.record["volunteer_no"]))
    for _ in range(2):
        page = api.client.get(link)
        assert page.status_code == 200, page.text
        assert "script" not in page.text
        assert not any(secret in page.text for secret in helper.citizen.secrets())
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for _ in range(2):
        assert api.client.post(link).status_code == 200
    api.clock.pass_(days=60)
    api.quiet()
    assert (status(api, helper), send(api)) == ("registered", 0)
    api.clock.pass_(days=306)
    assert asked(api, provider) != link, "a year after the answer"


def test_without_an_answer_a_registration_rests_from_the_day_it_was_due(api: Api, provider: Provider) -> None:
    helper = Helper.registered(api, 14)
    api.clock.pass_(days=400)
    link = asked(api, provider)
    api.clock.pass_(days=50)
    assert api.client.post(link).status_code == 404, "too late, although the service was down"
    for dead in (link, f"{link}x", link[:-9]):
        page = api.client.get(dead)
        assert (page.status_code, "链接已经失效" in page.text) == (404, True)
        assert page.headers["content-type"].startswith("text/html")
    assert status(api, helper) == "registered"
    api.quiet()
    assert status(api, helper) == "left"
    for _ in range(2):
        days = ["2028-01-26", "2028-01-27"]
        counts = [registered(api, XIAN, **{"from": day, "to": day}) for day in days]
        assert counts == [1, 0], "from the day by which the answer was due, not from the day it was noticed"
        rebuilt(api)
    kept = mine(api, helper.citizen).json()
    assert kept["particulars"]["name"] == helper.citizen.name, "nothing is erased"
    path = f"people/{helper.record['volunteer_no']}/return"
    back = of_ones_own(api, helper.citizen, path, {"consent": ["registration"]}, kept["version"])
    assert (back.status_code, back.json()["status"]) == (200, "registered"), back.text
    api.quiet()
    assert send(api) == 0, "asked again only after as many months"


def test_serving_or_signing_up_is_an_answer(api: Api, provider: Provider) -> None:
    helper = Helper.registered(api, 14)
    confirmed(Organiser(api), helper)
    api.clock.pass_(days=364)
    api.quiet()
    assert send(api) == 0, "the months run from the last service"
    api.clock.pass_(days=10)
    asked(api, provider)
    helper.joined(Organiser(api).published(shifts=[shift(days=500)]))
    api.clock.pass_(days=40)
    api.quiet()
    assert status(api, helper) == "registered"


def test_what_was_not_taken_over_is_sent_again_under_its_number(api: Api, provider: Provider) -> None:
    helper = Helper.registered(api, 14)
    api.clock.pass_(days=366)
    api.quiet()
    provider.broken = True
    assert (send(api), send(api)) == (1, 0), "it waits"
    api.clock.pass_(days=90)
    api.quiet()
    assert status(api, helper) == "registered", "nobody rests who was not asked"
    provider.broken = False
    assert send(api) == 1
    assert len(set(provider.numbers)) == 1
    assert provider.messages[-1]["answer_by"] == "2028-03-23", "the days run from the sending"


def test_a_letter_that_is_not_taken_over_keeps_no_other_waiting(api: Api, provider: Provider) -> None:
    first = Helper.registered(api, 14)
    Helper.registered(api, 15)
    api.clock.pass_(days=366)
    api.quiet()
    provider.refuses = lambda message: message["phone"] == first.citizen.phone
    assert [send(api) for _ in range(3)] == [1, 1, 0]
    api.clock.pass_(minutes=1)
    provider.refuses = lambda _: False
    assert (send(api), send(api)) == (1, 0)
    phones = [message["phone"] for message in provider.messages]
    assert sorted(phones) == sorted([first.citizen.phone, first.citizen.phone, Citizen(15).phone])


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 360), (10_000, 360)])
def test_a_letter_waits_twice_as_long_each_time(tries: int, minutes: int) -> None:
    assert pause(tries) == timedelta(minutes=minutes)


def test_nobody_is_asked_who_no_longer_serves(api: Api) -> None:
    gone, halted = Helper.registered(api, 14), Helper.registered(api, 15)
    assert erase(api, gone).status_code == 200
    suspended(api, halted)
    api.clock.pass_(days=800)
    api.quiet()
    assert send(api) == 0


def test_where_nothing_can_be_sent_nobody_is_asked(open_service: Open) -> None:
    with open_service(embedded=False) as api:
        helper = Helper.registered(api, 14)
        path, found = f"people/{helper.record['volunteer_no']}/verification", {"outcome": "confirmed"}
        assert of_staff(api, Role.COMMUNITY_MANAGER, XIAN, path, found, seen=1).status_code == 200
        api.clock.pass_(days=800)
        api.tick()
        assert (status(api, helper), send(api)) == ("registered", 0)


def test_whoever_left_before_it_was_sent_is_not_asked_even_if_they_come_back(api: Api) -> None:
    helper = Helper.registered(api, 14)
    api.clock.pass_(days=366)
    api.quiet()
    seen, number = mine(api, helper.citizen).json()["version"], helper.record["volunteer_no"]
    assert of_ones_own(api, helper.citizen, f"people/{number}/departure", seen=seen).status_code == 200
    assert send(api) == 0
    api.clock.pass_(minutes=1)
    back = {"consent": ["registration", "service_records"]}
    assert of_ones_own(api, helper.citizen, f"people/{number}/return", back, seen + 1).status_code == 200
    assert send(api) == 0


def test_whoever_is_suspended_is_not_told_that_they_stay(api: Api, provider: Provider) -> None:
    helper = Helper.registered(api, 14)
    api.clock.pass_(days=366)
    link = asked(api, provider)
    assert suspended(api, helper).status_code == 200
    assert [api.client.request(way, link).status_code for way in ("GET", "POST")] == [404, 404]
