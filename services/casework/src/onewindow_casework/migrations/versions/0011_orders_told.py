"""What is too much work is kept with its figures; an order has its refusals and why it stands where it does."""

import sqlalchemy as sa
from alembic import op

revision = "0011_orders_told"
down_revision = "0010_extensions"
branch_labels = None
depends_on = None

WHOLE = "(minutes_agreed IS NULL) = (minutes_before IS NULL)"


def upgrade() -> None:
    with op.batch_alter_table("barred_orders") as barred:
        barred.add_column(sa.Column("minutes_agreed", sa.Integer(), nullable=True))
        barred.add_column(sa.Column("minutes_before", sa.Integer(), nullable=True))
        barred.create_check_constraint(op.f("ck_barred_orders_whole_figures"), WHOLE)
    op.create_index("ix_refusals_order_id", "refusals", ["order_id"])
    op.execute("UPDATE orders SET reason = NULL WHERE status NOT IN ('returned', 'recalled', 'refused', 'halted')")


def downgrade() -> None:
    op.drop_index("ix_refusals_order_id", table_name="refusals")
    with op.batch_alter_table("barred_orders") as barred:
        barred.drop_constraint(op.f("ck_barred_orders_whole_figures"), type_="check")
        barred.drop_column("minutes_before")
        barred.drop_column("minutes_agreed")
