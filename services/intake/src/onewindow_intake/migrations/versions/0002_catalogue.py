"""Versions of items, their categories, overrides and imports."""

revision = "0002_catalogue"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
