"""Cases are given by a roster and handed on; what waits is counted along indexes."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0015_assignment"
down_revision = "0014_case_needs"
branch_labels = None
depends_on = None

OFFERED = sa.text("state = 'offered'")
WAITING = {
    "ix_cases_handler_promised_due_on_id": (["handler", "promised_due_on", "id"], ""),
    "ix_cases_unassigned_area": (["district", "street", "community"], " AND handler IS NULL"),
    "ix_cases_unassigned_department": (["department", "district"], " AND handler IS NULL"),
    "ix_cases_awaiting_papers_area": (
        ["district", "street", "community"],
        " AND status = 'tolerant_accepted'",
    ),
    "ix_cases_awaiting_papers_department": (
        ["department", "district"],
        " AND status = 'tolerant_accepted'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "roster",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("items", Json, nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("most_open > 0", name=op.f("ck_roster_takes_some")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("subject", name="uq_roster_subject"),
    )
    op.create_index("ix_roster_community", "roster", ["community"])
    op.create_index("ix_roster_department", "roster", ["department"])
    op.create_table(
        "absences",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("substitute", sa.String(length=64), nullable=True),
        sa.Column("substitute_name", sa.Text(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("kept_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_absences_from_to")),
        sa.CheckConstraint("substitute <> subject", name=op.f("ck_absences_somebody_else")),
        sa.CheckConstraint(
            "(substitute IS NULL) = (substitute_name IS NULL)", name=op.f("ck_absences_whole_substitute")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_subject_last", "absences", ["subject", "last"])
    op.create_index("ix_absences_substitute_last", "absences", ["substitute", "last"])
    op.create_table(
        "charges",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "how IN ('claimed', 'by_rule', 'by_hand', 'handed_on', 'stood_in')",
            name=op.f("ck_charges_known_way"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_charges_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    op.create_index("ix_charges_case_id_id", "charges", ["case_id", "id"])
    op.execute(
        'INSERT INTO charges (case_id, officer, name, how, at, "by") '
        "SELECT id, handler, handler_name, 'by_hand', accepted_at, handler FROM cases "
        "WHERE handler IS NOT NULL"
    )
    op.create_table(
        "charge_offers",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("giver", sa.String(length=64), nullable=False),
        sa.Column("taker", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note_sealed", sa.Text(), nullable=True),
        sa.Column("reason_sealed", sa.Text(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'bounced', 'withdrawn')",
            name=op.f("ck_charge_offers_known_state"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (settled_at IS NULL)", name=op.f("ck_charge_offers_settled")
        ),
        sa.CheckConstraint(
            "(state = 'bounced') = (reason_sealed IS NOT NULL)",
            name=op.f("ck_charge_offers_bounced_for_a_reason"),
        ),
        sa.CheckConstraint("giver <> taker", name=op.f("ck_charge_offers_two_officers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_charge_offers_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_offers")),
    )
    op.create_index("ix_charge_offers_case_id_id", "charge_offers", ["case_id", "id"])
    op.create_index(
        "ix_charge_offers_taker_id",
        "charge_offers",
        ["taker", "id"],
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    op.create_index(
        "uq_charge_offers_open",
        "charge_offers",
        ["case_id"],
        unique=True,
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    for name, (columns, what) in WAITING.items():
        op.create_index(
            name,
            "cases",
            columns,
            sqlite_where=sa.text(f"open = 1{what}"),
            postgresql_where=sa.text(f"open{what}"),
        )


def downgrade() -> None:
    for name in WAITING:
        op.drop_index(name, "cases")
    for table in ("charge_offers", "charges", "absences", "roster"):
        op.drop_table(table)
