"""Letters of entrustment end by themselves; the words of saved views and the answers to posting lie sealed.

The letters behind which cases were posted before are looked at once.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings
from onewindow_shared.plumbing.tables import Json

revision = "0022_closed"
down_revision = "0021_likes"
branch_labels = None
depends_on = None

AT_ONCE = 1000
LETTERS = """
INSERT INTO timers (kind, entity_id, due_at, try_at, tries)
SELECT 'entrustment.ends', case_no, received_at, received_at, 0 FROM cases
WHERE posted_as = 'agent' AND applicant_subject IS NOT NULL
"""
VIEWS = sa.table(
    "saved_views", sa.column("id"), sa.column("filter", Json), sa.column("words_sealed", sa.Text())
)
WORDS = "intake.saved_views.words"
KEYS = sa.table(
    "idempotency_keys", sa.column("subject"), sa.column("key"), sa.column("body", sa.LargeBinary())
)
ANSWER = "idempotency.answer"
OPEN = b"{"
"""With this an answer begins that is not sealed."""


def _vault() -> Vault:
    settings = read_settings(ServiceSettings)
    return vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())


def _put(table: sa.TableClause, row: sa.Row[Any], keys: int, **values: Any) -> None:
    same = (column == value for column, value in zip([*table.c][:keys], row, strict=False))
    op.get_bind().execute(sa.update(table).where(*same).values(values))


def _answers() -> Iterator[sa.Row[Any]]:
    connection, name = op.get_bind(), sa.tuple_(KEYS.c.subject, KEYS.c.key)
    query = sa.select(KEYS).order_by(KEYS.c.subject, KEYS.c.key).limit(AT_ONCE)
    rows = connection.execute(query).all()
    while rows:
        yield from rows
        rows = connection.execute(query.where(name > sa.tuple_(*rows[-1][:2]))).all()


def upgrade() -> None:
    op.execute(LETTERS)
    with op.batch_alter_table("saved_views") as table:
        table.add_column(sa.Column("words_sealed", sa.Text(), nullable=True))
    vault = None
    for row in op.get_bind().execute(sa.select(VIEWS)).all():
        if words := row.filter.pop("q", None):
            vault = vault or _vault()
            _put(VIEWS, row, 1, filter=row.filter, words_sealed=vault.seal(words, purpose=WORDS))
    for row in _answers():
        if row.body.startswith(OPEN):
            vault = vault or _vault()
            _put(KEYS, row, 2, body=vault.seal(row.body.decode(), purpose=ANSWER).encode())


def downgrade() -> None:
    vault = None
    for row in op.get_bind().execute(sa.select(VIEWS)).all():
        if row.words_sealed is not None:
            vault = vault or _vault()
            _put(VIEWS, row, 1, filter={**row.filter, "q": vault.open(row.words_sealed, purpose=WORDS)})
    with op.batch_alter_table("saved_views") as table:
        table.drop_column("words_sealed")
    op.execute("DELETE FROM timers WHERE kind = 'entrustment.ends'")
