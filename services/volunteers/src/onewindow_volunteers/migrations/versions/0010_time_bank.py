"""The time bank: accounts, and postings that never change."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.frozen import freeze, thaw
from onewindow_shared.plumbing.tables import BigKey

revision = "0010_time_bank"
down_revision = "0009_attending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_accounts",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("balance", BigKey, nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(volunteer_id IS NULL) = (subject IS NULL)", name=op.f("ck_time_accounts_whole_owner")
        ),
        sa.CheckConstraint(
            "volunteer_id IS NULL OR balance IS NOT NULL", name=op.f("ck_time_accounts_balance_of_people")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_time_accounts_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_time_accounts")),
    )
    op.create_index("ix_time_accounts_subject", "time_accounts", ["subject"])
    op.create_index("ix_time_accounts_volunteer_id", "time_accounts", ["volunteer_id"])
    op.create_table(
        "time_postings",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("movement", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("record_id", BigKey, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "movement IN ('earn', 'over_cap', 'correct', 'gift', 'transfer')",
            name=op.f("ck_time_postings_known_movement"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_time_postings_something")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_time_postings_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_postings")),
    )
    op.create_index("ix_time_postings_record_id", "time_postings", ["record_id"])
    op.create_table(
        "time_entries",
        sa.Column("posting_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes <> 0", name=op.f("ck_time_entries_something")),
        sa.ForeignKeyConstraint(["account"], ["time_accounts.code"], name=op.f("fk_time_entries_account")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["time_postings.id"], name=op.f("fk_time_entries_posting_id")
        ),
        sa.PrimaryKeyConstraint("posting_id", "account", name=op.f("pk_time_entries")),
    )
    op.create_index("ix_time_entries_account_posting_id", "time_entries", ["account", "posting_id"])
    freeze("time_postings")
    freeze("time_entries")


def downgrade() -> None:
    thaw("time_entries")
    thaw("time_postings")
    op.drop_table("time_entries")
    op.drop_table("time_postings")
    op.drop_table("time_accounts")
