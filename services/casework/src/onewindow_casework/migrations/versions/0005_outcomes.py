"""Files that end or move on because of what happens at intake."""

revision = "0005_outcomes"
down_revision = "0004_evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
