"""Stars with their publicity, objections to them, honours and incentives."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0012_stars"
down_revision = "0011_organisations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stars",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("holder_masked", sa.String(length=50), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("open_until", sa.Date(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("street", sa.String(length=9), nullable=False),
        sa.Column("district", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "status IN ('publicised', 'granted', 'refused')", name=op.f("ck_stars_known_status")
        ),
        sa.CheckConstraint(
            "(status = 'publicised') = (decided_at IS NULL)", name=op.f("ck_stars_decided_once")
        ),
        sa.CheckConstraint("shown = (status <> 'refused')", name=op.f("ck_stars_shown_unless_refused")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_stars_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stars")),
    )
    op.create_index("ix_stars_shown_id", "stars", ["shown", "id"])
    op.create_index("ix_stars_subject_id", "stars", ["subject", "id"])
    op.create_index(
        "uq_stars_volunteer_level",
        "stars",
        ["volunteer_id", "level"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "star_objections",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("star_id", BigKey, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed_statement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["star_id"], ["stars.id"], name=op.f("fk_star_objections_star_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_objections")),
        sa.UniqueConstraint("star_id", "subject", name="uq_star_objections_star_id_subject"),
    )
    op.create_table(
        "honours",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("given_by", sa.String(length=100), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('honour', 'incentive')", name=op.f("ck_honours_known_kind")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_honours_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours")),
    )
    op.create_index("ix_honours_volunteer_id_id", "honours", ["volunteer_id", "id"])


def downgrade() -> None:
    op.drop_table("honours")
    op.drop_table("star_objections")
    op.drop_table("stars")
