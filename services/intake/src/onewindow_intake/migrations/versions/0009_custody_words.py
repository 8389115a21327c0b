"""What is written about an original may name somebody, so it lies sealed."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings

revision = "0009_custody_words"
down_revision = "0008_duplicates"
branch_labels = None
depends_on = None

WORDS = (
    ("originals", "note", "intake.custody.note"),
    ("custody_steps", "signature", "intake.custody.signature"),
)
"""Table, column, and for what it is sealed."""


def _rewrite(name: str, source: str, target: str, purpose: str, change: Callable[..., str]) -> None:
    """Seal or open the words that are there; only then are keys needed."""
    table = sa.table(name, sa.column("id"), sa.column(source), sa.column(target))
    connection = op.get_bind()
    query = sa.select(table.c.id, table.c[source]).where(table.c[source].is_not(None))
    rows = connection.execute(query).all()
    if rows:
        settings = read_settings(ServiceSettings)
        vault = vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())
        for key, value in rows:
            changed = (
                sa.update(table)
                .where(table.c.id == key)
                .values({target: change(vault, value, purpose=purpose)})
            )
            connection.execute(changed)


def upgrade() -> None:
    for name, column, purpose in WORDS:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(f"{column}_sealed", sa.Text(), nullable=True))
        _rewrite(name, column, f"{column}_sealed", purpose, Vault.seal)
        with op.batch_alter_table(name) as table:
            table.drop_column(column)


def downgrade() -> None:
    for name, column, purpose in WORDS:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, sa.String(length=500), nullable=True))
        _rewrite(name, f"{column}_sealed", column, purpose, Vault.open)
        with op.batch_alter_table(name) as table:
            table.drop_column(f"{column}_sealed")
