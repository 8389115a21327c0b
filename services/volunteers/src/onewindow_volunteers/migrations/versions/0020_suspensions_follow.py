"""A suspension lasts for the person, whatever becomes of the registration that it began with."""

import sqlalchemy as sa
from alembic import op

revision = "0020_suspensions_follow"
down_revision = "0019_areas_end"
branch_labels = None
depends_on = None

LASTS = sa.text("ended_at IS NULL")
OF_THE_PERSON = """
UPDATE suspensions SET person_index =
    (SELECT volunteers.person_index FROM volunteers WHERE volunteers.id = suspensions.volunteer_id)
"""
ONE_EACH = """
UPDATE suspensions SET ended_at = (
    SELECT MIN(later.since) FROM suspensions AS later
    WHERE later.person_index = suspensions.person_index
    AND later.id > suspensions.id AND later.ended_at IS NULL
)
WHERE ended_at IS NULL
"""
"""Whoever was suspended again after registering anew is suspended once: the later one lasts."""


def upgrade() -> None:
    op.add_column(
        "suspensions", sa.Column("person_index", sa.String(length=64), nullable=False, server_default="")
    )
    op.execute(OF_THE_PERSON)
    op.execute(ONE_EACH)
    op.drop_index("uq_suspensions_volunteer_id", table_name="suspensions")
    op.create_index(
        "uq_suspensions_person_index",
        "suspensions",
        ["person_index"],
        unique=True,
        sqlite_where=LASTS,
        postgresql_where=LASTS,
    )


def downgrade() -> None:
    op.drop_index("uq_suspensions_person_index", table_name="suspensions")
    op.create_index(
        "uq_suspensions_volunteer_id",
        "suspensions",
        ["volunteer_id"],
        unique=True,
        sqlite_where=LASTS,
        postgresql_where=LASTS,
    )
    op.drop_column("suspensions", "person_index")
