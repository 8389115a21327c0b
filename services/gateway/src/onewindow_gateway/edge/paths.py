"""Which paths may be forwarded, and to which service."""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

_SUSPICIOUS = re.compile(rb"%|/\.|\\|;")
_HIDDEN_SEPARATORS = (b"\\", b"\x00", b"\r", b"\n")

T = TypeVar("T")


def is_plain(raw_path: bytes) -> bool:
    """Whether every reader of the path sees the same segments.

    False for dot segments, encoded slashes and backslashes in any spelling: a service that resolves
    them would serve another path than the one that was routed.
    """
    if not _SUSPICIOUS.search(raw_path):
        return True
    if b"%2f" in raw_path.lower():
        return False
    decoded = unquote_to_bytes(raw_path)
    if any(mark in decoded for mark in _HIDDEN_SEPARATORS):
        return False
    return not any(segment.split(b";")[0] in (b".", b"..") for segment in decoded.split(b"/"))


class Routes(Generic[T]):
    """Prefixes of paths and what serves them, longest prefix first."""

    def __init__(self, targets: Mapping[str, T]) -> None:
        """Raises `ValueError` for a prefix that is not a whole path segment or opens internal addresses."""
        for prefix in targets:
            if not (prefix.startswith("/") and prefix.endswith("/") and is_plain(prefix.encode())):
                raise ValueError(f"a routed prefix starts and ends with a slash: {prefix}")
            if prefix == "/" or prefix.startswith("/internal/"):
                raise ValueError(f"this prefix would open internal addresses: {prefix}")
        ordered = sorted(targets.items(), key=lambda item: -len(item[0]))
        self._targets = [(prefix.encode(), target) for prefix, target in ordered]

    def find(self, raw_path: bytes) -> T | None:
        """What serves this path, or None: then the gateway's own routes do."""
        for prefix, target in self._targets:
            if raw_path.startswith(prefix):
                return target
        return None
