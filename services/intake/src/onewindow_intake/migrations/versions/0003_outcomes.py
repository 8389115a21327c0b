"""Outcomes of an application, routing and acceptance for elsewhere."""

revision = "0003_outcomes"
down_revision = "0002_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
