"""A register is imported in slices."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0040_register_imports"
down_revision = "0039_needs_before_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_imports",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("total", "done", "added", "changed", "unchanged", "bad")
        ),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'refused')", name=op.f("ck_register_imports_known_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_imports")),
    )
    op.create_table(
        "register_import_rows",
        sa.Column("import_id", BigKey, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.String(16), nullable=False),
        sa.Column("row", sa.String(64), nullable=False),
        sa.Column("new", sa.Boolean(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_register_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_register_import_rows")),
    )
    op.create_table(
        "register_import_faults",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("import_id", BigKey, nullable=False),
        sa.Column("row", sa.String(64), nullable=False),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_register_import_faults_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import_faults")),
    )
    op.create_index("ix_register_import_faults_import_id_id", "register_import_faults", ["import_id", "id"])


def downgrade() -> None:
    for table in ("register_import_faults", "register_import_rows", "register_imports"):
        op.drop_table(table)
