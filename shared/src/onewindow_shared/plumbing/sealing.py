"""Migrations by which a column of open words becomes one of sealed words, and back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from alembic import op

from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.sealed import AT_ONCE, vault_from
from onewindow_shared.plumbing.settings import ServiceSettings, read_settings
from onewindow_shared.plumbing.tables import Json


@dataclass(frozen=True)
class Words:
    """A column of open words, which becomes one of sealed words beside it."""

    service: str
    table: str
    key: str
    column: str
    kind: Any
    needed: bool = False
    """The sealed column has a value in every row."""
    check: tuple[str, str] | None = None
    """Name of the constraint on the column, and what it demands of it."""
    nothing: Any = None
    """What an open column that always has a value holds where nothing is said."""
    bound_to: str = ""
    """The purpose of its tokens, where that is not its place."""

    @property
    def sealed(self) -> str:
        return f"{self.column}_sealed"

    @property
    def purpose(self) -> str:
        return self.bound_to or f"{self.service}.{self.table}.{self.column}"

    @cached_property
    def rows(self) -> sa.TableClause:
        columns: tuple[sa.ColumnClause[Any], ...] = (
            sa.column(self.key),
            sa.column(self.column, self.kind),
            sa.column(self.sealed, sa.Text()),
        )
        return sa.table(self.table, *columns)

    def written(self, said: Any) -> str:
        return json.dumps(said, ensure_ascii=False) if self.kind is Json else said

    def read(self, text: str) -> Any:
        return json.loads(text) if self.kind is Json else text


def seal(words: Words) -> None:
    """Seal what a column says, and drop the open one; keys are needed only where it says anything."""
    with op.batch_alter_table(words.table) as table:
        table.add_column(sa.Column(words.sealed, sa.Text(), nullable=True))
    vault = None
    for key, said in _rows(words, words.column):
        if said != words.nothing:
            vault = vault or configured_vault()
            _put(words, key, words.sealed, vault.seal(words.written(said), purpose=words.purpose))
    _swap(words, words.column, words.sealed, sa.Text(), needed=words.needed)


def unseal(words: Words) -> None:
    """Open what a column says, and drop the sealed one."""
    default = None if words.nothing is None else words.written(words.nothing)
    with op.batch_alter_table(words.table) as table:
        table.add_column(sa.Column(words.column, words.kind, nullable=True, server_default=default))
    vault = None
    for key, token in _rows(words, words.sealed):
        vault = vault or configured_vault()
        _put(words, key, words.column, words.read(vault.open(token, purpose=words.purpose)))
    needed = words.needed or words.nothing is not None
    _swap(words, words.sealed, words.column, words.kind, needed=needed)


def configured_vault() -> Vault:
    """Return the vault of the settings that the migration runs under."""
    settings = read_settings(ServiceSettings)
    return vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value())


def _rows(words: Words, column: str) -> Iterator[tuple[Any, Any]]:
    """Yield key and value of the rows that say something."""
    key, value = words.rows.c[words.key], words.rows.c[column]
    query = sa.select(key, value).order_by(key).limit(AT_ONCE)
    rows = op.get_bind().execute(query).all()
    while rows:
        yield from ((row[0], row[1]) for row in rows if row[1] is not None)
        rows = op.get_bind().execute(query.where(key > rows[-1][0])).all()


def _put(words: Words, key: Any, column: str, value: Any) -> None:
    op.get_bind().execute(sa.update(words.rows).where(words.rows.c[words.key] == key).values({column: value}))


def _swap(words: Words, old: str, new: str, kind: Any, *, needed: bool) -> None:
    """Have the new column stand for the old one, which goes."""
    with op.batch_alter_table(words.table) as table:
        if words.check:
            table.drop_constraint(op.f(words.check[0]), type_="check")
        table.alter_column(new, existing_type=kind, nullable=not needed, server_default=None)
        table.drop_column(old)
        if words.check:
            table.create_check_constraint(op.f(words.check[0]), words.check[1].format(new))
