"""Every table of the first version: those that all services have, and those of the handling."""

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
        "calendar_notices",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("days", Json, nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_notices")),
    )
    op.create_table(
        "cases",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("applicant_subject", sa.String(length=64), nullable=True),
        sa.Column("applicant_masked", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("first_contact_officer", sa.Text(), nullable=False),
        sa.Column("agency_requested", sa.Boolean(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("promised_due_on", sa.Date(), nullable=False),
        sa.Column("promised_provisional", sa.Boolean(), nullable=False),
        sa.Column("statutory_days", sa.Integer(), nullable=False),
        sa.Column("statutory_due_on", sa.Date(), nullable=False),
        sa.Column("statutory_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.String(length=32), nullable=False),
        sa.Column("handler", sa.String(length=64), nullable=True),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("overdue_on", sa.Date(), nullable=True),
        sa.Column("overdue_until", sa.Date(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'received', 'correction', 'accepted', 'tolerant_accepted', "
            "'handling', 'suspended', 'decided', 'delivered', 'closed', 'not_accepted', "
            "'deemed_withdrawn', 'withdrawn', 'acceptance_revoked', 'refused')",
            name=op.f("ck_cases_known_status"),
        ),
        sa.CheckConstraint("(handler IS NULL) = (handler_name IS NULL)", name=op.f("ck_cases_whole_handler")),
        sa.CheckConstraint(
            "on_time IS NULL OR closed_at IS NOT NULL", name=op.f("ck_cases_judged_when_closed")
        ),
        sa.CheckConstraint("open OR NOT overdue", name=op.f("ck_cases_only_open_is_overdue")),
        sa.CheckConstraint(
            "overdue = (overdue_on IS NOT NULL AND overdue_until IS NULL)",
            name=op.f("ck_cases_overdue_since_and_until"),
        ),
        sa.CheckConstraint("promised_days <= statutory_days", name=op.f("ck_cases_promise_within_law")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_no", name=op.f("uq_cases_case_no")),
    )
    op.create_index("ix_cases_applicant_subject_id", "cases", ["applicant_subject", "id"])
    op.create_index("ix_cases_community_id", "cases", ["community", "id"])
    op.create_index(
        "ix_cases_community_promised_due_on_id",
        "cases",
        ["community", "promised_due_on", "id"],
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open = 1"),
    )
    op.create_index(
        "ix_cases_department_promised_due_on_id",
        "cases",
        ["department", "promised_due_on", "id"],
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open = 1"),
    )
    op.create_index(
        "ix_cases_district_promised_due_on_id",
        "cases",
        ["district", "promised_due_on", "id"],
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open = 1"),
    )
    op.create_index(
        "ix_cases_street_promised_due_on_id",
        "cases",
        ["street", "promised_due_on", "id"],
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open = 1"),
    )
    op.create_table(
        "departments",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    op.create_table(
        "decisions",
        sa.Column("case_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("remedies", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'grant' OR (reasons IS NOT NULL AND remedies IS NOT NULL)",
            name=op.f("ck_decisions_refused_with_reasons_and_remedies"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "deliveries",
        sa.Column("case_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("sealed_receiver", sa.Text(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_by", sa.String(length=64), nullable=False),
        sa.Column("delivered_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deliveries_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_deliveries")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_reviews_five_levels")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reviews_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("case_id", name="uq_reviews_case_id"),
    )
    op.create_table(
        "timeline",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_timeline_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index("ix_timeline_case_id_id", "timeline", ["case_id", "id"])


def downgrade() -> None:
    op.drop_table("timeline")
    op.drop_table("reviews")
    op.drop_table("deliveries")
    op.drop_table("decisions")
    op.drop_table("departments")
    op.drop_table("cases")
    op.drop_table("calendar_notices")
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
