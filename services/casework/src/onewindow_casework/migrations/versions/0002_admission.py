"""Work items asked of communities: applications, reviews and published lists."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.frozen import freeze, thaw
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0002_admission"
down_revision = "0001_initial"
branch_labels = None
depends_on = None
FROZEN = ("list_versions", "list_entries", "list_entry_areas")


def upgrade() -> None:
    op.create_table(
        "list_versions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_versions")),
        sa.UniqueConstraint("district", "number", name=op.f("uq_list_versions_district_number")),
    )
    op.create_index(
        "ix_list_versions_district_effective_from_number",
        "list_versions",
        ["district", "effective_from", "number"],
    )
    op.create_table(
        "matters",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("phrases", Json, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("matter_class", sa.String(length=16), nullable=False),
        sa.Column("main_only", sa.Boolean(), nullable=False),
        sa.Column("whole_kind", sa.Boolean(), nullable=False),
        sa.Column("basis", Json, nullable=False),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("lifted", Json, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "matter_class IN ('autonomy', 'assist', 'forbidden', 'not_issued')",
            name=op.f("ck_matters_standing_class"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matters")),
        sa.UniqueConstraint("district", "code", name="uq_matters_district_code"),
    )
    op.create_table(
        "work_items",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("basis", Json, nullable=False),
        sa.Column("duty_of", sa.String(length=32), nullable=False),
        sa.Column("power_granted", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("actions", Json, nullable=False),
        sa.Column("areas", Json, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("minutes_per_case", sa.Integer(), nullable=False),
        sa.Column("hours_per_year", sa.Integer(), nullable=False),
        sa.Column("fen", BigKey, nullable=False),
        sa.Column("money_unit", sa.String(length=16), nullable=False),
        sa.Column("money_period", sa.String(length=16), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("training", sa.Text(), nullable=True),
        sa.Column("data_asked", sa.Text(), nullable=True),
        sa.Column("item_codes", Json, nullable=False),
        sa.Column("matter_class", sa.String(length=16), nullable=True),
        sa.Column("funded_at", UtcDateTime(), nullable=True),
        sa.Column("contract", sa.String(length=100), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("off_from", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('exited', 'revoked')) = (off_from IS NOT NULL)", name=op.f("ck_work_items_off_since")
        ),
        sa.CheckConstraint(
            "NOT (status IN ('approved', 'funded', 'active', 'under_adjustment')) OR matter_class "
            "IS NOT NULL",
            name=op.f("ck_work_items_admitted_as_something"),
        ),
        sa.CheckConstraint(
            "NOT (status IN ('funded', 'active', 'under_adjustment')) OR matter_class = 'autonomy'"
            " OR funded_at IS NOT NULL",
            name=op.f("ck_work_items_money_before_work"),
        ),
        sa.CheckConstraint(
            "matter_class IS NULL OR matter_class <> 'purchase' OR funded_at IS NULL OR contract IS NOT NULL",
            name=op.f("ck_work_items_purchased_by_contract"),
        ),
        sa.CheckConstraint(
            "matter_class IS NULL OR matter_class IN ('autonomy', 'assist', 'purchase')",
            name=op.f("ck_work_items_admitted_class"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'under_review', 'returned', 'rejected', 'withdrawn',"
            " 'approved', 'funded', 'active', 'under_adjustment', 'exited', 'revoked')",
            name=op.f("ck_work_items_known_status"),
        ),
        sa.CheckConstraint("last_day IS NULL OR first_day <= last_day", name=op.f("ck_work_items_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        sa.UniqueConstraint("code", name=op.f("uq_work_items_code")),
        sa.UniqueConstraint("district", "year", "serial", name=op.f("uq_work_items_district_year_serial")),
    )
    op.create_index("ix_work_items_district_status", "work_items", ["district", "status"])
    op.create_table(
        "applications",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("applied_by", sa.String(length=64), nullable=False),
        sa.Column("applied_by_name", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("answers_by", sa.Date(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "NOT late OR decide_by IS NOT NULL", name=op.f("ck_applications_late_after_a_day")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_applications_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("item_id", name=op.f("uq_applications_item_id")),
    )
    op.create_index(
        "ix_applications_district_department_item_id", "applications", ["district", "department", "item_id"]
    )
    op.create_table(
        "item_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_item_steps_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_steps")),
    )
    op.create_index("ix_item_steps_item_id_id", "item_steps", ["item_id", "id"])
    op.create_table(
        "list_entries",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("list_id", BigKey, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("item_id", BigKey, nullable=True),
        sa.Column("matter_class", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("card", Json, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_list_entries_item_id")),
        sa.ForeignKeyConstraint(["list_id"], ["list_versions.id"], name=op.f("fk_list_entries_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_entries")),
        sa.UniqueConstraint("list_id", "code", name=op.f("uq_list_entries_list_id_code")),
    )
    op.create_index("ix_list_entries_item_id", "list_entries", ["item_id"])
    op.create_index(
        "ix_list_entries_list_id_matter_class_code", "list_entries", ["list_id", "matter_class", "code"]
    )
    op.create_table(
        "meetings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.String(length=100), nullable=False),
        sa.Column("votes", Json, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_meetings_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("item_id", "round", name=op.f("uq_meetings_item_id_round")),
    )
    op.create_table(
        "opinions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_opinions_answered_when")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_opinions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        sa.UniqueConstraint("item_id", "round", "community", name="uq_opinions_item_id_round_community"),
    )
    op.create_index("ix_opinions_community_id", "opinions", ["community", "id"])
    op.create_index("ix_opinions_district_id", "opinions", ["district", "id"])
    op.create_index("ix_opinions_street_id", "opinions", ["street", "id"])
    op.create_table(
        "list_entry_areas",
        sa.Column("entry_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["list_entries.id"], name=op.f("fk_list_entry_areas_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "area", name=op.f("pk_list_entry_areas")),
    )
    op.create_index("ix_list_entry_areas_area_entry_id", "list_entry_areas", ["area", "entry_id"])
    for table in FROZEN:
        freeze(table)


def downgrade() -> None:
    for table in FROZEN:
        thaw(table)
    op.drop_table("list_entry_areas")
    op.drop_table("opinions")
    op.drop_table("meetings")
    op.drop_table("list_entries")
    op.drop_table("item_steps")
    op.drop_table("applications")
    op.drop_table("work_items")
    op.drop_table("matters")
    op.drop_table("list_versions")
