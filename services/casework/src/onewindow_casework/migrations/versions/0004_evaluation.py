"""Certificates, burden figures, two-way evaluation and disclosure."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0004_evaluation"
down_revision = "0003_funding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_serials",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "day", name=op.f("pk_certificate_serials")),
    )
    op.create_table(
        "certificate_wrong_codes",
        sa.Column("certificate_no", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_no", name=op.f("pk_certificate_wrong_codes")),
    )
    op.create_index("ix_certificate_wrong_codes_until", "certificate_wrong_codes", ["until"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("certificate_no", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("applicant_subject", sa.String(length=64), nullable=True),
        sa.Column("holder_masked", sa.String(length=50), nullable=False),
        sa.Column("holder_id_masked", sa.String(length=20), nullable=False),
        sa.Column("holder_index", sa.String(length=64), nullable=False),
        sa.Column("particulars_sealed", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.Text(), nullable=True),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("fee_fen", sa.Integer(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("signed_by", sa.String(length=64), nullable=True),
        sa.Column("signed_by_name", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("replaces", sa.String(length=26), nullable=True),
        sa.Column("replaced_by", sa.String(length=26), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status <> 'refused' OR (reason IS NOT NULL AND basis IS NOT NULL)",
            name=op.f("ck_certificates_refused_with_basis"),
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'verified', 'issued', 'refused', 'withdrawn', 'revoked', 'replaced')",
            name=op.f("ck_certificates_known_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('issued', 'revoked', 'replaced') OR issued_at IS NOT NULL",
            name=op.f("ck_certificates_issued_when"),
        ),
        sa.CheckConstraint("fee_fen = 0", name=op.f("ck_certificates_free_of_charge")),
        sa.CheckConstraint(
            "issued_at IS NULL OR (content_sealed IS NOT NULL AND signed_by_name IS NOT NULL)",
            name=op.f("ck_certificates_issued_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("certificate_no", name=op.f("uq_certificates_certificate_no")),
        sa.UniqueConstraint("replaces", name="uq_certificates_replaces"),
    )
    op.create_index(
        "ix_certificates_applicant_subject_id", "certificates", ["applicant_subject", "id"], unique=False
    )
    op.create_index("ix_certificates_community_id", "certificates", ["community", "id"], unique=False)
    op.create_index("ix_certificates_district_id", "certificates", ["district", "id"], unique=False)
    op.create_index("ix_certificates_holder_index", "certificates", ["holder_index"], unique=False)
    op.create_index("ix_certificates_street_id", "certificates", ["street", "id"], unique=False)
    op.create_table(
        "certificate_facts",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("certificate_id", BigKey, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("finding_sealed", sa.Text(), nullable=False),
        sa.Column("verified_by", sa.String(length=64), nullable=False),
        sa.Column("verified_by_name", sa.Text(), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_facts_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_facts")),
    )
    op.create_index(
        "ix_certificate_facts_certificate_id", "certificate_facts", ["certificate_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_certificate_facts_certificate_id", table_name="certificate_facts")
    op.drop_table("certificate_facts")
    op.drop_index("ix_certificates_street_id", table_name="certificates")
    op.drop_index("ix_certificates_holder_index", table_name="certificates")
    op.drop_index("ix_certificates_district_id", table_name="certificates")
    op.drop_index("ix_certificates_community_id", table_name="certificates")
    op.drop_index("ix_certificates_applicant_subject_id", table_name="certificates")
    op.drop_table("certificates")
    op.drop_index("ix_certificate_wrong_codes_until", table_name="certificate_wrong_codes")
    op.drop_table("certificate_wrong_codes")
    op.drop_table("certificate_serials")
