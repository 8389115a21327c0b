"""Activities, shifts, who signed up for them, and who waits."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0002_activities"
down_revision = "0001_initial"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('placed', 'offered', 'waiting')")


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("leader", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("risks", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("hazardous", sa.Boolean(), nullable=False),
        sa.Column("insurance", Json, nullable=True),
        sa.Column("skill", sa.String(length=50), nullable=True),
        sa.Column("minors", sa.String(length=16), nullable=False),
        sa.Column("called_off", sa.Text(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "published = (status <> 'draft')", name=op.f("ck_activities_published_unless_draft")
        ),
        sa.CheckConstraint(
            "status = 'draft' OR (content IS NOT NULL AND place IS NOT NULL AND contact IS NOT NULL"
            " AND risks IS NOT NULL AND conditions IS NOT NULL)",
            name=op.f("ck_activities_told_in_full"),
        ),
        sa.CheckConstraint(
            "status = 'draft' OR NOT hazardous OR (insurance IS NOT NULL AND minors = 'not_admitted')",
            name=op.f("ck_activities_hazards_are_insured"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'cancelled', 'ended')", name=op.f("ck_activities_known_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index("ix_activities_community_id", "activities", ["community", "id"])
    op.create_index("ix_activities_district_id", "activities", ["district", "id"])
    op.create_index("ix_activities_published_id", "activities", ["published", "id"])
    op.create_index("ix_activities_street_id", "activities", ["street", "id"])
    op.create_table(
        "shifts",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("activity_id", BigKey, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_a_time")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_shifts_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_activity_id", "shifts", ["activity_id"])
    op.create_table(
        "shift_roles",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("shift_id", BigKey, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_shift_roles_within_capacity")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_shift_roles_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_roles")),
        sa.UniqueConstraint("shift_id", "name", name=op.f("uq_shift_roles_shift_id_name")),
    )
    op.create_table(
        "signups",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("activity_id", BigKey, nullable=False),
        sa.Column("shift_id", BigKey, nullable=False),
        sa.Column("role_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", UtcDateTime(), nullable=False),
        sa.Column("offered_until", UtcDateTime(), nullable=True),
        sa.Column("overlap_minutes", sa.Integer(), nullable=False),
        sa.Column("override", sa.String(length=500), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_signups_offers_end")
        ),
        sa.CheckConstraint(
            "status IN ('placed', 'offered', 'waiting', 'cancelled', 'expired', 'called_off')",
            name=op.f("ck_signups_known_status"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_signups_activity_id")),
        sa.ForeignKeyConstraint(["role_id"], ["shift_roles.id"], name=op.f("fk_signups_role_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_signups_shift_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_signups_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
    )
    op.create_index("ix_signups_activity_id_id", "signups", ["activity_id", "id"])
    op.create_index("ix_signups_shift_id_id", "signups", ["shift_id", "id"])
    op.create_index("ix_signups_subject_id", "signups", ["subject", "id"])
    op.create_index(
        "uq_signups_shift_volunteer",
        "signups",
        ["shift_id", "volunteer_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "activity_notices",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("signup_id", BigKey, nullable=False),
        sa.Column("activity_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_notices_activity_id")
        ),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_activity_notices_signup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_notices")),
        sa.UniqueConstraint("signup_id", "kind", name=op.f("uq_activity_notices_signup_id_kind")),
    )
    op.create_index("ix_activity_notices_subject_id", "activity_notices", ["subject", "id"])
    op.create_table(
        "busy_quarters",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signup_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_busy_quarters_signup_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_busy_quarters_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "quarter", name=op.f("pk_busy_quarters")),
    )
    op.create_index("ix_busy_quarters_signup_id", "busy_quarters", ["signup_id"])
    op.create_table(
        "waiting",
        sa.Column("role_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("signup_id", BigKey, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["shift_roles.id"], name=op.f("fk_waiting_role_id")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_waiting_signup_id")),
        sa.PrimaryKeyConstraint("role_id", "signup_id", name=op.f("pk_waiting")),
    )


def downgrade() -> None:
    op.drop_table("waiting")
    op.drop_table("busy_quarters")
    op.drop_table("activity_notices")
    op.drop_table("signups")
    op.drop_table("shift_roles")
    op.drop_table("shifts")
    op.drop_table("activities")
