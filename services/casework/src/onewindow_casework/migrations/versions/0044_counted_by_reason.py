"""Refused work is counted by reason and department, booked money by source, what is late by department."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0044_counted_by_reason"
down_revision = "0043_staff_messages"
branch_labels = None
depends_on = None

METRICS = ("orders.barred", "orders.refused", "fund.budgeted", "fund.transfers_late")
COUNTED = ("metric", "community", "street", "district", "day", "item", "department", "n")
TABLES = ("rollups", "rollup_deltas")
DELTAS = sa.table("rollup_deltas", *map(sa.column, COUNTED))
PLACE = ("community", "street", "district")
BARRED = sa.table("barred_orders", *map(sa.column, ("district", "tried_on", "reason", "department"))).c
REFUSED = sa.table(
    "refusals", *map(sa.column, ("district", "refused_on", "reason", "department", "status"))
).c
POSTED = sa.table("fund_postings", *map(sa.column, (*PLACE, "day", "source", "item", "movement", "fen"))).c
DUE = sa.table("instalments", *map(sa.column, (*PLACE, "department", "late_since", "paid_on"))).c
NOTHING: sa.ColumnElement[str] = sa.literal_column("''")


def upgrade() -> None:
    of_refused = [(one.reason, one.department) for one in (BARRED, REFUSED)]
    _count_again(*of_refused, (POSTED.source, NOTHING), (NOTHING, DUE.department))


def downgrade() -> None:
    of_refused = [(one.department, NOTHING) for one in (BARRED, REFUSED)]
    _count_again(*of_refused, (POSTED.item, NOTHING), (DUE.department, NOTHING))


def _count_again(*by: tuple[Any, Any]) -> None:
    """Count anew; `by` are the item and the department of what was barred, refused, booked and late."""
    for name in TABLES:
        table = sa.table(name, sa.column("metric"))
        op.execute(sa.delete(table).where(table.c.metric.in_(METRICS)))
    for query in _counted(*by):
        op.execute(sa.insert(DELTAS).from_select(list(COUNTED), query))


def _counted(barred: Any, refused: Any, booked: Any, late: Any) -> Iterator[sa.Select[Any]]:
    yield _changes("orders.barred", [BARRED.district] * 3, BARRED.tried_on, barred)
    stands = _changes("orders.refused", [REFUSED.district] * 3, REFUSED.refused_on, refused)
    yield stands.where(REFUSED.status != "overruled")
    money = _changes("fund.budgeted", [POSTED[level] for level in PLACE], POSTED.day, booked, POSTED.fen)
    yield money.where(POSTED.movement == "budget")
    for day, n in ((DUE.late_since, 1), (DUE.paid_on, -1)):
        place = [DUE[level] for level in PLACE]
        changes = _changes("fund.transfers_late", place, day, late, sa.literal_column(str(n)))
        yield changes.where(DUE.late_since.is_not(None), day.is_not(None))


def _changes(metric: str, place: list[Any], day: Any, by: Any, n: Any = None) -> sa.Select[Any]:
    name: sa.ColumnElement[str] = sa.literal_column(f"'{metric}'")
    item, department = by
    number = sa.literal_column("1") if n is None else n
    return sa.select(name, *place, day, sa.func.coalesce(item, ""), department, number)
