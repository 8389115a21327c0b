"""Volunteers from files: nobody is registered by others, every wrong column is named, each row once."""

import io
import itertools
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from xlsxwriter import Workbook

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.volunteers import RegistrationIn
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.imports import service
from onewindow_volunteers.imports.models import ImportFault, ImportRow
from onewindow_volunteers.imports.rules import COLUMNS, HEADER, form_of
from onewindow_volunteers.imports.service import AT_ONCE
from onewindow_volunteers.people.models import RefusedPerson, Unconfirmed, Volunteer
from testkit.api import KAIYUAN, XIAN, Api
from volunteers.signup import BASE, Citizen, answer_ward, post_form, sign_up

_keys = itertools.count(1)
CHILD = Citizen(51, date(2012, 5, 1))


def line(citizen: Citizen, **changes: str) -> dict[str, str]:
    """What a community knows of somebody."""
    told = {
        "姓名": citizen.name,
        "证件号码": citizen.id_document["number"],
        "手机号": citizen.phone,
        "社区代码": XIAN,
        "专业技能": "急救、摄影",
        "服务时间": "周末，工作日晚上",
        "服务类别": "养老助残",
    }
    return told | changes


def workbook(lines: list[dict[str, str]], header: tuple[str, ...] = HEADER) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("志愿者")
        sheet.write_row(0, 0, header)
        for n, told in enumerate(lines, start=1):
            sheet.write_row(n, 0, [told.get(name, "") for name in header])
    return file.getvalue()


def cells(file: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def manager(api: Api, area: str = XIAN, role: Role = Role.COMMUNITY_MANAGER) -> dict[str, str]:
    return api.people.headers(role, area)


def hand_in(api: Api, file: bytes, who: dict[str, str] | None = None, **query: Any) -> Response:
    headers = {"Content-Type": XLSX_TYPE, "Idempotency-Key": f"file-{next(_keys):06d}"}
    headers |= who or manager(api)
    return api.client.post(f"{BASE}/imports", params=query, content=file, headers=headers)


def followed(api: Api, *lines: dict[str, str], **query: Any) -> dict[str, Any]:
    """Hand people in, and let the service work until it has looked at all of them."""
    started = hand_in(api, workbook(list(lines)), **query)
    assert started.status_code == 201, started.text
    api.quiet()
    return read(api, started.json()["import_no"])


def read(api: Api, import_no: int) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"{BASE}/imports/{import_no}", headers=manager(api)).json()
    return found


def told_of(api: Api, job: dict[str, Any]) -> list[dict[str, str]]:
    path = f"{BASE}/imports/{job['import_no']}/faults?limit=200"
    found: list[dict[str, str]] = api.client.get(path, headers=manager(api)).json()["items"]
    return found


def faults(api: Api, job: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["row"], one["field"]) for one in told_of(api, job)}


def asked(api: Api, citizen: Citizen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.client.get(
        f"{BASE}/unconfirmed/mine", headers=citizen.headers(api)
    ).json()["items"]
    return found


def confirm(
    api: Api, citizen: Citizen, unconfirmed_id: int, *, key: str = "i-confirm", **changes: Any
) -> Response:
    body = {"id_document": citizen.id_document, "consent": ["registration"], **changes}
    headers = {**citizen.headers(api), "Idempotency-Key": key}
    return api.client.post(f"{BASE}/unconfirmed/{unconfirmed_id}/confirmation", json=body, headers=headers)


def counted(api: Api, table: type[Any]) -> int:
    return int(api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(table)) or 0))


def test_who_is_handed_in_is_no_volunteer_before_confirming_by_phone_and_document(
    api: Api, wang: Citizen
) -> None:
    before, told = counted(api, Volunteer), counted(api, OutboxRecord)
    job = followed(api, line(wang))
    assert (job["status"], job["good"], job["bad"]) == ("done", 1, 0), faults(api, job)
    assert counted(api, Volunteer) == before
    assert counted(api, OutboxRecord) == told, "nobody is sent anything"
    (one,) = asked(api, wang)
    assert one["name_masked"] != wang.name
    assert asked(api, Citizen(8)) == []
    listed = api.client.get(f"{BASE}/unconfirmed", headers=manager(api)).json()["items"]
    assert listed == [one]
    elsewhere = api.client.get(f"{BASE}/unconfirmed", headers=manager(api, KAIYUAN))
    assert elsewhere.json()["items"] == []
    number = one["unconfirmed_id"]
    other = confirm(api, wang, number, id_document=Citizen(8).id_document)
    assert other.status_code == 404, "the phone alone proves no person"
    assert confirm(api, Citizen(8), number, id_document=wang.id_document).status_code == 404
    assert confirm(api, wang, number, consent=["service_records"]).status_code == 422
    answer = confirm(api, wang, number, key="with-consent")
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "registered"
    assert answer.json()["skills"] == ["急救", "摄影"]
    assert answer.json()["availability"] == ["weekends", "weekday_evenings"]
    assert confirm(api, wang, number, key="with-consent").json() == answer.json()
    assert asked(api, wang) == []
    mine = api.client.get(f"{BASE}/people/me", headers=wang.headers(api)).json()
    given = [(one["purpose"], one["given_by"]) for one in mine["particulars"]["consents"]]
    assert given == [("registration", "volunteer")]


