"""Columns that hold sealed personal data, and their re-encryption under the current key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from onewindow_shared.plumbing.privacy import IndexKey, KeyRing, Vault


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
    """Seal again what an older key sealed; return how many values changed."""
    return sum(_reencrypt(session, vault, column) for column in columns)


def _reencrypt(session: Session, vault: Vault, sealed: SealedColumn) -> int:
    name, changed = sealed.column.key, 0
    for row in session.scalars(select(sealed.table).where(sealed.column.is_not(None))):
        token = getattr(row, name)
        if vault.stale(token):
            setattr(row, name, vault.reseal(token, sealed.purpose))
            changed += 1
    return changed
