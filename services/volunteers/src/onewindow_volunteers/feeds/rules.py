"""A calendar as text (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75
"""Most octets of a line (RFC 5545 section 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True)
class Appointment:
    """A place in a shift."""

    uid: str
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str


def calendar(appointments: Iterable[Appointment]) -> str:
    """Write a calendar that subscribers read again from time to time."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//onewindow//volunteers//ZH", "METHOD:PUBLISH"]
    lines = [*head, *(line for one in appointments for line in _event(one)), "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(one: Appointment) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{_utc(one.changed_at)}"
    yield f"DTSTART:{_utc(one.starts_at)}"
    yield f"DTEND:{_utc(one.ends_at)}"
    yield f"SUMMARY:{one.title.translate(_ESCAPED)}"
    yield f"LOCATION:{one.place.translate(_ESCAPED)}"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Break a line between signs, so that no piece is longer than allowed; each but the first is indented."""
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > OCTETS:
            yield piece
            piece = " "
        piece += sign
    yield piece
