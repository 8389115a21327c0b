"""The catalogue through the gateway: a shorter promise for tomorrow, and the whole of it as a workbook."""

import io
import json
import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from onewindow_shared.plumbing.sheets import XLSX_TYPE
from onewindow_shared.plumbing.workdays import local_day
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, XIYUAN = "330902002001", "330902003008"
ITEM, OTHER = "soc-old-age-xiangtan", "soc-senior-card-pubei"


def published(who: Person, content: dict[str, Any], day: str) -> dict[str, Any]:
    path = f"{INTAKE}/items/{content['code']}/versions"
    draft = who.made(path, content)
    return who.moved(f"{path}/{draft['number']}/publication", {"effective_from": day}, draft["version"])


def content_of(who: Person, code: str) -> dict[str, Any]:
    listed = who.read(f"{INTAKE}/items/{code}/versions")["items"]
    (number,) = [one["number"] for one in listed if one["state"] == "in_force"]
    content: dict[str, Any] = who.read(f"{INTAKE}/items/{code}/versions/{number}")["content"]
    return content


def post(town: Town, serial: int) -> dict[str, Any]:
    clerk = town.staff("clerk.xian")
    return clerk.made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(serial)))


def send(town: Town, who: Person, file: bytes, **query: str) -> dict[str, Any]:
    """Import a workbook, and follow it to its end."""
    headers = {
        "Authorization": f"Bearer {who.token}",
        "Content-Type": XLSX_TYPE,
        "Idempotency-Key": str(uuid.uuid4()),
    }
    answer = town.http.post(f"{INTAKE}/catalogue/imports", content=file, params=query, headers=headers)
    assert answer.status_code == 201, answer.text
    path = f"{INTAKE}/catalogue/imports/{answer.json()['import_no']}"
    ended: dict[str, Any] = eventually(
        lambda: who.read(path), lambda job: bool(job["status"] != "running"), patience=20
    )
    return ended


