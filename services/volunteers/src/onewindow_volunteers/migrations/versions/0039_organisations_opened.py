"""Since when an organisation is there: the audit tells it of those that are registered already."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.database import UtcDateTime

revision = "0039_organisations_opened"
down_revision = "0038_records_counted"
branch_labels = None
depends_on = None

ORGANISATIONS = sa.table(
    "organisations", sa.column("id", sa.BigInteger()), sa.column("opened_at", UtcDateTime())
)
AUDIT = sa.table(
    "audit", sa.column("at", UtcDateTime()), *map(sa.column, ("action", "entity_type", "entity_id"))
)


def upgrade() -> None:
    op.add_column("organisations", sa.Column("opened_at", UtcDateTime(), nullable=True))
    registered = sa.select(sa.func.min(AUDIT.c.at)).where(
        AUDIT.c.entity_type == "organisation",
        AUDIT.c.action == "organisation.registered",
        AUDIT.c.entity_id == sa.cast(ORGANISATIONS.c.id, sa.String(64)),
    )
    op.execute(sa.update(ORGANISATIONS).values(opened_at=registered.scalar_subquery()))


def downgrade() -> None:
    op.drop_column("organisations", "opened_at")
