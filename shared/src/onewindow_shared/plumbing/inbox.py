"""Receives batches of events exactly once: the event's id and its effect are one transaction.

A batch is applied as a whole; if an event fails, it is applied again one by one, so that a poison event
stops only the later ones of its own key.
"""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Index, String, bindparam, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.events import Envelope, Payload
from onewindow_shared.plumbing.conditional import JSON_TYPE
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.problems import Unavailable, invalid
from onewindow_shared.plumbing.relay import Outcome
from onewindow_shared.plumbing.runtime import Runtime, runtime_of
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.together import Together
from onewindow_shared.plumbing.transport import verify_batch
from onewindow_shared.plumbing.unit import Unit

log = structlog.get_logger()

Handler = Callable[[Unit, Any], None]
Handlers = Mapping[type[Payload], Handler | Together]
"""What a service does with each kind of event it subscribes to."""


class UnknownType(LookupError):
    """This service knows no such event, yet: it has to be tried again, or replayed after an upgrade."""


_ENVELOPES = TypeAdapter(list[Envelope])
_OUTCOMES = TypeAdapter(list[Outcome])
router = APIRouter(include_in_schema=False)


class InboxRecord(PlumbingBase):
    """An event that was received; its id is taken once."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_received_at", "received_at"),)

    event_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


@router.post("/internal/events")
async def receive(request: Request) -> Response:
    """Take a signed batch and answer an outcome per event."""
    runtime, body = runtime_of(request), await request.body()
    verify_batch(runtime.settings.events_secret.get_secret_value(), request.headers, body)
    try:
        envelopes = _ENVELOPES.validate_json(body)
    except ValidationError:
        raise invalid({"": "not a batch of CloudEvents"}) from None
    outcomes = await take(runtime, request.app.state.handlers, envelopes)
    return Response(_OUTCOMES.dump_json(outcomes), media_type=JSON_TYPE)


async def take(runtime: Runtime, handlers: Handlers, envelopes: Sequence[Envelope]) -> list[Outcome]:
    """Apply a batch: all at once if nothing fails, else one by one.

    Raises `Unavailable` while this service's own database is out of reach: that is no fault of an event, and
    must not bring one nearer to the dead letters.
    """
    try:
        await runtime.system(apply_all, handlers, envelopes)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever failed, each event is then tried alone
        log.warning("batch applied one by one", size=len(envelopes))
        return await _one_by_one(runtime, handlers, envelopes)
    return [Outcome(id=envelope.id, outcome="done") for envelope in envelopes]


async def _one_by_one(runtime: Runtime, handlers: Handlers, envelopes: Sequence[Envelope]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    stopped: set[str] = set()
    for envelope in envelopes:
        if envelope.subject in stopped:
            outcomes.append(Outcome(id=envelope.id, outcome="held"))
            continue
        try:
            await runtime.system(apply_all, handlers, [envelope])
            outcomes.append(Outcome(id=envelope.id, outcome="done"))
        except Unavailable:
            raise
        except Exception as error:
            log.exception("event failed", type=envelope.type, event_id=envelope.id)
            stopped.add(envelope.subject)
            outcomes.append(Outcome(id=envelope.id, outcome="failed", reason=_reason(error)))
    return outcomes


def _reason(error: Exception) -> str:
    return "unknown type" if isinstance(error, UnknownType) else type(error).__name__


def apply_all(unit: Unit, handlers: Handlers, envelopes: Sequence[Envelope]) -> None:
    """Apply the events that were not received before, in order; raise `UnknownType` if one is unknown."""
    unique = {envelope.id: envelope for envelope in envelopes}
    fresh = first_times(unit, list(unique))
    new = [envelope for envelope in unique.values() if envelope.id in fresh]
    by_type = _types(frozenset(handlers))
    for name, several in groupby(new, key=lambda envelope: envelope.type):
        kind = by_type.get(name)
        if kind is None:
            raise UnknownType
        _handle(unit, handlers[kind], [kind.model_validate(envelope.data) for envelope in several])


def _handle(unit: Unit, handler: Handler | Together, events: Sequence[Payload]) -> None:
    if isinstance(handler, Together):
        handler.handle(unit, events)
        return
    for event in events:
        handler(unit, event)


_TAKE = (
    "INSERT INTO inbox (event_id, received_at) SELECT value, :now FROM {} WHERE true"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
_TAKEN = {
    "sqlite": text(_TAKE.format("json_each(:ids)")),
    "postgresql": text(_TAKE.format("json_array_elements_text(CAST(:ids AS json))")),
}


def first_times(unit: Unit, ids: Sequence[str]) -> set[str]:
    """Take the ids that were never taken before, and return them."""
    statement = _TAKEN[unit.dialect].bindparams(bindparam("now", type_=UtcDateTime))
    listed = json.dumps(ids)
    return set(unit.session.execute(statement, {"ids": listed, "now": unit.now}).scalars())


@functools.cache
def _types(kinds: frozenset[type[Payload]]) -> dict[str, type[Payload]]:
    return {kind.type: kind for kind in kinds}
