"""Drafts, parties, contacts, custody and hand-offs at the window."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0004_desk"
down_revision = "0003_outcomes"
branch_labels = None
depends_on = None

CASES = sa.table("cases", sa.column("first_contact_officer"), sa.column("responsible_officer"))


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(
            sa.Column("responsible_officer", sa.String(length=64), nullable=False, server_default="")
        )
        cases.create_index("ix_cases_responsible_officer_id", ["responsible_officer", "id"])
    op.execute(sa.update(CASES).values(responsible_officer=CASES.c.first_contact_officer))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("responsible_officer", server_default=None)
    op.create_table(
        "case_handoffs",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("giver", sa.String(length=64), nullable=False),
        sa.Column("taker", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'bounced', 'withdrawn')",
            name=op.f("ck_case_handoffs_known_state"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (settled_at IS NULL)", name=op.f("ck_case_handoffs_settled")
        ),
        sa.CheckConstraint(
            "(state = 'bounced') = (reason IS NOT NULL)", name=op.f("ck_case_handoffs_bounced_for_a_reason")
        ),
        sa.CheckConstraint("giver <> taker", name=op.f("ck_case_handoffs_two_officers")),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_case_handoffs_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_handoffs")),
    )
    op.create_index("ix_case_handoffs_case_no", "case_handoffs", ["case_no"])
    op.create_index(
        "ix_case_handoffs_taker",
        "case_handoffs",
        ["taker"],
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index(
        "uq_case_handoffs_open",
        "case_handoffs",
        ["case_no"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )


def downgrade() -> None:
    op.drop_table("case_handoffs")
    with op.batch_alter_table("cases") as cases:
        cases.drop_index("ix_cases_responsible_officer_id")
        cases.drop_column("responsible_officer")
