"""Versions of items, their categories, overrides and imports."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0002_catalogue"
down_revision = "0001_initial"
branch_labels = None
depends_on = None

PUBLISHED = sa.text("status = 'published'")
CHECKS = {
    "ck_item_versions_known_status": "status IN ('draft', 'published', 'retired')",
    "ck_item_versions_ends_after_start": "effective_to IS NULL OR effective_to >= effective_from",
    "ck_item_versions_promise_within_law": "promised_days <= statutory_days",
}
FROM_A_DAY = ("ck_item_versions_published_from_a_day", "status <> 'published' OR effective_from IS NOT NULL")


def checks(*more: tuple[str, str]) -> tuple[sa.CheckConstraint, ...]:
    """Return the conditions of versions, which a copied table would lose."""
    every = (*CHECKS.items(), *more)
    return tuple(sa.CheckConstraint(told, name=op.f(name)) for name, told in every)


def upgrade() -> None:
    op.drop_index("uq_item_versions_published", "item_versions")
    with op.batch_alter_table("item_versions", table_args=checks()) as versions:
        versions.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        versions.alter_column("effective_from", existing_type=sa.Date(), nullable=True)
        versions.create_check_constraint(op.f(FROM_A_DAY[0]), FROM_A_DAY[1])
    op.create_index(
        "uq_item_versions_item_code_effective_from",
        "item_versions",
        ["item_code", "effective_from"],
        unique=True,
        sqlite_where=PUBLISHED,
        postgresql_where=PUBLISHED,
    )
    for name in ("category", "department", "audience"):
        op.drop_column("items", name)
    op.add_column("cases", sa.Column("item_override", sa.Integer(), nullable=True))
    op.create_table(
        "item_overrides",
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_item_overrides_item_code")),
        sa.PrimaryKeyConstraint("item_code", "district", "number", name=op.f("pk_item_overrides")),
    )
    op.create_table(
        "item_categories",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["item_categories.code"], name=op.f("fk_item_categories_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_item_categories")),
    )
    op.create_table(
        "catalogue_imports",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'refused')", name=op.f("ck_catalogue_imports_known_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_imports")),
    )
    op.create_table(
        "catalogue_import_rows",
        sa.Column("import_id", BigKey, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("origins", Json, nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=True),
        sa.Column("staged", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalogue_imports.id"], name=op.f("fk_catalogue_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_catalogue_import_rows")),
    )
    op.create_table(
        "catalogue_import_faults",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("import_id", BigKey, nullable=False),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalogue_imports.id"], name=op.f("fk_catalogue_import_faults_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_import_faults")),
    )
    op.create_index("ix_catalogue_import_faults_import_id_id", "catalogue_import_faults", ["import_id", "id"])


def downgrade() -> None:
    for table in (
        "catalogue_import_faults",
        "catalogue_import_rows",
        "catalogue_imports",
        "item_categories",
        "item_overrides",
    ):
        op.drop_table(table)
    op.drop_column("cases", "item_override")
    for name, length in (("category", 32), ("department", 64), ("audience", 16)):
        op.add_column("items", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.drop_index("uq_item_versions_item_code_effective_from", "item_versions")
    with op.batch_alter_table("item_versions", table_args=checks(FROM_A_DAY)) as versions:
        versions.drop_constraint(op.f(FROM_A_DAY[0]), type_="check")
        versions.alter_column("effective_from", existing_type=sa.Date(), nullable=False)
        versions.drop_column("revision")
    op.create_index(
        "uq_item_versions_published",
        "item_versions",
        ["item_code"],
        unique=True,
        sqlite_where=PUBLISHED,
        postgresql_where=PUBLISHED,
    )
