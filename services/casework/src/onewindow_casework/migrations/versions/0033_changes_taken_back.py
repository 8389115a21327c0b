"""A decided change of areas may be taken back before its day."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0033_changes_taken_back"
down_revision = "0032_measured"
branch_labels = None
depends_on = None

WHOLE = (
    "(taken_back_at IS NULL) = (taken_back_by IS NULL) "
    "AND (taken_back_at IS NULL) = (taken_back_document IS NULL) "
    "AND (taken_back_at IS NULL) = (taken_back_reason IS NULL)"
)


def upgrade() -> None:
    with op.batch_alter_table("area_changes") as changes:
        changes.add_column(sa.Column("taken_back_at", UtcDateTime(), nullable=True))
        changes.add_column(sa.Column("taken_back_by", sa.String(64), nullable=True))
        changes.add_column(sa.Column("taken_back_document", sa.String(100), nullable=True))
        changes.add_column(sa.Column("taken_back_reason", sa.Text(), nullable=True))
        changes.create_check_constraint(op.f("ck_area_changes_taken_back_whole"), WHOLE)


def downgrade() -> None:
    with op.batch_alter_table("area_changes") as changes:
        changes.drop_constraint(op.f("ck_area_changes_taken_back_whole"), type_="check")
        for column in ("taken_back_reason", "taken_back_document", "taken_back_by", "taken_back_at"):
            changes.drop_column(column)
