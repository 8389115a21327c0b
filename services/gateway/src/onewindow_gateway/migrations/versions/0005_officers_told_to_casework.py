"""Casework is told of the staff accounts that are there."""

import json
import uuid

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import Json

revision = "0005_officers_told_to_casework"
down_revision = "0004_facets"
branch_labels = None
depends_on = None

TYPE, CASEWORK = "officer.changed.v1", "casework"
ACCOUNTS = sa.table(
    "staff_accounts",
    sa.column("username"),
    sa.column("roles", Json),
    sa.column("area"),
    sa.column("department"),
    sa.column("disabled", sa.Boolean()),
)
OUTBOX = sa.table(
    "outbox",
    *map(sa.column, ("event_id", "destination", "key", "type", "body", "tries")),
    sa.column("created_at", UtcDateTime()),
    sa.column("try_at", UtcDateTime()),
)


def upgrade() -> None:
    now = system_clock()
    for account in op.get_bind().execute(sa.select(ACCOUNTS)).all():
        event_id, key = str(uuid.uuid4()), account.username
        said = {
            "subject": key,
            "roles": account.roles,
            "area": account.area,
            "department": account.department,
        }
        body = {"specversion": "1.0", "id": event_id, "source": "gateway", "type": TYPE, "subject": key}
        body |= {"time": now.isoformat(), "data": said | {"active": not account.disabled}}
        row = {"event_id": event_id, "destination": CASEWORK, "key": key, "type": TYPE}
        row |= {"body": json.dumps(body, ensure_ascii=False), "tries": 0, "created_at": now, "try_at": now}
        op.get_bind().execute(sa.insert(OUTBOX).values(row))


def downgrade() -> None:
    op.execute(sa.delete(OUTBOX).where(OUTBOX.c.type == TYPE, OUTBOX.c.destination == CASEWORK))
