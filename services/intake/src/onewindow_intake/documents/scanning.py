"""The virus scanner: an HTTP address or a command; it says clean, infected, or nothing for now."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import httpx2
import structlog

from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.tls import trusted

SECONDS = 60.0
log = structlog.get_logger()


class Scanner(Protocol):
    """Looks at a content."""

    async def __call__(self, content: AsyncIterator[bytes]) -> Scan:
        """Return what it says; `WAITING` where it cannot be asked."""


def scanner_of(address: str | None, command: Sequence[str]) -> Scanner | None:
    """Return the scanner that the settings name, if they name one."""
    if address is not None:
        return HttpScanner(address)
    return CommandScanner(command) if command else None


class HttpScanner:
    """Posts the bytes; 200 with `{"infected": false}` or true is an answer, anything else is none."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def __call__(self, content: AsyncIterator[bytes]) -> Scan:
        try:
            async with httpx2.AsyncClient(timeout=SECONDS, trust_env=False, verify=trusted()) as client:
                answer = await client.post(self._address, content=content)
            told = answer.json().get("infected") if answer.status_code == 200 else None
        except (httpx2.HTTPError, ValueError, AttributeError):
            log.exception("scanner does not answer")
            return Scan.WAITING
        answers = {True: Scan.INFECTED, False: Scan.CLEAN}
        return answers[told] if isinstance(told, bool) else Scan.WAITING


class CommandScanner:
    """Feeds the bytes to a command, such as `clamdscan -`: 0 is clean, 1 infected, anything else nothing."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    async def __call__(self, content: AsyncIterator[bytes]) -> Scan:
        whole = b"".join([piece async for piece in content])
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=quiet, stderr=quiet
            )
        except OSError:
            log.exception("scanner does not start")
            return Scan.WAITING
        try:
            await asyncio.wait_for(process.communicate(whole), SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
        answers: dict[int | None, Scan] = {0: Scan.CLEAN, 1: Scan.INFECTED}
        return answers.get(process.returncode, Scan.WAITING)
