"""Counters for dashboards: transactions append deltas, a ticker folds them, a figure sums both.

No counter row is fought over by writers, and a figure is exact the moment the writer commits. Folding keeps
every counter by day and by month, over all and by each facet, so that a figure of a year adds up months, and
one over all items does not read a row for each of them.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Index,
    PrimaryKeyConstraint,
    Select,
    SQLColumnExpression,
    String,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.contracts.metrics import STANDING, Facet, Metric
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.succession import Gathered
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase

FOLDED_AT_ONCE = 5000
DAILY, MONTHLY = "d", "m"
DAY = timedelta(days=1)
Span = tuple[str, date, date]
"""A grain, and the first and last day or month."""
Sums = Select[*tuple[Any, ...]]
"""A statement that sums counters by value and metric."""
Bucket = Callable[[date], date]
Counted = dict[Metric, int]
Apart = dict[str, Counted]
"""Counters by what they were taken apart by."""
Spread = dict[Metric, dict[int, int]]
"""How many took how many days, of each counter that is known by them."""
_OVER_ALL = ""
"""The facet of a counter that is taken apart by nothing."""


@dataclass(frozen=True)
class Facets:
    """What a counter can be taken apart by; empty where it is not known or makes no sense."""

    item: str = ""
    """Or the kind of what is no case: a counter has one of both (`Facet.KIND`)."""
    category: str = ""
    department: str = ""
    channel: str = ""
    officer: str = ""
    grid: str = ""
    days: str = ""
    """How many it took, of what is counted by that."""


CLASSIFIED = ("item_code", "category", "department", "channel", "grid")
"""The columns of a case by which it is counted; they stay the same for life."""


def facets_of(case: Any, officer: str | None = None) -> Facets:
    """Return by what a case of intake or a file of casework is counted: a row, or its values by column."""
    row = isinstance(case, Mapping)
    item, category, department, channel, grid = (case[n] if row else getattr(case, n) for n in CLASSIFIED)
    return Facets(item, category, department, channel, officer or "", grid or "")


class RollupDelta(AreaScoped, PlumbingBase):
    """A change of one counter, waiting to be folded."""

    __tablename__ = "rollup_deltas"
    __table_args__ = (Index("ix_rollup_deltas_district", "district"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    metric: Mapped[str] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    item: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(64), server_default="")
    department: Mapped[str] = mapped_column(String(64), server_default="")
    channel: Mapped[str] = mapped_column(String(32), server_default="")
    officer: Mapped[str] = mapped_column(String(64), server_default="")
    grid: Mapped[str] = mapped_column(String(15), server_default="")
    days: Mapped[str] = mapped_column(String(4), server_default="")
    n: Mapped[int]


class Rollup(AreaScoped, PlumbingBase):
    """One counter of one community in one day or month: over all, or for one value of one facet."""

    __tablename__ = "rollups"
    __table_args__ = (
        PrimaryKeyConstraint("metric", "community", "grain", "starts", "facet", "value"),
        *(
            Index(f"ix_rollups_{level}_facet_grain_starts", level, "facet", "grain", "starts")
            for level in ("district", "street", "community")
        ),
    )

    metric: Mapped[str] = mapped_column(String(32))
    grain: Mapped[str] = mapped_column(String(1))
    starts: Mapped[date] = mapped_column(Date)
    """The day, or the first of the month."""
    facet: Mapped[str] = mapped_column(String(16))
    """What `value` is of; empty for the counter over all."""
    value: Mapped[str] = mapped_column(String(64))
    n: Mapped[int] = mapped_column(BigKey)


@dataclass(frozen=True)
class Key:
    """By what counters are taken apart: the facet that is read, and its value in either table."""

    facet: str
    of: Callable[[Any], SQLColumnExpression[Any]]


_TOGETHER = Key(_OVER_ALL, lambda _: literal_column("''", String()))
_PLACES = Key(_OVER_ALL, lambda table: table.community)
_TIMES = Key(_OVER_ALL, lambda table: table.starts if table is Rollup else table.day)
_SPREAD = "days"
_BEFORE_DAYS = "/"
_KEY = ("metric", "community", "grain", "starts", "facet", "value")
_PLACE = ("community", "street", "district")
_FACETS = (*(one for one in Facet if one is not Facet.KIND), _SPREAD)
_TAKEN = ("metric", *_PLACE, "day", *_FACETS, "n")


def delta(metric: Metric, day: date, by: Facets, n: int, place: Mapping[str, str]) -> dict[str, Any]:
    """Return a delta as plain values for bulk inserts."""
    return {"metric": metric, "day": day, "n": n, **asdict(by), **place}


def unfolded(session: Session) -> bool:
    """Say whether there is anything to fold."""
    return session.scalar(select(RollupDelta.id).limit(1)) is not None


def fold(session: Session) -> int:
    """Move the oldest deltas into the rollups; return how many."""
    oldest = (
        select(RollupDelta.id)
        .order_by(RollupDelta.id)
        .limit(FOLDED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        delete(RollupDelta)
        .where(RollupDelta.id.in_(oldest))
        .returning(*(getattr(RollupDelta, name) for name in _TAKEN))
        .execution_options(synchronize_session=False)
    ).all()
    sums: dict[tuple[Any, ...], int] = {}
    for metric, community, street, district, day, *values, n in taken:
        for grain, starts in ((DAILY, day), (MONTHLY, day.replace(day=1))):
            for facet, value in ((_OVER_ALL, ""), *zip(_FACETS, values, strict=True)):
                if value or facet == _OVER_ALL:
                    key = (metric, community, grain, starts, facet, value, street, district)
                    sums[key] = sums.get(key, 0) + n
    if sums:
        names = (*_KEY, "street", "district")
        _upsert(session, [dict(zip(names, key, strict=True), n=n) for key, n in sorted(sums.items())])
    return len(taken)


def _upsert(session: Session, rows: list[dict[str, Any]]) -> None:
    statement = insert_into(session, Rollup.__table__)
    session.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_={"n": Rollup.n + statement.excluded.n}),
        rows,
    )


def figures(session: Session, area: Gathered, first: date, last: date) -> Counted:
    """Sum every counter of an area from `first` to `last`, both included; standing ones up to `last`.

    What was counted in an area that it is heir of is its own. The session's scope narrows as everywhere.
    """
    return _read(session, _period(_TOGETHER, area, first, last)).get("", {})


def figures_by(session: Session, area: Gathered, facet: Facet, first: date, last: date) -> Apart:
    """Take the figures of an area apart by a facet, as far as it is known of them."""
    kept = Facet.ITEM if facet is Facet.KIND else facet
    key = Key(kept, lambda table: table.value if table is Rollup else getattr(table, kept))
    found = _read(session, _period(key, area, first, last))
    return {value: counted for value, counted in found.items() if value}


def figures_below(
    session: Session, area: Gathered, level: int, first: date, last: date, heir: Callable[[str], str]
) -> Apart:
    """Take the figures of an area apart by its streets (`STREET`) or communities (`COMMUNITY`).

    `heir` names the community that stands for one that was counted.
    """
    found = _read(session, _period(_PLACES, area, first, last))
    return _gathered(found, lambda community: heir(community)[:level])


def changes(session: Session, area: Gathered, bucket: Bucket, first: date, last: date) -> Apart:
    """Take the changes of every counter apart by time, those of standing ones too.

    `bucket` returns the day with which a day's bucket begins, by which the answer names it.
    """
    found = _read(session, _counters(_TIMES, area, _spans_of(bucket, first, last)))
    return _gathered(found, lambda starts: bucket(date.fromisoformat(starts)).isoformat())


def _spans_of(bucket: Bucket, first: date, last: date) -> list[Span]:
    whole_months = bucket(first.replace(day=1)) == bucket(_last_of_month(first))
    return list(spans(first, last)) if whole_months else [(DAILY, first, last)]


def _gathered(found: Apart, into: Callable[[str], str]) -> Apart:
    """Add up what comes to the same."""
    together: Apart = {}
    for value, counted in found.items():
        sums = together.setdefault(into(value), {})
        for metric, n in counted.items():
            sums[metric] = sums.get(metric, 0) + n
    return together


def spread(session: Session, area: Gathered, first: date, last: date) -> Spread:
    """Tell of an area how many took how many days; of counters of a period."""
    return _spreads(_read(session, _period(_spread(_TOGETHER), area, first, last)), str).get("", {})


def spread_below(
    session: Session, area: Gathered, level: int, first: date, last: date, heir: Callable[[str], str]
) -> dict[str, Spread]:
    """Tell the same of each of its streets or communities, as `figures_below`."""
    found = _read(session, _period(_spread(_PLACES), area, first, last))
    return _spreads(found, lambda community: heir(community)[:level])


def spread_by_time(
    session: Session, area: Gathered, bucket: Bucket, first: date, last: date
) -> dict[str, Spread]:
    """Tell the same of each span of time, as `changes`."""
    found = _read(session, _counters(_spread(_TIMES), area, _spans_of(bucket, first, last)))
    return _spreads(found, lambda starts: bucket(date.fromisoformat(starts)).isoformat())


def _spread(key: Key) -> Key:
    """Return what takes the same apart by days, too."""

    def of(table: Any) -> SQLColumnExpression[Any]:
        days = table.value if table is Rollup else table.days
        return cast(key.of(table), String()) + _BEFORE_DAYS + days

    return Key(_SPREAD, of)


def _spreads(found: Apart, into: Callable[[str], str]) -> dict[str, Spread]:
    several: dict[str, Spread] = {}
    for value, counted in found.items():
        part, _, days = value.partition(_BEFORE_DAYS)
        for metric, n in counted.items() if days else ():
            sums = several.setdefault(into(part), {}).setdefault(metric, {})
            sums[int(days)] = sums.get(int(days), 0) + n
    return several


def spans(first: date, last: date) -> Iterator[Span]:
    """Cut a period into its whole months and the days around them."""
    opening = _month_number(first) + (first.day > 1)
    closing = _month_number(last) - (last < _last_of_month(last))
    if opening > closing:
        yield DAILY, first, last
        return
    since, until = _month(opening), _month(closing)
    if first < since:
        yield DAILY, first, since - DAY
    yield MONTHLY, since, until
    if (end := _last_of_month(until)) < last:
        yield DAILY, end + DAY, last


def _month_number(day: date) -> int:
    return 12 * day.year + day.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _period(key: Key, area: Gathered, first: date, last: date) -> list[Sums]:
    flowing = _counters(key, area, list(spans(first, last)), standing=False)
    return [*flowing, *_counters(key, area, list(spans(date.min, last)), standing=True)]


def _counters(
    key: Key, area: Gathered, several: Sequence[Span], *, standing: bool | None = None
) -> Iterator[Sums]:
    """Yield what sums counters of an area in these spans; only standing ones or others, if that is said."""
    for grain, since, until in several:
        kept = (Rollup.facet == key.facet, Rollup.grain == grain, Rollup.starts.between(since, until))
        yield _sums(Rollup, key, area, kept, standing)
    waiting = RollupDelta.day.between(several[0][1], _last_day(several[-1]))
    yield _sums(RollupDelta, key, area, (waiting,), standing)


def _last_day(span: Span) -> date:
    grain, _, until = span
    return _last_of_month(until) if grain == MONTHLY else until


def _sums(
    table: type[Rollup] | type[RollupDelta],
    key: Key,
    area: Gathered,
    which: Sequence[ColumnElement[bool]],
    standing: bool | None,
) -> Sums:
    value = key.of(table)
    query: Sums = select(value.label("value"), table.metric, func.sum(table.n).label("n"))
    query = query.where(within(table, area), *which).group_by(table.metric)
    if key is not _TOGETHER:
        query = query.group_by(value)
    if standing is None:
        return query
    kind = table.metric.in_(sorted(STANDING))
    return query.where(kind if standing else ~kind)


def _read(session: Session, several: Iterable[Sums]) -> Apart:
    both = union_all(*several).subquery()
    totals = select(both.c.value, both.c.metric, func.sum(both.c.n)).group_by(both.c.value, both.c.metric)
    found: dict[str, dict[Metric, int]] = {}
    for value, metric, n in session.execute(totals):
        found.setdefault(str(value), {})[Metric(metric)] = int(n)
    return found


def hold(session: Session) -> None:
    """Let nobody count until this transaction ends, so that a recount misses no delta."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE rollup_deltas, rollups IN SHARE ROW EXCLUSIVE MODE"))


def rebuild(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Replace all counters by a recount: `rows` as from `delta`, made from the service's own tables."""
    session.execute(delete(RollupDelta).execution_options(synchronize_session=False))
    session.execute(delete(Rollup).execution_options(synchronize_session=False))
    counted = list(rows)
    if counted:
        session.execute(insert(RollupDelta), counted)
