"""An area's volunteers and one's own data leave as files: masked unless permitted, whole, and written down."""

import io
import json
import zipfile
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import Column, MetaData, String, Table

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.volunteers import RegistrationIn
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.app import SERVICE
from onewindow_volunteers.exports.own import BY_NUMBER, OWN, TAKEN_DOWN
from onewindow_volunteers.imports.rules import COLUMNS, HEADER, cell_of, form_of
from onewindow_volunteers.needs.models import Need
from testkit.api import KAIYUAN, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser, shift, trained
from volunteers.signup import BASE, Citizen, sign_up, wrong_fields
from volunteers.test_certificates import confirmed, issued
from volunteers.test_erasure import erase
from volunteers.test_life import suspended
from volunteers.test_needs import RESIDENT, by_resident, form
from volunteers.test_organisations import founded
from volunteers.test_privacy import audited
from volunteers.test_records import boss, move
from volunteers.test_stars import applied, create, objected
from volunteers.test_timebank import helps, saver

REASON = "年度核对志愿者名册"
NAMES = {"subject", "helper", "taken_by", "leader", "volunteer_no", "account", "person_index", "phone_index"}
"""Columns that say whom a row is about."""
LEFT_OUT = {
    "activities": "names whoever is in charge: the activity is everybody's to read",
    "organisations": "names whoever leads it: the organisation is everybody's to read",
    "erased_people": "a trace of whoever is gone, which says of nobody who they are",
    "unconfirmed_people": "nobody's own yet: whoever confirms it is shown it then",
    "volunteer_import_rows": "a file that is worked on, which is forgotten at its end",
    "certificate_series": "a counter of numbers, which says nothing",
    "certificate_batch_rows": "how far a batch is; what came of it are the certificates",
    "refused_people": "a trace that says of nobody who they are",
    "walk_ins": "what became of it is a service record",
}
"""Tables that are not in one's own file, and why."""


def take(api: Api, role: Role = Role.COMMUNITY_MANAGER, area: str = XIAN, **form: Any) -> Any:
    path = f"{BASE}/people/export"
    return api.client.post(path, json={"reason": REASON, **form}, headers=api.people.headers(role, area))


def rows(file: bytes) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    header, *others = [[str(cell) for cell in row] for row in sheet]
    return [dict(zip(header, row, strict=False)) for row in others]


def test_another_area_is_refused_rather_than_empty(api: Api) -> None:
    assert wrong_fields(take(api, community=KAIYUAN)) == {"community"}
    assert take(api, Role.DISTRICT_ADMIN, "330902", community=KAIYUAN).status_code == 200


def test_an_area_is_masked_unless_one_may_see_more(api: Api, wang: Citizen) -> None:
    sign_up(api, wang, skills=["=1+1"])
    masked = take(api, status="registered")
    assert masked.status_code == 200, masked.text
    (one,) = rows(masked.content)
    assert one["状态"] == "已注册"
    assert one["专业技能"] == "=1+1", "a text, never a formula"
    assert not wang.secrets() & set(one.values())
    assert take(api, Role.STREET_SUPERVISOR, XIAN[:9], full=True).status_code == 403
    assert take(api, Role.WINDOW_CLERK).status_code == 403
    (full,) = rows(take(api, status="registered", full=True).content)
    assert (full["姓名"], full["证件号码"]) == (wang.name, wang.id_document["number"])
    done = [
        (record.reason(api.runtime.vault), record.detail["rows"], record.detail["full"])
        for record in audited(api, "volunteer.exported")
    ]
    assert done == [(REASON, 1, False), (REASON, 1, True)]


