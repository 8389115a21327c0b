"""Personal data lies sealed, shows masked, leaves traces when disclosed, and is nowhere else."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, select

from conftest import FreshDatabase
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord, seal, verify
from onewindow_shared.plumbing.migrations import with_connection
from onewindow_shared.plumbing.privacy import new_key_ring
from onewindow_shared.plumbing.sealed import reencrypt
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.app import SERVICE
from testkit.api import XIAN, Api, running
from volunteers.conftest import REGISTER, Open
from volunteers.signup import BASE, Citizen, post_form, sign_up

PARENT = Citizen(31)
CHILD = Citizen(20, date(2014, 6, 1))
REASON = "活动中受伤，联系家人"


def everything(url: str) -> str:
    """Return all that lies in the database, as text."""
    texts: list[str] = []

    def dump(connection: Connection) -> None:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = connection.execute(select(table)).all()
            texts.extend(f"{table.name}: {value!r} {_plain(value)}" for row in rows for value in row)

    with_connection(url, dump)
    return "\n".join(texts)


def _plain(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def audited(api: Api, action: str) -> list[AuditRecord]:
    def records(unit: Unit) -> list[AuditRecord]:
        return list(unit.session.scalars(select(AuditRecord).where(AuditRecord.action == action)))

    return api.system(records)


def disclose(api: Api, volunteer: dict[str, Any], **body: Any) -> Any:
    manager = api.people.headers(Role.COMMUNITY_MANAGER, XIAN, subject="manager.xian")
    url = f"{BASE}/people/{volunteer['volunteer_no']}/disclosure"
    return api.client.post(url, json=body, headers=manager)


def test_nothing_personal_lies_open_in_the_database(fresh_database: FreshDatabase, wang: Citizen) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")
        sign_up(api, wang)
        volunteer = sign_up(api, CHILD, guardian=PARENT.as_guardian())
        assert disclose(api, volunteer, reason=REASON).status_code == 200
    lying = everything(url)
    assert wang.subject in lying
    secrets = wang.secrets() | CHILD.secrets() | PARENT.secrets()
    assert {secret for secret in secrets if secret in lying} == set()


def test_nothing_personal_is_in_problems_audit_or_logs(
    api: Api, wang: Citizen, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secrets = wang.secrets() | CHILD.secrets() | PARENT.secrets()
    volunteer = sign_up(api, wang)
    answers = [
        post_form(api, Citizen(8), id_document=wang.id_document),
        post_form(api, wang, key="once-more"),
        post_form(api, CHILD),
        post_form(api, CHILD, guardian=PARENT.as_guardian(consent=False)),
        post_form(api, CHILD, guardian=PARENT.as_guardian(id_document=CHILD.id_document)),
        post_form(api, CHILD, community="330902009999", guardian=PARENT.as_guardian()),
        post_form(api, CHILD, phone=PARENT.phone, guardian=PARENT.as_guardian()),
        post_form(api, CHILD, name=f"{CHILD.name}7", guardian=PARENT.as_guardian()),
        post_form(api, CHILD, birth_date="2014-06-02", guardian=PARENT.as_guardian()),
        post_form(api, wang, key="x" * 300),
        post_form(api, wang, id_document={"kind": "passport", "number": f"{wang.id_document['number']}!"}),
        api.client.post(f"{BASE}/registrations", content=wang.name.encode(), headers=wang.headers(api)),
        api.client.post(
            f"{BASE}/people/{volunteer['volunteer_no']}/departure",
            headers={**wang.headers(api), "If-Match": '"9"'},
        ),
    ]
    assert {answer.status_code for answer in answers} == {409, 412, 422}
    said = "\n".join(answer.text for answer in answers)
    assert {secret for secret in secrets if secret in said} == set()
    api.system(lambda unit: seal(unit.session))
    records = str([(row.action, row.detail, row.entity_id) for row in audited(api, "volunteer.signed_up")])
    written = capsys.readouterr()
    logged = written.out + written.err + caplog.text
    assert "/api/volunteers/v1/registrations" in logged
    assert {secret for secret in secrets if secret in logged + records} == set()


def test_a_disclosure_shows_all_and_is_written_down(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    answer = disclose(api, volunteer, reason=REASON)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["minor"] is False
    assert answer.json()["particulars"]["id_document"] == wang.id_document
    assert answer.json()["particulars"]["phone"] == wang.phone
    [record] = audited(api, "volunteer.disclosed")
    assert (record.actor, record.entity_id) == ("manager.xian", volunteer["volunteer_no"])
    assert (record.reason(api.runtime.vault), record.area) == (REASON, XIAN)
    assert record.detail == {"minor": False, "guardian": False}


def test_a_minors_disclosure_is_recorded_as_such_until_they_come_of_age(api: Api) -> None:
    volunteer = sign_up(api, CHILD, guardian=PARENT.as_guardian())
    answer = disclose(api, volunteer, reason=REASON)
    assert answer.json()["minor"] is True
    assert answer.json()["particulars"]["guardian"]["phone"] == PARENT.phone
    api.clock.pass_(days=6 * 366)
    assert disclose(api, volunteer, reason=REASON).json()["minor"] is False
    assert [row.detail["minor"] for row in audited(api, "volunteer.disclosed")] == [True, False]


@pytest.mark.parametrize("body", [{}, {"reason": "  "}, {"reason": "x" * 2001}])
def test_nothing_is_disclosed_without_a_reason(api: Api, wang: Citizen, body: dict[str, str]) -> None:
    answer = disclose(api, sign_up(api, wang), **body)
    assert answer.status_code == 422
    assert audited(api, "volunteer.disclosed") == []


def test_every_step_is_audited_in_a_sound_chain(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    api.system(lambda unit: seal(unit.session))
    assert api.system(lambda unit: verify(unit.session, unit.vault)) == []
    for action in ("signed_up", "verify", "register"):
        assert wang.subject in [row.actor for row in audited(api, f"volunteer.{action}")]


def test_rotated_keys_reseal_everything_and_the_person_is_still_known(
    open_service: Open, wang: Citizen
) -> None:
    old = new_key_ring()
    new = f"2:sm4:{new_key_ring('sm4').rpartition(':')[2]}"
    with open_service(data_keys=old) as api:
        sign_up(api, wang)
        sign_up(api, CHILD, guardian=PARENT.as_guardian())
    with open_service(data_keys=f"{new},{old}") as api:
        assert api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)) == 4 + 7
        assert api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)) == 0
    with open_service(data_keys=new) as api:
        mine = api.client.get(f"{BASE}/people/me", headers=CHILD.headers(api)).json()["particulars"]
        assert (mine["name"], mine["guardian"]["name"]) == (CHILD.name, PARENT.name)
        assert post_form(api, Citizen(8), id_document=wang.id_document).status_code == 409