def changed(book: bytes, code: str, column: str, value: int) -> bytes:
    """Change one cell of the sheet of items, as somebody would in a spreadsheet."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(book))
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as written:
        for name in read.sheet_names:
            rows = read.get_sheet_by_name(name).to_python()
            if name == "items":
                (row,) = [row for row in rows if row[0] == code]
                row[rows[0].index(column)] = value
            sheet = written.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return file.getvalue()


def test_a_sentence_finds_the_item_of_a_community(town: Town) -> None:
    found = town.anybody().read(f"{INTAKE}/items?q=给我妈办高龄补贴&community={XIAN}")["items"]
    assert ITEM in [one["code"] for one in found[:3]]


def test_a_workbook_is_exported_changed_tried_and_imported(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    export = admin.get(f"{INTAKE}/catalogue/export?format=xlsx")
    assert export.headers["content-type"] == XLSX_TYPE
    file = changed(export.content, OTHER, "promised_days", 7)
    tried = send(town, admin, file, dry_run="true")
    assert (tried["status"], tried["changed"], tried["unchanged"]) == ("done", 1, 39)
    assert town.item(OTHER)["promised_days"] != 7
    done = send(town, admin, file)
    assert (done["status"], done["changed"]) == ("done", 1)
    eventually(lambda: town.item(OTHER)["promised_days"], lambda days: days == 7, patience=5)
    wrong = send(town, admin, changed(file, OTHER, "promised_days", 99))
    assert wrong["status"] == "refused"
    (fault,) = admin.read(f"{INTAKE}/catalogue/imports/{wrong['import_no']}/faults")["items"]
    assert fault["row"].startswith("items!")


def test_an_import_whose_service_is_killed_between_its_slices_goes_on_and_makes_each_item_once(
    town: Town,
) -> None:
    admin = town.staff("admin.dinghai")
    book = yaml.safe_load(admin.get(f"{INTAKE}/catalogue/export?format=yaml").content)
    new = [{**one, "code": f"{one['code'][:50]}-{n}"} for one in book["items"] for n in range(5)]
    file = json.dumps({"items": new}).encode()
    headers = {
        "Authorization": f"Bearer {admin.token}",
        "Content-Type": "application/yaml",
        "Idempotency-Key": str(uuid.uuid4()),
    }

    def begun() -> int:
        answer = town.http.post(f"{INTAKE}/catalogue/imports", content=file, headers=headers)
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["import_no"]
        return number

    number = begun()
    path = f"{INTAKE}/catalogue/imports/{number}"
    eventually(lambda: admin.read(path)["done"], bool)
    town.suite.kill("intake")
    town.suite.start("intake")
    town.suite.wait_ready(["intake"])
    assert begun() == number
    job = eventually(lambda: admin.read(path), lambda job: bool(job["status"] != "running"), patience=60)
    counts = (job["status"], job["done"], job["added"], job["changed"], job["bad"])
    assert counts == ("done", len(new), len(new), 0, 0)
    exported = yaml.safe_load(admin.get(f"{INTAKE}/catalogue/export?format=yaml").content)["items"]
    codes = [one["code"] for one in exported]
    assert len(codes) == len(set(codes)) == len(book["items"]) + len(new)
    for one in new[:: len(new) // 10]:
        (version,) = admin.read(f"{INTAKE}/items/{one['code']}/versions")["items"]
        assert version["state"] == "in_force"


def test_a_case_of_today_keeps_the_promise_of_today_and_one_of_tomorrow_has_the_new_one(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    content = content_of(admin, ITEM)
    shorter = content["promised_days"] - 7
    today = post(town, 1)
    done = published(admin, {**content, "promised_days": shorter}, _tomorrow(town))
    assert done["state"] == "scheduled"
    assert post(town, 2)["item_version"] == today["item_version"]
    town.pass_(days=1)
    after = post(town, 3)
    assert after["item_version"] == done["number"]
    clerk = town.staff("clerk.xian")
    seen = [clerk.read(f"{INTAKE}/cases/{case['case_no']}")["promised_days"] for case in (today, after)]
    assert seen == [content["promised_days"], shorter]


def test_what_one_window_takes_in_for_another_community_both_see_and_nobody_else(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    published(admin, {**content_of(admin, OTHER), "anywhere": True}, _tomorrow(town))
    town.pass_(days=1)
    here, there, third = map(town.staff, ("clerk.xian", "clerk.xiyuan", "clerk.benjin"))
    content = application(town.item(OTHER), XIYUAN, person(9))
    del content["community"]
    body = {"community": XIYUAN, "accepting_community": XIAN, "content": content}
    draft = eventually(
        lambda: here.made(f"{INTAKE}/drafts", body), lambda made: not made["wrong"], patience=5
    )
    case = here.moved(f"{INTAKE}/drafts/{draft['draft_id']}/submission", None, draft["version"])
    number = case["case_no"]
    path = f"{INTAKE}/cases/{number}"
    accepted = here.moved(f"{path}/acceptance", None, 1)
    for who in (here, there):
        seen = who.read(path)
        assert (seen["status"], seen["version"]) == ("accepted", accepted["version"])
        assert seen["shares"] == {"accepts": XIAN, "decides": XIYUAN, "hands_back": XIAN}
    assert third.get(path).status_code == 404
    listed = [
        {row["case_no"] for row in who.read(f"{INTAKE}/cases{asked}")["items"]}
        for who, asked in ((here, "?taken_in=true"), (there, ""), (here, ""), (third, ""))
    ]
    assert [number in numbers for numbers in listed] == [True, True, False, False]
    file = f"{CASEWORK}/cases/{number}"
    opened = eventually(lambda: there.get(file), lambda answer: answer.status_code == 200)
    assert opened.json()["community"] == XIYUAN
    assert third.get(file).status_code == 404


def test_a_guide_for_an_office_or_a_community_that_does_not_exist_is_not_published(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    content = content_of(admin, OTHER)
    path = f"{INTAKE}/items/{OTHER}/versions"
    unknown = {"department": "no-such-office", "communities": [XIAN, "330902002999"]}
    draft = admin.made(path, {**content, **unknown})
    refused = admin.move(f"{path}/{draft['number']}/publication", {}, draft["version"])
    assert refused.status_code == 422
    named = {".".join(map(str, wrong["loc"][1:])) for wrong in refused.json()["errors"]}
    assert named == {"department", "communities.1"}


def _tomorrow(town: Town) -> str:
    return (local_day(town.now(), ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).isoformat()
