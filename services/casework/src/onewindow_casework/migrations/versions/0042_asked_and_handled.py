"""What is asked, and cases in somebody's charge, are counted along indexes of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0042_asked_and_handled"
down_revision = "0041_grids_counted"
branch_labels = None
depends_on = None

LEVELS = ("district", "street", "community", "department")
HANDLER = "ix_cases_handler_promised_due_on_id"
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    _by_handler(" AND handler IS NOT NULL")
    for level in LEVELS:
        op.create_index(
            f"ix_supervisions_asked_{level}",
            "supervisions",
            [level, "level"],
            sqlite_where=ASKED,
            postgresql_where=ASKED,
        )


def downgrade() -> None:
    for level in LEVELS:
        op.drop_index(f"ix_supervisions_asked_{level}", "supervisions")
    _by_handler("")


def _by_handler(only: str) -> None:
    op.drop_index(HANDLER, "cases")
    op.create_index(
        HANDLER,
        "cases",
        ["handler", "promised_due_on", "id"],
        sqlite_where=sa.text(f"open = 1{only}"),
        postgresql_where=sa.text(f"open{only}"),
    )
