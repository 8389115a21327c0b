"""An import says what it assumed of a row, and remembers which version each row was compared with.

The rows of an import that is running are compared with what is in force now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037_imports_assume"
down_revision = "0036_days_counted"
branch_labels = None
depends_on = None

ROWS = sa.table(
    "catalogue_import_rows", sa.column("import_id"), sa.column("content", sa.JSON), sa.column("in_force")
)
IMPORTS = sa.table("catalogue_imports", sa.column("id"), sa.column("effective_from"))
COLUMNS = ("item_code", "number", "status", "effective_from", "effective_to")
VERSIONS = sa.table("item_versions", *(sa.column(name) for name in COLUMNS))


def in_force() -> sa.ScalarSelect[int]:
    """Select the version in force, on the day of a row's import, of the item that the row names."""
    found, latest = VERSIONS.c, VERSIONS.alias().c
    its_own = sa.select(IMPORTS.c.effective_from).where(IMPORTS.c.id == ROWS.c.import_id)
    day = its_own.correlate(ROWS).scalar_subquery()
    begun = sa.select(sa.func.max(latest.effective_from)).where(
        latest.item_code == found.item_code, latest.status == "published", latest.effective_from <= day
    )
    return (
        sa.select(found.number)
        .where(
            found.item_code == ROWS.c.content["code"].as_string(),
            found.status == "published",
            found.effective_from == begun.correlate(VERSIONS, ROWS).scalar_subquery(),
            sa.or_(found.effective_to.is_(None), found.effective_to > day),
        )
        .correlate(ROWS)
        .scalar_subquery()
    )


def upgrade() -> None:
    assumed = sa.Column[bool]("assumed", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("catalogue_import_faults", assumed)
    op.add_column("catalogue_import_rows", sa.Column("in_force", sa.Integer(), nullable=True))
    op.execute(ROWS.update().values(in_force=in_force()))


def downgrade() -> None:
    op.drop_column("catalogue_import_rows", "in_force")
    with op.batch_alter_table("catalogue_import_faults") as faults:
        faults.drop_column("assumed")
