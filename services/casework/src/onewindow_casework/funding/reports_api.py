"""Routes of what the ledger tells: figures, work against money, and the ledger as a workbook."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from onewindow_casework.funding import figures, queries
from onewindow_casework.funding.models import FundPosting
from onewindow_casework.funding.paper import SOURCES
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Code, Page
from onewindow_shared.contracts.funding import FundFigures, Movement, WorkAndMoney
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import expect_period, from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.sheets import AT_ONCE, XLSX_TYPE, Table, xlsx_answer
from onewindow_shared.plumbing.workbooks import Row

router = APIRouter(prefix="/api/casework/v1/admission/funding", tags=["funding"])
From = Annotated[date, Query(alias="from", description="First day")]
To = Annotated[date, Query(alias="to", description="Last day, included")]
HEADER = (
    *("凭证号", "日期", "变动", "转出账户", "转入账户", "金额(分)", "来源", "部门", "事项", "区域"),
    *("依据文号", "说明", "冲销凭证号", "记账人"),
)
MOVEMENTS: Mapping[Movement, str] = {
    Movement.BUDGET: "预算入账",
    Movement.BYPASS: "未进专户",
    Movement.ALLOT: "划给事项",
    Movement.RELEASE: "事项收回",
    Movement.TRANSFER: "拨付社区",
    Movement.RETURN: "社区退回",
    Movement.USE: "社区支出",
}
"""What a posting is called in the ledger of a district."""


@router.get(
    "/figures/{area_code}",
    summary="Where the money is",
    responses=problems(*READING),
)
async def read_fund_figures(
    area_code: Annotated[AreaCode, Path(description="District")],
    first: From,
    last: To,
    run: Run = gated(Permission.METRICS_READ),
) -> FundFigures:
    """Show what was received, booked, budgeted and paid in a period, and how many items are paid for."""
    return await run.read(figures.figures, area_code[:DISTRICT], first, last)


@router.get(
    "/items/{code}/work",
    summary="Work against money",
    responses=problems(*READING, BadCursor),
)
async def list_work(
    code: Code,
    first: From,
    last: To,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.FUND_READ),
) -> Page[WorkAndMoney]:
    """List, by community, the hours of the orders that it completed against the money that it got."""
    return await run.read(figures.work_and_money, wanted, code, first, last)


@router.get(
    "/ledger.xlsx",
    summary="The ledger as a workbook",
    response_class=Response,
    responses={200: {"content": {XLSX_TYPE: {}}}, **problems(*ASKING)},
)
async def read_ledger(first: From, last: To, run: Run = gated(Permission.FUND_READ)) -> Response:
    """Write every posting of a period within one's area and department into a workbook."""
    expect_period(first, last)
    slices = _slices(run, first, last)
    return await xlsx_answer(f"ledger-{first}-{last}.xlsx", Table("专户台账", HEADER, slices))


async def _slices(run: Run, first: date, last: date) -> AsyncGenerator[Sequence[Row]]:
    after = 0
    while found := await run.read(queries.between, first, last, after, AT_ONCE):
        after = found[-1].id
        yield [_line(posting) for posting in found]


def _line(posting: FundPosting) -> Row:
    source = queries.source_of(posting.source)
    return (
        *(posting.id, posting.day, MOVEMENTS[Movement(posting.movement)]),
        *(posting.out_of, posting.into, posting.fen, source and SOURCES[source]),
        *(posting.department, posting.item, posting.community),
        *(posting.document_no, posting.note, posting.corrects, posting.posted_by),
    )
