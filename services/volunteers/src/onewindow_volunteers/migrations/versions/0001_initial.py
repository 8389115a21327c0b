"""Every table of the first version: those that all services have, and volunteers."""

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
        "number_series",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "volunteers",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("national_volunteer_no", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", UtcDateTime(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=True),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("id_kind", sa.String(length=32), nullable=False),
        sa.Column("sealed_id_number", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_birth_date", sa.Text(), nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("capacity", sa.String(length=16), nullable=False),
        sa.Column("skills", Json, nullable=False),
        sa.Column("availability", Json, nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status <> 'registered' OR registered_at IS NOT NULL", name=op.f("ck_volunteers_registered_once")
        ),
        sa.CheckConstraint(
            "status IN ('registering', 'verified', 'registered', 'suspended', 'left')",
            name=op.f("ck_volunteers_known_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("volunteer_no", name=op.f("uq_volunteers_volunteer_no")),
    )
    op.create_index("ix_volunteers_community_volunteer_no", "volunteers", ["community", "volunteer_no"])
    op.create_index("ix_volunteers_district_volunteer_no", "volunteers", ["district", "volunteer_no"])
    op.create_index("ix_volunteers_street_volunteer_no", "volunteers", ["street", "volunteer_no"])
    op.create_index(
        "uq_volunteers_person",
        "volunteers",
        ["person_index"],
        unique=True,
        sqlite_where=sa.text("status <> 'left'"),
        postgresql_where=sa.text("status <> 'left'"),
    )
    op.create_index(
        "uq_volunteers_subject",
        "volunteers",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("status <> 'left'"),
        postgresql_where=sa.text("status <> 'left'"),
    )
    op.create_table(
        "consents",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("notice", sa.String(length=64), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_consents_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "volunteer_id", "purpose", "given_by", name=op.f("uq_consents_volunteer_id_purpose_given_by")
        ),
    )
    op.create_table(
        "guardians",
        sa.Column("volunteer_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("id_kind", sa.String(length=32), nullable=False),
        sa.Column("sealed_id_number", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("sealed_phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_guardians_volunteer_id")),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_guardians")),
    )
    op.create_table(
        "volunteer_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_steps_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_steps")),
    )
    op.create_index("ix_volunteer_steps_volunteer_id", "volunteer_steps", ["volunteer_id"])


def downgrade() -> None:
    op.drop_table("volunteer_steps")
    op.drop_table("guardians")
    op.drop_table("consents")
    op.drop_table("volunteers")
    op.drop_table("number_series")
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
