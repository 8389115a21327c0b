"""The chart of accounts, which movements there are between them, and what a community is to get by when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from onewindow_shared.contracts.admission import MatterClass, Money, MoneyPeriod, MoneyUnit, Workload
from onewindow_shared.contracts.funding import AccountKind, FundSource, Movement

PAID_CLASSES = frozenset({MatterClass.ASSIST, MatterClass.PURCHASE})
"""Classes of work that may not be asked without money (A25, A33); the committee's own duties may."""


@dataclass(frozen=True)
class Account:
    """Names an account; where money must exist first, the ledger keeps its balance."""

    kind: AccountKind
    area: str
    department: str | None = None
    item: str | None = None
    source: FundSource | None = None

    @property
    def code(self) -> str:
        """Return its code: kind, area, and what it is of."""
        of = self.source or self.item or self.department
        return f"{self.kind}/{self.area}" + (f"/{of}" if of else "")


GUARDED = frozenset({AccountKind.DEPARTMENT, AccountKind.ITEM, AccountKind.COMMUNITY})
"""Money must exist here before it leaves."""

ROUTES: Mapping[Movement, tuple[AccountKind, AccountKind]] = {
    Movement.BUDGET: (AccountKind.SOURCE, AccountKind.DEPARTMENT),
    Movement.BYPASS: (AccountKind.SOURCE, AccountKind.OUTSIDE),
    Movement.ALLOT: (AccountKind.DEPARTMENT, AccountKind.ITEM),
    Movement.RELEASE: (AccountKind.ITEM, AccountKind.DEPARTMENT),
    Movement.TRANSFER: (AccountKind.ITEM, AccountKind.COMMUNITY),
    Movement.RETURN: (AccountKind.COMMUNITY, AccountKind.ITEM),
    Movement.USE: (AccountKind.COMMUNITY, AccountKind.SPENT),
}
"""From which kind of account each movement takes, and where it puts."""


@dataclass(frozen=True)
class Party:
    """Whom a movement is about."""

    district: str
    community: str | None = None
    department: str | None = None
    item: str | None = None
    source: FundSource | None = None

    @property
    def area(self) -> str:
        """The community, or the district."""
        return self.community or self.district


def account(kind: AccountKind, party: Party) -> Account:
    """Return the account of this kind that a movement of `party` touches."""
    district, department = party.district, party.department
    match kind:
        case AccountKind.SOURCE:
            return Account(kind, district, source=party.source)
        case AccountKind.DEPARTMENT:
            return Account(kind, district, department)
        case AccountKind.ITEM:
            return Account(kind, district, department, party.item)
        case AccountKind.COMMUNITY:
            return Account(kind, party.area, department, party.item)
        case _:
            return Account(kind, district)


def change_of_allotment(movement: Movement, fen: int) -> int:
    """Return by how much a movement changes what its item was given."""
    return {Movement.ALLOT: fen, Movement.RELEASE: -fen}.get(movement, 0)


_MONTHS: Mapping[MoneyPeriod, int | None] = {
    MoneyPeriod.ONCE: None,
    MoneyPeriod.MONTH: 1,
    MoneyPeriod.QUARTER: 3,
    MoneyPeriod.YEAR: 12,
}


def periods(first_day: date, last_day: date | None, period: MoneyPeriod) -> Iterator[tuple[date, date]]:
    """Yield the periods for which money is due, first and last day of each, without end where there is none.

    Money that is paid once is due for the whole time, or for a year where that has no end.
    """
    months = _MONTHS[period]
    end, number = last_day or date.max, 0
    while True:
        start = _later(first_day, number * (months or 12))
        if start > end:
            return
        until = _later(first_day, (number + 1) * (months or 12)) - timedelta(days=1)
        yield start, end if months is None and last_day is not None else min(until, end)
        if months is None:
            return
        number += 1


def _later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = following - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def period_of(
    first_day: date, last_day: date | None, period: MoneyPeriod, after: date
) -> tuple[date, date] | None:
    """Return the first period that begins on `after` or later."""
    return next((one for one in periods(first_day, last_day, period) if one[0] >= after), None)


def in_arrears(unit: MoneyUnit) -> bool:
    """Say whether what is due is known only after the work: money by case, person or household."""
    return unit is not MoneyUnit.COMMUNITY


def instalment(money: Money, cases: int) -> int:
    """Return what one community is to get for a period in which it completed `cases`."""
    return money.fen * cases if in_arrears(money.unit) else money.fen


def needed(money: Money, workload: Workload, communities: int) -> int:
    """Return what must lie ready before the work starts: the first period of every community concerned.

    Where money follows cases, as many are reckoned as the agreed hours of a period hold.
    """
    if not in_arrears(money.unit):
        return money.fen * communities
    months = _MONTHS[money.period] or 12
    cases = workload.hours_per_year * 60 * months // (12 * workload.minutes_per_case)
    return money.fen * max(cases, 1) * communities


def lacking(*, allotted: int, needed_: int, conditions: bool, contract: bool) -> list[str]:
    """Name what an item lacks before it may be asked of anybody (N6)."""
    there = {"money": allotted >= needed_, "conditions": conditions, "contract": contract}
    return [what for what, is_there in there.items() if not is_there]
