"""Certificates, burden figures and two-way evaluation."""

revision = "0004_evaluation"
down_revision = "0003_funding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
