"""Facts that are published by themselves; a cancelled round does not take its year."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0006_disclosed_facts"
down_revision = "0005_guesses"
branch_labels = None
depends_on = None

ONE_ROUND = "uq_evaluation_rounds_district_year"
LIVE = sa.text("status <> 'cancelled'")


def upgrade() -> None:
    op.create_table(
        "disclosed_facts",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("arose_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "kind IN ('list', 'refusal', 'money')", name=op.f("ck_disclosed_facts_known_kind")
        ),
        sa.CheckConstraint(
            "(published_on IS NULL) = (published_by IS NULL)",
            name=op.f("ck_disclosed_facts_published_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosed_facts")),
    )
    op.create_index("ix_disclosed_facts_community_id", "disclosed_facts", ["community", "id"])
    with op.batch_alter_table("evaluation_rounds") as rounds:
        rounds.drop_constraint(ONE_ROUND, type_="unique")
    op.create_index(
        ONE_ROUND,
        "evaluation_rounds",
        ["district", "year"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_index(ONE_ROUND, "evaluation_rounds")
    with op.batch_alter_table("evaluation_rounds") as rounds:
        rounds.create_unique_constraint(ONE_ROUND, ["district", "year"])
    op.drop_index("ix_disclosed_facts_community_id", "disclosed_facts")
    op.drop_table("disclosed_facts")
