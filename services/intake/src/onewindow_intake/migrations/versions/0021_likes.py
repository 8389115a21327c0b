"""Cases that are like another are found by an index, and a contact is its item's department's."""

import sqlalchemy as sa
from alembic import op

revision = "0021_likes"
down_revision = "0020_wordings"
branch_labels = None
depends_on = None

LIKES = ("sound_index", "mobile_index", "address_index")
DEPARTMENTS = """
    UPDATE contacts SET department = (
        SELECT department FROM item_versions
        WHERE item_versions.item_code = contacts.item_code AND status = 'published'
        ORDER BY effective_from DESC LIMIT 1
    )
"""


def upgrade() -> None:
    for like in LIKES:
        op.create_index(f"ix_cases_{like}_item", "cases", [like, "item_code"])
    with op.batch_alter_table("contacts") as table:
        table.add_column(sa.Column("department", sa.String(length=64), nullable=True))
    op.execute(DEPARTMENTS)


def downgrade() -> None:
    with op.batch_alter_table("contacts") as table:
        table.drop_column("department")
    for like in LIKES:
        op.drop_index(f"ix_cases_{like}_item", "cases")
