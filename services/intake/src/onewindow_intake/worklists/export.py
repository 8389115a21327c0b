"""Lists of cases taken away as tables, read slice by slice in short transactions."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import StreamingResponse

from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.worklists import service
from onewindow_intake.worklists.rules import CATEGORIES, CHANNELS
from onewindow_shared.contracts.cases import CaseSummary
from onewindow_shared.contracts.worklists import CaseExportIn, SheetFormat
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.runtime import Run
from onewindow_shared.plumbing.sheets import AT_ONCE, Table, csv_answer, xlsx_answer
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workbooks import Row

HEADER = (
    "办件编号",
    "状态",
    "事项编码",
    "事项名称",
    "类别",
    "部门",
    "社区代码",
    "代收社区代码",
    "渠道",
    "申请人",
    "首问责任人",
    "责任人",
    "收件时间",
    "答复期限",
    "告知期限",
    "办理期限",
    "期限待定",
)


async def taken_away(run: Run, form: CaseExportIn) -> StreamingResponse:
    """Answer with every case of a list, names masked; and write down who took it and why."""
    await run.write(_began, form)
    table = Table("办件", HEADER, _slices(run, form))
    if form.format is SheetFormat.CSV:
        return await csv_answer("cases.csv", table)
    return await xlsx_answer("cases.xlsx", table)


async def _slices(run: Run, form: CaseExportIn) -> AsyncGenerator[Sequence[Row]]:
    """Read a list page by page, each in a transaction of its own; what is posted meanwhile may be missing."""
    wanted: Wanted | None = Wanted(AT_ONCE)
    rows = 0
    while wanted is not None:
        page = await run.read(service.several, wanted, form.filter)
        rows += len(page.items)
        yield [_row(case, run.runtime.settings.zone) for case in page.items]
        wanted = Wanted(AT_ONCE, page.next) if page.next else None
    await run.write(_ended, form, rows)


def _began(unit: Unit, form: CaseExportIn) -> None:
    service.expect_listed(unit, form.filter, within="filter")
    unit.audit("case.export_began", "cases", "list", reason=form.reason, detail=_asked(form))


def _ended(unit: Unit, form: CaseExportIn, rows: int) -> None:
    detail = {**_asked(form), "rows": rows}
    unit.audit("case.exported", "cases", "list", reason=form.reason, detail=detail)


def _asked(form: CaseExportIn) -> dict[str, Any]:
    """Say what was asked for, in codes; words that somebody typed are not repeated."""
    chosen = form.filter.model_dump(mode="json", exclude_defaults=True, exclude={"q"})
    return {"format": form.format, "filter": chosen, "words": form.filter.q is not None}


def _row(case: CaseSummary, zone: ZoneInfo) -> Row:
    return (
        case.case_no,
        STATUSES[case.status],
        case.item_code,
        case.item_name,
        CATEGORIES[case.category],
        case.department,
        case.community,
        case.shares.accepts if case.shares else None,
        CHANNELS[case.channel],
        case.applicant,
        case.first_contact_officer,
        case.responsible_officer,
        case.received_at.astimezone(zone),
        case.answer_due_at.astimezone(zone) if case.answer_due_at else None,
        case.notice_due_at.astimezone(zone) if case.notice_due_at else None,
        case.due_on,
        "是" if case.provisional else None,
    )
