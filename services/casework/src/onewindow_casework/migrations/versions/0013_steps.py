"""Cases are led along the steps of their item, with publicity and objections to it."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0013_steps"
down_revision = "0012_orders_told"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_steps",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("officers", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.Column("publicity_working_days", sa.Integer(), nullable=True),
        sa.Column("publicity_calendar_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("put_up_on", sa.Date(), nullable=True),
        sa.Column("put_up_until", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("result_sealed", sa.Text(), nullable=True),
        sa.Column("paper_no", sa.Text(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("done_by_name", sa.Text(), nullable=True),
        sa.Column("remark_sealed", sa.Text(), nullable=True),
        sa.Column("checked_by", sa.String(length=64), nullable=True),
        sa.Column("checked_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('work', 'publicity', 'decision', 'delivery')", name=op.f("ck_case_steps_known_kind")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'to_check', 'put_up', 'done', 'set_aside')",
            name=op.f("ck_case_steps_known_state"),
        ),
        sa.CheckConstraint(
            "(kind IN ('work', 'publicity')) = (role IS NOT NULL)", name=op.f("ck_case_steps_has_its_role")
        ),
        sa.CheckConstraint(
            "(put_up_on IS NULL) = (put_up_until IS NULL)", name=op.f("ck_case_steps_whole_publicity")
        ),
        sa.CheckConstraint(
            "state <> 'put_up' OR put_up_on IS NOT NULL", name=op.f("ck_case_steps_put_up_on_a_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_steps_case_id_number")),
    )
    op.create_table(
        "objections",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("mobile_sealed", sa.Text(), nullable=True),
        sa.Column("words_sealed", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.Column("taken_by_name", sa.Text(), nullable=False),
        sa.Column("record_sealed", sa.Text(), nullable=True),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.Column("heard_by", sa.String(length=64), nullable=True),
        sa.Column("reasons_sealed", sa.Text(), nullable=True),
        sa.Column("ruled_at", UtcDateTime(), nullable=True),
        sa.Column("ruled_by", sa.String(length=64), nullable=True),
        sa.Column("ruled_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('taken', 'heard', 'dismissed', 'upheld')", name=op.f("ck_objections_known_state")
        ),
        sa.CheckConstraint("(state = 'taken') = (heard_at IS NULL)", name=op.f("ck_objections_heard")),
        sa.CheckConstraint(
            "(state IN ('dismissed', 'upheld')) = (ruled_at IS NOT NULL)", name=op.f("ck_objections_ruled")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_objections_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    op.create_index("ix_objections_case_id_id", "objections", ["case_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_objections_case_id_id", "objections")
    op.drop_table("objections")
    op.drop_table("case_steps")
