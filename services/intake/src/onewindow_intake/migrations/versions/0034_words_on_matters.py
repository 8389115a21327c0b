"""What was told of a matter stays when more is told, for cases are judged by the lists of their own day."""

import sqlalchemy as sa
from alembic import op

revision = "0034_words_on_matters"
down_revision = "0033_draft_numbers"
branch_labels = None
depends_on = None

OVERTAKEN = """
DELETE FROM listed_matters WHERE EXISTS (
    SELECT 1 FROM listed_matters AS newer
    WHERE newer.district = listed_matters.district AND newer.code = listed_matters.code
    AND newer.revision > listed_matters.revision
)
"""


def upgrade() -> None:
    with op.batch_alter_table("listed_matters") as matters:
        matters.add_column(sa.Column("heard_on", sa.Date(), nullable=True))
    op.execute("UPDATE listed_matters SET heard_on = effective_from")
    _key("district", "code", "revision")
    with op.batch_alter_table("listed_matters") as matters:
        matters.alter_column("heard_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    op.execute(OVERTAKEN)
    _key("district", "code")
    with op.batch_alter_table("listed_matters") as matters:
        matters.drop_column("heard_on")


def _key(*columns: str) -> None:
    with op.batch_alter_table("listed_matters") as matters:
        matters.drop_constraint(op.f("pk_listed_matters"), type_="primary")
        matters.create_primary_key(op.f("pk_listed_matters"), list(columns))
