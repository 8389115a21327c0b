"""Monthly statements: what lay on an area's part of the special account, what came and what went.

Postings are never changed and never dated back, so a statement of a month that is over is always the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from onewindow_casework.funding import figures, rules
from onewindow_casework.funding.models import FundAccount, FundEntry, FundPosting
from onewindow_casework.funding.queries import OF_COMMUNITIES
from onewindow_shared.contracts.funding import (
    AccountKind,
    FundSource,
    FundStatement,
    Movement,
    SourceLine,
    StatementCheck,
    StatementLine,
)
from onewindow_shared.contracts.numbers import matches, tracking_code
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.problems import URN, NotFound, NotPermitted, Problem
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit

CODES = "fund.statement_codes"
ADDRESSES = "fund.statement_addresses"
"""Of the code in the address of the QR code, which is not the one that is read off: addresses are logged."""
CHECKS = "/api/casework/v1/admission/funding/statements/checks"
_NUMBER = re.compile(r"([0-9]{6,12})-(20[0-9]{2})(0[1-9]|1[0-2])")
Part = tuple[AccountKind, str]
"""Kind of account and what it is of, as a line of a statement."""


class MonthNotOver(Problem):
    """A statement is printed once its month is over; before, it is only read."""

    type = URN + "month-not-over"
    title = "Month not over"
    status = 409


def statement(unit: Unit, area: str, month: str) -> FundStatement:
    """Return the statement of an area within reach; `NotPermitted` to who reaches a department's part."""
    if unit.actor.scope.department is not None:
        raise NotPermitted(detail="A statement is of all the money of an area, not of one department's.")
    known = unit.session.get(Area, area)
    if known is None or not unit.actor.scope.covers(area):
        raise NotFound
    first, last = rules.days_of(month)
    before, moved = _movements(unit, area, first, last)
    parts = {part: rules.sums({part[0]}, before[part], moved[part]) for part in sorted({*before, *moved})}
    whole: Counter[Movement] = Counter()
    for changes in moved.values():
        whole.update(changes)
    return FundStatement(
        **dict(rules.sums(_held(area), before.total(), whole)),
        area=area,
        name=known.name,
        month=month,
        complete=last < unit.today,
        sources=figures.by_source(unit, area, first, last) if len(area) == DISTRICT else [],
        held=[] if len(area) == DISTRICT else _by_source(unit, area, first, last),
        lines=[StatementLine(kind=kind, of=of, **dict(found)) for (kind, of), found in parts.items()],
    )


def _held(area: str) -> frozenset[AccountKind]:
    """Return the kinds of account that lie in an area: all that hold money, or those of communities."""
    return rules.GUARDED if len(area) == DISTRICT else frozenset({AccountKind.COMMUNITY})


def _movements(
    unit: Unit, area: str, first: date, last: date
) -> tuple[Counter[Part], defaultdict[Part, dict[Movement, int]]]:
    """Return what lay on each part before the first day, and what each movement came to from then on."""
    columns = (FundAccount.kind, _of(area), FundPosting.movement, FundPosting.day < first)
    query = (
        select(*columns, func.sum(FundEntry.fen), func.sum(FundPosting.fen))
        .select_from(FundAccount)
        .join(FundEntry, FundEntry.account == FundAccount.code)
        .join(FundPosting, FundPosting.id == FundEntry.posting_id)
        .where(
            within(FundAccount, unit.gathered(area)),
            FundAccount.kind.in_(_held(area)),
            FundPosting.day <= last,
        )
        .group_by(*columns)
    )
    before: Counter[Part] = Counter()
    moved: defaultdict[Part, dict[Movement, int]] = defaultdict(dict)
    for kind, of, movement, earlier, change, fen in unit.session.execute(query):
        part = AccountKind(kind), of
        if earlier:
            before[part] += int(change)
        else:
            moved[part][Movement(movement)] = int(fen)
    return before, moved


def _by_source(unit: Unit, area: str, first: date, last: date) -> list[SourceLine]:
    """Return by source what communities of an area had; of what source money is, its transfer says."""
    columns = (FundPosting.source, FundPosting.movement, FundPosting.day < first)
    query = (
        select(*columns, func.sum(FundPosting.fen))
        .where(
            within(FundPosting, unit.gathered(area)),
            FundPosting.movement.in_(OF_COMMUNITIES),
            FundPosting.day <= last,
        )
        .group_by(*columns)
    )
    before: Counter[str] = Counter()
    moved: defaultdict[str, dict[Movement, int]] = defaultdict(dict)
    for source, movement, earlier, fen in unit.session.execute(query):
        if earlier:
            before[source or ""] += int(fen) * OF_COMMUNITIES[Movement(movement)]
        else:
            moved[source or ""][Movement(movement)] = int(fen)
    communities = {AccountKind.COMMUNITY}
    sums = {source: rules.sums(communities, before[source], moved[source]) for source in {*before, *moved}}
    told = [*FundSource, None]
    return [SourceLine(source=one, **dict(sums[one or ""])) for one in told if (one or "") in sums]


def _of(area: str) -> ColumnElement[Any]:
    """Name the parts of an area's money: items, communities, or streets beside departments."""
    if len(area) == COMMUNITY:
        return FundAccount.item.expression
    if len(area) == STREET:
        return FundAccount.community.expression
    return case((FundAccount.kind == AccountKind.COMMUNITY, FundAccount.street), else_=FundAccount.department)


def movements(unit: Unit, community: str, month: str) -> Sequence[FundPosting]:
    """Return every posting of a community's money in a month, in the order in which they were written."""
    query = select(FundPosting).where(
        within(FundPosting, unit.gathered(community)), FundPosting.day.between(*rules.days_of(month))
    )
    return unit.session.scalars(query.order_by(FundPosting.id)).all()


def number_of(area: str, month: str) -> str:
    """Return the number of a printed statement."""
    return f"{area}-{month.replace('-', '')}"


def code_of(unit: Unit, number: str) -> str:
    """Return the code that proves, with the number, that a statement was printed here."""
    return tracking_code(unit.vault.derive(CODES), number)


def address_of(unit: Unit, number: str) -> str:
    """Return the address in a statement's QR code, where anybody reads what has to stand on it."""
    return f"{unit.settings.public_address}{CHECKS}/{number}/{_token_of(unit, number)}"


def _token_of(unit: Unit, number: str) -> str:
    return tracking_code(unit.vault.derive(ADDRESSES), number)


def check(unit: Unit, number: str, code: str) -> StatementCheck | None:
    """Return what has to stand on a printed statement; None if number and code are not of one."""
    return _proved(unit, number) if matches(code, code_of(unit, number)) else None


def check_token(unit: Unit, number: str, token: str) -> StatementCheck | None:
    """Return the same for the last part of the address in its QR code."""
    return _proved(unit, number) if matches(token, _token_of(unit, number)) else None


def _proved(unit: Unit, number: str) -> StatementCheck | None:
    named = _NUMBER.fullmatch(number)
    if named is None:
        return None
    found = statement(unit, named[1], f"{named[2]}-{named[3]}")
    return StatementCheck(
        number=number,
        name=found.name,
        month=found.month,
        opening=found.opening,
        received=found.received,
        paid=found.paid,
        closing=found.closing,
    )
