"""Intake is told of the departments that are there."""

import json
import uuid

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime

revision = "0021_departments_told"
down_revision = "0020_custody"
branch_labels = None
depends_on = None

TYPE = "department.changed.v1"
DEPARTMENTS = sa.table("departments", *map(sa.column, ("district", "code", "name")))
OUTBOX = sa.table(
    "outbox",
    *map(sa.column, ("event_id", "destination", "key", "type", "body", "tries")),
    sa.column("created_at", UtcDateTime()),
    sa.column("try_at", UtcDateTime()),
)


def upgrade() -> None:
    now = system_clock()
    for known in op.get_bind().execute(sa.select(DEPARTMENTS)).all():
        event_id, key = str(uuid.uuid4()), f"{known.district}:{known.code}"
        body = {
            "specversion": "1.0",
            "id": event_id,
            "source": "casework",
            "type": TYPE,
            "subject": key,
            "time": now.isoformat(),
            "data": {"district": known.district, "code": known.code, "name": known.name},
        }
        row = {
            "event_id": event_id,
            "destination": "intake",
            "key": key,
            "type": TYPE,
            "body": json.dumps(body, ensure_ascii=False),
            "tries": 0,
            "created_at": now,
            "try_at": now,
        }
        op.get_bind().execute(sa.insert(OUTBOX).values(row))


def downgrade() -> None:
    op.execute(sa.delete(OUTBOX).where(OUTBOX.c.type == TYPE))
