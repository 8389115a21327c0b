"""Looking, verifying, leaving: who may do what with whom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import VolunteerRegistered
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.signup import BASE, Citizen, answer_ward, leave, sign_up

Asking = Callable[[Api, str, dict[str, str]], Response]
CONFIRMED = {"outcome": "confirmed"}


def read(api: Api, number: str, headers: dict[str, str]) -> Response:
    return api.client.get(f"{BASE}/people/{number}", headers=headers)


def verify(api: Api, number: str, headers: dict[str, str], **body: Any) -> Response:
    tag = {"If-Match": '"1"', **headers}
    return api.client.post(f"{BASE}/people/{number}/verification", json=body or CONFIRMED, headers=tag)


def depart(api: Api, number: str, headers: dict[str, str]) -> Response:
    return api.client.post(f"{BASE}/people/{number}/departure", headers={"If-Match": '"1"', **headers})


def disclose(api: Api, number: str, headers: dict[str, str]) -> Response:
    body = {"reason": "保险理赔"}
    return api.client.post(f"{BASE}/people/{number}/disclosure", json=body, headers=headers)


def listed(api: Api, headers: dict[str, str], **filters: Any) -> list[str]:
    answer = api.client.get(f"{BASE}/people", params=filters, headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["volunteer_no"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("ask", "role"),
    [
        (read, Role.WINDOW_CLERK),
        (read, Role.COMMUNITY_MANAGER),
        (verify, Role.WINDOW_CLERK),
        (verify, Role.COMMUNITY_MANAGER),
        (disclose, Role.COMMUNITY_MANAGER),
    ],
)
def test_volunteers_of_another_area_do_not_exist(api: Api, wang: Citizen, ask: Asking, role: Role) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    for area in (KAIYUAN, "330902003", DONGSHAN, "110101", None):
        answer = ask(api, number, api.people.headers(role, area))
        assert answer.status_code == 404, area
        assert answer.headers["content-type"] == "application/problem+json"


def test_volunteers_of_ones_area_are_shown_masked(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    for area in (XIAN, "330902002", "330902", "330902000000"):
        answer = read(api, volunteer["volunteer_no"], api.people.headers(Role.AUDITOR, area))
        assert answer.json() == volunteer
        assert not any(secret in answer.text for secret in wang.secrets())


def test_another_residents_record_does_not_exist(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    for ask in (read, depart):
        assert ask(api, number, Citizen(8).headers(api)).status_code == 404


REFUSED: list[tuple[Asking, Role, str | None]] = [
    (read, Role.AGENT_OFFICER, XIAN),
    (read, Role.DEPARTMENT_OFFICER, "330902"),
    (read, Role.SERVICE_CLIENT, "330902"),
    (verify, Role.AUDITOR, "330902"),
    (verify, Role.RESIDENT, None),
    (depart, Role.COMMUNITY_MANAGER, XIAN),
    (disclose, Role.WINDOW_CLERK, XIAN),
    (disclose, Role.DISTRICT_ADMIN, "330902"),
    (disclose, Role.RESIDENT, None),
]
WAYS: list[Asking] = [read, verify, depart, disclose]


def test_roles_without_the_permission_are_refused(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    for ask, role, area in REFUSED:
        assert ask(api, number, api.people.headers(role, area)).status_code == 403, (ask, role)


def test_nobody_gets_in_without_a_token(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    assert [ask(api, number, {}).status_code for ask in WAYS] == [401] * 4


def test_a_mistyped_number_is_told_as_such(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    staff = api.people.headers(Role.COMMUNITY_MANAGER, XIAN)
    for ask in WAYS:
        headers = wang.headers(api) if ask is depart else staff
        assert ask(api, wrong, headers).status_code == 422


def test_a_list_shows_ones_area_only(api: Api, wang: Citizen) -> None:
    mine = sign_up(api, wang)["volunteer_no"]
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert listed(api, clerk, status="registered") == [mine]
    assert len(listed(api, clerk)) == 2, "with the one who left"
    assert listed(api, clerk, community=DONGSHAN) == []
    assert len(listed(api, api.people.headers(Role.STREET_SUPERVISOR, "330902002"))) == 3
    district = api.people.headers(Role.DISTRICT_ADMIN, "330902")
    assert len(listed(api, district)) == 4
    assert listed(api, district, community=XIAN, status="registered") == [mine]
    assert listed(api, wang.headers(api)) == [mine]
    assert listed(api, Citizen(8).headers(api)) == []


def test_a_list_shows_masked_names_and_nothing_else_of_a_person(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    answer = api.client.get(f"{BASE}/people", headers=api.people.headers(Role.WINDOW_CLERK, XIAN))
    assert {"李*"} <= {item["name_masked"] for item in answer.json()["items"]}
    assert not {"phone_masked", "id_number_masked", "particulars"} & set(answer.json()["items"][0])
    assert not any(secret in answer.text for secret in wang.secrets())


def test_pages_follow_one_another_and_cursors_fit_one_list_only(api: Api) -> None:
    numbers = [sign_up(api, Citizen(n))["volunteer_no"] for n in range(10, 15)]
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    wanted: dict[str, Any] = {"limit": 2, "status": "registered"}
    seen: list[str] = []
    while True:
        page = api.client.get(f"{BASE}/people", params=wanted, headers=clerk).json()
        seen += [item["volunteer_no"] for item in page["items"]]
        if page["next"] is None:
            break
        wanted["cursor"] = page["next"]
    assert seen == numbers
    other = api.client.get(f"{BASE}/people", params={**wanted, "status": "left"}, headers=clerk)
    assert other.status_code == 422
    assert api.client.get(f"{BASE}/people", params={"limit": 201}, headers=clerk).status_code == 422


def test_ones_own_record_holds_everything_that_is_kept(api: Api) -> None:
    parent, child = Citizen(30), Citizen(20, Citizen(20).birth.replace(year=2014))
    agreed = answer_ward(api, parent, sign_up(api, child, guardian=parent.as_guardian())).json()
    answer = api.client.get(f"{BASE}/people/me", headers=child.headers(api))
    kept = answer.json()["particulars"]
    assert (kept["name"], kept["id_document"], kept["phone"]) == (child.name, child.id_document, child.phone)
    assert (kept["birth_date"], kept["sex"]) == ("2014-03-05", "2")
    assert kept["guardian"] == {
        "name": parent.name,
        "id_document": parent.id_document,
        "phone": parent.phone,
        "confirmed_at": agreed["confirmed_at"],
    }
    assert [(consent["purpose"], consent["given_by"], consent["notice"]) for consent in kept["consents"]] == [
        ("registration", "guardian", "1"),
        ("service_records", "guardian", "1"),
        ("participation", "guardian", "1"),
    ]


def test_staff_have_no_record_of_their_own(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    for role in (Role.COMMUNITY_MANAGER, Role.WINDOW_CLERK, Role.AUDITOR):
        assert api.client.get(f"{BASE}/people/me", headers=api.people.headers(role, XIAN)).status_code == 404


def test_whoever_has_not_signed_up_has_no_record(api: Api) -> None:
    assert api.client.get(f"{BASE}/people/me", headers=Citizen(8).headers(api)).status_code == 404


@pytest.mark.parametrize("path", ["me", "number"])
def test_what_has_not_changed_is_not_sent_again(api: Api, wang: Citizen, path: str) -> None:
    volunteer = sign_up(api, wang)
    url = f"{BASE}/people/{volunteer['volunteer_no'] if path == 'number' else 'me'}"
    first = api.client.get(url, headers=wang.headers(api))
    tag = {"If-None-Match": first.headers["ETag"]}
    assert api.client.get(url, headers={**wang.headers(api), **tag}).status_code == 304
    leave(api, wang, volunteer)
    assert api.client.get(url, headers={**wang.headers(api), **tag}).status_code == 200


def test_where_the_community_verifies_a_registration_waits_for_it(open_service: Any, wang: Citizen) -> None:
    with open_service(verification="community") as api:
        volunteer = sign_up(api, wang)
        assert (volunteer["status"], volunteer["registered_at"]) == ("registering", None)
        assert api.sent(VolunteerRegistered) == []
        clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
        assert listed(api, clerk, status="registering") == [volunteer["volunteer_no"]]
        answer = verify(api, volunteer["volunteer_no"], clerk)
        assert (answer.status_code, answer.json()["status"]) == (200, "registered")
        assert answer.headers["ETag"] == '"2"'
        assert [event.volunteer_no for event in api.sent(VolunteerRegistered)] == [volunteer["volunteer_no"]]
        again = verify(api, volunteer["volunteer_no"], {**clerk, "If-Match": '"2"'})
        assert (again.status_code, again.json()["state"]) == (409, "registered")


def test_a_disproved_identity_ends_the_registration_and_frees_its_owner(api: Api, wang: Citizen) -> None:
    thief = Citizen(8)
    stolen = sign_up(api, thief, id_document=wang.id_document)
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    without = verify(api, stolen["volunteer_no"], clerk, outcome="disproved")
    assert (without.status_code, without.json()["errors"][0]["loc"]) == (422, ["body", "reason"])
    answer = verify(api, stolen["volunteer_no"], clerk, outcome="disproved", reason="本人未报名")
    assert (answer.status_code, answer.json()["status"]) == (200, "left")
    assert sign_up(api, wang)["status"] == "registered"


def test_everybody_may_leave_at_any_time(open_service: Any, wang: Citizen) -> None:
    with open_service(verification="community") as api:
        waiting = sign_up(api, wang)
        assert leave(api, wang, waiting).json()["status"] == "left"
        again = leave(api, wang, {**waiting, "version": 2})
        assert (again.status_code, again.json()["state"]) == (409, "left")


def test_a_change_needs_the_version_that_was_seen(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    url = f"{BASE}/people/{volunteer['volunteer_no']}/departure"
    assert api.client.post(url, headers=wang.headers(api)).status_code == 428
    stale = leave(api, wang, {**volunteer, "version": 7})
    assert (stale.status_code, stale.json()["current"]) == (412, volunteer)


def test_of_two_clerks_at_once_one_wins_and_the_other_sees_how_it_stands(
    open_service: Any, wang: Citizen
) -> None:
    with open_service(verification="community") as api:
        number, start = sign_up(api, wang)["volunteer_no"], Barrier(2)
        clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)

        def run(_: int) -> Response:
            start.wait()
            return verify(api, number, clerk)

        with ThreadPoolExecutor(2) as pool:
            first, second = sorted(pool.map(run, range(2)), key=lambda answer: answer.status_code)
        assert (first.status_code, second.status_code) == (200, 412)
        assert second.json()["current"]["status"] == "registered"
        assert len(api.sent(VolunteerRegistered)) == 1
