"""The same minutes of a person count once, and the database holds it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0021_counted_once"
down_revision = "0020_suspensions_follow"
branch_labels = None
depends_on = None

ONCE = """
ALTER TABLE counted_spans ADD CONSTRAINT ex_counted_spans_once EXCLUDE USING gist (
    int8range(volunteer_id, volunteer_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
)
"""
ONCE_SQLITE = """
CREATE TRIGGER counted_spans_once_{change} BEFORE {change} ON counted_spans
WHEN EXISTS (
    SELECT 1 FROM counted_spans AS other
    WHERE other.volunteer_id = NEW.volunteer_id AND other.id IS NOT NEW.id
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
)
BEGIN SELECT RAISE(ABORT, 'these minutes count already'); END
"""
SO_FAR = """
WITH given AS (
    SELECT r.id, r.volunteer_id,
        CASE WHEN s.starts_at > r.came_at THEN s.starts_at ELSE r.came_at END AS starts_at,
        CASE WHEN s.ends_at < r.left_at THEN s.ends_at ELSE r.left_at END AS ends_at
    FROM service_records AS r LEFT JOIN shifts AS s ON s.id = r.shift_id
    WHERE r.left_at IS NOT NULL
)
INSERT INTO counted_spans (record_id, volunteer_id, starts_at, ends_at)
SELECT id, volunteer_id, starts_at, ends_at FROM given
WHERE starts_at < ends_at AND NOT EXISTS (
    SELECT 1 FROM given AS earlier
    WHERE earlier.volunteer_id = given.volunteer_id AND earlier.id < given.id
    AND earlier.starts_at < given.ends_at AND earlier.ends_at > given.starts_at
    AND earlier.starts_at < earlier.ends_at
)
"""
"""What was counted twice before stays as it was confirmed; the earlier record holds the time."""


def upgrade() -> None:
    op.add_column(
        "service_records", sa.Column("elsewhere_minutes", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "counted_spans",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("record_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_counted_spans_a_time")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_counted_spans_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_counted_spans_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_spans")),
    )
    op.create_index("ix_counted_spans_volunteer_id_starts_at", "counted_spans", ["volunteer_id", "starts_at"])
    op.create_index("ix_counted_spans_record_id", "counted_spans", ["record_id"])
    op.execute(SO_FAR)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("INSERT", "UPDATE"):
            op.execute(ONCE_SQLITE.format(change=change))
    else:
        op.execute(ONCE)


def downgrade() -> None:
    op.drop_table("counted_spans")
    op.drop_column("service_records", "elsewhere_minutes")
