"""Whether a file goes on to its end, told from its pieces without opening it."""

from typing import Final

TAIL = 4096
"""Bytes of the end in which its mark is looked for: readers of PDF bear something behind it."""
PICTURE_END: Final = b"IEND\xaeB`\x82"
PAGES_END: Final = b"%%EOF"
PHOTO_END: Final = b"\xff\xd9"
_PHOTO: Final = b"\xff\xd8"
_MARK, _SCAN = 0xFF, 0xDA
_RIFF = 8
"""Bytes before what a WebP file counts as its size, which the latter four of them tell."""


class Ending:
    """Looks at a content piece by piece for what every whole file of its type has at its end."""

    def __init__(self) -> None:
        self._size = 0
        self._head, self._tail = b"", b""
        self._scan: int | None = None
        self._photo_ended = False

    def see(self, piece: bytes) -> None:
        """Look at the next piece."""
        if self._scan is None:
            self._begin(piece)
        elif not self._photo_ended:
            self._photo_ended = PHOTO_END in self._tail[-1:] + piece
        self._size += len(piece)
        self._tail = (self._tail + piece)[-TAIL:]

    def _begin(self, piece: bytes) -> None:
        """Look for where a photo itself begins: its header may hold a small one with an end of its own."""
        self._head += piece
        self._scan = scan_of(self._head)
        if self._scan is not None:
            self._photo_ended = PHOTO_END in self._head[self._scan :]
            self._head = self._head[:_RIFF]

    def reached(self, media_type: str) -> bool:
        """Say whether the content goes on to its end; containers have theirs looked at when they are opened.

        What a telephone adds behind a photo does no harm.
        """
        match media_type:
            case "image/jpeg":
                return self._photo_ended
            case "image/png":
                return PICTURE_END in self._tail
            case "image/webp":
                return self._size >= _RIFF + int.from_bytes(self._head[4:_RIFF], "little")
            case "application/pdf":
                return PAGES_END in self._tail
        return True


def scan_of(head: bytes) -> int | None:
    """Return where the header of a photo ends, None where it goes on; what is no photo has none."""
    if not head.startswith(_PHOTO):
        return 0 if len(head) >= _RIFF else None
    at = len(_PHOTO)
    while at + 4 <= len(head):
        if head[at] != _MARK or head[at + 1] == _SCAN:
            return at
        filled = head[at + 1] == _MARK
        at += 1 if filled else 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return None
