"""Asks the services what a page shows, as anybody may ask them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import httpx2
import structlog

from onewindow_gateway.deps import Gateway
from onewindow_gateway.pages.words import words_of
from onewindow_shared.contracts.common import Contract

SECONDS = 5.0
WAIT, NOT_THERE, NOT_READ, NOT_NOW = 429, 404, 422, 409
log = structlog.get_logger()
Told = TypeVar("Told", bound=Contract)


class Silence(StrEnum):
    """Why a page has nothing to show."""

    UNKNOWN = "unknown"
    """Number and code do not belong together, or there is no such thing."""
    UNREADABLE = "unreadable"
    """What was typed cannot be such a number or code."""
    OVER = "over"
    """It was done already, or its time is over."""
    WAIT = "wait"
    """Too many were tried."""
    OUT = "out"
    """A service does not answer now."""

    @property
    def status(self) -> int:
        """The status of the page that says so."""
        return {"unknown": 404, "unreadable": 422, "over": 409, "wait": 429, "out": 503}[self.value]


class NothingTold(Exception):
    """A service did not say what a page is to show."""

    def __init__(self, why: Silence, words: tuple[str, str] | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.words = words
        """What the service refused, in Chinese and English, where it named it."""


_WHY = {NOT_NOW: Silence.OVER, NOT_THERE: Silence.UNKNOWN, NOT_READ: Silence.UNREADABLE, WAIT: Silence.WAIT}


@dataclass(frozen=True)
class Asker:
    """Whoever looks at a page: their address goes along, since wrong codes are counted by it."""

    gateway: Gateway
    client: str
    request_id: str

    async def get(
        self, kind: Callable[[bytes], Told], service: str, path: str, params: Mapping[str, Any] | None = None
    ) -> Told:
        """Read something; raises `NothingTold`."""
        return await self._ask("GET", kind, service, path, params=params)

    async def post(
        self,
        kind: Callable[[bytes], Told],
        service: str,
        path: str,
        body: Mapping[str, Any],
        key: str | None = None,
    ) -> Told:
        """Ask with what must stand in no address, or make something under an idempotency key.

        Raises `NothingTold`.
        """
        return await self._ask("POST", kind, service, path, json=body, key=key)

    async def _ask(
        self,
        method: str,
        kind: Callable[[bytes], Told],
        service: str,
        path: str,
        key: str | None = None,
        **sent: Any,
    ) -> Told:
        address = f"{self.gateway.settings.upstream(service)}/api/{service}/v1/{path}"
        headers = {"X-Forwarded-For": self.client, "X-Request-ID": self.request_id}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            answer = await self.gateway.client.request(
                method, address, headers=headers, timeout=SECONDS, **sent
            )
            if answer.status_code in _WHY:
                raise NothingTold(_WHY[answer.status_code], words_of(answer.content))
            answer.raise_for_status()
            return kind(answer.content)
        except (httpx2.HTTPError, ValueError) as error:
            log.warning("nothing for a page", upstream=service, error=type(error).__name__)
            raise NothingTold(Silence.OUT) from error
