"""Originals that are still kept have indexes of their own; an upload knows in whose quality it was begun."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0018_at_hand"
down_revision = "0017_sealed_words"
branch_labels = None
depends_on = None

LEVELS = ("community", "street", "district")
HELD = "returned_at IS NULL"
TAKEN_IN = sa.text("accepting_community IS NOT NULL")
ORIGINALS = sa.table("originals", sa.column("id"), sa.column("returned_at", UtcDateTime()))
STEPS = sa.table("custody_steps", sa.column("original_id"), sa.column("act"), sa.column("at", UtcDateTime()))


def _index(column: str, only: str) -> None:
    where = sa.text(only)
    name = f"ix_originals_{column}_held"
    op.create_index(name, "originals", [column, "id"], sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    with op.batch_alter_table("documents") as documents:
        documents.add_column(sa.Column("acting", sa.String(length=16), nullable=True))
    op.drop_index("ix_originals_accepting_community_id", "originals")
    op.drop_index("ix_originals_community_id", "originals")
    with op.batch_alter_table("originals") as originals:
        originals.add_column(sa.Column("returned_at", UtcDateTime(), nullable=True))
    back = sa.select(STEPS.c.at).where(STEPS.c.original_id == ORIGINALS.c.id, STEPS.c.act == "returned")
    op.execute(sa.update(ORIGINALS).values(returned_at=back.scalar_subquery()))
    for level in LEVELS:
        _index(level, HELD)
        _index(f"accepting_{level}", f"{HELD} AND accepting_{level} IS NOT NULL")


def downgrade() -> None:
    for level in LEVELS:
        op.drop_index(f"ix_originals_accepting_{level}_held", "originals")
        op.drop_index(f"ix_originals_{level}_held", "originals")
    with op.batch_alter_table("originals") as originals:
        originals.drop_column("returned_at")
    op.create_index("ix_originals_community_id", "originals", ["community", "id"])
    op.create_index(
        "ix_originals_accepting_community_id",
        "originals",
        ["accepting_community", "id"],
        sqlite_where=TAKEN_IN,
        postgresql_where=TAKEN_IN,
    )
    with op.batch_alter_table("documents") as documents:
        documents.drop_column("acting")
