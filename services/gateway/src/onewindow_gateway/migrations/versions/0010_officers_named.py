"""The others are told what the staff accounts that are there are called."""

import json
import uuid

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import Json

revision = "0010_officers_named"
down_revision = "0009_grids_counted"
branch_labels = None
depends_on = None

TYPE, TOLD = "officer.changed.v1", ("intake", "casework")
ACCOUNTS = sa.table(
    "staff_accounts",
    *map(sa.column, ("username", "name", "area", "department")),
    sa.column("roles", Json),
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
        said = {"subject": key, "name": account.name, "roles": account.roles, "area": account.area}
        said |= {"department": account.department, "active": not account.disabled}
        body = {"specversion": "1.0", "id": event_id, "source": "gateway", "type": TYPE, "subject": key}
        body |= {"time": now.isoformat(), "data": said}
        row = {"event_id": event_id, "key": key, "type": TYPE, "tries": 0, "created_at": now, "try_at": now}
        row["body"] = json.dumps(body, ensure_ascii=False)
        for destination in TOLD:
            op.execute(sa.insert(OUTBOX).values(row | {"destination": destination}))


def downgrade() -> None:
    """Leave the others what they know."""
