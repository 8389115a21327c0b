"""Append-only audit whose rows are chained by hash shortly after they are written.

Writers only insert; a sealer numbers and chains the rows later, so that the chain never makes writers wait
for one another. Changing, removing or reordering a sealed row breaks the chain.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, Row, String, Table, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, Json, PlumbingBase

GENESIS = "0" * 64
SEALED_AT_ONCE = 1000
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
    reason: Mapped[str | None] = mapped_column(String(2000))
    request_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    position: Mapped[int | None] = mapped_column(BigKey, unique=True)
    """Place in the chain, from 1; null until sealed."""
    hash: Mapped[str | None] = mapped_column(String(64))


class AuditHead(PlumbingBase):
    """How far the chain reaches, so that a missing tail is noticed too."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigKey)
    hash: Mapped[str] = mapped_column(String(64))


_TABLE = cast("Table", AuditRecord.__table__)
_CHAINED = (
    *("id", "at", "actor", "roles", "action", "entity_type", "entity_id"),
    *("area", "reason", "request_id", "detail"),
)
"""What a hash covers, besides the position."""


def link(previous: str, record: Mapping[str, Any]) -> str:
    """Return the hash that chains a record (its columns but `hash`) to the one before it."""
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def seal(session: Session) -> int:
    """Chain the rows that are not sealed yet, oldest first; return how many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALER_LOCK})
    rows = session.execute(
        select(*(getattr(AuditRecord, name) for name in _CHAINED))
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
        head.hash = link(head.hash, _content(row, head.position))
        links.append({"row": row.id, "position": head.position, "hash": head.hash})
    sealed = update(_TABLE).where(_TABLE.c.id == bindparam("row"))
    session.connection().execute(sealed.values(position=bindparam("position"), hash=bindparam("hash")), links)


def verify(session: Session) -> list[str]:
    """Return what is wrong with the chain: changed, missing or reordered rows; empty means sound.

    Rows sealed while it runs are left to the next time.
    """
    last, position, head = _ends(session)
    faults = list(_broken_links(_sealed(session, position)))
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


def _broken_links(rows: Iterable[AuditRecord]) -> Iterable[str]:
    previous, expected = GENESIS, 1
    for row in rows:
        if row.position != expected:
            yield f"row {expected} is missing"
        elif row.hash != link(previous, _content(row, row.position)):
            yield f"row {row.position} was changed"
        previous, expected = row.hash or "", (row.position or 0) + 1


def _content(row: Any, position: int | None) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in _CHAINED}
    return {**content, "at": row.at.isoformat(), "position": position}
