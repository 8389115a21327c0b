"""How often a code may be guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Guard:
    """Wrong codes for one number, and by one client, that are borne within a window of time."""

    tries: int
    client_tries: int
    window: timedelta


def refuses(tries: int, failures: int, until: datetime, now: datetime) -> bool:
    """Say whether so many wrong codes until then allow no further try now."""
    return failures >= tries and now < until
