"""Outcomes of an application, routing and acceptance for elsewhere."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import Json

revision = "0003_outcomes"
down_revision = "0002_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("correction_notices") as table:
        table.add_column(sa.Column("in_time", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("correction_notices") as table:
        table.alter_column("in_time", server_default=None)
    with op.batch_alter_table("refusals") as table:
        table.add_column(sa.Column("unmet", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("refusals") as table:
        table.alter_column("unmet", server_default=None)
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("supplement_due_at", UtcDateTime(), nullable=True))
    op.create_table(
        "tolerant_acceptances",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=16), nullable=False),
        sa.Column("signed_how", sa.String(length=16), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("deferred", Json, nullable=False),
        sa.Column("consequence", sa.String(length=32), nullable=False),
        sa.Column("remedies", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "consequence IN ('acceptance_revoked', 'deemed_withdrawn')",
            name=op.f("ck_tolerant_acceptances_known_consequence"),
        ),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_tolerant_acceptances_case_no")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_tolerant_acceptances")),
    )
    op.create_table(
        "instant_decisions",
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("remedies", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "outcome = 'grant' OR (reasons IS NOT NULL AND remedies IS NOT NULL)",
            name=op.f("ck_instant_decisions_refused_with_reasons_and_remedies"),
        ),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_instant_decisions_case_no")),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_instant_decisions")),
    )
    op.create_table(
        "listed_matters",
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("matter_class", sa.String(length=16), nullable=False),
        sa.Column("item_codes", Json, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("district", "code", name=op.f("pk_listed_matters")),
    )


def downgrade() -> None:
    op.drop_table("listed_matters")
    op.drop_table("instant_decisions")
    op.drop_table("tolerant_acceptances")
    with op.batch_alter_table("cases") as table:
        table.drop_column("supplement_due_at")
    with op.batch_alter_table("refusals") as table:
        table.drop_column("unmet")
    with op.batch_alter_table("correction_notices") as table:
        table.drop_column("in_time")
