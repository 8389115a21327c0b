"""Lists by item and by state, in every area; what items are called beside their content."""

import sqlalchemy as sa
from alembic import op

revision = "0014_lists"
down_revision = "0013_checklist"
branch_labels = None
depends_on = None

LEVELS = ("community", "street", "district")
NAMED = {"name": 100, "category": 32, "department": 64}
VERSIONS = sa.table(
    "item_versions",
    sa.column("item_code"),
    sa.column("number"),
    sa.column("content", sa.JSON()),
    *map(sa.column, NAMED),
)
OPEN = sa.text("ended_on IS NULL")


def _name() -> None:
    """Take what versions are called from their content."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(VERSIONS.c.item_code, VERSIONS.c.number, VERSIONS.c.content)).all()
    for item, number, content in rows:
        said = {name: content[name] for name in NAMED}
        version = sa.update(VERSIONS).where(VERSIONS.c.item_code == item, VERSIONS.c.number == number)
        connection.execute(version.values(said))


def upgrade() -> None:
    with op.batch_alter_table("item_versions") as versions:
        for name, length in NAMED.items():
            versions.add_column(sa.Column(name, sa.String(length=length), nullable=True))
    _name()
    with op.batch_alter_table("item_versions") as versions:
        for name, length in NAMED.items():
            versions.alter_column(name, existing_type=sa.String(length=length), nullable=False)
    op.create_index("ix_item_versions_name", "item_versions", [*NAMED, "item_code"])
    op.drop_index("ix_cases_status_id", "cases")
    op.drop_index("ix_cases_item_code_received", "cases")
    for level in LEVELS:
        op.drop_index(f"ix_cases_{level}_open", "cases")
        op.create_index(f"ix_cases_{level}_status", "cases", [level, "status", "received_at", "id"])
        op.create_index(f"ix_cases_{level}_item", "cases", [level, "item_code", "received_at", "id"])


def downgrade() -> None:
    for level in LEVELS:
        op.drop_index(f"ix_cases_{level}_item", "cases")
        op.drop_index(f"ix_cases_{level}_status", "cases")
        op.create_index(
            f"ix_cases_{level}_open",
            "cases",
            [level, "received_at", "id"],
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.create_index("ix_cases_item_code_received", "cases", ["item_code", "received_at", "id"])
    op.create_index("ix_cases_status_id", "cases", ["status", "id"])
    op.drop_index("ix_item_versions_name", "item_versions")
    with op.batch_alter_table("item_versions") as versions:
        for name in NAMED:
            versions.drop_column(name)