def test_a_minor_is_handed_in_with_a_guardian_who_confirms_as_always(api: Api, wang: Citizen) -> None:
    job = followed(api, line(CHILD))
    assert faults(api, job) == {("志愿者!2", "监护人姓名")}
    guarded = {
        "监护人姓名": wang.name,
        "监护人证件号码": wang.id_document["number"],
        "监护人手机号": wang.phone,
    }
    job = followed(api, line(CHILD, **guarded))
    assert (job["good"], job["bad"]) == (1, 0), faults(api, job)
    (one,) = asked(api, CHILD)
    minor = confirm(api, CHILD, one["unconfirmed_id"]).json()
    assert minor["status"] == "verified"
    assert answer_ward(api, wang, minor).status_code == 200
    me = api.client.get(f"{BASE}/people/me", headers=CHILD.headers(api)).json()
    assert me["status"] == "registered"


def test_every_wrong_column_is_named_without_what_was_written_there(api: Api, wang: Citizen) -> None:
    wrong = line(wang, 姓名="王=1", 证件号码="330902198503050071", 手机号="0580-12345", 性别="不详")
    wrong |= {"出生日期": "昨天", "服务时间": "半夜", "服务类别": "什么都行", "证件类型": "驾驶证"}
    job = followed(api, wrong, line(Citizen(8), 社区代码=KAIYUAN), line(Citizen(9), 监护人姓名="王小明"))
    told = faults(api, job)
    assert {field for row, field in told if row == "志愿者!2"} == {
        "姓名",
        "证件类型",
        "手机号",
        "性别",
        "出生日期",
        "服务时间",
        "服务类别",
    }
    reasons = {fault["field"]: fault["reason"] for fault in told_of(api, job) if fault["row"] == "志愿者!2"}
    assert reasons["性别"] == "write one of these: 男、女"
    assert reasons["服务时间"] == "write one of these: 工作日上午、工作日下午、工作日晚上、周末、节假日"
    assert reasons["出生日期"] == "write a day as 2000-02-29"
    assert not [reason for reason in reasons.values() if "Input" in reason or "String" in reason]
    assert ("志愿者!3", "社区代码") in told
    assert {field for row, field in told if row == "志愿者!4"} == {"监护人证件号码", "监护人手机号"}
    assert (job["good"], job["bad"]) == (0, 3)

    def written(unit: Unit) -> str:
        reasons = unit.session.scalars(select(ImportFault.reason)).all()
        rows = unit.session.scalars(select(ImportRow.sealed_cells)).all()
        audit = unit.session.scalars(select(AuditRecord.detail)).all()
        return f"{reasons} {rows} {audit}"

    lying_about = api.system(written)
    secrets = {*wrong.values(), *Citizen(8).secrets()} - {XIAN, wrong["专业技能"]}
    assert not {secret for secret in secrets if secret in lying_about}


def test_bad_rows_are_taken_away_mended_and_handed_in_again(api: Api, wang: Citizen) -> None:
    job = followed(api, line(wang, 手机号="12"), line(Citizen(8)), line(Citizen(9), 专业技能="=1+1", 姓名=""))
    path = f"{BASE}/imports/{job['import_no']}/bad-rows"
    answer = api.client.get(path, headers=manager(api))
    assert answer.status_code == 200, answer.text
    sheet = cells(answer.content)
    assert sheet[0] == [*HEADER, "错误"]
    assert [row[0] for row in sheet[1:]] == [wang.name, ""]
    assert sheet[1][-1].startswith("手机号: ")
    assert api.client.get(path, headers=manager(api, KAIYUAN)).status_code == 404
    mended = dict(zip(sheet[0], sheet[1], strict=True)) | {"手机号": wang.phone}
    assert followed(api, mended)["good"] == 1
    assert counted(api, ImportRow) == 2, "good rows are forgotten"
    api.clock.pass_(days=31)
    api.quiet()
    assert (counted(api, ImportRow), counted(api, Unconfirmed)) == (0, 0), "and bad ones after some days"


