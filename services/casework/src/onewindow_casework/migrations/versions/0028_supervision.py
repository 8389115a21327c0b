"""What is late is asked after, level by level; its reason is stated; the first person asked is released."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0028_supervision"
down_revision = "0027_areas_end"
branch_labels = None
depends_on = None

OPEN = sa.text("state <> 'closed'")
LEVELS = "('officer', 'team', 'street', 'district')"


def _area() -> list[sa.Column[str]]:
    return [
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
    ]


def _indexed_by_area(table: str) -> None:
    for column in ("district", "street", "community", "department"):
        op.create_index(f"ix_{table}_{column}_id", table, [column, "id"])


def upgrade() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        *_area(),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("issued_level", sa.String(length=16), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("awaited_by", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('overdue', 'urge', 'supervise')", name=op.f("ck_supervisions_known_kind")
        ),
        sa.CheckConstraint(f"level IN {LEVELS}", name=op.f("ck_supervisions_known_level")),
        sa.CheckConstraint(f"issued_level IN {LEVELS}", name=op.f("ck_supervisions_known_issuer")),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'closed')", name=op.f("ck_supervisions_known_state")
        ),
        sa.CheckConstraint(
            "step = 0 OR kind = 'overdue'", name=op.f("ck_supervisions_orders_are_about_the_case")
        ),
        sa.CheckConstraint(
            "state <> 'asked' OR awaited_by IS NOT NULL", name=op.f("ck_supervisions_asked_for_a_day")
        ),
        sa.CheckConstraint(
            "(awaited_by IS NULL) = (counted_from IS NULL)", name=op.f("ck_supervisions_counted_from_a_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supervisions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
    )
    op.create_index(
        "uq_supervisions_open",
        "supervisions",
        ["case_id", "step", "kind", "issued_level"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_supervisions_case_id_id", "supervisions", ["case_id", "id"])
    _indexed_by_area("supervisions")
    op.create_table(
        "supervision_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("supervision_id", BigKey, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.Text(), nullable=True),
        sa.Column("awaited_by", sa.Date(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervisions.id"], name=op.f("fk_supervision_steps_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_steps")),
    )
    op.create_index("ix_supervision_steps_supervision_id_id", "supervision_steps", ["supervision_id", "id"])
    op.create_table(
        "delays",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        *_area(),
        sa.Column("applicant_subject", sa.String(length=64), nullable=True),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("reason_by", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.Column("words_sealed", sa.Text(), nullable=True),
        sa.Column("stated_at", UtcDateTime(), nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(kind IS NULL) = (stated_at IS NULL)", name=op.f("ck_delays_stated_with_its_kind")
        ),
        sa.CheckConstraint(
            "words_sealed IS NULL OR kind IS NOT NULL", name=op.f("ck_delays_no_words_without_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_delays_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delays")),
        sa.UniqueConstraint("case_id", "promised_on", name=op.f("uq_delays_case_id_promised_on")),
    )
    op.create_index("ix_delays_district_promised_on", "delays", ["district", "promised_on"])
    _indexed_by_area("delays")
    op.add_column("cases", sa.Column("first_contact_released_at", UtcDateTime(), nullable=True))
    waits = ("accepted", "tolerant_accepted")
    cases = sa.table(
        "cases", *(sa.column(name) for name in ("status", "accepted_at", "first_contact_released_at"))
    )
    released = {"first_contact_released_at": cases.c.accepted_at}
    op.execute(cases.update().where(cases.c.status.not_in(waits)).values(released))
    followed = sa.text("open AND first_contact_released_at IS NULL")
    op.create_index(
        "ix_cases_first_contact_officer_id",
        "cases",
        ["first_contact_officer", "id"],
        postgresql_where=followed,
        sqlite_where=sa.text("open = 1 AND first_contact_released_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_first_contact_officer_id", "cases")
    op.drop_column("cases", "first_contact_released_at")
    op.drop_table("delays")
    op.drop_table("supervision_steps")
    op.drop_table("supervisions")
