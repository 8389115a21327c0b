"""A review is of one handling, and what follows a bad one is kept with it; what was written is sealed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.sealing import Words, seal, unseal
from onewindow_shared.plumbing.tables import BigKey

revision = "0029_reviews"
down_revision = "0028_supervision"
branch_labels = None
depends_on = None

COMMENT = Words("casework", "reviews", "id", "comment", sa.Text())
GOOD_FROM = 3
"""Stars from which reviews counted as good by the only rule there was."""
OF_THE_CASE: dict[str, Any] = {
    "case_no": sa.String(26),
    "applicant_subject": sa.String(64),
    "item_code": sa.String(64),
    "item_name": sa.Text(),
    "department": sa.String(64),
    "community": sa.String(12),
    "street": sa.String(9),
    "district": sa.String(6),
}
FILLED: dict[str, Any] = {
    "officer": sa.String(64),
    "status": sa.String(16),
    "rated_on": sa.Date(),
    "since": sa.Date(),
}
SET: dict[str, Any] = {
    "version": (sa.Integer(), "1"),
    "handling": (sa.Integer(), "1"),
    "anonymous": (sa.Boolean(), sa.false()),
    "counted": (sa.Boolean(), sa.true()),
    "provisional": (sa.Boolean(), sa.false()),
    "overdue": (sa.Boolean(), sa.false()),
}
LATER: dict[str, Any] = {
    "due_on": sa.Date(),
    "contacted_in_time": sa.Boolean(),
    "answered_in_time": sa.Boolean(),
    "scheduled_for": sa.Date(),
    "ground": sa.String(16),
    "answered_by": sa.String(64),
    "answer_sealed": sa.Text(),
    "answered_at": UtcDateTime(),
    "follow_up_level": sa.Integer(),
    "follow_up_sealed": sa.Text(),
    "follow_up_at": UtcDateTime(),
}
STATUSES = (
    *("good", "bad", "bad_unnamed", "contacted", "rectified", "scheduled", "explained", "appealed"),
    *("excluded", "returned", "fed_back", "audited", "followed_up"),
)
CHECKS = {
    "known_status": f"status IN ({', '.join(repr(status) for status in STATUSES)})",
    "known_ground": "ground IS NULL OR ground IN ('mistaken', 'malicious', 'duplicate')",
    "five_levels_again": "follow_up_level BETWEEN 1 AND 5",
    "excluded_is_not_counted": "counted = (status <> 'excluded')",
    "followed_up_with_a_level": "(status = 'followed_up') = (follow_up_level IS NOT NULL)",
    "overdue_since_a_day": "NOT overdue OR due_on IS NOT NULL",
}
INDEXES = {
    "ix_reviews_district_rated_on": ["district", "rated_on", "id"],
    "ix_reviews_street_rated_on": ["street", "rated_on", "id"],
    "ix_reviews_community_rated_on": ["community", "rated_on", "id"],
    "ix_reviews_district_department_id": ["district", "department", "id"],
    "ix_reviews_due_on": ["due_on"],
}


def upgrade() -> None:
    seal(COMMENT)
    with op.batch_alter_table("reviews") as table:
        for name, kind in {**OF_THE_CASE, **FILLED, **LATER}.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        for name, (kind, default) in SET.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    _fill()
    with op.batch_alter_table("reviews") as table:
        for name in {**OF_THE_CASE, **FILLED}:
            table.alter_column(name, nullable=name == "applicant_subject")
        for name in SET:
            table.alter_column(name, server_default=None)
        table.drop_constraint(op.f("uq_reviews_case_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_reviews_case_id_handling"), ["case_id", "handling"])
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_reviews_{name}"), condition)
    for name, columns in INDEXES.items():
        op.create_index(name, "reviews", columns)
    _create_steps()


def _fill() -> None:
    """Take what is of the case from it; a review from before is the one of the handling that stands now.

    The day of the office is that of China; who was in charge of a closed case still is.
    """
    names = ("case_id", "level", "rated_at", "handling", *OF_THE_CASE, *FILLED)
    reviews = sa.table("reviews", *map(sa.column, names))
    cases = sa.table("cases", *map(sa.column, ("id", "handler", "first_contact_officer", *OF_THE_CASE)))
    reopenings = sa.table("reopenings", sa.column("case_id"))

    def of_case(what: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
        return sa.select(what).where(cases.c.id == reviews.c.case_id).scalar_subquery()

    before = sa.select(1 + sa.func.count()).where(reopenings.c.case_id == reviews.c.case_id)
    if op.get_bind().dialect.name == "sqlite":
        day: sa.ColumnElement[Any] = sa.func.date(reviews.c.rated_at, "+8 hours")
    else:
        day = sa.cast(sa.func.timezone("Asia/Shanghai", reviews.c.rated_at), sa.Date)
    op.execute(
        reviews.update().values(
            **{name: of_case(cases.c[name]) for name in OF_THE_CASE},
            officer=of_case(sa.func.coalesce(cases.c.handler, cases.c.first_contact_officer)),
            handling=before.scalar_subquery(),
            status=sa.case((reviews.c.level >= GOOD_FROM, "good"), else_="bad"),
            rated_on=day,
            since=day,
        )
    )


def _create_steps() -> None:
    op.create_table(
        "review_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("review_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("note_sealed", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_steps_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_steps")),
    )
    op.create_index("ix_review_steps_review_id", "review_steps", ["review_id", "id"])


def downgrade() -> None:
    """Keep the latest review of a case, without what followed."""
    op.drop_index("ix_review_steps_review_id", "review_steps")
    op.drop_table("review_steps")
    op.execute(
        "DELETE FROM reviews WHERE EXISTS (SELECT 1 FROM reviews later "
        "WHERE later.case_id = reviews.case_id AND later.handling > reviews.handling)"
    )
    for name in INDEXES:
        op.drop_index(name, "reviews")
    with op.batch_alter_table("reviews") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_reviews_{name}"), type_="check")
        table.drop_constraint(op.f("uq_reviews_case_id_handling"), type_="unique")
        table.create_unique_constraint(op.f("uq_reviews_case_id"), ["case_id"])
        for name in (*OF_THE_CASE, *FILLED, *SET, *LATER):
            table.drop_column(name)
    unseal(COMMENT)
