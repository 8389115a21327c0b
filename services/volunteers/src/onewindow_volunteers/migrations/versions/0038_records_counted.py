"""Services whose minutes are confirmed are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0038_records_counted"
down_revision = "0037_causes_and_wants"
branch_labels = None
depends_on = None

METRIC = "records.confirmed"
NAME: sa.ColumnElement[str] = sa.literal_column(f"'{METRIC}'")
NOTHING: sa.ColumnElement[str] = sa.literal_column("''")
ONE: sa.ColumnElement[int] = sa.literal_column("1")
COUNTED = ("metric", "community", "street", "district", "day", "item", "n")
DELTAS = sa.table("rollup_deltas", *map(sa.column, COUNTED))
PLACE = ("community", "street", "district")
RECORDS = sa.table("service_records", *map(sa.column, (*PLACE, "id", "day"))).c
ENTRIES = sa.table("hour_entries", *map(sa.column, ("record_id", "minutes"))).c


def upgrade() -> None:
    with_minutes = sa.select(ENTRIES.record_id).group_by(ENTRIES.record_id)
    with_minutes = with_minutes.having(sa.func.sum(ENTRIES.minutes) != 0)
    place = (RECORDS[level] for level in PLACE)
    found = sa.select(NAME, *place, RECORDS.day, NOTHING, ONE).where(RECORDS.id.in_(with_minutes))
    op.execute(sa.insert(DELTAS).from_select(list(COUNTED), found))


def downgrade() -> None:
    for name in ("rollups", "rollup_deltas"):
        table = sa.table(name, sa.column("metric"))
        op.execute(sa.delete(table).where(table.c.metric == METRIC))
