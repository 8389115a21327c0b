"""Services that were recorded and evaluated in time are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0035_evaluations_counted"
down_revision = "0034_grids_counted"
branch_labels = None
depends_on = None

METRIC = "records.evaluated_in_time"
NAME: sa.ColumnElement[str] = sa.literal_column(f"'{METRIC}'")
NOTHING: sa.ColumnElement[str] = sa.literal_column("''")
ONE: sa.ColumnElement[int] = sa.literal_column("1")
COUNTED = ("metric", "community", "street", "district", "day", "item", "n")
DELTAS = sa.table("rollup_deltas", *map(sa.column, COUNTED))
PLACE = ("community", "street", "district")
RECORDS = sa.table(
    "service_records", *map(sa.column, (*PLACE, "id", "day", "left_at", "confirmed_on", "due_on"))
).c
SAID = sa.table("service_evaluations", *map(sa.column, ("record_id", "side", "evaluated_on"))).c


def upgrade() -> None:
    place = (RECORDS[level] for level in PLACE)
    in_time = sa.select(NAME, *place, RECORDS.day, NOTHING, ONE).where(
        SAID.record_id == RECORDS.id,
        SAID.side == "organisation",
        SAID.evaluated_on <= RECORDS.due_on,
        RECORDS.confirmed_on <= RECORDS.due_on,
        RECORDS.left_at.is_not(None),
    )
    op.execute(sa.insert(DELTAS).from_select(list(COUNTED), in_time))


def downgrade() -> None:
    for name in ("rollups", "rollup_deltas"):
        table = sa.table(name, sa.column("metric"))
        op.execute(sa.delete(table).where(table.c.metric == METRIC))
