"""Needs of residents, and service records of help that was given for them."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0008_needs"
down_revision = "0007_people_life"
branch_labels = None
depends_on = None

OF_A_SHIFT = ("signup_id", "activity_id", "shift_id")
CHECKS = {
    "ck_service_records_known_status": "status IN ('checked_in', 'pending', 'confirmed', 'disputed')",
    "ck_service_records_leaves_once": "(status = 'checked_in') = (left_at IS NULL)",
    "ck_service_records_minutes_when_left": "(left_at IS NULL) = (minutes IS NULL)",
}
EITHER = (
    "ck_service_records_of_a_shift_or_a_need",
    "(signup_id IS NULL) = (activity_id IS NULL) AND (signup_id IS NULL) = (shift_id IS NULL)",
)


def checks(*more: tuple[str, str]) -> tuple[sa.CheckConstraint, ...]:
    """Return the conditions of records, which a copied table would lose."""
    return tuple(sa.CheckConstraint(told, name=op.f(name)) for name, told in (*CHECKS.items(), *more))


def upgrade() -> None:
    op.create_table(
        "needs",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("skill", sa.String(length=50), nullable=True),
        sa.Column("times", Json, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=False),
        sa.Column("sealed_details", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", UtcDateTime(), nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=True),
        sa.Column("volunteer_no", sa.String(length=16), nullable=True),
        sa.Column("helper", sa.String(length=64), nullable=True),
        sa.Column("offered_until", UtcDateTime(), nullable=True),
        sa.Column("came_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("record_id", BigKey, nullable=True),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (record_id IS NOT NULL)", name=op.f("ck_needs_confirmed_is_recorded")
        ),
        sa.CheckConstraint(
            "(status = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_needs_offers_end")
        ),
        sa.CheckConstraint(
            "NOT (status IN ('offered', 'accepted', 'done', 'confirmed')) OR helper IS NOT NULL",
            name=op.f("ck_needs_helped_by_somebody"),
        ),
        sa.CheckConstraint("status <> 'open' OR helper IS NULL", name=op.f("ck_needs_open_to_all")),
        sa.CheckConstraint(
            "status IN ('open', 'offered', 'accepted', 'done', 'confirmed', 'withdrawn')",
            name=op.f("ck_needs_known_status"),
        ),
        sa.CheckConstraint("(came_at IS NULL) = (left_at IS NULL)", name=op.f("ck_needs_whole_help")),
        sa.CheckConstraint("(volunteer_id IS NULL) = (helper IS NULL)", name=op.f("ck_needs_whole_helper")),
        sa.ForeignKeyConstraint(["record_id"], ["service_records.id"], name=op.f("fk_needs_record_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_needs_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("record_id", name=op.f("uq_needs_record_id")),
    )
    op.create_index("ix_needs_community_id", "needs", ["community", "id"])
    op.create_index("ix_needs_district_id", "needs", ["district", "id"])
    op.create_index(
        "ix_needs_helper_id",
        "needs",
        ["helper", "id"],
        sqlite_where=sa.text("helper IS NOT NULL"),
        postgresql_where=sa.text("helper IS NOT NULL"),
    )
    op.create_index("ix_needs_street_id", "needs", ["street", "id"])
    op.create_index("ix_needs_volunteer_id_status_since", "needs", ["volunteer_id", "status_since"])
    op.create_table(
        "need_offers",
        sa.Column("need_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_offers_need_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_need_offers_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("need_id", "volunteer_id", name=op.f("pk_need_offers")),
    )
    with op.batch_alter_table("service_records", table_args=checks()) as records:
        for column in OF_A_SHIFT:
            records.alter_column(column, existing_type=BigKey, nullable=True)
        records.create_check_constraint(op.f(EITHER[0]), EITHER[1])


def downgrade() -> None:
    with op.batch_alter_table("service_records", table_args=checks(EITHER)) as records:
        records.drop_constraint(op.f(EITHER[0]), type_="check")
        for column in OF_A_SHIFT:
            records.alter_column(column, existing_type=BigKey, nullable=False)
    op.drop_table("need_offers")
    op.drop_table("needs")
