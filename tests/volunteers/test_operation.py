"""Readiness, and the register that arrives by events."""

from datetime import date

import pytest
from typer.testing import CliRunner

from conftest import FreshDatabase
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_volunteers.__main__ import main
from onewindow_volunteers.app import SERVICE
from testkit.api import XIAN, Api, running
from volunteers.conftest import REGISTER
from volunteers.signup import Citizen, sign_up


def test_it_is_ready_once_the_register_has_arrived(fresh_database: FreshDatabase) -> None:
    with running(SERVICE, fresh_database("volunteers")) as api:
        waiting = api.client.get("/readyz")
        assert (waiting.status_code, waiting.json()["checks"]["database"]) == (503, "ok")
        assert "register of areas" in waiting.json()["checks"]["register"]
        api.receive(*REGISTER, source="casework")
        assert api.client.get("/readyz").json()["ready"] is True


def test_a_community_that_arrives_later_can_be_chosen(quiet_api: Api) -> None:
    new = "330902002099"
    quiet_api.receive(
        AreaChanged(code=new, name="新社区", kind=AreaKind.VILLAGERS_COMMITTEE, population=None),
        source="casework",
    )
    assert sign_up(quiet_api, Citizen(7), community=new)["community"] == new


def test_the_calendar_is_kept(quiet_api: Api) -> None:
    days = [(date(2027, 1, 1), "holiday", "元旦")]
    quiet_api.receive(CalendarChanged(year=2027, days=days), source="casework")
    calendar = quiet_api.system(lambda unit: work_calendar(unit.session))
    assert 2027 in calendar.published


def test_operators_commands_work_on_this_service(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")
        sign_up(api, Citizen(7), community=XIAN)
        told = api.runtime.settings
    for name in ("events_secret", "data_keys", "index_key", "cursor_secret", "database_url"):
        monkeypatch.setenv(f"ONEWINDOW_{name.upper()}", getattr(told, name).get_secret_value())
    monkeypatch.setenv("ONEWINDOW_ISSUER", told.issuer)
    monkeypatch.setenv("ONEWINDOW_JWKS_URL", told.jwks_url)
    commands = ("metrics rebuild", "keys reencrypt", "audit seal", "audit verify", "relay status", "seed")
    for line in commands:
        result = CliRunner().invoke(main, line.split())
        assert result.exit_code == 0, (line, result.output)
