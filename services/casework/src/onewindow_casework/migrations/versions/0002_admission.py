"""Work items asked of communities: applications, reviews and published lists."""

revision = "0002_admission"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
