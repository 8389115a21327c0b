"""What an account is told about itself, and who sees which accounts."""

import pytest
from pydantic import SecretStr

from gateway.people import ADMIN, PASSWORD, bearer, sign_in, whoami
from onewindow_gateway.demo import demo
from onewindow_gateway.passwords import Passwords, hash_password
from onewindow_gateway.seed import load
from onewindow_shared.contracts.access import Permission, Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind, OfficerChanged
from testkit.api import XIAN, Api

DINGHAI = "330902"


def listed(api: Api, headers: dict[str, str], limit: int = 200) -> list[str]:
    names: list[str] = []
    cursor = ""
    while True:
        page = api.client.get(f"/auth/accounts?limit={limit}{cursor}", headers=headers).json()
        names += [account["username"] for account in page["items"]]
        if page["next"] is None:
            return names
        cursor = f"&cursor={page['next']}"


def test_somebody_learns_their_name_roles_and_permissions(api: Api) -> None:
    me = whoami(api, sign_in(api)).json()
    assert (me["subject"], me["name"], me["roles"]) == ("clerk.xian", "西安社区窗口一", ["window_clerk"])
    assert Permission.CASE_ACCEPT in me["permissions"]
    assert Permission.CASE_DECIDE not in me["permissions"]
    assert (me["area"], me["area_name"]) == (XIAN, None)


def test_the_name_of_the_area_comes_from_the_register(api: Api) -> None:
    area = AreaChanged(code=XIAN, name="西安社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None)
    api.receive(area, source="casework")
    assert whoami(api, sign_in(api)).json()["area_name"] == "西安社区"


MACHINE = "4f6c2e1a-0c1d-4f7e-9a55-7c1f6a2b9d10"


def desk_key(api: Api, username: str, machine: str = MACHINE) -> str:
    answer = api.client.get(f"/auth/desk-keys/{machine}", headers=bearer(sign_in(api, username)))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    key: str = answer.json()["key"]
    return key


def test_a_desk_has_one_key_for_each_account_and_machine(api: Api) -> None:
    key = desk_key(api, "clerk.xian")
    assert len(bytes.fromhex(key)) == 32
    assert desk_key(api, "clerk.xian") == key
    others = {desk_key(api, "clerk.xiyuan"), desk_key(api, "clerk.xian", MACHINE[::-1])}
    assert len(others | {key}) == 3


def test_whoever_takes_nothing_in_has_no_desk_key(api: Api) -> None:
    path = f"/auth/desk-keys/{MACHINE}"
    assert api.client.get(path).status_code == 401
    assert api.client.get(path, headers=bearer(sign_in(api, ADMIN))).status_code == 403
    assert api.client.get("/auth/desk-keys/a:b:c:d:e:f", headers=bearer(sign_in(api))).status_code == 422


def test_nobody_is_told_nothing(api: Api) -> None:
    assert api.client.get("/auth/me").status_code == 401


def test_an_admin_lists_the_staff_of_the_district_page_by_page(api: Api) -> None:
    headers = bearer(sign_in(api, ADMIN))
    everybody = sorted(account.username for account in demo().accounts)
    assert listed(api, headers) == everybody
    assert listed(api, headers, limit=7) == everybody


def test_an_account_is_shown_without_its_password(api: Api) -> None:
    page = api.client.get("/auth/accounts", headers=bearer(sign_in(api, ADMIN)))
    assert "argon2" not in page.text
    assert set(page.json()["items"][0]) == {
        *("username", "name", "roles", "area", "department", "organisation", "disabled", "created_at"),
    }


@pytest.mark.parametrize(
    ("area", "seen"),
    [
        ("330902002", {"clerk.xian", "agent.xian", "agent2.xian", "manager.xian", "supervisor.changguo"}),
        ("330903", set()),
    ],
)
def test_nobody_sees_accounts_of_another_area(api: Api, area: str, seen: set[str]) -> None:
    assert set(listed(api, api.people.headers(Role.DISTRICT_ADMIN, area))) == seen


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DISTRICT_ADMIN}))
def test_only_admins_list_accounts(api: Api, role: Role) -> None:
    answer = api.client.get("/auth/accounts", headers=api.people.headers(role, DINGHAI))
    assert answer.status_code == 403


def test_a_cursor_of_something_else_is_refused(api: Api) -> None:
    answer = api.client.get("/auth/accounts?cursor=AAAA", headers=bearer(sign_in(api, ADMIN)))
    assert answer.status_code == 422


def test_loading_the_demo_accounts_again_changes_nothing(api: Api) -> None:
    api.system(lambda unit: load(unit, demo(), SecretStr("another password")))
    assert whoami(api, sign_in(api, password=PASSWORD)).status_code == 200


def test_intake_and_casework_are_told_of_the_demo_accounts_also_of_those_that_were_there(api: Api) -> None:
    def told() -> list[tuple[str, str]]:
        return sorted((one.subject, one.area) for one in api.sent(OfficerChanged))

    everybody = sorted((account.username, account.area) for account in demo().accounts)
    assert told() == sorted(everybody * 2)
    api.system(lambda unit: load(unit, demo(), SecretStr(PASSWORD)))
    assert told() == sorted(everybody * 4)


def test_there_is_a_demo_account_of_every_role() -> None:
    staff, phones = demo().accounts, demo().phones
    assert {role for one in staff for role in one.roles} | {
        role for one in phones for role in one.roles
    } == set(Role)


async def test_the_password_of_nobody_never_fits() -> None:
    passwords = Passwords()
    assert await passwords.verify("right", hash_password("right"))
    assert not await passwords.verify("wrong", hash_password("right"))
    assert not await passwords.verify("anything", None)
    passwords.close()
