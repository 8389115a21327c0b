"""Each district has departments of its own, under codes that others have too.

What was one register is given to every district that is there; loading a district again names its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_departments_of_districts"
down_revision = "0018_cases_owed"
branch_labels = None
depends_on = None

TO_DISTRICTS = """
INSERT INTO departments (district, code, name, name_en)
SELECT areas.code, known.code, known.name, known.name_en
FROM former_departments AS known CROSS JOIN areas WHERE areas.kind = 'district'
"""
TO_ONE = """
INSERT INTO departments (code, name, name_en)
SELECT code, name, name_en FROM former_departments AS known
WHERE district = (SELECT min(district) FROM former_departments AS same WHERE same.code = known.code)
"""


def _make(*own: sa.Column[str], key: tuple[str, ...], fill: str) -> None:
    """Have a new table take the place of the old one, filled from it."""
    op.rename_table("departments", "former_departments")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_departments RENAME TO pk_former_departments")
    op.create_table(
        "departments",
        *own,
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_departments")),
    )
    op.execute(fill)
    op.drop_table("former_departments")


def upgrade() -> None:
    district = sa.Column("district", sa.String(length=6), nullable=False)
    _make(district, key=("district", "code"), fill=TO_DISTRICTS)


def downgrade() -> None:
    _make(key=("code",), fill=TO_ONE)