def test_each_minor_who_is_taken_away_in_full_is_written_down(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    child = sign_up(api, Citizen(20, date(2014, 6, 1)), guardian=Citizen(30).as_guardian())
    assert take(api).status_code == 200
    assert audited(api, "volunteer.disclosed") == [], "masked"
    assert take(api, full=True).status_code == 200
    (written,) = audited(api, "volunteer.disclosed")
    assert written.entity_id == child["volunteer_no"]
    assert written.detail == {"minor": True, "guardian": True, "export": True}


def test_what_is_written_of_somebody_is_read_again(wang: Citizen) -> None:
    form = RegistrationIn.model_validate(wang.form(consent=["registration"]))
    told = form.model_dump(mode="json")
    cells = {header: cell_of(column, told) for header, column in zip(HEADER, COLUMNS, strict=True)}
    assert form_of(cells) == form


def names_a_person(table: Table) -> bool:
    """Say whether rows of a table are about somebody: by number, account, index or registration."""
    refers = {key.column.table.name for key in table.foreign_keys}
    return table.name == "volunteers" or "volunteers" in refers or not NAMES.isdisjoint(table.c.keys())


def test_every_table_that_names_a_person_is_told_or_left_out_for_a_reason() -> None:
    """Whoever adds a table adds it to one's own file, or says here why not."""
    told = {table.__tablename__ for one in (*OWN, *BY_NUMBER, TAKEN_DOWN) for table in one.tables}
    personal = {table.name for table in SERVICE.tables.sorted_tables if names_a_person(table)}
    assert personal - told == set(LEFT_OUT)
    assert told - personal == set(), "nothing else is about anybody"
    names = [one.name for one in (*OWN, *BY_NUMBER, TAKEN_DOWN)]
    assert len(set(names)) == len(names)


def test_a_table_that_nobody_thought_of_is_noticed() -> None:
    metadata = MetaData()
    assert names_a_person(Table("new", metadata, Column("subject", String)))
    assert not names_a_person(Table("other", metadata, Column("community", String)))


def honour(helper: Helper) -> dict[str, str]:
    number = helper.record["volunteer_no"]
    given = {"title": "年度优秀志愿者", "given_by": "定海区", "given_on": "2026-11-01"}
    return {"volunteer_no": number, "kind": "honour", **given}


def own_file(helper: Helper) -> dict[str, Any]:
    answer = helper.ask("GET", "people/me/data")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert all(file.startswith(b"%PDF") for name, file in files.items() if not name.endswith(".json"))
    return {
        name: json.loads(file) if name.endswith(".json") else len(file)
        for name, file in sorted(files.items())
    }


def a_full_life(api: Api, helper: Helper, other: Helper) -> dict[str, Any]:
    """Do everything that a volunteer does, and return the certificate and the own need."""
    organiser, staff = Organiser(api), boss(api, Role.COMMUNITY_MANAGER, XIAN)
    for one in (other, helper):
        record = confirmed(organiser, one)
    disputed = move(helper.ask, record, "dispute", {"minutes": 180, "evidence": "到最后"}).json()
    street = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    ruling = {"minutes": record["minutes"], "reason": "签退记录无误"}
    assert move(street, disputed, "ruling", ruling).status_code == 200
    assert (
        create(organiser.ask, f"records/{record['record_id']}/evaluations", {"stars": 5}).status_code == 201
    )
    assert objected(api, applied(other), helper.citizen.n).status_code == 201
    applied(helper)
    helps(organiser, helper, 90)
    assert trained(organiser, helper, "急救").status_code == 201
    assert create(staff, "honours", honour(helper)).status_code == 201
    helper.joined(organiser.published(shifts=[shift(days=9)]))
    activity = organiser.published(shifts=[shift(days=20)])
    helper.joined(activity)
    assert organiser.move(activity, "cancellation", {"reason": "场地另有安排"}).status_code == 200
    team = founded(organiser)["organisation_id"]
    assert create(helper.ask, f"organisations/{team}/members", None).status_code == 201
    assert helper.ask("POST", "people/me/calendar").status_code == 200
    headers = {**helper.citizen.headers(api), "Idempotency-Key": "own-need-key"}
    own = api.client.post(f"{BASE}/needs", json=form(), headers=headers)
    assert own.status_code == 201, own.text
    certificate = issued(helper)
    suspended(api, helper)
    return {"certificate": certificate["certificate_no"], "need": own.json()["need_id"]}


def test_ones_own_data_are_one_file(open_service: Open) -> None:
    """Somebody who did everything finds something in every list, and nothing of anybody else."""
    with open_service(star_hours=[1]) as api:
        helper, other = saver(api, 61), saver(api, 62)
        made = a_full_life(api, helper, other)
        told = own_file(helper)
        assert told.pop(f"certificates/{made['certificate']}.pdf") > 0
        assert {name for name, rows in told.items() if not rows} == {
            "asked-to-stay.json",
            "phone-changes.json",
        }
        assert set(told) == {f"{one.name}.json" for one in (*OWN, *BY_NUMBER, TAKEN_DOWN)} | {"hours.json"}
        assert told["registrations.json"][0]["particulars"]["name"] == helper.citizen.name
        assert told["objections.json"][0]["statement"] == "时间有误"
        assert [one["minutes"] for one in told["time-postings.json"]] == [90]
        assert [one["need_id"] for one in told["needs-taken-down.json"]] == [made["need"]]
        assert told["needs-taken-down.json"][0]["address"] == RESIDENT["address"]
        assert other.record["volunteer_no"] not in json.dumps(told)
        assert all(len(rows) == 1 for name, rows in own_file(other).items() if name == "registrations.json")
        nobody = Citizen(8).headers(api)
        assert api.client.get(f"{BASE}/people/me/data", headers=nobody).status_code == 404


def test_what_somebody_took_down_no_longer_names_them_once_they_are_erased(api: Api) -> None:
    helper = Helper.registered(api, 61)
    headers = {**helper.citizen.headers(api), "Idempotency-Key": "own-need-key"}
    told = api.client.post(f"{BASE}/needs", json=form(), headers=headers).json()
    assert erase(api, helper).status_code == 200
    assert api.system(taken_by, told["need_id"]) == f"erased:{helper.record['volunteer_no']}"
    assert by_resident(api, told, "proofs").status_code == 200, "whoever has the code still waits for help"


def taken_by(unit: Unit, need_id: int) -> str:
    return unit.session.get_one(Need, need_id).taken_by
