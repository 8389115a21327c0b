"""Cases that one community takes in for another."""

import sqlalchemy as sa
from alembic import op

revision = "0011_anywhere"
down_revision = "0010_parties"
branch_labels = None
depends_on = None

LEVELS = {"community": 12, "street": 9, "district": 6}
SHARED = ("cases", "originals", "case_handoffs")
LISTS = {
    "received": ("received_at", ""),
    "due": ("due_on", " AND ended_on IS NULL AND due_on IS NOT NULL"),
    "notice": ("notice_due_at", " AND status = 'received'"),
}


def upgrade() -> None:
    for name in SHARED:
        with op.batch_alter_table(name) as table:
            for level, digits in LEVELS.items():
                table.add_column(sa.Column(f"accepting_{level}", sa.String(length=digits), nullable=True))
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("result_at", sa.String(length=12), nullable=True))
    for level in LEVELS:
        column = f"accepting_{level}"
        for order, (key, only) in LISTS.items():
            where = sa.text(f"{column} IS NOT NULL{only}")
            op.create_index(
                f"ix_cases_{column}_{order}",
                "cases",
                [column, key, "id"],
                sqlite_where=where,
                postgresql_where=where,
            )
    where = sa.text("accepting_community IS NOT NULL")
    op.create_index(
        "ix_originals_accepting_community_id",
        "originals",
        ["accepting_community", "id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_originals_accepting_community_id", "originals")
    for level in LEVELS:
        for order in LISTS:
            op.drop_index(f"ix_cases_accepting_{level}_{order}", "cases")
    with op.batch_alter_table("cases") as table:
        table.drop_column("result_at")
    for name in SHARED:
        with op.batch_alter_table(name) as table:
            for level in LEVELS:
                table.drop_column(f"accepting_{level}")
