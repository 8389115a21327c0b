"""Append-only audit whose rows are chained by hash shortly after they are written.

Writers only insert; a sealer numbers and chains the rows later, so that the chain never makes writers wait
for one another. Changing, removing or reordering a sealed row breaks the chain.

Reasons are typed by people and may name others, so they lie in the vault. The chain covers their marks, keyed
fingerprints that stay when a reason is sealed again under a newer key.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, Row, String, Table, Text, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.privacy import Unreadable, Vault
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, Json, PlumbingBase

GENESIS = "0" * 64
SEALED_AT_ONCE = 1000
PURPOSE = "audit.reason"
"""What reasons are sealed and marked for."""
_SEALER_LOCK = 0x5EA1


_UNSEALED = text("position IS NULL")


class AuditRecord(PlumbingBase):
    """Who did what to which record, when, why and in which request."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_entity", "entity_type", "entity_id"),
        Index("ix_audit_unsealed", "id", sqlite_where=_UNSEALED, postgresql_where=_UNSEALED),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]] = mapped_column(Json)
    action: Mapped[str] = mapped_column(String(64))
    entity_type: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(String(64))
    area: Mapped[str | None] = mapped_column(String(12))
    reason_sealed: Mapped[str | None] = mapped_column(Text)
    reason_mark: Mapped[str | None] = mapped_column(String(64))
    """What the chain covers of the reason; null where there is none, or the chain covers its words."""
    request_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    position: Mapped[int | None] = mapped_column(BigKey, unique=True)
    """Place in the chain, from 1; null until sealed."""
    hash: Mapped[str | None] = mapped_column(String(64))

    def reason(self, vault: Vault) -> str | None:
        """Return the words of the reason; raises `Unreadable`."""
        return vault.opened(self.reason_sealed, purpose=PURPOSE)


SEALED = (SealedColumn(AuditRecord, AuditRecord.reason_sealed, PURPOSE),)


class AuditHead(PlumbingBase):
    """How far the chain reaches, so that a missing tail is noticed too."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigKey)
    hash: Mapped[str] = mapped_column(String(64))


_TABLE = cast("Table", AuditRecord.__table__)
_CHAINED = (
    *("id", "at", "actor", "roles", "action", "entity_type", "entity_id"),
    *("area", "request_id", "detail"),
)
"""What a hash covers, besides the position and the reason."""


def mark(vault: Vault, reason: str | None) -> str | None:
    """Return the fingerprint of a reason, which only the index key can make."""
    return None if reason is None else vault.blind_index(reason, purpose=PURPOSE)


def link(previous: str, record: Mapping[str, Any]) -> str:
    """Return the hash that chains a record (its columns but `hash`) to the one before it."""
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def seal(session: Session) -> int:
    """Chain the rows that are not sealed yet, oldest first; return how many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALER_LOCK})
    rows = session.execute(
        select(*(getattr(AuditRecord, name) for name in (*_CHAINED, "reason_mark")))
        .where(AuditRecord.position.is_(None))
        .order_by(AuditRecord.id)
        .limit(SEALED_AT_ONCE)
    ).all()
    if rows:
        _chain(session, rows)
    return len(rows)


def unsealed(session: Session) -> bool:
    """Say whether there is anything to seal."""
    query = select(AuditRecord.id).where(AuditRecord.position.is_(None))
    return session.scalar(query.limit(1)) is not None


def _chain(session: Session, rows: Sequence[Row[Any]]) -> None:
    head = session.get(AuditHead, 1)
    if head is None:
        head = AuditHead(id=1, position=0, hash=GENESIS)
        session.add(head)
    links = []
    for row in rows:
        head.position += 1
        head.hash = link(head.hash, _content(row, head.position, row.reason_mark))
        links.append({"row": row.id, "position": head.position, "hash": head.hash})
    sealed = update(_TABLE).where(_TABLE.c.id == bindparam("row"))
    session.connection().execute(sealed.values(position=bindparam("position"), hash=bindparam("hash")), links)


def verify(session: Session, vault: Vault) -> list[str]:
    """Return what is wrong with the chain: changed, missing or reordered rows; empty means sound.

    The vault opens the reasons, which have to fit their marks or, in rows without one, the chain. Rows sealed
    while it runs are left to the next time.
    """
    last, position, head = _ends(session)
    faults = list(_broken_links(_sealed(session, position), vault))
    if last != position:
        faults.append(f"the chain ends at {last}, its head says {position}")
    tail = session.scalar(select(AuditRecord.hash).where(AuditRecord.position == position))
    if last == position and (tail or GENESIS) != head:
        faults.append(f"row {position} is not the one that the head of the chain was made from")
    return faults


def _ends(session: Session) -> tuple[int, int, str]:
    """Return the last position, and the head's position and hash, all of one moment."""
    last = select(func.coalesce(func.max(AuditRecord.position), 0)).scalar_subquery()
    position = select(AuditHead.position).where(AuditHead.id == 1).scalar_subquery()
    head = select(AuditHead.hash).where(AuditHead.id == 1).scalar_subquery()
    found = session.execute(select(last, func.coalesce(position, 0), func.coalesce(head, GENESIS))).one()
    return found[0], found[1], found[2]


def _sealed(session: Session, until: int) -> Iterable[AuditRecord]:
    query = select(AuditRecord).where(AuditRecord.position <= until).order_by(AuditRecord.position)
    return session.scalars(query.execution_options(yield_per=SEALED_AT_ONCE))


def _broken_links(rows: Iterable[AuditRecord], vault: Vault) -> Iterable[str]:
    previous, expected = GENESIS, 1
    for row in rows:
        fault = _fault(row, previous, vault)
        if row.position != expected:
            yield f"row {expected} is missing"
        elif fault:
            yield fault
        previous, expected = row.hash or "", (row.position or 0) + 1


def _fault(row: AuditRecord, previous: str, vault: Vault) -> str | None:
    try:
        words = row.reason(vault)
    except Unreadable:
        return f"the reason of row {row.position} cannot be opened"
    said = words if row.reason_mark is None else row.reason_mark
    if row.hash != link(previous, _content(row, row.position, said)):
        return f"row {row.position} was changed"
    if row.reason_mark not in (None, mark(vault, words)):
        return f"the reason of row {row.position} was changed"
    return None


def _content(row: Any, position: int | None, reason: str | None) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in _CHAINED}
    return {**content, "at": row.at.isoformat(), "reason": reason, "position": position}


def about(
    session: Session, vault: Vault, entity: tuple[str, str], after: int, limit: int
) -> list[dict[str, Any]]:
    """Return what was done to a record and why, oldest first, as plain values; at most `limit` rows.

    `entity` is its type and id; `after` the id of the last row that was seen, 0 for none.
    """
    kind, which = entity
    those = (AuditRecord.entity_type == kind, AuditRecord.entity_id == which, AuditRecord.id > after)
    rows = session.scalars(select(AuditRecord).where(*those).order_by(AuditRecord.id).limit(limit))
    return [_content(row, row.position, row.reason(vault)) for row in rows]
