"""Records say what was done and who was in charge; each letter waits for itself; the unverified lapse."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0024_whole_records"
down_revision = "0023_corrections"
branch_labels = None
depends_on = None

CONTENT = """
UPDATE service_records SET content = COALESCE(
    (SELECT activities.content FROM activities WHERE activities.id = service_records.activity_id),
    '应居民需求提供帮助，由受助居民确认'
)
"""
UNVERIFIED = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'volunteer.unverified', volunteer_no, status_since, status_since, 0 FROM volunteers
WHERE status = 'registering'
"""
UNSENT = sa.text("sent_at IS NULL")


def upgrade() -> None:
    for table in ("activities", "service_records", "needs"):
        op.add_column(table, sa.Column("in_charge", sa.String(length=50), nullable=True))
    op.add_column("service_records", sa.Column("content", sa.Text(), nullable=True))
    op.execute(CONTENT)
    op.create_index("ix_signups_volunteer_id_id", "signups", ["volunteer_id", "id"])
    op.execute(UNVERIFIED)
    op.add_column("inactivity_askings", sa.Column("try_at", UtcDateTime(), nullable=True))
    op.add_column("inactivity_askings", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE inactivity_askings SET try_at = asked_at")
    with op.batch_alter_table("inactivity_askings") as batch:
        batch.alter_column("try_at", existing_type=UtcDateTime(), nullable=False)
        batch.alter_column("tries", existing_type=sa.Integer(), server_default=None)
    op.drop_index("ix_inactivity_askings_unsent", "inactivity_askings")
    op.create_index(
        "ix_inactivity_askings_unsent",
        "inactivity_askings",
        ["try_at"],
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    )


def downgrade() -> None:
    op.drop_index("ix_inactivity_askings_unsent", "inactivity_askings")
    op.create_index(
        "ix_inactivity_askings_unsent",
        "inactivity_askings",
        ["asked_at"],
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    )
    with op.batch_alter_table("inactivity_askings") as batch:
        batch.drop_column("tries")
        batch.drop_column("try_at")
    op.drop_index("ix_signups_volunteer_id_id", "signups")
    op.drop_column("service_records", "content")
    for table in ("needs", "service_records", "activities"):
        op.drop_column(table, "in_charge")
