"""Bodies in JSON say each thing once: of two values under one key all but the last would be lost.

The framework keeps the last one silently (RFC 8259, 4). A second look costs a few microseconds; only where it
finds something is it looked at once more, to say where.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from onewindow_shared.plumbing.conditional import JSON_TYPE
from onewindow_shared.plumbing.problems import UNREADABLE, invalid

REPEATED: Final = "repeated"
"""How it is called that something is told more often than once, as in a query."""
MOST_NAMED: Final = 20


class _TwiceError(Exception):
    """A key stands twice in one object."""


class _Members(list[tuple[str, Any]]):
    """An object with all that stands in it."""


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(members)
    if len(told) < len(members):
        raise _TwiceError
    return told


_QUICK, _WHOLE = json.JSONDecoder(object_pairs_hook=_once), json.JSONDecoder(object_pairs_hook=_Members)


def is_json(request: Request) -> bool:
    """Say whether a body comes as JSON, by what its type says."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == JSON_TYPE or (kind.startswith("application/") and kind.endswith("+json"))


def expect_once(body: bytes) -> None:
    """Raise `Invalid` that names every key which stands twice in an object; of what is JSON, or nothing."""
    if not body:
        return
    text = body.decode(json.detect_encoding(body), "surrogatepass")
    try:
        _QUICK.decode(text)
    except _TwiceError:
        paths = islice(_repeated(_WHOLE.decode(text)), MOST_NAMED)
        raise invalid(dict.fromkeys(paths, "is there twice"), kind=REPEATED) from None
    except RecursionError:
        raise HTTPException(UNREADABLE) from None


def _repeated(document: Any) -> Iterator[str]:
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Members):
            several = Counter(key for key, _ in value)
            yield from (f"{path}{key}" for key, times in several.items() if times > 1)
            waiting += [(f"{path}{key}.", inner) for key, inner in value]
        elif isinstance(value, list):
            waiting += [(f"{path}{place}.", inner) for place, inner in enumerate(value)]
