"""Both sides of a dispute, and the reason of its ruling."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0022_hearing"
down_revision = "0021_counted_once"
branch_labels = None
depends_on = None

SAID = """
INSERT INTO record_statements (record_id, volunteer_id, kind, at, "by", minutes, sealed_text)
SELECT id, volunteer_id, 'dispute', left_told_at, volunteer_no, claimed_minutes, sealed_evidence
FROM service_records WHERE sealed_evidence IS NOT NULL
"""
"""When it was said was not kept then: not before the end was told."""
SAID_LAST = """
UPDATE service_records SET sealed_evidence = (
    SELECT sealed_text FROM record_statements
    WHERE record_id = service_records.id AND kind = 'dispute' ORDER BY record_statements.id DESC LIMIT 1
)
"""


def upgrade() -> None:
    op.create_table(
        "record_statements",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("record_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("sealed_text", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('dispute', 'reply', 'ruling')", name=op.f("ck_record_statements_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_record_statements_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_record_statements_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_statements")),
    )
    op.create_index("ix_record_statements_record_id_id", "record_statements", ["record_id", "id"])
    op.create_index("ix_record_statements_volunteer_id_id", "record_statements", ["volunteer_id", "id"])
    op.execute(SAID)
    op.drop_column("service_records", "sealed_evidence")


def downgrade() -> None:
    op.add_column("service_records", sa.Column("sealed_evidence", sa.Text(), nullable=True))
    op.execute(SAID_LAST)
    op.drop_table("record_statements")
