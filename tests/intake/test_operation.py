"""Readiness, numbers and the operators' commands."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import FreshDatabase
from intake.conftest import REGISTER, Open
from intake.window import Somebody, form, on, somebody
from onewindow_intake.__main__ import main
from onewindow_intake.app import SERVICE
from onewindow_intake.cases.numbering import LAST_SERIAL, reserve
from onewindow_intake.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.migrations import migrate
from testkit.api import XIAN, Api, running


def test_what_came_online_before_is_to_be_answered_within_a_working_day(
    open_furnished: Open,
) -> None:
    with open_furnished() as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        cases = [
            somebody(api, Role.RESIDENT, subject="r-1").posted(channel="web"),
            clerk.posted(serial=2),
            clerk.posted(serial=3, accept=True, materials=clerk.papers()),
        ]
        url = api.runtime.settings.database_url.get_secret_value()
        migrate("intake", url, down_to="0041_documents_in_order")
        migrate("intake", url)
        api.quiet()
        due = [clerk.case(case)["answer_due_at"] for case in cases]
        assert due == ["2026-11-24T09:00:00Z", "2026-11-30T09:00:00Z", None]
        assert [clerk.case(case)["version"] for case in cases] == [1, 1, 1]


def test_it_is_ready_once_register_and_items_are_there(bare_api: Api) -> None:
    waiting = bare_api.client.get("/readyz")
    assert waiting.status_code == 503
    assert "register of areas" in waiting.json()["checks"]["register"]
    assert "seed" in waiting.json()["checks"]["catalogue"]
    bare_api.receive(*REGISTER, source="casework")
    assert bare_api.client.get("/readyz").status_code == 503
    bare_api.system(seed)
    assert bare_api.client.get("/readyz").json()["ready"] is True


def test_until_the_calendar_arrives_the_published_years_are_used(bare_api: Api) -> None:
    bare_api.clock.now = on("2026-09-30T10:00:00")
    bare_api.system(seed)
    bare_api.receive(*REGISTER, source="casework")
    clerk = somebody(bare_api, Role.WINDOW_CLERK, XIAN)
    assert clerk.posted()["notice_due_at"] > "2026-10-08"


def test_serials_are_reserved_in_blocks_that_never_overlap(bare_api: Api) -> None:
    day = date(2026, 11, 23)
    taken = [bare_api.system(reserve, XIAN, day, 40) for _ in range(3)]
    assert [(block.start, block.stop) for block in taken] == [(1, 41), (41, 81), (81, 121)]
    assert bare_api.system(reserve, XIAN, date(2026, 11, 24), 40).start == 1


def test_when_every_number_of_a_day_is_taken_the_window_is_told(api: Api, clerk: Somebody) -> None:
    day = date(2026, 11, 20)
    api.system(reserve, XIAN, day, LAST_SERIAL - 1)
    body = form(received_at="2026-11-20T10:00:00+08:00")
    last = clerk.apply(body)
    assert last.json()["case_no"][20:25] == str(LAST_SERIAL)
    refused = clerk.apply(body)
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:onewindow:problem:numbers-used-up"
    assert clerk.apply(form()).status_code == 201


def test_operators_commands_work_on_this_service(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = fresh_database("intake")
    with running(SERVICE, url) as api:
        told = api.runtime.settings
    for name in ("events_secret", "data_keys", "index_key", "cursor_secret", "database_url"):
        monkeypatch.setenv(f"ONEWINDOW_{name.upper()}", getattr(told, name).get_secret_value())
    monkeypatch.setenv("ONEWINDOW_ISSUER", told.issuer)
    monkeypatch.setenv("ONEWINDOW_JWKS_URL", told.jwks_url)
    monkeypatch.setenv("ONEWINDOW_DOCUMENTS_URL", tmp_path.as_uri())
    commands = CliRunner()
    for arguments in (["seed"], ["seed"], ["audit", "seal"], ["metrics", "rebuild"], ["relay", "status"]):
        done = commands.invoke(main, arguments)
        assert done.exit_code == 0, (arguments, done.output)
    verified = commands.invoke(main, ["audit", "verify"])
    assert json.loads(verified.stdout.splitlines()[-1])["sound"] is True
