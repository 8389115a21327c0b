"""Changes of figures as server-sent events (WHATWG HTML, section 9.2): the whole answer, when it changed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from onewindow_shared.contracts.indicators import AreaMetrics

QUIET_SECONDS = 5.0
"""After so long without a change a comment is sent: nobody on the way closes the connection, and who hears
nothing for longer knows that they are cut off."""
RETRY_MILLISECONDS = 2000
"""How long a client waits before it connects again."""


async def events(
    look: Callable[[], Awaitable[AreaMetrics | None]],
    tag_of: Callable[[AreaMetrics], str],
    seen: str | None,
    seconds: float,
    lasting: float,
    stopping: asyncio.Event,
) -> AsyncGenerator[bytes]:
    """Look every so many seconds, for so many, and tell what is not as it was `seen`.

    It ends before, when there is nothing to look at or the server stops.

    Each event's id is the tag of the figures, which a client that connects again sends as `Last-Event-ID`.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    quiet = passed = 0.0
    while (found := await look()) is not None:
        tag = tag_of(found)
        if tag != seen:
            seen, quiet = tag, 0.0
            yield f"event: figures\nid: {tag}\ndata: {found.model_dump_json()}\n\n".encode()
        elif quiet >= QUIET_SECONDS:
            quiet = 0.0
            yield b": nothing new\n\n"
        if passed >= lasting or await _comes(stopping, seconds):
            return
        quiet, passed = quiet + seconds, passed + seconds


async def _comes(event: asyncio.Event, seconds: float) -> bool:
    """Wait for something for so many seconds; say whether it came."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
