"""The volunteers' service is told of the populations that areas had."""

import json
import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime

revision = "0045_populations_told"
down_revision = "0044_counted_by_reason"
branch_labels = None
depends_on = None

TYPE, VOLUNTEERS = "populations.changed.v1", "volunteers"
VALUES = sa.table(
    "area_values", *map(sa.column, ("id", "area", "kind", "value")), sa.column("valid_from", sa.Date())
)
OUTBOX = sa.table(
    "outbox",
    *map(sa.column, ("event_id", "destination", "key", "type", "body", "tries")),
    sa.column("created_at", UtcDateTime()),
    sa.column("try_at", UtcDateTime()),
)


def upgrade() -> None:
    now = system_clock()
    entered = sa.select(VALUES).where(VALUES.c.kind == "population").order_by(VALUES.c.id)
    told: dict[str, dict[date, str | None]] = {}
    for entry in op.get_bind().execute(entered):
        told.setdefault(entry.area, {})[entry.valid_from or date.min] = entry.value
    for area, values in sorted(told.items()):
        event_id = str(uuid.uuid4())
        several = [[day.isoformat(), n and int(n)] for day, n in sorted(values.items())]
        body: dict[str, Any] = {"specversion": "1.0", "id": event_id, "source": "casework", "type": TYPE}
        body |= {"subject": area, "time": now.isoformat()}
        body["data"] = {"code": area, "populations": several}
        row: dict[str, Any] = {"event_id": event_id, "destination": VOLUNTEERS, "key": area, "type": TYPE}
        row |= {"body": json.dumps(body), "tries": 0, "created_at": now, "try_at": now}
        op.get_bind().execute(sa.insert(OUTBOX).values(row))


def downgrade() -> None:
    op.execute(sa.delete(OUTBOX).where(OUTBOX.c.type == TYPE, OUTBOX.c.destination == VOLUNTEERS))