def test_one_person_is_asked_once_and_an_erased_one_never(api: Api, wang: Citizen) -> None:
    twice = followed(api, line(wang), line(wang, 姓名="王大明"))
    assert (twice["good"], twice["bad"]) == (1, 1)
    assert followed(api, line(wang))["bad"] == 1, "handed in before"
    li = Citizen(8)
    record = sign_up(api, li)
    assert followed(api, line(li))["bad"] == 1, "a volunteer already"
    headers = {**li.headers(api), "If-Match": f'"{record["version"]}"'}
    body = {"certificates": "keep"}
    path = f"{BASE}/people/{record['volunteer_no']}/erasure"
    assert api.client.post(path, json=body, headers=headers).status_code == 200
    assert followed(api, line(li))["bad"] == 1, "erased"
    assert post_form(api, wang).status_code == 201
    assert counted(api, Unconfirmed) == 0, "whoever signs up needs no asking any more"


def test_a_dry_run_tells_everything_and_asks_nobody(api: Api, wang: Citizen) -> None:
    job = followed(api, line(wang), line(wang), line(Citizen(8), 姓名=""), dry_run=True)
    assert (job["total"], job["good"], job["bad"], job["dry_run"]) == (3, 1, 2, True)
    assert counted(api, Unconfirmed) == 0
    assert asked(api, wang) == []


def test_what_one_does_not_agree_to_is_erased(api: Api, wang: Citizen) -> None:
    followed(api, line(wang))
    (one,) = asked(api, wang)
    path = f"{BASE}/unconfirmed/{one['unconfirmed_id']}/refusal"
    assert api.client.post(path, headers=Citizen(8).headers(api)).status_code == 404
    assert api.client.post(path, headers=wang.headers(api)).status_code == 204
    assert counted(api, Unconfirmed) == 0
    assert confirm(api, wang, one["unconfirmed_id"]).status_code == 404
    assert followed(api, line(wang))["bad"] == 1, "nor by the next file"
    assert post_form(api, wang).status_code == 201, "who registers needs nobody's leave"
    assert counted(api, RefusedPerson) == 0


def test_an_import_that_was_killed_goes_on_and_takes_each_row_once(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [line(Citizen(100 + n)) for n in range(2 * AT_ONCE + 3)]
    started = hand_in(api, workbook(several)).json()
    api.tick()
    assert read(api, started["import_no"])["done"] == AT_ONCE
    looked_at = service._look_at

    def killed(unit: Unit, job: Any, row: ImportRow) -> None:
        looked_at(unit, job, row)
        if row.place == AT_ONCE + 7:
            raise RuntimeError("killed")

    monkeypatch.setattr(service, "_look_at", killed)
    api.tick()
    assert read(api, started["import_no"])["done"] == AT_ONCE, "a slice is done as a whole or not"
    assert counted(api, Unconfirmed) == AT_ONCE
    monkeypatch.undo()
    api.clock.pass_(hours=1)
    api.quiet()
    job = read(api, started["import_no"])
    assert (job["status"], job["done"], job["good"]) == ("done", len(several), len(several))
    assert counted(api, Unconfirmed) == len(several)


def test_what_is_no_such_sheet_is_refused(api: Api, wang: Citizen) -> None:
    assert hand_in(api, b"PK none").status_code == 422
    assert hand_in(api, workbook([])).status_code == 422
    nameless = hand_in(api, workbook([line(wang)], (wang.name, wang.phone)))
    assert nameless.status_code == 422
    assert wang.name not in nameless.text
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert hand_in(api, workbook([line(wang)]), clerk).status_code == 403
    plain = {**manager(api), "Content-Type": "text/csv", "Idempotency-Key": "a-csv-file"}
    assert api.client.post(f"{BASE}/imports", content=b"a,b", headers=plain).status_code == 415


CELLS = st.dictionaries(st.sampled_from(HEADER), st.one_of(st.none(), st.text(), st.floats(), st.booleans()))


@given(CELLS)
def test_whatever_cells_hold_is_a_form_or_faults_at_columns(cells: dict[str, Any]) -> None:
    found = form_of(cells)
    assert isinstance(found, RegistrationIn) or (found and set(found) <= set(HEADER))


def test_every_column_fills_its_field() -> None:
    wang = Citizen(7)
    assert len({column.path for column in COLUMNS}) == len(COLUMNS) == len(set(HEADER))
    found = form_of(line(wang, 证件类型="居民身份证", 性别="男", 以自己劳动收入为主要生活来源="否"))
    assert isinstance(found, RegistrationIn), found
    assert (found.name, found.id_document.number, found.phone) == (
        wang.name,
        wang.id_document["number"],
        wang.phone,
    )
    assert (found.sex, found.self_supporting, found.categories) == ("1", False, ["care"])
