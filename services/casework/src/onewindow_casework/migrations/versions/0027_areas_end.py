"""Changes of areas are decided; areas end and begin on a day, and one stands for each that has ended."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey

revision = "0027_areas_end"
down_revision = "0026_applicants_side"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("areas") as areas:
        areas.add_column(sa.Column("effective_from", sa.Date(), nullable=True))
        areas.add_column(sa.Column("effective_until", sa.Date(), nullable=True))
        areas.add_column(sa.Column("heir", sa.String(12), nullable=True))
    op.create_table(
        "area_changes",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("district", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(100), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_changes")),
    )
    op.create_index("ix_area_changes_district_id", "area_changes", ["district", "id"])
    for table, column in (
        ("area_change_predecessors", [sa.Column("heir", sa.String(12), nullable=False)]),
        (
            "area_change_successors",
            [
                sa.Column("name", sa.String(100), nullable=True),
                sa.Column("population", sa.Integer(), nullable=True),
            ],
        ),
    ):
        op.create_table(
            table,
            sa.Column("change_id", BigKey, nullable=False),
            sa.Column("code", sa.String(12), nullable=False),
            *column,
            sa.ForeignKeyConstraint(["change_id"], ["area_changes.id"], name=op.f(f"fk_{table}_change_id")),
            sa.PrimaryKeyConstraint("change_id", "code", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_code", table, ["code"])


def downgrade() -> None:
    for table in ("area_change_successors", "area_change_predecessors", "area_changes"):
        op.drop_table(table)
    with op.batch_alter_table("areas") as areas:
        areas.drop_column("heir")
        areas.drop_column("effective_until")
        areas.drop_column("effective_from")
