"""Routes of yearly reports and samples."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.records import RecordOut
from onewindow_shared.contracts.volunteer_reports import (
    CommunityYear,
    ReportFormat,
    SpotCheckIn,
    SpotCheckOut,
    YearReport,
)
from onewindow_shared.plumbing.conditional import JSON_TYPE
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import XLSX_TYPE, Table, sliced, xlsx_answer
from onewindow_volunteers.reports import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["reports"])
CHECKER = gated(Permission.RECORD_RULE)
READER = gated(Permission.RECORD_CHECK)
SHEET: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
HEADER = (
    *("社区代码", "社区", "常住人口", "注册志愿者", "注册率", "达标情况", "活跃志愿者", "活跃率"),
    *("服务记录", "服务分钟", "人均分钟", "逾期记录", "出具证明"),
)


@router.get(
    "/reports/areas/{area_code}/{year}",
    response_model=YearReport,
    summary="The year of an area",
    responses={200: {"content": {XLSX_TYPE: SHEET}}, **problems(*READING)},
)
async def read_year_report(
    area_code: AreaCode,
    year: Annotated[int, Path(ge=2000, le=9998)],
    kind: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.JSON,
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Say of each community how many volunteers it has against floor and target, and what they gave."""
    report = await run.read(service.year_of, area_code, year)
    if kind is ReportFormat.JSON:
        return Response(report.model_dump_json(), media_type=JSON_TYPE)
    rows = [_row(one) for one in report.communities]
    return await xlsx_answer(f"volunteers-{area_code}-{year}.xlsx", Table("年度报告", HEADER, sliced(rows)))


def _row(one: CommunityYear) -> list[str | int | float | None]:
    return list(one.model_dump(mode="json").values())


@router.post(
    "/spot-checks",
    status_code=201,
    response_model=SpotCheckOut,
    summary="Draw a sample of service records",
    responses=problems(*CREATING, NotFound),
)
async def draw_spot_check(body: SpotCheckIn, idempotency_key: IdempotencyKey, run: Run = CHECKER) -> Response:
    """Draw confirmed records to be checked (民政部令第67号 art. 21); the seed is kept with them."""
    return await run.create(idempotency_key, body, service.draw)


@router.get("/spot-checks", summary="List samples", responses=problems(*LISTING))
async def list_spot_checks(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = READER
) -> Page[SpotCheckOut]:
    """List the samples of one's area, newest first."""
    return await run.read(service.several, wanted)


@router.get(
    "/spot-checks/{check_no}/records",
    summary="The records of a sample",
    responses=problems(*READING, BadCursor),
)
async def list_spot_check_records(
    check_no: Annotated[int, Path(ge=1, lt=2**63)],
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = READER,
) -> Page[RecordOut]:
    """List the records of a sample as they stand now."""
    return await run.read(service.records, check_no, wanted)
