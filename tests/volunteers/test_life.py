"""What becomes of a registration: a guardian's word, suspension and appeal, another community, return."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.timers import Timer
from testkit.api import DONGSHAN, KAIYUAN, MONDAY, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import BASE, Citizen, answer_ward, leave, post_form, sign_up, wrong_fields
from volunteers.test_metrics import TODAY, TOMORROW, rebuilt, registered

PARENT, STRANGER = Citizen(30), Citizen(33)
CHILD = Citizen(20, date(2014, 6, 1))
STREET, DISTRICT = XIAN[:9], XIAN[:6]


def child_of(api: Api, guardian: Citizen = PARENT, **changes: Any) -> dict[str, Any]:
    return sign_up(api, CHILD, guardian=guardian.as_guardian(), **changes)


def mine(api: Api, citizen: Citizen) -> Response:
    return api.client.get(f"{BASE}/people/me", headers=citizen.headers(api))


def of_staff(
    api: Api, role: Role, area: str, path: str, body: Any = None, seen: int | None = None
) -> Response:
    headers = api.people.headers(role, area)
    if seen is None:
        return api.client.get(f"{BASE}/{path}", headers=headers)
    return api.client.post(f"{BASE}/{path}", json=body, headers={**headers, "If-Match": f'"{seen}"'})


def of_ones_own(api: Api, citizen: Citizen, path: str, body: Any = None, seen: int = 1) -> Response:
    headers = {**citizen.headers(api), "If-Match": f'"{seen}"'}
    return api.client.post(f"{BASE}/{path}", json=body, headers=headers)


def test_a_minor_is_registered_by_the_guardians_own_word(api: Api) -> None:
    child = child_of(api)
    assert (child["status"], registered(api, XIAN)) == ("verified", 0)
    assert answer_ward(api, STRANGER, child).status_code == 404
    assert answer_ward(api, CHILD, child).status_code == 404, "by the child's phone"
    seen = api.client.get(f"{BASE}/wards/{child['volunteer_no']}", headers=PARENT.headers(api)).json()
    assert seen["purposes"] == ["registration", "service_records", "participation"]
    assert not any(secret in str(seen) for secret in CHILD.secrets())
    assert mine(api, CHILD).json()["particulars"]["consents"] == [], "nobody has agreed yet"
    agreed = answer_ward(api, PARENT, child).json()
    assert (agreed["status"], agreed["answer_by"], registered(api, XIAN)) == ("registered", None, 1)
    assert answer_ward(api, PARENT, child).status_code == 409
    consents = mine(api, CHILD).json()["particulars"]["consents"]
    assert {consent["given_by"] for consent in consents} == {"guardian"}


def test_the_community_verifies_before_or_after_the_guardian_agrees(open_service: Open) -> None:
    with open_service(verification="community") as api:
        child = child_of(api)
        assert answer_ward(api, PARENT, child).json()["status"] == "registering"
        path = f"people/{child['volunteer_no']}/verification"
        verified = of_staff(api, Role.WINDOW_CLERK, XIAN, path, {"outcome": "confirmed"}, 2)
        assert verified.json()["status"] == "registered"


def test_what_nobody_verifies_in_time_lapses_and_is_forgotten(open_service: Open) -> None:
    with open_service(verification="community") as api:
        sign_up(api, STRANGER)
        api.clock.pass_(days=59)
        api.quiet()
        assert mine(api, STRANGER).json()["status"] == "registering"
        api.clock.pass_(days=1)
        api.quiet()
        assert mine(api, STRANGER).status_code == 404
        assert post_form(api, STRANGER, key="once-again").status_code == 201


def test_a_guardian_has_a_phone_of_their_own(api: Api) -> None:
    answer = post_form(api, CHILD, guardian=PARENT.as_guardian(phone=CHILD.phone))
    assert wrong_fields(answer) == {"guardian.phone"}


def test_without_a_guardians_word_a_registration_lapses_and_is_forgotten(api: Api) -> None:
    child_of(api)
    api.clock.pass_(days=13)
    api.tick()
    assert mine(api, CHILD).json()["status"] == "verified"
    api.clock.pass_(days=1)
    api.tick()
    assert mine(api, CHILD).status_code == 404
    again = post_form(api, CHILD, key="once-again", guardian=PARENT.as_guardian())
    assert again.status_code == 201, "a late guardian keeps nobody away"
    answer_ward(api, PARENT, again.json())
    api.clock.pass_(days=30)
    api.tick()
    assert mine(api, CHILD).json()["status"] == "registered"


def test_a_guardian_who_refuses_ends_it_and_what_nobody_agreed_to_is_erased(api: Api) -> None:
    assert answer_ward(api, PARENT, child_of(api), "refusal").json()["status"] == "left"
    assert mine(api, CHILD).status_code == 404


def test_a_guardian_may_take_the_word_back(api: Api) -> None:
    child = child_of(api)
    answer_ward(api, PARENT, child)
    assert answer_ward(api, PARENT, child, "refusal").json()["status"] == "left"
    kept = mine(api, CHILD).json()
    assert (kept["status"], registered(api, XIAN)) == ("left", 0)
    body = {"consent": ["registration"]}
    back = of_ones_own(api, CHILD, f"people/{child['volunteer_no']}/return", body, kept["version"])
    assert back.status_code == 409, "only by registering anew, with the guardian"


NEARLY = Citizen(22, date(2008, 11, 25))


def test_nobody_is_the_guardian_of_a_grown_up(api: Api) -> None:
    waits = sign_up(api, Citizen(24, date(2008, 11, 25)), guardian=PARENT.as_guardian())
    youth = sign_up(api, NEARLY, guardian=PARENT.as_guardian())
    answer_ward(api, PARENT, youth)
    api.clock.pass_(days=3)
    assert answer_ward(api, PARENT, youth, "refusal").status_code == 404
    api.tick()
    grown = mine(api, NEARLY).json()
    assert (grown["status"], grown["capacity"]) == ("registered", "adult")
    assert grown["particulars"]["guardian"] is None
    api.clock.pass_(days=30)
    api.tick()
    alone = of_staff(api, Role.COMMUNITY_MANAGER, XIAN, f"people/{waits['volunteer_no']}").json()
    assert (alone["status"], alone["capacity"]) == ("registered", "adult"), "no guardian is waited for"


def timers(api: Api) -> set[str]:
    return api.system(lambda unit: set(unit.session.scalars(select(Timer.kind))))


@pytest.mark.parametrize("way", ["departure", "verification"])
def test_what_no_guardian_agreed_to_goes_with_the_child(api: Api, way: str) -> None:
    child = child_of(api)
    if way == "departure":
        assert leave(api, CHILD, child).status_code == 200
    else:
        path, found = f"people/{child['volunteer_no']}/{way}", {"outcome": "disproved", "reason": "不是本人"}
        assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, found, child["version"]).status_code == 200
    api.tick()
    assert mine(api, CHILD).status_code == 404
    assert timers(api).isdisjoint({"guardian.overdue", "volunteer.of_age"}), "nothing is tried for ever"


def test_a_silent_guardian_ends_a_return_and_erases_nothing_that_was_agreed_to(api: Api) -> None:
    child = child_of(api)
    answer_ward(api, PARENT, child)
    gone = leave(api, CHILD, mine(api, CHILD).json()).json()
    path, body = f"people/{child['volunteer_no']}/return", {"consent": ["registration"]}
    assert of_ones_own(api, CHILD, path, body, gone["version"]).json()["status"] == "verified"
    api.clock.pass_(days=14)
    api.tick()
    kept = mine(api, CHILD).json()
    assert (kept["volunteer_no"], kept["status"]) == (child["volunteer_no"], "left")
    assert kept["particulars"]["name"] == CHILD.name


@pytest.fixture
def helper(api: Api) -> Helper:
    return Helper.registered(api, 50)


def suspended(api: Api, helper: Helper, by: str = XIAN) -> Response:
    path = f"people/{helper.record['volunteer_no']}/suspension"
    seen = mine(api, helper.citizen).json()["version"]
    return of_staff(api, Role.COMMUNITY_MANAGER, by, path, {"reason": "多次无故缺席"}, seen)


def suspension_of(api: Api, helper: Helper) -> dict[str, Any]:
    path = f"{BASE}/people/{helper.record['volunteer_no']}/suspensions"
    found: dict[str, Any] = api.client.get(path, headers=helper.citizen.headers(api)).json()["items"][0]
    return found


def test_who_is_suspended_knows_why_by_whom_and_gives_up_what_is_to_come(api: Api, helper: Helper) -> None:
    organiser = Organiser(api)
    activity = organiser.published(shifts=[shift(capacity=1)])
    other = Helper.registered(api, 51)
    helper.joined(activity)
    other.joined(activity, wait=True)
    assert suspended(api, helper, by=KAIYUAN).status_code == 404
    assert suspended(api, helper).json()["status"] == "suspended"
    assert suspended(api, helper).status_code == 409
    told = suspension_of(api, helper)
    assert (told["reason"], told["by"]) == ("多次无故缺席", f"community_manager-{XIAN}-none")
    assert registered(api, XIAN) == 1
    api.tick()
    api.tick()
    assert [place["status"] for place in helper.places()] == ["cancelled"]
    assert [place["status"] for place in other.places()] == ["offered"]
    assert (helper.told(), other.told()) == (["given_up"], ["offered"])
    assert "only registered" in helper.join(organiser.published(shifts=[shift(days=3)])).json()["detail"]


def test_an_appeal_is_heard_once_and_by_others(api: Api, helper: Helper) -> None:
    suspended(api, helper)
    told = suspension_of(api, helper)
    path = f"suspensions/{told['suspension_id']}"
    ruling = {"outcome": "lifted", "reason": "当日确有急事"}
    assert of_staff(api, Role.STREET_SUPERVISOR, STREET, f"{path}/ruling", ruling, 1).status_code == 409
    assert of_ones_own(api, STRANGER, f"{path}/appeal", {"statement": "我的"}).status_code == 404
    appealed = of_ones_own(api, helper.citizen, f"{path}/appeal", {"statement": "当日住院"}).json()
    assert (appealed["appeal"], appealed["version"]) == ("当日住院", 2)
    assert of_ones_own(api, helper.citizen, f"{path}/appeal", {"statement": "再说"}, 2).status_code == 409
    assert of_staff(api, Role.COMMUNITY_MANAGER, XIAN, f"{path}/ruling", ruling, 2).status_code == 403
    assert of_staff(api, Role.STREET_SUPERVISOR, DONGSHAN[:9], f"{path}/ruling", ruling, 2).status_code == 404
    ruled = of_staff(api, Role.STREET_SUPERVISOR, STREET, f"{path}/ruling", ruling, 2).json()
    assert (ruled["outcome"], ruled["ruling"], ruled["ended_at"] is None) == ("lifted", "当日确有急事", False)
    assert (mine(api, helper.citizen).json()["status"], registered(api, XIAN)) == ("registered", 1)


def test_an_upheld_suspension_lasts_until_it_is_ended(api: Api, helper: Helper) -> None:
    suspended(api, helper)
    path = f"suspensions/{suspension_of(api, helper)['suspension_id']}"
    of_ones_own(api, helper.citizen, f"{path}/appeal", {"statement": "不对"})
    ruling = {"outcome": "upheld", "reason": "情况属实"}
    assert (
        of_staff(api, Role.DISTRICT_ADMIN, DISTRICT, f"{path}/ruling", ruling, 2).json()["ended_at"] is None
    )
    assert of_staff(api, Role.DISTRICT_ADMIN, DISTRICT, f"{path}/ruling", ruling, 3).status_code == 409
    seen = mine(api, helper.citizen).json()
    back = f"people/{helper.record['volunteer_no']}/resumption"
    assert (
        of_staff(api, Role.COMMUNITY_MANAGER, XIAN, back, None, seen["version"]).json()["status"]
        == "registered"
    )
    assert suspension_of(api, helper)["ended_at"] is not None
    assert suspended(api, helper).json()["status"] == "suspended", "a new one is a new one"


def test_who_moves_counts_in_the_new_community_from_that_day(api: Api, helper: Helper) -> None:
    before = registered(api, KAIYUAN)
    api.clock.pass_(days=1)
    path = f"people/{helper.record['volunteer_no']}/move"
    assert wrong_fields(of_ones_own(api, helper.citizen, path, {"community": XIAN})) == {"community"}
    unknown = of_ones_own(api, helper.citizen, path, {"community": "330902009999"})
    assert wrong_fields(unknown) == {"community"}
    moved = of_ones_own(api, helper.citizen, path, {"community": KAIYUAN}).json()
    assert (moved["community"], moved["volunteer_no"]) == (KAIYUAN, helper.record["volunteer_no"])
    for _ in ("as counted", "as rebuilt from the steps"):
        assert (registered(api, XIAN), registered(api, XIAN, to=TOMORROW)) == (1, 0)
        assert (registered(api, KAIYUAN), registered(api, KAIYUAN, to=TOMORROW)) == (before, before + 1)
        rebuilt(api)
    number = helper.record["volunteer_no"]
    assert of_staff(api, Role.COMMUNITY_MANAGER, XIAN, f"people/{number}").status_code == 404
    assert of_staff(api, Role.COMMUNITY_MANAGER, KAIYUAN, f"people/{number}").status_code == 200


def test_who_left_comes_back_under_the_same_number(api: Api, helper: Helper) -> None:
    number = helper.record["volunteer_no"]
    gone = leave(api, helper.citizen, helper.record).json()
    api.clock.pass_(days=1)
    nothing = of_ones_own(api, helper.citizen, f"people/{number}/return", {"consent": []}, gone["version"])
    assert wrong_fields(nothing) == {"consent"}
    body = {"consent": ["registration", "activity_notices"]}
    back = of_ones_own(api, helper.citizen, f"people/{number}/return", body, gone["version"])
    assert (back.json()["status"], back.json()["registered_at"]) == (
        "registered",
        helper.record["registered_at"],
    )
    consents = mine(api, helper.citizen).json()["particulars"]["consents"]
    assert {consent["purpose"] for consent in consents} == set(body["consent"])
    assert (registered(api, XIAN, to=TODAY), registered(api, XIAN, to=TOMORROW)) == (0, 1)


def test_one_person_is_there_once_however_they_come_back(api: Api, helper: Helper) -> None:
    gone = leave(api, helper.citizen, helper.record).json()
    anew = sign_up(api, helper.citizen, key="form-anew")
    path, body = f"people/{gone['volunteer_no']}/return", {"consent": ["registration"]}
    back = of_ones_own(api, helper.citizen, path, body, gone["version"])
    assert back.json()["type"].endswith("already-registered")
    assert leave(api, helper.citizen, anew).status_code == 200
    assert of_ones_own(api, helper.citizen, path, body, gone["version"]).status_code == 200
    assert mine(api, helper.citizen).json()["volunteer_no"] == gone["volunteer_no"]


def test_a_minor_who_returns_asks_the_guardian_again_until_of_age(api: Api) -> None:
    child = child_of(api)
    answer_ward(api, PARENT, child)
    path, body = f"people/{child['volunteer_no']}/return", {"consent": ["registration"]}
    gone = leave(api, CHILD, mine(api, CHILD).json()).json()
    back = of_ones_own(api, CHILD, path, body, gone["version"]).json()
    assert back["status"] == "verified"
    assert answer_ward(api, PARENT, child).json()["status"] == "registered"
    gone = leave(api, CHILD, mine(api, CHILD).json()).json()
    api.clock.now = MONDAY + timedelta(days=7 * 366)
    grown = of_ones_own(api, CHILD, path, body, gone["version"]).json()
    assert (grown["status"], grown["capacity"]) == ("registered", "adult")
    assert mine(api, CHILD).json()["particulars"]["guardian"] is None


def went_and_came_back(api: Api, helper: Helper) -> Response:
    gone = leave(api, helper.citizen, mine(api, helper.citizen).json()).json()
    path = f"people/{gone['volunteer_no']}/return"
    return of_ones_own(api, helper.citizen, path, {"consent": ["registration"]}, gone["version"])


def registered_anew(api: Api, helper: Helper) -> Response:
    leave(api, helper.citizen, mine(api, helper.citizen).json())
    return post_form(api, helper.citizen, key="form-anew")


def erased_and_registered_anew(api: Api, helper: Helper) -> Response:
    seen = mine(api, helper.citizen).json()
    of_ones_own(api, helper.citizen, f"people/{seen['volunteer_no']}/erasure", {}, seen["version"])
    return post_form(api, helper.citizen, key="form-anew", after_erasure=True)


@pytest.mark.parametrize("way", [went_and_came_back, registered_anew, erased_and_registered_anew])
def test_no_way_round_shakes_a_suspension_off(
    api: Api, helper: Helper, way: Callable[[Api, Helper], Response]
) -> None:
    suspended(api, helper)
    back = way(api, helper).json()
    assert (back["status"], registered(api, XIAN)) == ("suspended", 0)
    helper.record = back
    told = suspension_of(api, helper)
    assert (told["volunteer_no"], told["ended_at"]) == (back["volunteer_no"], None)
    path = f"suspensions/{told['suspension_id']}"
    appealed = of_ones_own(api, helper.citizen, f"{path}/appeal", {"statement": "已改正"}, told["version"])
    ruling = {"outcome": "lifted", "reason": "确已改正"}
    seen = appealed.json()["version"]
    assert of_staff(api, Role.DISTRICT_ADMIN, DISTRICT, f"{path}/ruling", ruling, seen).status_code == 200
    now = mine(api, helper.citizen).json()
    assert (now["status"], now["registered_at"] is None, registered(api, XIAN)) == ("registered", False, 1)
    assert went_and_came_back(api, helper).json()["status"] == "registered", "it is over"


def test_a_suspension_is_lifted_although_the_volunteer_left(api: Api, helper: Helper) -> None:
    suspended(api, helper)
    path = f"suspensions/{suspension_of(api, helper)['suspension_id']}"
    of_ones_own(api, helper.citizen, f"{path}/appeal", {"statement": "不对"})
    leave(api, helper.citizen, mine(api, helper.citizen).json())
    ruling = {"outcome": "lifted", "reason": "情况不实"}
    lifted = of_staff(api, Role.DISTRICT_ADMIN, DISTRICT, f"{path}/ruling", ruling, 2)
    assert (lifted.status_code, mine(api, helper.citizen).json()["status"]) == (200, "left")
    assert registered_anew(api, helper).json()["status"] == "registered"


def test_a_suspension_does_not_pass_to_whoever_the_document_really_belongs_to(
    api: Api, helper: Helper
) -> None:
    suspended(api, helper)
    seen = mine(api, helper.citizen).json()
    found = {"outcome": "disproved", "reason": "证件不是本人的"}
    path = f"people/{seen['volunteer_no']}/verification"
    assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, found, seen["version"]).json()["status"] == "left"
    assert post_form(api, helper.citizen, key="the-owner").json()["status"] == "registered"
