"""What proves a delivery is kept part by part, people's parts sealed, and tries that failed are kept, too."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.sealing import Words, seal, unseal
from onewindow_shared.plumbing.tables import BigKey

revision = "0024_delivery_parts"
down_revision = "0023_facets"
branch_labels = None
depends_on = None

PROOF = Words("casework", "deliveries", "case_id", "proof", sa.Text())
ADDED: dict[str, Any] = {
    "delivered_on": sa.Date(),
    "carrier": sa.Text(),
    "tracking_no_sealed": sa.Text(),
    "witness_sealed": sa.Text(),
}
LEFT = "ck_deliveries_left_before_a_witness"


def upgrade() -> None:
    seal(PROOF)
    with op.batch_alter_table("deliveries") as table:
        for name, kind in ADDED.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        table.add_column(sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("refused", existing_type=sa.Boolean(), server_default=None)
        table.create_check_constraint(op.f(LEFT), "NOT refused OR witness_sealed IS NOT NULL")
    op.create_table(
        "delivery_tries",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("failure", sa.String(length=16), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_no_sealed", sa.Text(), nullable=True),
        sa.Column("remark_sealed", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "method IN ('pick_up', 'post', 'home_visit', 'electronic')",
            name=op.f("ck_delivery_tries_known_method"),
        ),
        sa.CheckConstraint(
            "failure IN ('refused', 'returned', 'nobody_there')",
            name=op.f("ck_delivery_tries_known_failure"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_delivery_tries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_tries")),
    )
    op.create_index("ix_delivery_tries_case_id_id", "delivery_tries", ["case_id", "id"])


def downgrade() -> None:
    op.drop_table("delivery_tries")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(op.f(LEFT), type_="check")
        for name in (*ADDED, "refused"):
            table.drop_column(name)
    unseal(PROOF)
    op.execute("UPDATE deliveries SET proof = method WHERE proof IS NULL")
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("proof", existing_type=sa.Text(), nullable=False)
