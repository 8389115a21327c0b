"""District admins make, disable and enable accounts of staff."""

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from gateway.conftest import held
from gateway.people import ADMIN, CLERK, PASSWORD, bearer, sign_in, try_password, try_refresh, whoami
from gateway.test_password_sign_in import audited
from onewindow_gateway.accounts import service
from onewindow_gateway.demo import demo
from onewindow_gateway.passwords import hash_password
from onewindow_gateway.sessions.models import SignInSession
from onewindow_gateway.sessions.service import password_of
from onewindow_gateway.sessions.service import sign_in as open_one
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, Api

NEW = {
    "username": "clerk.new",
    "name": "新来的窗口",
    "roles": ["window_clerk"],
    "area": "330902002001",
    "password": "correct horse battery",
}


def admin(api: Api) -> dict[str, str]:
    return bearer(sign_in(api, ADMIN))


def make(
    api: Api, headers: dict[str, str] | None = None, key: str = "key-0001", **new: Any
) -> httpx2.Response:
    told = {"Idempotency-Key": key, **(headers or admin(api))}
    return api.client.post("/auth/accounts", json=NEW | new, headers=told)


def change(
    api: Api, what: str, username: str = CLERK, headers: dict[str, str] | None = None
) -> httpx2.Response:
    return api.client.post(f"/auth/accounts/{username}/{what}", headers=headers or admin(api))


def wrong_fields(answer: httpx2.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {error["loc"][1] for error in answer.json()["errors"]}


def test_a_new_account_can_sign_in(api: Api) -> None:
    made = make(api)
    assert made.status_code == 201, made.text
    assert made.json() | {"created_at": ""} == {
        **{name: value for name, value in NEW.items() if name != "password"},
        "department": None,
        "organisation": None,
        "disabled": False,
        "created_at": "",
    }
    assert whoami(api, sign_in(api, "clerk.new", str(NEW["password"]))).json()["area"] == XIAN
    (written,) = audited(api, "account.added")
    assert (written.actor, written.entity_id, written.area) == (ADMIN, "clerk.new", XIAN)
    assert written.detail == {"roles": ["window_clerk"], "department": None}


def test_the_others_are_told_who_works_where_and_who_no_longer_does(api: Api) -> None:
    before = len(api.sent(OfficerChanged))
    assert make(api).status_code == 201
    for what in ("disabling", "disabling", "enabling"):
        assert change(api, what, "clerk.new").status_code == 200
    told = api.sent(OfficerChanged)[before:]
    assert [(one.subject, one.name, one.roles, one.area, one.active) for one in told] == [
        ("clerk.new", NEW["name"], ["window_clerk"], XIAN, active)
        for active in (True, False, True)
        for _ in OfficerChanged.subscribers
    ]


def test_the_others_are_told_of_accounts_that_were_there_before(api: Api) -> None:
    url = api.runtime.settings.database_url.get_secret_value()
    migrate("gateway", url, down_to="0002_guesses")
    assert api.sent(OfficerChanged) == []
    migrate("gateway", url)
    told = {one.subject: (one.area, one.department, one.active) for one in api.sent(OfficerChanged)}
    assert told[CLERK] == (XIAN, None, True)
    assert len(told) == len(demo().accounts)
    assert len(api.sent(OfficerChanged)) == 2 * len(told) * len(OfficerChanged.subscribers)


def test_the_others_are_told_what_accounts_that_were_there_before_are_called(api: Api) -> None:
    url = api.runtime.settings.database_url.get_secret_value()
    migrate("gateway", url, down_to="0009_grids_counted")
    before = len(api.sent(OfficerChanged))
    migrate("gateway", url)
    told = [(one.subject, one.name) for one in api.sent(OfficerChanged)[before:]]
    names = {account.username: account.display_name for account in demo().accounts}
    assert sorted(told) == sorted([*names.items()] * len(OfficerChanged.subscribers))


def test_the_same_request_again_makes_nothing_new(api: Api) -> None:
    headers = admin(api)
    first, again = make(api, headers), make(api, headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(audited(api, "account.added")) == 1


def test_a_name_is_given_once_in_the_whole_suite(api: Api) -> None:
    taken = make(api, username=CLERK)
    elsewhere = api.people.headers(Role.DISTRICT_ADMIN, "330903")
    unseen = make(api, elsewhere, "key-0002", username=CLERK, area="330903")
    assert taken.status_code == unseen.status_code == 409
    assert taken.json()["type"] == unseen.json()["type"] == "urn:onewindow:problem:username-taken"


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"roles": ["mayor"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"roles": ["window_clerk", "resident"]}, "roles"),
        ({"roles": ["department_officer"]}, "department"),
        ({"area": "3309"}, "area"),
        ({"area": "3309021"}, "area"),
        ({"area": "330903"}, "area"),
        ({"department": "Civil Affairs"}, "department"),
        ({"username": "with space"}, "username"),
        ({"username": "Unknown"}, "username"),
        ({"username": "r-0123456789abcdef"}, "username"),
        ({"name": "a\x07b"}, "name"),
        ({"password": "too short"}, "password"),
        ({"password": "x" * 257}, "password"),
    ],
)
def test_what_cannot_be_is_refused_by_field(api: Api, new: dict[str, Any], field: str) -> None:
    answer = make(api, **new)
    assert wrong_fields(answer) == {field}
    assert str(next(iter(new.values()))) not in answer.text


