"""Messages to people who are not at their screen: rows, until the site's own provider has taken them over.

A message is written in the transaction of what it tells of, and keeps its number however often it is tried:
whoever delivers it can tell repeats. It names an account, or nobody: a phone is looked up when it is sent,
and stands in no row and no log. One that nobody takes over waits behind others, longer each time; one that
has lost its reason is dropped.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import structlog
from pydantic import Field, SecretStr
from sqlalchemy import Index, String, delete, select, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.hooks import Hook
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.tables import Json
from onewindow_shared.plumbing.tls import trusted
from onewindow_shared.plumbing.unit import Unit, system_actor

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
KEPT = timedelta(days=60)
"""How long it is known that a message was sent."""
FORGOTTEN_AT_ONCE = 100
_UNSENT = text("sent_at IS NULL")
log = structlog.get_logger()
Told = Mapping[str, Any]


class SendsMessages(ServiceSettings):
    """Settings of a service that sends messages."""

    notice_webhook_url: str | None = None
    """Where messages to people are posted for sending; without it nothing is sent."""
    notice_webhook_secret: SecretStr | None = None
    """Secret that signs what is posted there (base64, Standard Webhooks)."""
    notice_seconds: float = Field(default=5.0, gt=0)
    """How long whoever sends them may take."""

    @property
    def can_send(self) -> bool:
        """Whether anything can be sent: over the site's hook, or into the embedded run's log."""
        return self.embedded or bool(self.notice_webhook_url and self.notice_webhook_secret)


class MessageRow:
    """A message; a service that sends some derives its table from this and its own base."""

    __tablename__ = "messages"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(64))
    """The case it is about."""
    account: Mapped[str | None] = mapped_column(String(64))
    """Whom it is for; none where the service finds that out as it sends it."""
    told: Mapped[dict[str, Any]] = mapped_column(Json)
    """Codes and days, no personal data."""
    created_at: Mapped[datetime]
    try_at: Mapped[datetime]
    """When it is next tried to send it: later each time that nobody takes it over."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (
            Index("ix_messages_unsent", "try_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
            Index("ix_messages_sent_at", "sent_at"),
        )


@dataclass(frozen=True)
class Message:
    """Something to be told, once."""

    number: str
    kind: str
    about: str
    account: str | None
    told: Told


Address = Callable[[Unit, Message], Told | None]
"""Says to whom a message goes and what else it tells, as it is sent; None where it has lost its reason."""


def put(unit: Unit, table: type[MessageRow], *messages: Message) -> None:
    """Have messages sent if, and only if, this transaction commits; nothing where nobody would send them."""
    settings = unit.settings
    if not isinstance(settings, SendsMessages) or not settings.can_send:
        return
    facts = {"created_at": unit.now, "try_at": unit.now, "tries": 0}
    unit.add(table_of(table), *({**asdict(message), **facts} for message in messages))


def pause(tries: int) -> timedelta:
    """Return how long a message that nobody took over waits after so many tries: twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 16)), LONGEST_PAUSE)


@asynccontextmanager
async def open_hook(settings: SendsMessages) -> AsyncIterator[Hook | None]:
    """Keep the way to the site's provider open; none where there is no such provider."""
    async with httpx2.AsyncClient(
        timeout=settings.notice_seconds, verify=trusted(environment=True)
    ) as client:
        url, secret = settings.notice_webhook_url, settings.notice_webhook_secret
        yield Hook(client, url, secret) if url and secret else None


class Outlet:
    """Hands one message after another over."""

    def __init__(
        self, runtime: Runtime, table: type[MessageRow], hook: Hook | None, address: Address
    ) -> None:
        self._runtime, self._table, self._hook, self._address = runtime, table, hook, address

    async def next(self) -> int:
        """Send what waits longest; say how much there was."""
        if not await self._runtime.read(system_actor(self._runtime.name), self._waits):
            return 0
        taken = await self._runtime.system(self._take)
        if taken is None:
            return 1
        message, told = taken
        try:
            await self._hand_over(message, told)
        except httpx2.HTTPError as error:
            log.warning("a message was not taken over", number=message.number, error=type(error).__name__)
        else:
            await self._runtime.system(self._sent, message.number)
        return 1

    def _waits(self, unit: Unit) -> bool:
        table = self._table
        due = select(table.number).where(table.sent_at.is_(None), table.try_at <= unit.now)
        return unit.session.scalar(due.limit(1)) is not None

    def _take(self, unit: Unit) -> tuple[Message, Told] | None:
        """Take what waits longest before it is sent: no other replica does while it is under way."""
        table = self._table
        due = select(table).where(table.sent_at.is_(None), table.try_at <= unit.now)
        row = unit.session.scalar(due.order_by(table.try_at).limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        message = Message(row.number, row.kind, row.about, row.account, row.told)
        told = self._address(unit, message)
        if told is None:
            unit.session.delete(row)
            return None
        row.tries += 1
        row.try_at = unit.now + pause(row.tries)
        return message, told

    def _sent(self, unit: Unit, number: str) -> None:
        row = unit.session.get_one(self._table, number, with_for_update=True)
        row.sent_at = unit.now
        unit.audit("message.sent", "case", row.about, detail={"kind": row.kind, "account": row.account})
        self._forget(unit)

    def _forget(self, unit: Unit) -> None:
        table = self._table
        old = select(table.number).where(table.sent_at < unit.now - KEPT).limit(FORGOTTEN_AT_ONCE)
        unit.session.execute(
            delete(table).where(table.number.in_(old)), execution_options={"synchronize_session": False}
        )

    async def _hand_over(self, message: Message, told: Told) -> None:
        if self._hook is None:
            log.info("console message", number=message.number, kind=message.kind, account=message.account)
            return
        await self._hook.post(message.number, {"kind": message.kind, **message.told, **told})
