"""How the counters' tables become those of `rollups`, for the migrations of every service that keeps them."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey

_PLACE = ("community", "street", "district")
_FACETS = {"category": 64, "department": 64, "channel": 32, "officer": 64}
_TOGETHER = sa.table("rollups", *map(sa.column, ("metric", "day", "item", "n", *_PLACE)))
_APART = sa.table("rollups", *map(sa.column, ("metric", "grain", "starts", "facet", "value", "n", *_PLACE)))
_ASIDE = "rollups_before"


def take_apart() -> None:
    """Keep counters by day and by month, over all and by item; what else they are of, a recount tells."""
    for name, length in _FACETS.items():
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("rollup_deltas", column)
    _set_aside()
    op.create_table(
        "rollups",
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("grain", sa.String(length=1), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("facet", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint(
            "metric", "community", "grain", "starts", "facet", "value", name=op.f("pk_rollups")
        ),
    )
    before = _aside(_TOGETHER)
    for grain, starts in (("d", before.day), ("m", _month_of(before.day))):
        for facet, value in (("", sa.literal_column("''")), ("item", before.item)):
            key = (before.metric, starts, *(before[level] for level in _PLACE))
            query = sa.select(*key, sa.literal_column(f"'{grain}'"), sa.literal_column(f"'{facet}'"), value)
            query = query.add_columns(sa.func.sum(before.n)).group_by(*key)
            if facet:
                query = query.where(before.item != "").group_by(before.item)
            names = ["metric", "starts", *_PLACE, "grain", "facet", "value", "n"]
            op.execute(_APART.insert().from_select(names, query))
    op.drop_table(_ASIDE)
    for level in _PLACE:
        columns = [level, "facet", "grain", "starts"]
        op.create_index(f"ix_rollups_{level}_facet_grain_starts", "rollups", columns)


def put_together() -> None:
    """Keep counters by day and item alone, as before."""
    _set_aside()
    op.create_table(
        "rollups",
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("metric", "community", "day", "item", name=op.f("pk_rollups")),
    )
    kept = _aside(_APART)
    key = (kept.metric, kept.starts, *(kept[level] for level in _PLACE))
    by_item = sa.select(*key, kept.value, kept.n).where(kept.grain == "d", kept.facet == "item")
    rest = sa.func.sum(sa.case((kept.facet == "", kept.n), else_=-kept.n))
    without = sa.select(*key, sa.literal_column("''"), rest).group_by(*key).having(rest != 0)
    for query in (by_item, without.where(kept.grain == "d", kept.facet.in_(["", "item"]))):
        op.execute(_TOGETHER.insert().from_select(["metric", "day", *_PLACE, "item", "n"], query))
    op.drop_table(_ASIDE)
    op.create_index("ix_rollups_district_metric_day", "rollups", ["district", "metric", "day"])
    op.create_index("ix_rollups_street_metric_day", "rollups", ["street", "metric", "day"])
    with op.batch_alter_table("rollup_deltas") as deltas:
        for name in _FACETS:
            deltas.drop_column(name)


def know_days() -> None:
    """Let changes of counters say how many days it took what they count."""
    op.add_column("rollup_deltas", sa.Column("days", sa.String(length=4), nullable=False, server_default=""))


def forget_days() -> None:
    """Count without days, as before."""
    op.execute(sa.text("DELETE FROM rollups WHERE facet = 'days'"))
    with op.batch_alter_table("rollup_deltas") as deltas:
        deltas.drop_column("days")


def know_grids() -> None:
    """Let changes of counters say of which grid cell is what they count."""
    op.add_column("rollup_deltas", sa.Column("grid", sa.String(length=15), nullable=False, server_default=""))


def forget_grids() -> None:
    """Count without grid cells, as before."""
    op.execute(sa.text("DELETE FROM rollups WHERE facet = 'grid'"))
    with op.batch_alter_table("rollup_deltas") as deltas:
        deltas.drop_column("grid")


def _counted() -> Iterator[sa.Column[Any]]:
    yield sa.Column("n", BigKey, nullable=False)
    for level, length in zip(_PLACE, (12, 9, 6), strict=True):
        yield sa.Column(level, sa.String(length=length), nullable=False)


def _set_aside() -> None:
    """Rename the table, and its key, whose name PostgreSQL keeps for one index of a schema."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE rollups RENAME CONSTRAINT pk_rollups TO pk_rollups_before")
    op.rename_table("rollups", _ASIDE)


def _aside(table: sa.TableClause) -> Any:
    return sa.table(_ASIDE, *map(sa.column, table.c.keys())).c


def _month_of(day: Any) -> sa.ColumnElement[Any]:
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.date(day, sa.literal_column("'start of month'"))
    return sa.cast(sa.func.date_trunc(sa.literal_column("'month'"), day), sa.Date)
