"""What a letter of entrustment allows, in whose quality a case is taken back, what waits for an applicant."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json

revision = "0026_applicants_side"
down_revision = "0025_officers"
branch_labels = None
depends_on = None

BY = {"area": ["district", "street", "community"], "department": ["department", "district"]}
PAPERS = "status = 'tolerant_accepted'"
AWAITED = "(status IN ('tolerant_accepted', 'decided') OR awaits_applicant)"
ADDED = ("posted_as", "entrustment", "withdrawn_as", "awaits_applicant")


def _swap(old: str, new: str, what: str) -> None:
    for by, columns in BY.items():
        op.drop_index(f"ix_cases_{old}_{by}", table_name="cases")
        op.create_index(
            f"ix_cases_{new}_{by}",
            "cases",
            columns,
            postgresql_where=sa.text(f"open AND {what}"),
            sqlite_where=sa.text(f"open = 1 AND {what}"),
        )


def upgrade() -> None:
    op.add_column("cases", sa.Column("posted_as", sa.String(16), nullable=False, server_default="applicant"))
    op.add_column("cases", sa.Column("entrustment", Json, nullable=True))
    op.add_column("cases", sa.Column("withdrawn_as", sa.String(16), nullable=True))
    waits: sa.Column[bool] = sa.Column(
        "awaits_applicant", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("cases", waits)
    _swap("awaiting_papers", "awaiting_applicant", AWAITED)


def downgrade() -> None:
    _swap("awaiting_applicant", "awaiting_papers", PAPERS)
    for name in ADDED:
        op.drop_column("cases", name)
