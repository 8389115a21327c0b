"""A file says in which grid cell its matter lies, and intake is told of the cells that there are."""

import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.rollup_tables import forget_grids, know_grids

revision = "0041_grids_counted"
down_revision = "0040_register_imports"
branch_labels = None
depends_on = None

TYPE, INTAKE = "grid.changed.v1", "intake"
DAYS = ("effective_from", "effective_until")
CELLS = sa.table("grid_cells", sa.column("code"), *(sa.column(name, sa.Date()) for name in DAYS))
OUTBOX = sa.table(
    "outbox",
    *map(sa.column, ("event_id", "destination", "key", "type", "body", "tries")),
    sa.column("created_at", UtcDateTime()),
    sa.column("try_at", UtcDateTime()),
)


def upgrade() -> None:
    know_grids()
    op.add_column("cases", sa.Column("grid", sa.String(15), nullable=True))
    now = system_clock()
    for cell in op.get_bind().execute(sa.select(CELLS)).all():
        event_id = str(uuid.uuid4())
        days = {name: day and day.isoformat() for name, day in cell._asdict().items() if name != "code"}
        body: dict[str, Any] = {"specversion": "1.0", "id": event_id, "source": "casework", "type": TYPE}
        body |= {"subject": cell.code, "time": now.isoformat(), "data": {"code": cell.code, **days}}
        row = {"event_id": event_id, "destination": INTAKE, "key": cell.code, "type": TYPE}
        row |= {"body": json.dumps(body), "tries": 0, "created_at": now, "try_at": now}
        op.get_bind().execute(sa.insert(OUTBOX).values(row))


def downgrade() -> None:
    op.execute(sa.delete(OUTBOX).where(OUTBOX.c.type == TYPE, OUTBOX.c.destination == INTAKE))
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("grid")
    forget_grids()
