"""Lists find cases by what people call an item; no saved view has a period that ends before it begins."""

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.tables import Json
from onewindow_shared.plumbing.words import plain

revision = "0026_called"
down_revision = "0025_facets"
branch_labels = None
depends_on = None

VERSIONS = sa.table(
    "item_versions",
    sa.column("item_code", sa.String),
    sa.column("number", sa.Integer),
    sa.column("content", Json),
    sa.column("called", sa.Text),
)
VIEWS = sa.table("saved_views", sa.column("id", sa.BigInteger), sa.column("filter", Json))
PERIODS = (("received_from", "received_to"), ("due_from", "due_to"))


def upgrade() -> None:
    with op.batch_alter_table("item_versions") as table:
        table.add_column(sa.Column("called", sa.Text(), server_default="", nullable=False))
    bind = op.get_bind()
    for code, number, content in bind.execute(
        sa.select(VERSIONS.c.item_code, VERSIONS.c.number, VERSIONS.c.content)
    ).all():
        if aliases := content.get("aliases"):
            one = (VERSIONS.c.item_code == code, VERSIONS.c.number == number)
            bind.execute(sa.update(VERSIONS).where(*one).values(called="\n".join(map(plain, aliases))))
    for view, chosen in bind.execute(sa.select(VIEWS.c.id, VIEWS.c.filter)).all():
        ends = [last for first, last in PERIODS if _backwards(chosen.get(first), chosen.get(last))]
        if ends:
            kept = {**chosen, **dict.fromkeys(ends)}
            bind.execute(sa.update(VIEWS).where(VIEWS.c.id == view).values(filter=kept))


def _backwards(first: str | None, last: str | None) -> bool:
    return first is not None and last is not None and last < first


def downgrade() -> None:
    with op.batch_alter_table("item_versions") as table:
        table.drop_column("called")
