"""What the register says of an area is dated; populations and staff that were there are its first entries."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0030_area_values"
down_revision = "0029_reviews"
branch_labels = None
depends_on = None

KINDS = (
    *("population", "households", "staff", "committee_members", "police", "facility_area", "premises_area"),
    *("activity_area", "station_area", "culture_room_area", "centre_area", "training_hours", "service_hours"),
)
AREAS = sa.table("areas", *map(sa.column, ("code", "population")))
STAFF = sa.table(
    "community_staff",
    *map(sa.column, ("version", "staff", "source", "recorded_by", "community", "street", "district")),
    sa.column("as_of", sa.Date()),
)
VALUES = sa.table(
    "area_values",
    *map(sa.column, ("id", "area", "kind", "value", "source", "entered_by")),
    sa.column("valid_from", sa.Date()),
    sa.column("entered_at", UtcDateTime()),
)
COLUMNS = ["area", "kind", "value", "valid_from", "source", "entered_by", "entered_at"]


def upgrade() -> None:
    op.create_table(
        "area_values",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("value", sa.String(200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            f"kind IN ({', '.join(map(repr, KINDS))})", name=op.f("ck_area_values_known_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_values")),
    )
    op.create_index(
        "ix_area_values_area_kind_valid_from_id", "area_values", ["area", "kind", "valid_from", "id"]
    )
    now = sa.literal(system_clock(), UtcDateTime())
    said = sa.literal("登记簿原有数字"), sa.literal("system:casework")
    population = sa.cast(AREAS.c.population, sa.String(200))
    told = sa.select(
        AREAS.c.code, sa.literal("population"), population, sa.cast(sa.null(), sa.Date()), *said, now
    )
    op.execute(sa.insert(VALUES).from_select(COLUMNS, told.where(AREAS.c.population.is_not(None))))
    staff = sa.select(
        STAFF.c.community,
        sa.literal("staff"),
        sa.cast(STAFF.c.staff, sa.String(200)),
        STAFF.c.as_of,
        STAFF.c.source,
        STAFF.c.recorded_by,
        now,
    )
    op.execute(sa.insert(VALUES).from_select(COLUMNS, staff))
    op.drop_table("community_staff")


def downgrade() -> None:
    op.create_table(
        "community_staff",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("community", sa.String(12), nullable=False),
        sa.Column("street", sa.String(9), nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.CheckConstraint("staff > 0", name=op.f("ck_community_staff_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_staff")),
        sa.UniqueConstraint("community", name="uq_community_staff_community"),
    )
    for level in ("district", "street"):
        op.create_index(f"ix_community_staff_{level}", "community_staff", [level])
    later = VALUES.alias()
    newer = sa.exists().where(
        later.c.area == VALUES.c.area, later.c.kind == VALUES.c.kind, later.c.id > VALUES.c.id
    )
    last = sa.select(
        sa.literal(1),
        sa.cast(VALUES.c.value, sa.Integer()),
        VALUES.c.source,
        VALUES.c.entered_by,
        VALUES.c.area,
        sa.func.substr(VALUES.c.area, 1, 9),
        sa.func.substr(VALUES.c.area, 1, 6),
        VALUES.c.valid_from,
    ).where(VALUES.c.kind == "staff", VALUES.c.value != "0", VALUES.c.valid_from.is_not(None), sa.not_(newer))
    columns = ["version", "staff", "source", "recorded_by", "community", "street", "district", "as_of"]
    op.execute(sa.insert(STAFF).from_select(columns, last))
    op.drop_table("area_values")
