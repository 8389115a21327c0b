"""`Idempotency-Key`: the same creating request, sent again, makes nothing new and gets the same answer.

The stored answer is a row of the business transaction, so a crash leaves either both or neither
(after the IETF draft "The Idempotency-Key HTTP Header Field", version 07).
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Header, Response
from pydantic import BaseModel
from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.plumbing.conditional import JSON_TYPE
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import KeyReused
from onewindow_shared.plumbing.tables import PlumbingBase

if TYPE_CHECKING:
    from onewindow_shared.plumbing.unit import Unit

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=255,
        description="Your own unique key of this request, e.g. a UUID",
    ),
]
CREATED: Final = 201
REPLAYED = "Idempotency-Replayed"
KEY_CONSTRAINT = "pk_idempotency_keys"
PURPOSE = "idempotency.answer"
"""What stored answers are sealed for: what people typed may stand in them. A data key that leaves the ring
takes the answers of its last days with it."""


class IdempotencyRecord(PlumbingBase):
    """The answer to one creating request of one account."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def fingerprint(vault: Vault, operation: str, body: BaseModel) -> str:
    """Return what tells two requests apart: the operation and the meaning of the body.

    Keyed, because a body holds personal data that could otherwise be guessed from its hash. What has its
    default is left out, so that a field that a contract gains makes nothing new of what was sent before.
    """
    said = body.model_dump_json(exclude_defaults=True)
    return vault.blind_index(f"{operation}\n{said}", purpose="idempotency")


def created(body: bytes, *, replayed: bool) -> Response:
    """Return the 201 answer, saying whether it was given before."""
    headers = {REPLAYED: "true"} if replayed else {}
    return Response(body, CREATED, headers, JSON_TYPE)


def earlier(unit: "Unit", key: str, print_: str) -> bytes | None:
    """Return the answer that this account got under `key`, None if there is none yet."""
    known = unit.session.get(IdempotencyRecord, (unit.actor.subject, key))
    return None if known is None else _again(unit, known, print_)


def answered(session: Session, subject: str, key: str) -> bool:
    """Say whether an account was given an answer under `key`."""
    return session.get(IdempotencyRecord, (subject, key)) is not None


def once(
    unit: "Unit", key: str, print_: str, use_case: Callable[..., BaseModel], *args: Any
) -> tuple[bytes, bool]:
    """Run `use_case` unless this account did so under `key`; return the answer and whether it is an old one.

    The key's row goes in first: a simultaneous twin waits on it and then finds the answer.
    """
    known = unit.session.get(IdempotencyRecord, (unit.actor.subject, key))
    if known is not None:
        return _again(unit, known, print_), True
    record = IdempotencyRecord(
        subject=unit.actor.subject, key=key, fingerprint=print_, body=b"", created_at=unit.now
    )
    unit.session.add(record)
    unit.session.flush()
    answer = use_case(unit, *args).model_dump_json()
    record.body = unit.vault.seal(answer, purpose=PURPOSE).encode()
    return answer.encode(), False


def _again(unit: "Unit", known: IdempotencyRecord, print_: str) -> bytes:
    """Return the stored answer, or refuse a key that was used for another request."""
    if known.fingerprint != print_:
        raise KeyReused(detail="Use a new key for a new request.")
    return unit.vault.open(known.body.decode(), purpose=PURPOSE).encode()
