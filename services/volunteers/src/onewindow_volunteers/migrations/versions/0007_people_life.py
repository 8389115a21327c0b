"""What becomes of a registration: a guardian's word, suspension, another community, erasure."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json

revision = "0007_people_life"
down_revision = "0006_certificate_batches"
branch_labels = None
depends_on = None

COUNTED_IN = """
UPDATE volunteer_steps SET counted_in =
(SELECT community FROM volunteers WHERE volunteers.id = volunteer_steps.volunteer_id)
"""


def upgrade() -> None:
    op.add_column("volunteers", sa.Column("ended_by", sa.String(length=16), nullable=True))
    op.add_column("volunteers", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("guardians", sa.Column("asked", Json, nullable=True))
    op.add_column("guardians", sa.Column("answer_by", UtcDateTime(), nullable=True))
    op.add_column("guardians", sa.Column("confirmed_at", UtcDateTime(), nullable=True))
    op.add_column("volunteer_steps", sa.Column("counted_in", sa.String(length=12), nullable=True))
    op.add_column("volunteer_steps", sa.Column("moved_from", sa.String(length=12), nullable=True))
    op.execute(COUNTED_IN)
    with op.batch_alter_table("volunteer_steps") as steps:
        steps.alter_column("counted_in", existing_type=sa.String(length=12), nullable=False)
    op.create_table(
        "erased_people",
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_index", name=op.f("pk_erased_people")),
    )
    op.create_table(
        "suspensions",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("sealed_reason", sa.Text(), nullable=True),
        sa.Column("appealed_at", UtcDateTime(), nullable=True),
        sa.Column("sealed_appeal", sa.Text(), nullable=True),
        sa.Column("ruled_at", UtcDateTime(), nullable=True),
        sa.Column("ruled_by", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("sealed_ruling", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint("outcome IN ('upheld', 'lifted')", name=op.f("ck_suspensions_known_outcome")),
        sa.CheckConstraint(
            "(ruled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_suspensions_ruled_with_an_outcome")
        ),
        sa.CheckConstraint(
            "ruled_at IS NULL OR appealed_at IS NOT NULL", name=op.f("ck_suspensions_ruled_on_an_appeal")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_suspensions_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index("ix_suspensions_volunteer_id_id", "suspensions", ["volunteer_id", "id"])
    op.create_index(
        "uq_suspensions_volunteer_id",
        "suspensions",
        ["volunteer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("suspensions")
    op.drop_table("erased_people")
    with op.batch_alter_table("volunteer_steps") as steps:
        steps.drop_column("moved_from")
        steps.drop_column("counted_in")
    op.drop_column("guardians", "confirmed_at")
    op.drop_column("guardians", "answer_by")
    op.drop_column("guardians", "asked")
    op.drop_column("volunteers", "erased_at")
    op.drop_column("volunteers", "ended_by")
