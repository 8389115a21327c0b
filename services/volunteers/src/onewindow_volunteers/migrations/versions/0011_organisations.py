"""Organisations, teams and stations, who belongs to them, what they have and what runs out."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0011_organisations"
down_revision = "0010_time_bank"
branch_labels = None
depends_on = None

AREA = ("community", 12), ("street", 9), ("district", 6)


def area() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=length), nullable=False) for name, length in AREA]


def upgrade() -> None:
    op.add_column("activities", sa.Column("organisation_id", BigKey, nullable=True))
    op.create_table(
        "organisations",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("leader", sa.String(length=16), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        *area(),
        sa.CheckConstraint(
            "kind IN ('organisation', 'team', 'station')", name=op.f("ck_organisations_known_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("community", "name", name="uq_organisations_community_name"),
    )
    op.create_index("ix_organisations_listed_id", "organisations", ["listed", "id"])
    op.create_table(
        "members",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("organisation_id", BigKey, nullable=False),
        sa.Column("volunteer_id", BigKey, nullable=False),
        sa.Column("volunteer_no", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        *area(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_members_organisation_id")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteers.id"], name=op.f("fk_members_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index("ix_members_subject_id", "members", ["subject", "id"])
    op.create_index("ix_members_volunteer_id", "members", ["volunteer_id"])
    op.create_index(
        "uq_members_organisation_volunteer",
        "members",
        ["organisation_id", "volunteer_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "station_haves",
        sa.Column("organisation_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("have", sa.String(length=16), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "have IN ('premises', 'team', 'projects', 'facilities', 'rules', 'signs')",
            name=op.f("ck_station_haves_known_have"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_station_haves_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "have", name=op.f("pk_station_haves")),
    )
    op.create_table(
        "organisation_papers",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("organisation_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        *area(),
        sa.CheckConstraint(
            "kind IN ('qualification', 'insurance')", name=op.f("ck_organisation_papers_known_kind")
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_organisation_papers_a_period")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_papers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_papers")),
    )
    op.create_index(
        "ix_organisation_papers_organisation_id_id", "organisation_papers", ["organisation_id", "id"]
    )
    op.create_table(
        "paper_notices",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("organisation_id", BigKey, nullable=False),
        sa.Column("paper_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *area(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_paper_notices_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["organisation_papers.id"], name=op.f("fk_paper_notices_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_notices")),
        sa.UniqueConstraint("paper_id", "kind", name=op.f("uq_paper_notices_paper_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("paper_notices")
    op.drop_table("organisation_papers")
    op.drop_table("station_haves")
    op.drop_table("members")
    op.drop_table("organisations")
    op.drop_column("activities", "organisation_id")
