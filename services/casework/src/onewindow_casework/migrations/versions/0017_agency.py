"""Agencies (代办), what happened to each, and the visits made in applicants' place."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0017_agency"
down_revision = "0016_reopening"
branch_labels = None
depends_on = None

STATES = "'applied', 'entrusted', 'in_progress', 'suspended', 'resumed', 'done', 'terminated'"


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("case_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("matters_sealed", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("papers", Json, nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_agencies_known_state")),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_agencies_counted_visits")),
        sa.CheckConstraint(
            "state IN ('applied', 'terminated', 'done') OR matters_sealed IS NOT NULL",
            name=op.f("ck_agencies_entrusted_first"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agencies_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_agencies")),
    )
    op.execute(
        "INSERT INTO agencies (case_id, version, state, papers, visits) "
        "SELECT id, 1, 'applied', '[]', 0 FROM cases WHERE agency_requested AND open"
    )
    op.create_table(
        "agency_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agency_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_steps")),
    )
    op.create_index("ix_agency_steps_case_id_id", "agency_steps", ["case_id", "id"])
    op.create_table(
        "agency_visits",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("purpose_sealed", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agency_visits_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_visits")),
    )
    op.create_index("ix_agency_visits_case_id_id", "agency_visits", ["case_id", "id"])


def downgrade() -> None:
    for table in ("agency_visits", "agency_steps", "agencies"):
        op.drop_table(table)
