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


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("document_parts")
    op.drop_table("document_contents")
