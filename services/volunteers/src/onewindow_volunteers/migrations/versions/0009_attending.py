"""Trainings, people who walk in, who was late or not there, and calendars of one's places."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0009_attending"
down_revision = "0008_needs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "signups", sa.Column("accompanied", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("signups", sa.Column("missed", sa.String(length=16), nullable=True))
    op.add_column(
        "service_records", sa.Column("late_minutes", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "trainings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("skill", sa.String(length=50), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_trainings_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index("ix_trainings_volunteer_id_id", "trainings", ["volunteer_id", "id"])
    op.create_table(
        "walk_ins",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shift_id", BigKey, nullable=False),
        sa.Column("role_id", BigKey, nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=True),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=True),
        sa.Column("record_id", BigKey, nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("left_at > came_at", name=op.f("ck_walk_ins_a_time")),
        sa.CheckConstraint(
            "(record_id IS NULL) = (volunteer_no IS NULL)", name=op.f("ck_walk_ins_merged_to_a_person")
        ),
        sa.CheckConstraint(
            "record_id IS NULL OR sealed_name IS NULL", name=op.f("ck_walk_ins_named_until_merged")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["service_records.id"], name=op.f("fk_walk_ins_record_id")),
        sa.ForeignKeyConstraint(["role_id"], ["shift_roles.id"], name=op.f("fk_walk_ins_role_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_walk_ins_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_ins")),
    )
    op.create_index("ix_walk_ins_shift_id_id", "walk_ins", ["shift_id", "id"])
    op.create_table(
        "calendar_feeds",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("secret_index", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_calendar_feeds_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_index", name=op.f("uq_calendar_feeds_secret_index")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_table("walk_ins")
    op.drop_table("trainings")
    op.drop_column("service_records", "late_minutes")
    op.drop_column("signups", "missed")
    op.drop_column("signups", "accompanied")
