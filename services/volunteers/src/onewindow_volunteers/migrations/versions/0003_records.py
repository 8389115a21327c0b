"""Service records, and the ledger of the minutes that count."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.frozen import freeze, thaw
from onewindow_shared.plumbing.tables import BigKey

revision = "0003_records"
down_revision = "0002_activities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_records",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signup_id", BigKey, nullable=False),
        sa.Column("activity_id", BigKey, nullable=False),
        sa.Column("shift_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("activity", sa.String(length=100), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("came_proof", sa.String(length=16), nullable=False),
        sa.Column("came_told_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("left_proof", sa.String(length=16), nullable=True),
        sa.Column("left_told_at", UtcDateTime(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("claimed_minutes", sa.Integer(), nullable=True),
        sa.Column("sealed_evidence", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status = 'checked_in') = (left_at IS NULL)", name=op.f("ck_service_records_leaves_once")
        ),
        sa.CheckConstraint(
            "status IN ('checked_in', 'pending', 'confirmed', 'disputed')",
            name=op.f("ck_service_records_known_status"),
        ),
        sa.CheckConstraint(
            "(left_at IS NULL) = (minutes IS NULL)", name=op.f("ck_service_records_minutes_when_left")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_service_records_activity_id")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_service_records_shift_id")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_service_records_signup_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_records_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
        sa.UniqueConstraint("signup_id", name="uq_service_records_signup_id"),
    )
    op.create_index(
        "ix_service_records_community_status_id", "service_records", ["community", "status", "id"]
    )
    op.create_index("ix_service_records_district_status_id", "service_records", ["district", "status", "id"])
    op.create_index("ix_service_records_shift_id_id", "service_records", ["shift_id", "id"])
    op.create_index("ix_service_records_street_status_id", "service_records", ["street", "status", "id"])
    op.create_index("ix_service_records_subject_id", "service_records", ["subject", "id"])
    op.create_index("ix_service_records_volunteer_id_day", "service_records", ["volunteer_id", "day"])
    op.create_table(
        "hour_entries",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("record_id", BigKey, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_hour_entries_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_hour_entries_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entries")),
    )
    op.create_index("ix_hour_entries_volunteer_id", "hour_entries", ["volunteer_id"])

    freeze("hour_entries")


def downgrade() -> None:
    thaw("hour_entries")
    op.drop_table("hour_entries")
    op.drop_table("service_records")
