"""The catalogue through the gateway: a shorter promise for tomorrow, and the whole of it as a workbook."""

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from onewindow_shared.plumbing.sheets import XLSX_TYPE
from town import INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN, ITEM, OTHER = "330902002001", "soc-old-age-xiangtan", "soc-senior-card-pubei"
DAY = 86400


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


def test_a_case_of_today_keeps_the_promise_of_today_and_one_of_tomorrow_has_the_new_one(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    content = content_of(admin, ITEM)
    shorter = content["promised_days"] - 7
    today = post(town, 1)
    clock = town.suite.plan.clock_file
    assert clock is not None
    begun = str(town.item(ITEM)["effective_from"])
    done = published(admin, {**content, "promised_days": shorter}, _after(begun))
    assert done["state"] == "scheduled"
    assert post(town, 2)["item_version"] == today["item_version"]
    clock.write_text(str(DAY), encoding="utf-8")
    after = post(town, 3)
    assert after["item_version"] == done["number"]
    clerk = town.staff("clerk.xian")
    seen = [clerk.read(f"{INTAKE}/cases/{case['case_no']}")["promised_days"] for case in (today, after)]
    assert seen == [content["promised_days"], shorter]


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
