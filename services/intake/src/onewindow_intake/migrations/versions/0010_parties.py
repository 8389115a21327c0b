"""Entrustment, guardians, households, and whose consent is whose."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0010_parties"
down_revision = "0009_custody_words"
branch_labels = None
depends_on = None

FILLED = {
    "posted_as": (16, "applicant"),
    "consented_by": (16, "applicant"),
    "consent_text": (64, "unversioned"),
}
"""Columns that every case has: length, and what holds of the cases that are there."""


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("entrustment", Json, nullable=True))
        cases.add_column(sa.Column("consent_withdrawn_at", UtcDateTime(), nullable=True))
        for name, (length, value) in FILLED.items():
            kind = sa.String(length=length)
            cases.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table("cases") as cases:
        for name in FILLED:
            cases.alter_column(name, server_default=None)
    with op.batch_alter_table("case_timeline") as timeline:
        timeline.add_column(sa.Column("acting", sa.String(length=16), nullable=True))
    op.create_table(
        "case_parties",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("person_sealed", sa.Text(), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("name_index", sa.String(length=64), nullable=False),
        sa.Column("consented_by", sa.String(length=16), nullable=False),
        sa.CheckConstraint("role IN ('guardian', 'member')", name=op.f("ck_case_parties_known_role")),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_case_parties_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_parties")),
        sa.UniqueConstraint(
            "case_no", "role", "person_index", name=op.f("uq_case_parties_case_no_role_person_index")
        ),
    )
    op.create_index("ix_case_parties_person_index", "case_parties", ["person_index"])
    op.create_index("ix_case_parties_name_index", "case_parties", ["name_index"])


def downgrade() -> None:
    op.drop_table("case_parties")
    with op.batch_alter_table("case_timeline") as timeline:
        timeline.drop_column("acting")
    with op.batch_alter_table("cases") as cases:
        for name in ("entrustment", "consent_withdrawn_at", *FILLED):
            cases.drop_column(name)
