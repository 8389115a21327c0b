"""Volunteers from files, and people who have not confirmed yet what a file says of them."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0014_imports"
down_revision = "0013_spot_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "volunteer_imports",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('running', 'done')", name=op.f("ck_volunteer_imports_known_status")),
        sa.CheckConstraint("done = good + bad AND done <= total", name=op.f("ck_volunteer_imports_adds_up")),
        sa.CheckConstraint(
            "(status = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_volunteer_imports_done_once")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_imports")),
    )
    op.create_index("ix_volunteer_imports_created_by_id", "volunteer_imports", ["created_by", "id"])
    op.create_table(
        "volunteer_import_rows",
        sa.Column("import_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("sealed_cells", sa.Text(), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=True),
        sa.Column("bad", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["volunteer_imports.id"], name=op.f("fk_volunteer_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_volunteer_import_rows")),
    )
    op.create_index(
        "ix_volunteer_import_rows_import_id_person_index",
        "volunteer_import_rows",
        ["import_id", "person_index"],
    )
    op.create_table(
        "volunteer_import_faults",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("import_id", BigKey, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["volunteer_imports.id"], name=op.f("fk_volunteer_import_faults_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_import_faults")),
    )
    op.create_index("ix_volunteer_import_faults_import_id_id", "volunteer_import_faults", ["import_id", "id"])
    op.create_table(
        "unconfirmed_people",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_form", sa.Text(), nullable=False),
        sa.Column("handed_in_by", sa.String(length=64), nullable=False),
        sa.Column("handed_in_at", UtcDateTime(), nullable=False),
        sa.Column("confirm_by", UtcDateTime(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unconfirmed_people")),
        sa.UniqueConstraint("person_index", name=op.f("uq_unconfirmed_people_person_index")),
    )
    for first in ("phone_index", "community", "street", "district"):
        op.create_index(f"ix_unconfirmed_people_{first}_id", "unconfirmed_people", [first, "id"])


def downgrade() -> None:
    op.drop_table("unconfirmed_people")
    op.drop_table("volunteer_import_faults")
    op.drop_table("volunteer_import_rows")
    op.drop_table("volunteer_imports")
