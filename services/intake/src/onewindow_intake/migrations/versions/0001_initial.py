"""Every table of the first version: those that all services have, and intake's."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("entity_type", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("position", BigKey, nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_position")),
    )
    op.create_index("ix_audit_entity", "audit", ["entity_type", "entity_id"])
    op.create_index(
        "ix_audit_unsealed",
        "audit",
        ["id"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", BigKey, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "calendar_exceptions",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_exceptions")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("died_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "outbox",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", UtcDateTime(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_outbox_whole_lease")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_destination_id", "outbox", ["destination", "id"])
    op.create_index("ix_outbox_destination_key_id", "outbox", ["destination", "key", "id"])
    op.create_table(
        "rollup_deltas",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_deltas")),
    )
    op.create_index("ix_rollup_deltas_district", "rollup_deltas", ["district"])
    op.create_table(
        "rollups",
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("n", BigKey, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("metric", "community", "day", "item", name=op.f("pk_rollups")),
    )
    op.create_index("ix_rollups_district_metric_day", "rollups", ["district", "metric", "day"])
    op.create_index("ix_rollups_street_metric_day", "rollups", ["street", "metric", "day"])
    op.create_table(
        "timers",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("try_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
    )
    op.create_index("ix_timers_try_at", "timers", ["try_at"])
    op.create_index("uq_timers_kind_entity_id", "timers", ["kind", "entity_id"], unique=True)
    op.create_table(
        "items",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_items")),
    )
    op.create_table(
        "serial_blocks",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "day", name=op.f("pk_serial_blocks")),
    )
    op.create_table(
        "tracking_wrong_codes",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_tracking_wrong_codes")),
    )
    op.create_index("ix_tracking_wrong_codes_until", "tracking_wrong_codes", ["until"])
    op.create_table(
        "item_versions",
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("statutory_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("instant", sa.Boolean(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'retired')", name=op.f("ck_item_versions_known_status")
        ),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_to >= effective_from",
            name=op.f("ck_item_versions_ends_after_start"),
        ),
        sa.CheckConstraint(
            "promised_days <= statutory_days", name=op.f("ck_item_versions_promise_within_law")
        ),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_item_versions_item_code")),
        sa.PrimaryKeyConstraint("item_code", "number", name=op.f("pk_item_versions")),
    )
    op.create_index(
        "uq_item_versions_published",
        "item_versions",
        ["item_code"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "cases",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("item_name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("applicant_subject", sa.String(length=64), nullable=True),
        sa.Column("applicant_masked", sa.String(length=50), nullable=False),
        sa.Column("applicant_sealed", sa.Text(), nullable=False),
        sa.Column("applicant_index", sa.String(length=64), nullable=False),
        sa.Column("agent_sealed", sa.Text(), nullable=True),
        sa.Column("agency_requested", sa.Boolean(), nullable=False),
        sa.Column("first_contact_officer", sa.String(length=64), nullable=False),
        sa.Column("materials", Json, nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("notice_due_at", UtcDateTime(), nullable=False),
        sa.Column("complete_on", sa.Date(), nullable=True),
        sa.Column("declared_at", UtcDateTime(), nullable=True),
        sa.Column("correction_due_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("statutory_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("progressed_at", UtcDateTime(), nullable=True),
        sa.Column("progressed_version", sa.Integer(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status <> 'correction' OR correction_due_at IS NOT NULL", name=op.f("ck_cases_correction_ends")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'received', 'correction', 'accepted', 'tolerant_accepted', "
            "'handling', 'suspended', 'decided', 'delivered', 'closed', 'not_accepted', "
            "'deemed_withdrawn', 'withdrawn', 'acceptance_revoked', 'refused')",
            name=op.f("ck_cases_known_status"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_on IS NULL)", name=op.f("ck_cases_whole_acceptance")
        ),
        sa.CheckConstraint("promised_days <= statutory_days", name=op.f("ck_cases_promise_within_law")),
        sa.ForeignKeyConstraint(
            ["item_code", "item_version"],
            ["item_versions.item_code", "item_versions.number"],
            name=op.f("fk_cases_item_code_item_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_no", name=op.f("uq_cases_case_no")),
    )
    op.create_index("ix_cases_applicant_index", "cases", ["applicant_index"])
    op.create_index(
        "ix_cases_applicant_subject_id",
        "cases",
        ["applicant_subject", "id"],
        sqlite_where=sa.text("applicant_subject IS NOT NULL"),
        postgresql_where=sa.text("applicant_subject IS NOT NULL"),
    )
    op.create_index("ix_cases_community_id", "cases", ["community", "id"])
    op.create_index("ix_cases_district_id", "cases", ["district", "id"])
    op.create_index("ix_cases_status_id", "cases", ["status", "id"])
    op.create_index("ix_cases_street_id", "cases", ["street", "id"])
    op.create_table(
        "case_timeline",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_case_timeline_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_timeline")),
    )
    op.create_index("ix_case_timeline_case_no", "case_timeline", ["case_no"])
    op.create_table(
        "correction_notices",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("defects", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_correction_notices_case_no")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_correction_notices")),
    )
    op.create_table(
        "refusals",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("competent_body", sa.String(length=500), nullable=True),
        sa.Column("remedies", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_refusals_case_no")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_refusals")),
    )


def downgrade() -> None:
    op.drop_table("refusals")
    op.drop_table("correction_notices")
    op.drop_table("case_timeline")
    op.drop_table("cases")
    op.drop_table("item_versions")
    op.drop_table("tracking_wrong_codes")
    op.drop_table("serial_blocks")
    op.drop_table("items")
    op.drop_table("timers")
    op.drop_table("rollups")
    op.drop_table("rollup_deltas")
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("idempotency_keys")
    op.drop_table("dead_letters")
    op.drop_table("calendar_years")
    op.drop_table("calendar_exceptions")
    op.drop_table("audit_head")
    op.drop_table("audit")
    op.drop_table("areas")
