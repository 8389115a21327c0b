"""What waits for an officer is read in its order, where PostgreSQL read all of it and sorted it.

It takes place and officer for independent: it thinks that few of an officer's cases lie where they work. With
the community in the index it finds these few, as it thinks, in the order that is wanted.
"""

from alembic import op
from sqlalchemy import text

revision = "0053_handlers_communities"
down_revision = "0052_burden_computed"
branch_labels = None
depends_on = None

NEW = "ix_cases_handler_promised_due_on_id_community"
OLD = "ix_cases_handler_promised_due_on_id"
KEYS = ["handler", "promised_due_on", "id"]


def upgrade() -> None:
    _create(NEW, [*KEYS, "community"])
    op.drop_index(OLD, "cases")


def downgrade() -> None:
    _create(OLD, KEYS)
    op.drop_index(NEW, "cases")


def _create(name: str, keys: list[str]) -> None:
    op.create_index(
        name,
        "cases",
        keys,
        sqlite_where=text("open = 1 AND handler IS NOT NULL"),
        postgresql_where=text("open AND handler IS NOT NULL"),
    )
