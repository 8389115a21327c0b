"""Drafts, parties, contacts, custody and hand-offs at the window."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0004_desk"
down_revision = "0003_outcomes"
branch_labels = None
depends_on = None

CASES = sa.table("cases", sa.column("first_contact_officer"), sa.column("responsible_officer"))


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(
            sa.Column("responsible_officer", sa.String(length=64), nullable=False, server_default="")
        )
        cases.add_column(sa.Column("originals_held", sa.Integer(), nullable=False, server_default="0"))
        cases.create_index("ix_cases_responsible_officer_id", ["responsible_officer", "id"])
    op.execute(sa.update(CASES).values(responsible_officer=CASES.c.first_contact_officer))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("responsible_officer", server_default=None)
        cases.alter_column("originals_held", server_default=None)
        cases.create_check_constraint(op.f("ck_cases_nothing_returned_twice"), "originals_held >= 0")
    _handoffs()
    _custody()
    _contacts()
    _drafts()


def _handoffs() -> None:
    op.create_table(
        "case_handoffs",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("giver", sa.String(length=64), nullable=False),
        sa.Column("taker", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'bounced', 'withdrawn')",
            name=op.f("ck_case_handoffs_known_state"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (settled_at IS NULL)", name=op.f("ck_case_handoffs_settled")
        ),
        sa.CheckConstraint(
            "(state = 'bounced') = (reason IS NOT NULL)", name=op.f("ck_case_handoffs_bounced_for_a_reason")
        ),
        sa.CheckConstraint("giver <> taker", name=op.f("ck_case_handoffs_two_officers")),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_case_handoffs_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_handoffs")),
    )
    op.create_index("ix_case_handoffs_case_no", "case_handoffs", ["case_no"])
    op.create_index(
        "ix_case_handoffs_taker",
        "case_handoffs",
        ["taker"],
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index(
        "uq_case_handoffs_open",
        "case_handoffs",
        ["case_no"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )


def _custody() -> None:
    op.create_table(
        "originals",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=False),
        sa.Column("applicant_subject", sa.String(length=64), nullable=True),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_originals_something_taken")),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_originals_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_originals")),
    )
    op.create_index("ix_originals_case_no", "originals", ["case_no"])
    op.create_index("ix_originals_community_id", "originals", ["community", "id"])
    op.create_table(
        "custody_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("original_id", BigKey, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("returned_to_sealed", sa.Text(), nullable=True),
        sa.Column("signature", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "act IN ('taken', 'moved', 'handed_over', 'returned')", name=op.f("ck_custody_steps_known_act")
        ),
        sa.CheckConstraint(
            "(act = 'returned') = (place IS NULL)", name=op.f("ck_custody_steps_lies_somewhere")
        ),
        sa.CheckConstraint(
            "(act = 'returned') = (returned_to_sealed IS NOT NULL)",
            name=op.f("ck_custody_steps_returned_to_somebody"),
        ),
        sa.ForeignKeyConstraint(["original_id"], ["originals.id"], name=op.f("fk_custody_steps_original_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_steps")),
        sa.UniqueConstraint("original_id", "number", name=op.f("uq_custody_steps_original_id_number")),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=True),
        sa.Column("matter_sealed", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=True),
        sa.Column("mobile_sealed", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("answer_sealed", sa.Text(), nullable=True),
        sa.Column("case_no", sa.String(length=26), nullable=True),
        sa.Column("referred_name", sa.String(length=100), nullable=True),
        sa.Column("referred_address", sa.String(length=200), nullable=True),
        sa.Column("referred_phone", sa.String(length=32), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('answered', 'became_case', 'referred', 'not_ours')",
            name=op.f("ck_contacts_known_outcome"),
        ),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_contacts_settled")),
        sa.CheckConstraint(
            "outcome <> 'became_case' OR case_no IS NOT NULL", name=op.f("ck_contacts_names_its_case")
        ),
        sa.CheckConstraint(
            "outcome <> 'referred' OR referred_name IS NOT NULL", name=op.f("ck_contacts_names_the_body")
        ),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_contacts_case_no")),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_contacts_item_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    for level in ("community", "street", "district"):
        op.create_index(f"ix_contacts_{level}_id", "contacts", [level, "id"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("item_code", sa.String(length=64), nullable=True),
        sa.Column("content_sealed", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("case_no", sa.String(length=26), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "(case_no IS NULL) = (content_sealed IS NOT NULL)", name=op.f("ck_drafts_draft_or_case")
        ),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_drafts_case_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_community_id", "drafts", ["community", "id"])
    op.create_index("ix_drafts_owner_id", "drafts", ["owner", "id"])


def downgrade() -> None:
    for table in ("drafts", "contacts", "custody_steps", "originals", "case_handoffs"):
        op.drop_table(table)
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint(op.f("ck_cases_nothing_returned_twice"), type_="check")
        cases.drop_column("originals_held")
        cases.drop_index("ix_cases_responsible_officer_id")
        cases.drop_column("responsible_officer")
