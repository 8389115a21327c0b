"""Transactional outbox: an event is a row of the same transaction as what it tells of.

One row per subscriber. A row is free if its lease is unset or over; whoever settles it must hold the
lease, so a slow relay's late word changes nothing. A delivered row is deleted; a poison one moves to the
dead letters.
"""

import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.common import rfc3339
from onewindow_shared.contracts.events import Payload
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase


class OutboxRecord(PlumbingBase):
    """An event on its way to one subscriber."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="whole_lease"),
        Index("ix_outbox_destination_id", "destination", "id"),
        Index("ix_outbox_destination_key_id", "destination", "key", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(36))
    destination: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    """The envelope as JSON, ready to be sent."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeadLetter(PlumbingBase):
    """An event that its subscriber kept failing on; `relay replay` sends it again."""

    __tablename__ = "dead_letters"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(36))
    destination: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    tries: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    died_at: Mapped[datetime] = mapped_column(UtcDateTime)


def outbox_rows(event: Payload, *, source: str, now: datetime) -> list[dict[str, Any]]:
    """Return one row per subscriber, as plain values for bulk inserts too."""
    event_id = str(uuid.uuid4())
    body = _envelope(event, event_id, source, now)
    return [
        {
            "event_id": event_id,
            "destination": destination,
            "key": event.key,
            "type": event.type,
            "body": body,
            "created_at": now,
            "try_at": now,
            "tries": 0,
        }
        for destination in event.subscribers
        if destination != source
    ]


def _envelope(event: Payload, event_id: str, source: str, now: datetime) -> str:
    """Write the `Envelope` around the payload's own JSON, which was validated when it was made."""
    attributes = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": event.type,
        "subject": event.key,
        "time": rfc3339(now),
    }
    return f'{json.dumps(attributes, ensure_ascii=False)[:-1]}, "data": {event.model_dump_json()}}}'
