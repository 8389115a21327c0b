"""What operators type to make and end accounts of staff."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from gateway import people
from gateway.conftest import Open, held
from gateway.people import CLERK, PASSWORD, sign_in, try_password, whoami
from gateway.test_password_sign_in import audited
from onewindow_gateway import commands
from onewindow_gateway.__main__ import main
from onewindow_gateway.demo import demo
from onewindow_shared.plumbing.audit import AuditRecord
from testkit.api import SECRETS, Api

SECRET = "correct horse battery"
OFFICER = "--name 区民政局经办 --role department_officer --area 330902 --department civil_affairs"
SYSTEM = "system:gateway"


@pytest.fixture
def api(open_gateway: Open, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A running gateway, and the settings by which commands find its database."""
    with open_gateway() as api:
        monkeypatch.setattr(type(held(api).settings), "clock", api.clock)
        told = {
            **SECRETS,
            "database_url": held(api).settings.database_url.get_secret_value(),
            "issuer": "https://issuer.test",
            "jwks_url": "https://issuer.test/auth/jwks.json",
            "signing_keys": people.KEYS,
        }
        for name, value in told.items():
            monkeypatch.setenv(f"ONEWINDOW_{name.upper()}", value)
        yield api


def typed(line: str, *, password: str = "") -> Result:
    return CliRunner().invoke(main, ["accounts", *line.split()], input=password)


def done(line: str, *, password: str = "") -> Any:
    result = typed(line, password=f"{password}\n")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def written(api: Api, action: str) -> AuditRecord:
    (found,) = audited(api, action)
    return found


def learn(api: Api) -> None:
    """Let a running gateway read again what was revoked, as it does every second."""
    assert api.client.portal is not None
    api.client.portal.call(held(api).revocations.refresh, api.runtime)


def test_an_added_account_can_sign_in(api: Api) -> None:
    shown = done(f"add New.Officer {OFFICER} --role auditor --organisation service.hall", password=SECRET)
    assert (shown["username"], shown["roles"]) == ("new.officer", ["auditor", "department_officer"])
    me = whoami(api, sign_in(api, "new.officer", SECRET)).json()
    assert (me["name"], me["area"]) == ("区民政局经办", "330902")
    assert (me["department"], me["organisation"]) == ("civil_affairs", "service.hall")
    assert written(api, "account.added").actor == SYSTEM


@pytest.mark.parametrize(
    ("line", "password", "said"),
    [
        ("add new --name x --role window_clerk --area 3309", SECRET, "area: "),
        ("add new --name x --role window_clerk --area 330902a", SECRET, "area: "),
        ("add new --name x --role resident --area 330902", SECRET, "roles: "),
        ("add new --name x --role department_officer --area 330902", SECRET, "department: "),
        ("add r-12 --name x --role window_clerk --area 330902", SECRET, "username: "),
        ("add new --name x --role window_clerk --area 330902", "short", "password: at least 12"),
        ("add new --name x --role window_clerk --area 330902", "", "password: "),
        (f"add {CLERK} --name x --role window_clerk --area 330902", SECRET, "User name taken"),
        (f"password {CLERK}", "short", "password: at least 12"),
        ("password nobody", SECRET, "There is no such account"),
        ("disable nobody", "", "There is no such account"),
        ("enable nobody", "", "There is no such account"),
    ],
)
def test_what_cannot_be_is_refused(api: Api, line: str, password: str, said: str) -> None:
    result = typed(line, password=password)
    assert result.exit_code == 1
    assert said in result.stderr
    assert not password or password not in result.output
    assert not audited(api, "account.added")


def test_a_role_that_does_not_exist_is_refused(api: Api) -> None:
    result = typed("add new --name x --role mayor --area 330902", password=SECRET)
    assert result.exit_code == 2
    assert "mayor" in result.stderr


def test_the_shortest_password_is_a_setting(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEWINDOW_PASSWORD_MIN_LENGTH", "22")
    assert "at least 22" in typed(f"password {CLERK}", password=SECRET).stderr


def test_another_password_ends_what_the_old_one_opened(api: Api) -> None:
    inside = sign_in(api)
    assert done(f"password {CLERK}", password=SECRET)["sessions_ended"] == 1
    learn(api)
    assert whoami(api, inside).status_code == 401
    assert try_password(api, CLERK, PASSWORD).status_code == 401
    assert whoami(api, sign_in(api, CLERK, SECRET)).status_code == 200
    assert written(api, "account.password_set").actor == SYSTEM


def test_a_password_is_asked_for_twice_at_a_terminal(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(text: str, **options: Any) -> str:
        asked.append(options)
        return SECRET

    monkeypatch.setattr(typer, "prompt", prompt)
    monkeypatch.setattr(commands, "_at_terminal", lambda: True)
    done(f"password {CLERK}")
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]


def test_a_disabled_account_is_out_of_running_gateways(api: Api) -> None:
    inside = [sign_in(api), sign_in(api)]
    assert done(f"disable {CLERK}") | {"created_at": ""} == {
        "username": CLERK,
        "name": "西安社区窗口一",
        "roles": ["window_clerk"],
        "area": "330902002001",
        "department": None,
        "organisation": None,
        "disabled": True,
        "created_at": "",
        "sessions_ended": 2,
    }
    learn(api)
    assert [whoami(api, one).status_code for one in inside] == [401, 401]
    assert try_password(api, CLERK, PASSWORD).status_code == 401
    assert written(api, "account.disabled").actor == SYSTEM
    assert len(audited(api, "session.revoked")) == 2


def test_an_enabled_account_signs_in_again(api: Api) -> None:
    done(f"disable {CLERK}")
    assert done(f"enable {CLERK.upper()}")["disabled"] is False
    assert whoami(api, sign_in(api)).status_code == 200
    assert written(api, "account.enabled").actor == SYSTEM


def test_every_account_is_a_line(api: Api) -> None:
    lines = [json.loads(line) for line in typed("list").stdout.splitlines()]
    assert [one["username"] for one in lines] == sorted(one.username for one in demo().accounts)
    assert not any("password" in field for field in lines[0])