def test_everything_wrong_is_named_at_once(api: Api) -> None:
    answer = make(api, username="anonymous", roles=["department_officer", "volunteer"], password="short")
    assert wrong_fields(answer) == {"username", "roles", "department", "password"}


def test_an_account_that_is_disabled_is_out_at_once(api: Api) -> None:
    headers, inside = admin(api), sign_in(api)
    assert change(api, "disabling", headers=headers).json()["disabled"] is True
    assert whoami(api, inside).status_code == 401
    assert try_refresh(api, inside["refresh_token"]).status_code == 401
    assert try_password(api, CLERK, PASSWORD).status_code == 401
    (ended,) = audited(api, "session.revoked")
    assert (ended.actor, ended.detail) == (ADMIN, {"why": "account disabled", "account": CLERK})


def test_an_account_that_is_enabled_signs_in_anew(api: Api) -> None:
    headers, inside = admin(api), sign_in(api)
    change(api, "disabling", headers=headers)
    assert change(api, "enabling", headers=headers).json()["disabled"] is False
    assert whoami(api, inside).status_code == 401
    assert whoami(api, sign_in(api)).status_code == 200


@pytest.mark.parametrize("what", ["disabling", "enabling"])
def test_the_second_time_changes_nothing(api: Api, what: str) -> None:
    headers = admin(api)
    answers = [change(api, one, headers=headers).json() for one in ("disabling", what, what)]
    assert answers[1] == answers[2]
    assert len(audited(api, "account.disabled")) == 1
    assert len(audited(api, "account.enabled")) == (what == "enabling")


def test_others_sessions_go_on(api: Api) -> None:
    other = sign_in(api, "agent.xian")
    change(api, "disabling")
    assert whoami(api, other).status_code == 200


@pytest.mark.parametrize("area", ["330903", "330902003"])
def test_accounts_outside_ones_area_do_not_exist(api: Api, area: str) -> None:
    headers = api.people.headers(Role.DISTRICT_ADMIN, area)
    assert change(api, "disabling", headers=headers).status_code == 404
    assert whoami(api, sign_in(api)).status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DISTRICT_ADMIN}))
def test_only_admins_change_accounts(api: Api, role: Role) -> None:
    headers = api.people.headers(role, "330902")
    assert make(api, headers).status_code == 403
    assert change(api, "disabling", headers=headers).status_code == 403
    assert change(api, "enabling", headers=headers).status_code == 403


def test_whoever_signs_in_meanwhile_is_out_too(api: Api) -> None:
    stored = api.system(password_of, CLERK)

    async def together() -> None:
        opens = [api.runtime.system(open_one, CLERK, stored, held(api).settings) for _ in range(6)]
        await asyncio.gather(*opens[:3], api.runtime.system(service.disable, CLERK), *opens[3:])

    def live(unit: Unit) -> int | None:
        query = select(func.count()).select_from(SignInSession).where(SignInSession.revoked_at.is_(None))
        return unit.session.scalar(query)

    assert api.client.portal is not None
    api.client.portal.call(together)
    assert api.system(live) == 0


def test_a_password_that_was_replaced_meanwhile_opens_nothing(api: Api) -> None:
    stored = api.system(password_of, CLERK)
    changed = api.system(service.set_password, CLERK, hash_password("another password"))
    assert changed.ended == []
    assert api.system(open_one, CLERK, stored, held(api).settings) is None
    assert audited(api, "sign_in.refused")[-1].detail == {"why": "wrong password"}
