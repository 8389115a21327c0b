"""Why somebody looked or acted is typed in free words that may name a person: in the audit it lies sealed."""

from onewindow_shared.plumbing.audit_reasons import open_reasons, seal_reasons

revision = "0008_audit_reasons"
down_revision = "0007_days_counted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seal_reasons("gateway")


def downgrade() -> None:
    open_reasons("gateway")
