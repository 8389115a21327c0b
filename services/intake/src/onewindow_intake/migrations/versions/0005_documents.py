"""Uploaded documents and issued papers."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0005_documents"
down_revision = "0004_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_contents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("index", sa.String(length=64), nullable=True),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("scan_at", UtcDateTime(), nullable=True),
        sa.Column("scan_tries", sa.Integer(), nullable=False),
        sa.Column("tend_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'dropped')", name=op.f("ck_document_contents_known_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_contents")),
        sa.UniqueConstraint("index", name=op.f("uq_document_contents_index")),
    )
    op.create_index("ix_document_contents_scan_at", "document_contents", ["scan_at"])
    op.create_index("ix_document_contents_tend_at", "document_contents", ["tend_at"])
    op.create_table(
        "document_parts",
        sa.Column("content_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["document_contents.id"], name=op.f("fk_document_parts_content_id")
        ),
        sa.PrimaryKeyConstraint("content_id", "number", name=op.f("pk_document_parts")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=True),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("content_id", sa.String(length=32), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_documents_case_no")),
        sa.ForeignKeyConstraint(
            ["content_id"], ["document_contents.id"], name=op.f("fk_documents_content_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_case_no_id", "documents", ["case_no", "id"])
    op.create_index("ix_documents_content_id", "documents", ["content_id"])
    op.create_table(
        "issued_papers",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("token_index", sa.String(length=64), nullable=False),
        sa.Column("sheet_sealed", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("prints", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_issued_papers_case_no")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint("case_no", "kind", "issue", name=op.f("uq_issued_papers_case_no_kind_issue")),
        sa.UniqueConstraint("token_index", name=op.f("uq_issued_papers_token_index")),
    )
    op.drop_table("tracking_wrong_codes")
    op.create_table(
        "wrong_codes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wrong_codes")),
    )
    op.create_index("ix_wrong_codes_until", "wrong_codes", ["until"])


def downgrade() -> None:
    op.drop_table("wrong_codes")
    op.create_table(
        "tracking_wrong_codes",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_tracking_wrong_codes")),
    )
    op.create_index("ix_tracking_wrong_codes_until", "tracking_wrong_codes", ["until"])
    op.drop_table("issued_papers")
    op.drop_table("documents")
    op.drop_table("document_parts")
    op.drop_table("document_contents")
