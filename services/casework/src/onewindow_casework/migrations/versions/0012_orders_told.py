"""What is told of orders: the figures of too much work, refusals, and why an order stands where it does.

Running orders are looked at slice by slice, and so is what communities publish of a change of the lists.
Who applied is known by the account alone: the name, which nobody read, goes.
"""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0012_orders_told"
down_revision = "0011_sealed_reasons"
branch_labels = None
depends_on = None

WHOLE = "(minutes_agreed IS NULL) = (minutes_before IS NULL)"
RUNNING = sa.text("status IN ('in_progress', 'received', 'returned', 'sent')")
OVER = "UPDATE orders SET reason = NULL WHERE status NOT IN ('returned', 'recalled', 'refused', 'halted')"


def upgrade() -> None:
    with op.batch_alter_table("barred_orders") as barred:
        barred.add_column(sa.Column("minutes_agreed", sa.Integer(), nullable=True))
        barred.add_column(sa.Column("minutes_before", sa.Integer(), nullable=True))
        barred.create_check_constraint(op.f("ck_barred_orders_whole_figures"), WHOLE)
    op.create_index("ix_refusals_order_id", "refusals", ["order_id"])
    op.execute(OVER)
    _index_running("id")
    op.drop_column("applications", "applied_by_name")
    op.create_table(
        "list_changes",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_changes")),
    )


def downgrade() -> None:
    op.drop_table("list_changes")
    name = sa.Column("applied_by_name", sa.Text(), server_default="", nullable=False)
    op.add_column("applications", name)
    _index_running("item")
    op.drop_index("ix_refusals_order_id", table_name="refusals")
    with op.batch_alter_table("barred_orders") as barred:
        barred.drop_constraint(op.f("ck_barred_orders_whole_figures"), type_="check")
        barred.drop_column("minutes_before")
        barred.drop_column("minutes_agreed")


def _index_running(by: str) -> None:
    op.drop_index("ix_orders_under_way", table_name="orders")
    op.create_index(
        "ix_orders_under_way",
        "orders",
        ["district", by],
        postgresql_where=RUNNING,
        sqlite_where=RUNNING,
    )
