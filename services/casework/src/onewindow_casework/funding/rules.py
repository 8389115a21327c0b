"""The chart of accounts, which movements there are between them, and what a community is to get by when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from onewindow_shared.contracts.admission import MatterClass, Money, MoneyPeriod, MoneyUnit, Workload
from onewindow_shared.contracts.funding import AccountKind, ContractIn, FundSource, Movement, StatementSums
from onewindow_shared.plumbing.workdays import months_later

ONE_DAY = timedelta(days=1)
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


def source_of(left: Mapping[FundSource, int], named: FundSource | None) -> FundSource | None:
    """Return of which source money is: the one that is named, or the only one of which any is left."""
    there = [source for source, fen in left.items() if fen > 0]
    return there[0] if named is None and len(there) == 1 else named


def fault_of_source(left: Mapping[FundSource, int], named: FundSource | None, fen: int) -> dict[str, str]:
    """Name what is wrong with the source of money of which so much is left, by source."""
    if named is None:
        several = sum(fen > 0 for fen in left.values()) > 1
        return {"source": "there is money of several sources: name one"} if several else {}
    return {"source": "there is not so much of this source"} if left.get(named, 0) < fen else {}


def days_of(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month like 2026-11."""
    first = date.fromisoformat(f"{month}-01")
    return first, months_later(first, 1) - ONE_DAY


def sums(held: Iterable[AccountKind], before: int, moved: Mapping[Movement, int]) -> StatementSums:
    """Return what a month made of the money that lay on accounts of these kinds.

    `moved` is what each movement of the month came to; one between two of these kinds changes nothing.
    """
    kinds = frozenset(held)
    received = paid = 0
    for movement, fen in moved.items():
        leaves, enters = (kind in kinds for kind in ROUTES[movement])
        received += fen if enters and not leaves else 0
        paid += fen if leaves and not enters else 0
    return StatementSums(opening=before, received=received, paid=paid, closing=before + received - paid)


def yuan(fen: int) -> str:
    """Write an amount as papers do: 1,234.50."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02}"


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
        start = months_later(first_day, number * (months or 12))
        if start > end:
            return
        until = months_later(first_day, (number + 1) * (months or 12)) - ONE_DAY
        yield start, end if months is None and last_day is not None else min(until, end)
        if months is None:
            return
        number += 1


def period_of(
    first_day: date, last_day: date | None, period: MoneyPeriod, after: date
) -> tuple[date, date] | None:
    """Return the first period that begins on `after` or later."""
    return next((one for one in periods(first_day, last_day, period) if one[0] >= after), None)


@dataclass(frozen=True)
class Term:
    """The time for which an item is paid."""

    first_day: date
    last_day: date | None
    period: MoneyPeriod
    off_from: date | None
    """The day on which it left the lists, if it did."""


def closes(term: Term, start: date, worked: date | None) -> date | None:
    """Return the last day of the period that begins on `start`, where money follows cases; None if none is.

    The item's own period ends, at the latest, on the day on which the item leaves the lists. Where it has
    none, being off the lists or paid once without an end, the calendar month is one in which cases were
    confirmed: `worked` is the first such day that nothing is owed for yet.
    """
    here = term.off_from is None or start <= term.off_from
    last = _own_end(term, start) if here else None
    if last is None and worked is not None:
        last = days_of(f"{max(start, worked):%Y-%m}")[1]
        here = here and (term.off_from is None or worked <= term.off_from)
    return min(last, term.off_from) if last and here and term.off_from else last


def _own_end(term: Term, day: date) -> date | None:
    if term.period is MoneyPeriod.ONCE and term.last_day is None:
        return None
    ends = (last for _, last in periods(term.first_day, term.last_day, term.period))
    return next((last for last in ends if last >= day), None)


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


def begun_in(term: Term, first: date, last: date) -> int:
    """Return how many periods of an item begin in these days."""
    end = min(term.last_day or last, last)
    return sum(start >= first for start, _ in periods(term.first_day, end, term.period))


def faults_of_contract(
    contract: ContractIn, *, begins: date, covered_until: date | None, today: date
) -> dict[str, str]:
    """Name what is wrong with the term of a contract: purchased work is never without one.

    `begins` is the first day of the work, `covered_until` the last one of the contract so far.
    """
    if contract.first_day > contract.last_day:
        return {"last_day": "before the first day"}
    needed = max(begins, today)
    if contract.last_day < needed:
        return {"last_day": f"over before {needed}"}
    if covered_until is not None and covered_until >= today:
        needed = max(needed, covered_until + ONE_DAY)
    return {} if contract.first_day <= needed else {"first_day": f"from {needed} on there would be none"}


def lacking(*, allotted: int, needed_: int, conditions: bool, contract: bool) -> list[str]:
    """Name what an item lacks before it may be asked of anybody (N6)."""
    there = {"money": allotted >= needed_, "conditions": conditions, "contract": contract}
    return [what for what, is_there in there.items() if not is_there]
