"""Numbers that wait for being confirmed, and people found by whom they are and by their account."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0023_corrections"
down_revision = "0022_hearing"
branch_labels = None
depends_on = None

KNOWN_AGAIN = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'volunteer.known_again', volunteer_no, status_since, status_since, 0 FROM volunteers
WHERE status IN ('verified', 'registered', 'suspended') AND EXISTS (
    SELECT 1 FROM volunteers AS earlier
    WHERE earlier.person_index = volunteers.person_index AND earlier.subject <> volunteers.subject
)
"""


def upgrade() -> None:
    op.create_table(
        "phone_changes",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirm_by", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_phone_changes_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_phone_changes")),
    )
    op.create_index("ix_volunteers_person_index_id", "volunteers", ["person_index", "id"])
    op.create_index("ix_volunteers_subject_id", "volunteers", ["subject", "id"])
    op.execute(KNOWN_AGAIN)


def downgrade() -> None:
    op.drop_index("ix_volunteers_subject_id", "volunteers")
    op.drop_index("ix_volunteers_person_index_id", "volunteers")
    op.drop_table("phone_changes")
