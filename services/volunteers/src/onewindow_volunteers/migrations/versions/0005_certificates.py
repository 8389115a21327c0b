"""Certificates of service, and the records behind them."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0005_certificates"
down_revision = "0004_guesses"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("status = 'issued'")


def upgrade() -> None:
    op.create_table(
        "service_certificates",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("certificate_no", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("holder_masked", sa.String(length=50), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("content_sealed", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.String(length=32), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status IN ('issued', 'replaced', 'revoked')", name=op.f("ck_service_certificates_known_status")
        ),
        sa.CheckConstraint(
            "(status = 'issued') = (ended_at IS NULL)", name=op.f("ck_service_certificates_ends_once")
        ),
        sa.CheckConstraint(
            "(status = 'replaced') = (replaced_by IS NOT NULL)",
            name=op.f("ck_service_certificates_replaced_by_one"),
        ),
        sa.CheckConstraint(
            "status <> 'revoked' OR reason IS NOT NULL",
            name=op.f("ck_service_certificates_revoked_for_a_reason"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_service_certificates_of_some_service")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_certificates_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_certificates")),
        sa.UniqueConstraint("certificate_no", name=op.f("uq_service_certificates_certificate_no")),
    )
    op.create_index(
        "uq_service_certificates_edition",
        "service_certificates",
        ["volunteer_id", "edition"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    for column in ("subject", "community", "street", "district"):
        op.create_index(f"ix_service_certificates_{column}_id", "service_certificates", [column, "id"])
    op.create_table(
        "certified_records",
        sa.Column("certificate_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("record_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["service_certificates.id"], name=op.f("fk_certified_records_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_certified_records_record_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "record_id", name=op.f("pk_certified_records")),
    )
    op.create_index("ix_certified_records_record_id", "certified_records", ["record_id"])
    op.create_table(
        "certificate_series",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_certificate_series_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_certificate_series")),
    )


def downgrade() -> None:
    op.drop_table("certificate_series")
    op.drop_table("certified_records")
    op.drop_table("service_certificates")
