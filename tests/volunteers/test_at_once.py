"""What happens at the same moment: of two requests about the same rows one sees all that the other did."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.exc import IntegrityError

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Signup
from testkit.api import XIAN, Api
from testkit.moments import Act, at_once
from volunteers.organiser import Helper, Organiser, shift
from volunteers.test_needs import TOLD, need, step
from volunteers.test_organisations import create, founded, path_of
from volunteers.test_privacy import everything
from volunteers.test_records import Day, boss, move


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.fixture
def helper(api: Api) -> Helper:
    return Helper.registered(api, 14)


def erasure(helper: Helper) -> Act:
    """Have oneself erased, as the same signed-in volunteer who does something else beside it."""
    seen = {"If-Match": f'"{helper.ask("GET", "people/me").json()["version"]}"'}
    return partial(helper.ask, "POST", f"people/{helper.record['volunteer_no']}/erasure", {}, **seen)


def call_off(organiser: Organiser, activity: dict[str, Any]) -> Response:
    return organiser.move(activity, "cancellation", {"reason": "台风预警"})


@pytest.mark.parametrize(("first", "stops_at"), [("sign_up", "shift_roles"), ("call_off", "audit")])
@pytest.mark.parametrize("wait", [False, True])
def test_who_signs_up_while_it_is_called_off_is_refused_or_told(
    api: Api, organiser: Organiser, helper: Helper, first: str, stops_at: str, wait: bool
) -> None:
    activity = organiser.published(shifts=[shift(days=3, capacity=1)])
    beside = organiser.published(shifts=[shift(days=3)])
    other = Helper.registered(api, 15)
    if wait:
        other.joined(activity)
    acts = {
        "sign_up": partial(helper.join, activity, wait=wait),
        "call_off": partial(call_off, organiser, activity),
    }
    order = sorted(acts, key=lambda name: name != first)
    came = dict(zip(order, at_once(api, stops_at, *(acts[name] for name in order)), strict=True))
    assert came["call_off"].status_code == 200, came["call_off"].text
    if came["sign_up"].status_code == 409:
        assert came["sign_up"].json()["type"].endswith("not-admitted")
        assert (helper.places(), helper.told()) == ([], [])
    else:
        assert [place["status"] for place in helper.places()] == ["called_off"]
        assert helper.told() == ["called_off"]
    assert helper.joined(beside)["status"] == "placed", "the time is free again"


@pytest.mark.parametrize(("first", "stops_at"), [("sign_up", "shift_roles"), ("erase", "audit")])
def test_an_erasure_beside_sign_ups_leaves_no_place_taken(
    api: Api, organiser: Organiser, helper: Helper, first: str, stops_at: str
) -> None:
    several = [organiser.published(shifts=[shift(days=day, capacity=1)]) for day in (3, 4, 5)]
    joins = [partial(helper.join, activity) for activity in several]
    acts: list[Act] = [*joins, erasure(helper)] if first == "sign_up" else [erasure(helper), *joins]
    at_once(api, stops_at, *acts)
    assert helper.places() == []
    others = [Helper.registered(api, 15 + n) for n in range(len(several))]
    assert [one.joined(activity)["status"] for one, activity in zip(others, several, strict=True)] == [
        "placed"
    ] * 3


def test_a_calendar_opened_twice_at_once_has_one_address(api: Api, helper: Helper) -> None:
    opened = partial(helper.ask, "POST", "people/me/calendar")
    withdrawn = partial(helper.ask, "DELETE", "people/me/calendar")
    addresses = []
    for acts in ((opened, opened), (opened, withdrawn, opened)):
        answers = at_once(api, "audit", *acts)
        assert [one.status_code for one in answers] == [204 if act is withdrawn else 200 for act in acts]
        addresses += [answer.json()["address"] for answer in answers if answer.status_code == 200]
    last = opened().json()["address"]
    assert [one for one in {*addresses, last} if api.client.get(one).status_code == 200] == [last]


def _joins(organiser: Organiser, helper: Helper) -> Act:
    team = founded(organiser)
    return partial(create, helper, path_of(team, "members"))


def _saves(organiser: Organiser, helper: Helper) -> Act:
    del organiser
    return partial(helper.ask, "POST", "time-bank/account", {}, **{"Idempotency-Key": "a-bank-account"})


def _opens_a_calendar(organiser: Organiser, helper: Helper) -> Act:
    del organiser
    return partial(helper.ask, "POST", "people/me/calendar")


def _is_offered_a_place(organiser: Organiser, helper: Helper) -> Act:
    activity = organiser.published(shifts=[shift(days=3)])
    return partial(organiser.place, helper.record, activity, "人手不足，先问一问")


def _is_asked_for_a_need(organiser: Organiser, helper: Helper) -> Act:
    told = need(organiser.api, skill="急救")
    who = {"volunteer_no": helper.record["volunteer_no"]}
    return partial(step, boss(organiser.api, Role.COMMUNITY_MANAGER, XIAN), told, "offer", who)


def _checks_in(organiser: Organiser, helper: Helper) -> Act:
    day = Day(organiser, helper)
    day.at(0)
    return partial(day.check, "in", code=day.code())


def _is_written_down(organiser: Organiser, helper: Helper) -> Act:
    day = Day(organiser, helper)
    day.at(200)
    at = day.activity["shifts"][0]
    times = {"came_at": at["starts_at"], "left_at": at["ends_at"]}
    body = {"volunteer_no": helper.record["volunteer_no"], "reason": "现场签到表有签名", **times}
    key = {"Idempotency-Key": "written-down"}
    return partial(organiser.ask, "POST", f"shifts/{at['shift_id']}/attendance", body, **key)


def _disputes(organiser: Organiser, helper: Helper) -> Act:
    record = Day(organiser, helper).served()
    return partial(move, helper.ask, record, "dispute", {"minutes": 100, "evidence": "我提前离开了"})


@pytest.mark.parametrize("first", ["act", "erase"])
@pytest.mark.parametrize(
    "acting",
    [
        _joins,
        _saves,
        _opens_a_calendar,
        _is_offered_a_place,
        _is_asked_for_a_need,
        _checks_in,
        _is_written_down,
        _disputes,
    ],
)
def test_nothing_written_beside_an_erasure_bears_the_account(
    api: Api, organiser: Organiser, acting: Callable[[Organiser, Helper], Act], first: str
) -> None:
    helper = Helper.registered(api, 14, consent=TOLD)
    both = [acting(organiser, helper), erasure(helper)]
    answers = at_once(api, "audit", *(both if first == "act" else reversed(both)))
    assert {answer.status_code for answer in answers} <= {200, 201, 404, 409}, [one.text for one in answers]
    kept = everything(api.runtime.settings.database_url.get_secret_value())
    bearing = {line.partition(":")[0] for line in kept.splitlines() if helper.citizen.subject in line}
    assert bearing <= {"audit", "idempotency_keys", "outbox"}
    assert "calendar_feeds:" not in kept


def test_a_reminder_beside_an_erasure_bears_nobodys_account(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    activity = organiser.published(shifts=[shift(days=3)])
    helper.joined(activity)
    api.clock.pass_(days=2)
    at_once(api, "audit", erasure(helper), api.tick)
    assert helper.told() == []
    assert helper.places() == []


def test_nobody_has_a_place_in_what_was_called_off_whatever_is_written(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    place = helper.joined(organiser.published())
    off = organiser.published(shifts=[shift(days=3)])
    call_off(organiser, off)

    def put(unit: Unit, **otherwise: Any) -> None:
        signup = unit.session.get_one(Signup, place["signup_id"])
        for name, value in otherwise.items():
            setattr(signup, name, value)
        unit.session.flush()

    for otherwise in (
        {"activity_id": off["activity_id"]},
        {"activity_id": off["activity_id"], "takes_place": False},
        {"subject": "somebody else"},
    ):
        with pytest.raises(IntegrityError):
            api.system(partial(put, **otherwise))
