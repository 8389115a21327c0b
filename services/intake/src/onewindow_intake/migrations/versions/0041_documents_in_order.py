"""A page of a case's documents is found by an index in the order in which they came."""

from alembic import op

revision = "0041_documents_in_order"
down_revision = "0040_audit_reasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_documents_case_no_uploaded_at", "documents", ["case_no", "uploaded_at", "id"])
    op.drop_index("ix_documents_case_no_id", "documents")


def downgrade() -> None:
    op.create_index("ix_documents_case_no_id", "documents", ["case_no", "id"])
    op.drop_index("ix_documents_case_no_uploaded_at", "documents")
