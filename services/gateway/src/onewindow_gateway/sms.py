"""How a one-time code reaches a phone."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Protocol

import httpx2
import structlog
from pydantic import SecretStr

from onewindow_gateway.settings import Settings
from onewindow_shared.plumbing.hooks import Hook
from onewindow_shared.plumbing.settings import Misconfigured

log = structlog.get_logger()


class NotDelivered(Exception):
    """The code was not taken over for sending."""


class SmsSender(Protocol):
    """Takes a code over for sending."""

    async def send(self, phone: str, code: str, valid_seconds: int) -> None:
        """Hand over the code for an E.164 number, or raise `NotDelivered`."""


class ConsoleSender:
    """The embedded run's phone: the log, and a file of the latest codes where one is wished for."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    async def send(self, phone: str, code: str, valid_seconds: int) -> None:
        log.info("console SMS", phone=phone, code=code, valid_seconds=valid_seconds)
        if self._file is not None:
            await asyncio.to_thread(_keep, self._file, phone, code)


def _keep(file: Path, phone: str, code: str) -> None:
    codes = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    draft = file.with_suffix(f".{uuid.uuid4().hex}")
    draft.write_text(json.dumps(codes | {phone: code}), encoding="utf-8")
    draft.replace(file)


class WebhookSender:
    """Posts `{"phone", "code", "valid_seconds"}` to the site's SMS provider, signed as Standard Webhooks."""

    def __init__(self, client: httpx2.AsyncClient, url: str, secret: SecretStr) -> None:
        self._hook = Hook(client, url, secret)

    async def send(self, phone: str, code: str, valid_seconds: int) -> None:
        message = {"phone": phone, "code": code, "valid_seconds": valid_seconds}
        try:
            await self._hook.post(str(uuid.uuid4()), message)
        except httpx2.HTTPError as error:
            raise NotDelivered(type(error).__name__) from None


def sender_from(settings: Settings, client: httpx2.AsyncClient) -> SmsSender:
    """Return the sender that the settings name; outside the embedded run there has to be one."""
    if settings.sms_webhook_url and settings.sms_webhook_secret:
        return WebhookSender(client, settings.sms_webhook_url, settings.sms_webhook_secret)
    if settings.embedded:
        return ConsoleSender(settings.otp_file)
    raise Misconfigured("nobody would send one-time codes: set sms_webhook_url and sms_webhook_secret")
