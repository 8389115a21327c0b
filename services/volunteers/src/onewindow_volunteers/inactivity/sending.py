"""How the question reaches a phone: over the site's own hook, or into the log of the embedded run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

import httpx2
import structlog
from fastapi import FastAPI

from onewindow_shared.plumbing.hooks import Hook
from onewindow_shared.plumbing.messages import open_hook
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.ticker import Job
from onewindow_shared.plumbing.unit import system_actor
from onewindow_volunteers.inactivity import service
from onewindow_volunteers.inactivity.service import Letter
from onewindow_volunteers.settings import Settings

log = structlog.get_logger()


class Sender:
    """Hands one letter after another over; what could not be taken over waits behind others."""

    def __init__(self, runtime: Runtime, hook: Hook | None) -> None:
        self._runtime, self._hook = runtime, hook

    async def next(self) -> int:
        """Send what waits longest; say how much there was."""
        letter = await self._runtime.read(system_actor(self._runtime.name), service.next_letter)
        if letter is None:
            return 0
        try:
            await self._hand_over(letter, letter.answer_by.astimezone(self._runtime.settings.zone))
        except httpx2.HTTPError as error:
            log.warning("a letter was not taken over", number=letter.number, error=type(error).__name__)
            await self._runtime.system(service.was_not_sent, letter)
        else:
            await self._runtime.system(service.was_sent, letter)
        return 1

    async def _hand_over(self, letter: Letter, answer_by: datetime) -> None:
        if self._hook is None:
            log.info("console SMS", phone=letter.phone, link=letter.link)
            return
        told = {"phone": letter.phone, "link": letter.link, "answer_by": answer_by.date().isoformat()}
        await self._hook.post(letter.number, told)


@asynccontextmanager
async def with_sender(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Keep the way to phones open as long as the application lives."""
    async with open_hook(cast("Settings", runtime.settings)) as hook:
        app.state.sender = Sender(runtime, hook)
        yield


def sending(app: FastAPI) -> dict[str, Job]:
    """Return the job that sends, by name."""
    return {"questions": app.state.sender.next}
