"""The special account, orders and refusals."""

revision = "0003_funding"
down_revision = "0002_admission"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
