"""Evaluations of service, word of whoever has no leader, and timers of what was there before them."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey

revision = "0028_evaluations"
down_revision = "0027_entries_by_record"
branch_labels = None
depends_on = None

MISSING = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT '{kind}', {entity}, {due}, {due}, 0 FROM {rows}
AND NOT EXISTS (SELECT 1 FROM timers WHERE kind = '{kind}' AND entity_id = {entity})
"""
GUARDED = (
    "volunteers JOIN guardians ON guardians.volunteer_id = volunteers.id"
    " WHERE confirmed_at IS NULL AND answer_by IS NOT NULL AND status <> 'left'"
)
BEFORE = (
    (
        "volunteer.of_age",
        "volunteer_no",
        "status_since",
        "volunteers WHERE capacity <> 'adult' AND status <> 'left' AND erased_at IS NULL",
    ),
    ("volunteer.inactive", "volunteer_no", "status_since", "volunteers WHERE status = 'registered'"),
    (
        "guardian.overdue",
        "volunteer_no",
        "answer_by",
        GUARDED,
    ),
    (
        "shift.begins",
        "CAST(shifts.id AS VARCHAR(20))",
        "starts_at",
        "shifts JOIN activities ON activities.id = shifts.activity_id WHERE activities.status = 'published'",
    ),
)
"""Each looks again when it fires, so that one too many, or too early, changes nothing."""


def upgrade() -> None:
    op.create_table(
        "service_evaluations",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("record_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("sealed_words", sa.Text(), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "side IN ('organisation', 'resident')", name=op.f("ck_service_evaluations_known_side")
        ),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_service_evaluations_one_to_five")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_service_evaluations_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_evaluations_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_evaluations")),
        sa.UniqueConstraint("record_id", "side", name=op.f("uq_service_evaluations_record_id_side")),
    )
    op.create_index("ix_service_evaluations_volunteer_id_id", "service_evaluations", ["volunteer_id", "id"])
    with op.batch_alter_table("paper_notices") as batch:
        batch.alter_column("paper_id", existing_type=BigKey, nullable=True)
    for kind, entity, due, rows in BEFORE:
        op.execute(MISSING.format(kind=kind, entity=entity, due=due, rows=rows))


def downgrade() -> None:
    op.execute("DELETE FROM paper_notices WHERE paper_id IS NULL")
    with op.batch_alter_table("paper_notices") as batch:
        batch.alter_column("paper_id", existing_type=BigKey, nullable=False)
    op.drop_table("service_evaluations")
