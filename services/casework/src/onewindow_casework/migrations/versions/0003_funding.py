"""The special account, orders and refusals."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.frozen import freeze, thaw
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0003_funding"
down_revision = "0002_admission"
branch_labels = None
depends_on = None
FROZEN = ("fund_postings", "fund_entries")


def upgrade() -> None:
    op.create_table(
        "asked_time",
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_asked_time_some_time")),
        sa.PrimaryKeyConstraint("item", "community", "year", name=op.f("pk_asked_time")),
    )
    op.create_table(
        "barred_orders",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("basis", Json, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_orders")),
    )
    op.create_index("ix_barred_orders_community_id", "barred_orders", ["community", "id"])
    op.create_index("ix_barred_orders_department_id", "barred_orders", ["department", "id"])
    op.create_index("ix_barred_orders_district_tried_on", "barred_orders", ["district", "tried_on"])
    op.create_index("ix_barred_orders_street_id", "barred_orders", ["street", "id"])
    op.create_table(
        "fund_accounts",
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("balance", BigKey, nullable=True),
        sa.Column("allotted", BigKey, nullable=False),
        sa.Column("reserved", BigKey, nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('community', 'department', 'item')) = (balance IS NOT NULL)",
            name=op.f("ck_fund_accounts_balance_where_guarded"),
        ),
        sa.CheckConstraint("allotted >= reserved", name=op.f("ck_fund_accounts_nothing_reserved_is_lost")),
        sa.CheckConstraint("balance IS NULL OR balance >= 0", name=op.f("ck_fund_accounts_money_exists")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_fund_accounts")),
    )
    op.create_index("ix_fund_accounts_community_code", "fund_accounts", ["community", "code"])
    op.create_index("ix_fund_accounts_district_code", "fund_accounts", ["district", "code"])
    op.create_table(
        "instalments",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("fen", BigKey, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("late_since", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("NOT (late AND paid_on IS NOT NULL)", name=op.f("ck_instalments_late_or_paid")),
        sa.CheckConstraint("fen > 0", name=op.f("ck_instalments_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint(
            "item", "community", "period_from", name=op.f("uq_instalments_item_community_period_from")
        ),
    )
    op.create_index("ix_instalments_community_due_on_id", "instalments", ["community", "due_on", "id"])
    op.create_index("ix_instalments_district_due_on_id", "instalments", ["district", "due_on", "id"])
    op.create_index("ix_instalments_street_due_on_id", "instalments", ["street", "due_on", "id"])
    op.create_table(
        "item_funding",
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conditions_delivered_on", sa.Date(), nullable=True),
        sa.Column("conditions_document", sa.String(length=100), nullable=True),
        sa.Column("contract_no", sa.String(length=100), nullable=True),
        sa.Column("contract_fen", BigKey, nullable=True),
        sa.Column("contract_from", sa.Date(), nullable=True),
        sa.Column("contract_to", sa.Date(), nullable=True),
        sa.Column("settled_through", sa.Date(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(conditions_delivered_on IS NULL) = (conditions_document IS NULL)",
            name=op.f("ck_item_funding_delivered_on_paper"),
        ),
        sa.CheckConstraint(
            "(contract_no IS NULL) = (contract_fen IS NULL) AND (contract_no IS NULL) = "
            "(contract_from IS NULL) AND (contract_no IS NULL) = (contract_to IS NULL)",
            name=op.f("ck_item_funding_whole_contract"),
        ),
        sa.CheckConstraint("contract_from <= contract_to", name=op.f("ck_item_funding_term")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_item_funding")),
    )
    op.create_table(
        "orders",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("actions", Json, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("minutes_spent", sa.Integer(), nullable=True),
        sa.Column("cases_done", sa.Integer(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_on IS NOT NULL)", name=op.f("ck_orders_confirmed_on_a_day")
        ),
        sa.CheckConstraint(
            "status IN ('sent', 'received', 'in_progress', 'done', 'returned', 'confirmed', "
            "'recalled', 'refused', 'halted')",
            name=op.f("ck_orders_known_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('done', 'confirmed') OR minutes_spent IS NOT NULL",
            name=op.f("ck_orders_done_in_some_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_community_id", "orders", ["community", "id"])
    op.create_index("ix_orders_department_id", "orders", ["department", "id"])
    op.create_index("ix_orders_district_id", "orders", ["district", "id"])
    op.create_index("ix_orders_item_community_confirmed_on", "orders", ["item", "community", "confirmed_on"])
    op.create_index("ix_orders_street_id", "orders", ["street", "id"])
    op.create_index(
        "ix_orders_under_way",
        "orders",
        ["district", "item"],
        postgresql_where=sa.text("status IN ('in_progress', 'received', 'returned', 'sent')"),
        sqlite_where=sa.text("status IN ('in_progress', 'received', 'returned', 'sent')"),
    )
    op.create_table(
        "fund_postings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("movement", sa.String(length=16), nullable=False),
        sa.Column("fen", BigKey, nullable=False),
        sa.Column("out_of", sa.String(length=120), nullable=False),
        sa.Column("into", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column("posted_by", sa.String(length=64), nullable=False),
        sa.Column("corrects", BigKey, nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(corrects IS NULL) = (fen > 0)", name=op.f("ck_fund_postings_taken_back_by_minus")
        ),
        sa.ForeignKeyConstraint(["corrects"], ["fund_postings.id"], name=op.f("fk_fund_postings_corrects")),
        sa.ForeignKeyConstraint(["into"], ["fund_accounts.code"], name=op.f("fk_fund_postings_into")),
        sa.ForeignKeyConstraint(["out_of"], ["fund_accounts.code"], name=op.f("fk_fund_postings_out_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_postings")),
        sa.UniqueConstraint("corrects", name=op.f("uq_fund_postings_corrects")),
    )
    op.create_index("ix_fund_postings_community_day", "fund_postings", ["community", "day"])
    op.create_index("ix_fund_postings_department_id", "fund_postings", ["department", "id"])
    op.create_index("ix_fund_postings_district_id", "fund_postings", ["district", "id"])
    op.create_index(
        "ix_fund_postings_district_movement_day", "fund_postings", ["district", "movement", "day"]
    )
    op.create_index("ix_fund_postings_street_id", "fund_postings", ["street", "id"])
    op.create_table(
        "order_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("order_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_steps_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_steps")),
    )
    op.create_index("ix_order_steps_order_id_id", "order_steps", ["order_id", "id"])
    op.create_table(
        "refusals",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("order_id", BigKey, nullable=True),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("item_name", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("demand", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("refused_by", sa.String(length=64), nullable=False),
        sa.Column("object_by", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(status IN ('upheld', 'overruled')) = (settlement IS NOT NULL)",
            name=op.f("ck_refusals_settled_why"),
        ),
        sa.CheckConstraint(
            "public = (status IN ('stands', 'upheld', 'overruled'))",
            name=op.f("ck_refusals_results_are_public"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'objected', 'stands', 'upheld', 'overruled')",
            name=op.f("ck_refusals_known_status"),
        ),
        sa.CheckConstraint(
            "(order_id IS NULL) = (demand IS NOT NULL)", name=op.f("ck_refusals_order_or_demand")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refusals_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    op.create_index("ix_refusals_community_id", "refusals", ["community", "id"])
    op.create_index("ix_refusals_department_id", "refusals", ["department", "id"])
    op.create_index("ix_refusals_district_id", "refusals", ["district", "id"])
    op.create_index("ix_refusals_street_id", "refusals", ["street", "id"])
    op.create_index(
        "uq_refusals_order_open",
        "refusals",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("order_id IS NOT NULL AND status IN ('open', 'objected')"),
        sqlite_where=sa.text("order_id IS NOT NULL AND status IN ('open', 'objected')"),
    )
    op.create_table(
        "fund_entries",
        sa.Column("posting_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("fen", BigKey, nullable=False),
        sa.CheckConstraint("fen <> 0", name=op.f("ck_fund_entries_something")),
        sa.ForeignKeyConstraint(["account"], ["fund_accounts.code"], name=op.f("fk_fund_entries_account")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["fund_postings.id"], name=op.f("fk_fund_entries_posting_id")
        ),
        sa.PrimaryKeyConstraint("posting_id", "account", name=op.f("pk_fund_entries")),
    )
    op.create_index("ix_fund_entries_account_posting_id", "fund_entries", ["account", "posting_id"])
    for table in FROZEN:
        freeze(table)


def downgrade() -> None:
    for table in FROZEN:
        thaw(table)
    op.drop_table("fund_entries")
    op.drop_table("refusals")
    op.drop_table("order_steps")
    op.drop_table("fund_postings")
    op.drop_table("orders")
    op.drop_table("item_funding")
    op.drop_table("instalments")
    op.drop_table("fund_accounts")
    op.drop_table("barred_orders")
    op.drop_table("asked_time")
