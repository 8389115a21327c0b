"""Counters for dashboards: transactions append deltas, a ticker folds them, a figure sums both.

No counter row is fought over by writers, and a figure is exact the moment the writer commits.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Index,
    PrimaryKeyConstraint,
    String,
    delete,
    func,
    insert,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.contracts.metrics import STANDING, Metric
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET, AreaScoped
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase

FOLDED_AT_ONCE = 5000


class RollupDelta(AreaScoped, PlumbingBase):
    """A change of one counter, waiting to be folded."""

    __tablename__ = "rollup_deltas"
    __table_args__ = (Index("ix_rollup_deltas_district", "district"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    metric: Mapped[str] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    item: Mapped[str] = mapped_column(String(64))
    n: Mapped[int]


class Rollup(AreaScoped, PlumbingBase):
    """One counter of one community, day and service item."""

    __tablename__ = "rollups"
    __table_args__ = (
        PrimaryKeyConstraint("metric", "community", "day", "item"),
        Index("ix_rollups_district_metric_day", "district", "metric", "day"),
        Index("ix_rollups_street_metric_day", "street", "metric", "day"),
    )

    metric: Mapped[str] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    item: Mapped[str] = mapped_column(String(64))
    n: Mapped[int] = mapped_column(BigKey)


_KEYS = ("metric", "community", "street", "district", "day", "item")


def delta(metric: Metric, day: date, item: str, n: int, place: Mapping[str, str]) -> dict[str, Any]:
    """Return a delta as plain values for bulk inserts."""
    return {"metric": metric, "day": day, "item": item, "n": n, **place}


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
        .returning(*(getattr(RollupDelta, key) for key in _KEYS), RollupDelta.n)
        .execution_options(synchronize_session=False)
    ).all()
    sums: dict[tuple[Any, ...], int] = {}
    for *key, n in taken:
        sums[tuple(key)] = sums.get(tuple(key), 0) + n
    if sums:
        _upsert(session, [dict(zip(_KEYS, key, strict=True), n=n) for key, n in sorted(sums.items())])
    return len(taken)


def _upsert(session: Session, rows: list[dict[str, Any]]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Rollup.__table__)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["metric", "community", "day", "item"],
            set_={"n": Rollup.n + statement.excluded.n},
        ),
        rows,
    )


def figures(session: Session, area: str, first: date, last: date) -> dict[Metric, int]:
    """Sum every counter of an area from `first` to `last`, both included; standing ones up to `last`.

    The session's scope narrows the rows as everywhere.
    """
    both = union_all(*(_sums(table, area, first, last) for table in (Rollup, RollupDelta))).subquery()
    totals = select(both.c.metric, func.sum(both.c.n)).group_by(both.c.metric)
    return {Metric(metric): int(n) for metric, n in session.execute(totals)}


def _sums(table: type[Rollup] | type[RollupDelta], area: str, first: date, last: date) -> Any:
    level = {DISTRICT: table.district, STREET: table.street, COMMUNITY: table.community}[len(area)]
    standing = table.metric.in_(sorted(STANDING))
    return (
        select(table.metric, func.sum(table.n).label("n"))
        .where(level == area, table.day <= last, standing | (table.day >= first))
        .group_by(table.metric)
    )


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
