"""A case knows until when an answer is in time, by which lists of waiting cases lie.

Of cases from before that came online it is counted by a timer, a slice of cases at a time, by the one working
day that is the default.
"""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0042_answers_due"
down_revision = "0041_documents_in_order"
branch_labels = None
depends_on = None

WAITS = "status = 'received'"
LEVELS = ("community", "street", "district")
LISTS = {
    **dict.fromkeys(LEVELS, WAITS),
    **{f"accepting_{level}": f"accepting_{level} IS NOT NULL AND {WAITS}" for level in LEVELS},
}
"""Columns of which each begins an index of the cases that wait, and of which rows."""
ONLINE = """
UPDATE cases SET answer_days = 1 WHERE status = 'received' AND channel IN ('web', 'mobile')
"""
COUNT = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'calendar.count_next', '0', received_at, received_at, 0 FROM cases
WHERE id = (SELECT min(id) FROM cases WHERE status = 'received' AND answer_days < notice_days)
ON CONFLICT DO NOTHING
"""


def _lie_by(column: str) -> None:
    for first, only in LISTS.items():
        op.drop_index(f"ix_cases_{first}_notice", "cases")
        where = sa.text(only)
        op.create_index(
            f"ix_cases_{first}_notice",
            "cases",
            [first, column, "id"],
            sqlite_where=where,
            postgresql_where=where,
        )


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("answer_days", sa.Integer(), nullable=True))
        cases.add_column(sa.Column("answer_due_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE cases SET answer_days = notice_days, answer_due_at = notice_due_at")
    op.execute(ONLINE)
    op.execute(COUNT)
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("answer_days", existing_type=sa.Integer(), nullable=False)
        cases.alter_column("answer_due_at", existing_type=UtcDateTime(), nullable=False)
    _lie_by("answer_due_at")


def downgrade() -> None:
    _lie_by("notice_due_at")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("answer_due_at")
        cases.drop_column("answer_days")
