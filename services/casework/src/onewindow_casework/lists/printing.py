"""A published version of the lists as a sheet to be put up; the same version is the same paper."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from onewindow_casework.districts.queries import department_names
from onewindow_casework.lists import queries
from onewindow_shared.contracts.admission import ListedMatter, MatterClass, Money, MoneyPeriod, MoneyUnit
from onewindow_shared.contracts.papers import Fact, Listing, Sheet
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

TEMPLATE = "tables"
TITLES: Mapping[MatterClass, str] = {
    MatterClass.AUTONOMY: "社区工作事项清单",
    MatterClass.ASSIST: "协助政府的社区工作事项清单",
    MatterClass.PURCHASE: "政府购买服务的社区工作事项清单",
    MatterClass.FORBIDDEN: "社区工作禁入事项清单",
    MatterClass.NOT_ISSUED: "不应由社区出具证明的事项清单",
}
ASKED = ("编码", "事项", "提出部门", "适用范围", "期限", "经费", "依据")
BARRED = ("编码", "事项", "办理途径", "依据")
UNITS = {MoneyUnit.CASE: "件", MoneyUnit.PERSON: "人", MoneyUnit.HOUSEHOLD: "户", MoneyUnit.COMMUNITY: "社区"}
PERIODS = {
    MoneyPeriod.ONCE: "一次性",
    MoneyPeriod.MONTH: "每月",
    MoneyPeriod.QUARTER: "每季度",
    MoneyPeriod.YEAR: "每年",
}
Names = Mapping[str, str]
"""Code of an area or a department -> its name."""


def sheet(unit: Unit, district: str, number: int) -> tuple[Sheet, datetime]:
    """Return a version as it is printed, and when it was published."""
    version = queries.find(unit, district, number)
    cards = sorted(queries.cards_of(unit, version).values(), key=lambda card: card.code)
    named = _names(unit, district)
    published = version.published_at
    printed = Sheet(
        title=version.title,
        number=f"{district}-{number}",
        code="",
        check_address=f"{unit.settings.public_address}/api/casework/v1/admission/lists/{district}/{number}",
        addressee=None,
        opening=[version.note] if version.note else [],
        facts=[
            Fact(label="清单版本", value=f"第{number}版"),
            Fact(label="生效日期", value=chinese_day(version.effective_from)),
        ],
        tables=[table for kind in MatterClass if (table := _table(kind, cards, named))],
        closing=["未列入本清单、未落实经费的事项，社区居民委员会有权拒绝。"],
        office=named.get(district, district),
        dated=chinese_day(local_day(published, unit.zone)),
    )
    return printed, published


def _names(unit: Unit, district: str) -> Names:
    areas = select(Area.code, Area.name).where(Area.code.startswith(district, autoescape=True))
    return dict(unit.session.execute(areas).all()) | department_names(unit, district)


def _table(kind: MatterClass, cards: Iterable[ListedMatter], names: Names) -> Listing | None:
    barred = kind in {MatterClass.FORBIDDEN, MatterClass.NOT_ISSUED}
    found = [card for card in cards if card.matter_class is kind]
    rows = [_barred(card) if barred else _asked(card, names) for card in found]
    return Listing(title=TITLES[kind], head=BARRED if barred else ASKED, rows=rows) if rows else None


def _asked(card: ListedMatter, names: Names) -> list[str]:
    return [
        card.code,
        card.name,
        names.get(card.department, card.department) if card.department else "—",
        "、".join(names.get(area, area) for area in card.areas),
        f"{chinese_day(card.first_day)}起" + (f"至{chinese_day(card.last_day)}止" if card.last_day else ""),
        _money(card.money) if card.money else "—",
        _basis(card),
    ]


def _barred(card: ListedMatter) -> list[str]:
    return [card.code, card.name, card.instead or "—", _basis(card)]


def _basis(card: ListedMatter) -> str:
    return "\n".join(f"{basis.document}{basis.article or ''}" for basis in card.basis)


def _money(money: Money) -> str:
    yuan, fen = divmod(money.fen, 100)
    return f"{PERIODS[money.period]}每{UNITS[money.unit]}{yuan}.{fen:02}元"
