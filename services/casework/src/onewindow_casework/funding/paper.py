"""The sheet of a monthly statement: what lay there, what came and what went, in yuan."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.districts.queries import department_names
from onewindow_casework.funding import statements
from onewindow_casework.funding.models import FundPosting
from onewindow_casework.funding.rules import ONE_DAY, days_of, yuan
from onewindow_shared.contracts.funding import (
    AccountKind,
    FundSource,
    FundStatement,
    Movement,
    SourceLine,
    StatementSums,
)
from onewindow_shared.contracts.papers import Fact, Listing, Sheet
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.reference import Area, area_name
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

TEMPLATE = "tables"
SOURCES: Mapping[FundSource, str] = {
    FundSource.COMMUNITY_BUILDING: "市级社区建设专项资金",
    FundSource.FISCAL_SUBSIDY: "财政补助资金",
    FundSource.DEVELOPER_PREMISES: "开发企业提供的社区用房资金",
    FundSource.FEE_WITH_TASK: "费随事转资金",
    FundSource.UPPER_LEVEL_PROJECTS: "上级争取的社区项目资金",
    FundSource.DONATIONS: "社会各界捐助资金",
}
MOVEMENTS: Mapping[Movement, str] = {
    Movement.TRANSFER: "拨入",
    Movement.RETURN: "退回",
    Movement.USE: "支出",
}
KINDS: Mapping[AccountKind, str] = {
    AccountKind.COMMUNITY: "社区账户",
    AccountKind.DEPARTMENT: "部门账户",
    AccountKind.ITEM: "事项账户",
}
HEAD = ("账户", "名称", "期初余额", "本期收入", "本期支出", "期末余额", "编码")


def sheet(unit: Unit, area: str, month: str) -> tuple[Sheet, datetime]:
    """Return the statement of a month that is over as it is printed, and the end of that month."""
    found = statements.statement(unit, area, month)
    if not found.complete:
        raise statements.MonthNotOver(detail="It is printed once the month is over.")
    first, last = days_of(month)
    number = statements.number_of(area, month)
    printed = Sheet(
        title=f"{found.name}社区工作专户{first.year}年{first.month}月对账单",
        number=number,
        code=statements.code_of(unit, number),
        check_address=statements.address_of(unit, number),
        addressee=None,
        opening=[f"{chinese_day(first)}至{chinese_day(last)}，金额单位：元。"],
        facts=_facts(found),
        tables=[*_sources(found), _parts(unit, found), *_movements(unit, area, month)],
        closing=["专户资金专款专用，逐笔凭证可在社区工作专户台账中查阅；冲销以负数列示。"],
        office=area_name(unit.session, area[:DISTRICT]),
        dated=chinese_day(last + ONE_DAY),
    )
    return printed, midnight(last + ONE_DAY, unit.zone)


def _facts(found: StatementSums) -> list[Fact]:
    return [
        Fact(label="期初余额", value=yuan(found.opening)),
        Fact(label="本期收入", value=yuan(found.received)),
        Fact(label="本期支出", value=yuan(found.paid)),
        Fact(label="期末余额", value=yuan(found.closing)),
    ]


def _sources(found: FundStatement) -> list[Listing]:
    """Of a district: what every source paid into the account or past it; else what was had of each."""
    if found.held:
        return [_held(found.held)]
    rows = [
        [SOURCES[one.source], yuan(one.received), yuan(one.on_account), yuan(one.received - one.on_account)]
        for one in found.sources
    ]
    head = ("资金来源", "本期收到", "进入专户", "未进专户")
    return [Listing(title="六类资金来源", head=head, rows=rows)] if rows else []


def _held(lines: Iterable[SourceLine]) -> Listing:
    rows = [
        [
            SOURCES[line.source] if line.source else "未区分来源",
            *map(yuan, (line.opening, line.received, line.paid, line.closing)),
        ]
        for line in lines
    ]
    return Listing(title="按资金来源", head=("资金来源", *HEAD[2:6]), rows=rows)


def _parts(unit: Unit, found: FundStatement) -> Listing:
    names = _names(unit, found.area[:DISTRICT], [line.of for line in found.lines])
    rows = [
        [
            KINDS[line.kind],
            names.get(line.of, line.of),
            *map(yuan, (line.opening, line.received, line.paid, line.closing)),
            line.of,
        ]
        for line in found.lines
    ]
    return Listing(title="分户余额", head=HEAD, rows=rows)


def _names(unit: Unit, district: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of items and areas by code, and those of a district's departments."""
    known = (Area.code, Area.name), (WorkItem.code, WorkItem.name)
    found = (unit.session.execute(select(*columns).where(columns[0].in_(codes))) for columns in known)
    return department_names(unit, district) | {code: name for rows in found for code, name in rows}


def _movements(unit: Unit, area: str, month: str) -> list[Listing]:
    """Of a community: every posting; larger areas have theirs in the ledger."""
    if len(area) != COMMUNITY:
        return []
    rows = [_movement(posting) for posting in statements.movements(unit, area, month)]
    head = ("日期", "凭证号", "变动", "事项", "金额", "冲销凭证", "依据文号")
    return [Listing(title="本期变动", head=head, rows=rows)]


def _movement(posting: FundPosting) -> list[str]:
    return [
        chinese_day(posting.day),
        str(posting.id),
        MOVEMENTS[Movement(posting.movement)],
        posting.item or "—",
        yuan(posting.fen),
        str(posting.corrects) if posting.corrects else "—",
        posting.document_no,
    ]
