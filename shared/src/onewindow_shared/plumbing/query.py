"""Query parameters gathered in one value.

A class as a dependency would be called in a thread of its own, for every request (FastAPI takes whatever is
not `async def` for something that may block).
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends


def from_query(kind: Callable[..., Any]) -> Any:
    """Depend on a dataclass whose fields are query parameters."""

    async def gathered(**values: Any) -> Any:
        return kind(**values)

    called: Callable[..., Awaitable[Any]] = gathered
    called.__signature__ = inspect.signature(kind)  # type: ignore[attr-defined] # read by FastAPI
    return Depends(called)
