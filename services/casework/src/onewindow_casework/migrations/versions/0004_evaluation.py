"""Certificates, burden figures, two-way evaluation and disclosure."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0004_evaluation"
down_revision = "0003_funding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "burden_records",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ledgers', 'forms', 'meetings', 'inspections', 'nameplates', 'offices', 'assessments')",
            name=op.f("ck_burden_records_known_kind"),
        ),
        sa.CheckConstraint("count >= 0", name=op.f("ck_burden_records_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burden_records")),
        sa.UniqueConstraint("community", "year", "kind", name="uq_burden_records_community_year_kind"),
    )
    op.create_index("ix_burden_records_district_year", "burden_records", ["district", "year"], unique=False)
    op.create_index("ix_burden_records_street_year", "burden_records", ["street", "year"], unique=False)
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
        "community_staff",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("staff > 0", name=op.f("ck_community_staff_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_staff")),
        sa.UniqueConstraint("community", name="uq_community_staff_community"),
    )
    op.create_index("ix_community_staff_district", "community_staff", ["district"], unique=False)
    op.create_index("ix_community_staff_street", "community_staff", ["street"], unique=False)
    op.create_table(
        "evaluation_rounds",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("appeals_until", sa.Date(), nullable=False),
        sa.Column("residents_weight", sa.Integer(), nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'published', 'cancelled')",
            name=op.f("ck_evaluation_rounds_known_status"),
        ),
        sa.CheckConstraint(
            "opens_on <= closes_on AND closes_on <= appeals_until",
            name=op.f("ck_evaluation_rounds_days_in_order"),
        ),
        sa.CheckConstraint(
            "residents_weight > 50 AND residents_weight < 100",
            name=op.f("ck_evaluation_rounds_residents_weigh_most"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_rounds")),
        sa.UniqueConstraint("district", "year", name="uq_evaluation_rounds_district_year"),
    )
    op.create_table(
        "publications",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.Column("content", Json, nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "section IN ('money', 'certificates', 'burden')", name=op.f("ck_publications_known_section")
        ),
        sa.CheckConstraint(
            "(published_on IS NULL) = (published_by IS NULL)",
            name=op.f("ck_publications_published_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint(
            "community", "period", "section", name=op.f("uq_publications_community_period_section")
        ),
    )
    op.create_index("ix_publications_district_due_on", "publications", ["district", "due_on"], unique=False)
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
    op.create_table(
        "evaluation_pairs",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("round_id", BigKey, nullable=False),
        sa.Column("counterpart", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("both_rated_on", sa.Date(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("committee_score", sa.Integer(), nullable=True),
        sa.Column("counterpart_score", sa.Integer(), nullable=True),
        sa.Column("missing", Json, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "published OR committee_score IS NULL", name=op.f("ck_evaluation_pairs_committee_score_published")
        ),
        sa.CheckConstraint(
            "published OR counterpart_score IS NULL",
            name=op.f("ck_evaluation_pairs_counterpart_score_published"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["evaluation_rounds.id"], name=op.f("fk_evaluation_pairs_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_pairs")),
        sa.UniqueConstraint(
            "round_id",
            "community",
            "counterpart",
            name=op.f("uq_evaluation_pairs_round_id_community_counterpart"),
        ),
    )
    op.create_index("ix_evaluation_pairs_community_id", "evaluation_pairs", ["community", "id"], unique=False)
    op.create_index(
        "ix_evaluation_pairs_district_department_id",
        "evaluation_pairs",
        ["district", "department", "id"],
        unique=False,
    )
    op.create_index("ix_evaluation_pairs_street_id", "evaluation_pairs", ["street", "id"], unique=False)
    op.create_table(
        "evaluation_appeals",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("pair_id", BigKey, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(upheld IS NULL) = (reasons IS NULL)", name=op.f("ck_evaluation_appeals_decided_with_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["evaluation_pairs.id"], name=op.f("fk_evaluation_appeals_pair_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_appeals")),
        sa.UniqueConstraint("pair_id", "side", name="uq_evaluation_appeals_pair_id_side"),
    )
    op.create_index(
        "ix_evaluation_appeals_district_id", "evaluation_appeals", ["district", "id"], unique=False
    )
    op.create_table(
        "evaluation_appraisals",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("pair_id", BigKey, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("awareness", sa.Integer(), nullable=False),
        sa.Column("participation", sa.Integer(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "about IN ('committee', 'counterpart')", name=op.f("ck_evaluation_appraisals_known_side")
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_evaluation_appraisals_somebody_took_part")),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["evaluation_pairs.id"], name=op.f("fk_evaluation_appraisals_pair_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_appraisals")),
        sa.UniqueConstraint(
            "pair_id", "about", "held_on", name="uq_evaluation_appraisals_pair_id_about_held_on"
        ),
    )
    op.create_table(
        "evaluation_ratings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("pair_id", BigKey, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("before", Json, nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=False),
        sa.Column("rated_by", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "side IN ('committee', 'counterpart')", name=op.f("ck_evaluation_ratings_known_side")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["evaluation_pairs.id"], name=op.f("fk_evaluation_ratings_pair_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_ratings")),
        sa.UniqueConstraint("pair_id", "side", name="uq_evaluation_ratings_pair_id_side"),
    )


def downgrade() -> None:
    op.drop_table("evaluation_ratings")
    op.drop_table("evaluation_appraisals")
    op.drop_index("ix_evaluation_appeals_district_id", table_name="evaluation_appeals")
    op.drop_table("evaluation_appeals")
    op.drop_index("ix_evaluation_pairs_street_id", table_name="evaluation_pairs")
    op.drop_index("ix_evaluation_pairs_district_department_id", table_name="evaluation_pairs")
    op.drop_index("ix_evaluation_pairs_community_id", table_name="evaluation_pairs")
    op.drop_table("evaluation_pairs")
    op.drop_index("ix_certificate_facts_certificate_id", table_name="certificate_facts")
    op.drop_table("certificate_facts")
    op.drop_index("ix_publications_district_due_on", table_name="publications")
    op.drop_table("publications")
    op.drop_table("evaluation_rounds")
    op.drop_index("ix_community_staff_street", table_name="community_staff")
    op.drop_index("ix_community_staff_district", table_name="community_staff")
    op.drop_table("community_staff")
    op.drop_index("ix_certificates_street_id", table_name="certificates")
    op.drop_index("ix_certificates_holder_index", table_name="certificates")
    op.drop_index("ix_certificates_district_id", table_name="certificates")
    op.drop_index("ix_certificates_community_id", table_name="certificates")
    op.drop_index("ix_certificates_applicant_subject_id", table_name="certificates")
    op.drop_table("certificates")
    op.drop_index("ix_certificate_wrong_codes_until", table_name="certificate_wrong_codes")
    op.drop_table("certificate_wrong_codes")
    op.drop_table("certificate_serials")
    op.drop_index("ix_burden_records_street_year", table_name="burden_records")
    op.drop_index("ix_burden_records_district_year", table_name="burden_records")
    op.drop_table("burden_records")
