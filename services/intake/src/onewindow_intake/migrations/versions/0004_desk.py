"""Drafts, parties, contacts, custody and hand-offs at the window."""

revision = "0004_desk"
down_revision = "0003_outcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
