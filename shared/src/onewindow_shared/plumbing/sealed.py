"""Columns that hold sealed personal data, and their re-encryption under the current key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select, tuple_, update
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from onewindow_shared.plumbing.privacy import IndexKey, KeyRing, Vault

AT_ONCE = 1000


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values are tokens of the vault, and the purpose they are bound to."""

    table: type[DeclarativeBase]
    column: InstrumentedAttribute[Any]
    purpose: str


def vault_from(data_keys: str, index_key: str) -> Vault:
    """Build the vault from the two settings."""
    return Vault(KeyRing.parse(data_keys), IndexKey.parse(index_key))


def reencrypt(session: Session, vault: Vault, columns: Iterable[SealedColumn]) -> int:
    """Seal again what an older key sealed; return how many values changed.

    A value that somebody writes meanwhile stays as they wrote it.
    """
    return sum(_reencrypt(session, vault, column) for column in columns)


def _reencrypt(session: Session, vault: Vault, sealed: SealedColumn) -> int:
    keys = inspect(sealed.table).primary_key
    query = select(*keys, sealed.column).where(sealed.column.is_not(None)).order_by(*keys)
    rows = session.execute(query.limit(AT_ONCE)).all()
    changed = 0
    while rows:
        for *key, token in rows:
            if vault.stale(token):
                changed += _replace(session, vault, sealed, key, token)
        rows = session.execute(query.where(tuple_(*keys) > tuple_(*rows[-1][:-1])).limit(AT_ONCE)).all()
    return changed


def _replace(session: Session, vault: Vault, sealed: SealedColumn, key: Sequence[Any], token: str) -> int:
    same = (column == value for column, value in zip(inspect(sealed.table).primary_key, key, strict=True))
    replaced = session.execute(
        update(sealed.table)
        .where(*same, sealed.column == token)
        .values({sealed.column: vault.reseal(token, sealed.purpose)})
        .returning(sealed.column)
        .execution_options(synchronize_session=False)
    )
    return len(replaced.all())
