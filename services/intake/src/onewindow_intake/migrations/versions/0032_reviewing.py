"""What of the handled cases can be reviewed now, as casework tells it."""

import sqlalchemy as sa
from alembic import op

revision = "0032_reviewing"
down_revision = "0031_accounts_end"
branch_labels = None
depends_on = None

INDEX = "ix_review_invitations_mobile_index_until"


def upgrade() -> None:
    op.create_table(
        "review_invitations",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("mobile_index", sa.String(length=64), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("follow_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_review_invitations_case_no")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_review_invitations")),
    )
    op.create_index(INDEX, "review_invitations", ["mobile_index", "until"])


def downgrade() -> None:
    op.drop_index(INDEX, "review_invitations")
    op.drop_table("review_invitations")
