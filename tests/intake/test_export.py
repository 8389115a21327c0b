"""Lists taken away as tables: all of one's own area, masked, safe to open, and written down."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from intake.window import NO_PAPERS, Somebody, person, somebody
from onewindow_intake.worklists import export
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.sheets import BOM, CSV_TYPE
from testkit.api import KAIYUAN, XIAN, Api

REASON = "季度工作汇报"


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read three cases at a time."""
    monkeypatch.setattr(export, "AT_ONCE", 3)


def taken(who: Somebody, **form: Any) -> list[list[str]]:
    answer = who.post("cases/export", {"reason": REASON, **form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == CSV_TYPE
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_a_table_holds_every_case_of_the_list_once_and_in_its_order(clerk: Somebody) -> None:
    for serial in range(1, 9):
        clerk.posted(serial=serial, item=NO_PAPERS)
    head, *rows = taken(clerk, filter={"item": NO_PAPERS})
    listed = clerk.get("cases", item=NO_PAPERS).json()["items"]
    assert head[0] == "办件编号"
    assert [row[0] for row in rows] == [case["case_no"] for case in listed]
    assert rows[0][head.index("收件时间")] == "2026-11-23 09:30:00"


def test_a_workbook_holds_the_same(clerk: Somebody) -> None:
    clerk.posted(item=NO_PAPERS)
    answer = clerk.post("cases/export", {"reason": REASON, "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == [row[0] for row in taken(clerk)]


def test_a_table_tells_who_was_asked_first_and_who_answers_for_a_case_now(
    clerk: Somebody, resident: Somebody, api: Api
) -> None:
    case = clerk.posted(item=NO_PAPERS)
    resident.posted(item=NO_PAPERS, channel="web", serial=2)
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")
    path, key = f"cases/{case['case_no']}/handoffs", {"Idempotency-Key": "offer-0001"}
    offer = clerk.post(path, {"taker": "agent.xian", "note": "材料已核对"}, **key).json()
    assert officers(clerk) == [("", ""), ("clerk.xian", "clerk.xian")]
    agent.post(f"{path}/{offer['handoff_id']}/acceptance", **{"If-Match": f'"{offer["version"]}"'})
    assert officers(clerk) == [("", ""), ("clerk.xian", "agent.xian")]


def officers(who: Somebody) -> list[tuple[str, str]]:
    head, *rows = taken(who, filter={"item": NO_PAPERS, "community": XIAN})
    return [(row[head.index("首问责任人")], row[head.index("责任人")]) for row in rows[:2]]


def test_a_table_shows_masked_names_and_nothing_of_other_areas(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    mine = clerk.posted(applicant=person(5, "欧阳春花"))
    theirs = neighbour.posted(community=KAIYUAN)
    text = str(taken(clerk))
    assert mine["case_no"] in text
    assert "欧阳**" in text
    assert "欧阳春花" not in text
    assert theirs["case_no"] not in text
    assert taken(clerk, filter={"community": KAIYUAN})[1:] == []
    stranger = somebody(api, Role.DISTRICT_ADMIN, "330903")
    assert taken(stranger)[1:] == []


def test_who_took_what_and_why_is_written_down(api: Api, clerk: Somebody) -> None:
    rows = taken(clerk, filter={"item": NO_PAPERS, "q": "调解"})[1:]

    def record(unit: Any) -> tuple[str | None, dict[str, Any]]:
        (found,) = unit.session.scalars(select(AuditRecord).where(AuditRecord.action == "case.exported"))
        return found.reason(unit.vault), found.detail

    assert api.system(record) == (
        REASON,
        {"format": "csv", "filter": {"item": NO_PAPERS}, "words": True, "rows": len(rows)},
    )


def test_an_export_needs_a_reason_and_the_permission(api: Api, clerk: Somebody, resident: Somebody) -> None:
    assert clerk.post("cases/export", {}).status_code == 422
    assert resident.post("cases/export", {"reason": REASON}).status_code == 403
    officer = somebody(api, Role.AGENT_OFFICER, XIAN)
    assert officer.post("cases/export", {"reason": REASON}).status_code == 403
