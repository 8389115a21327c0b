"""How often a tracking code may be guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Guard:
    """Wrong codes for one number that are borne within a window of time."""

    tries: int
    window: timedelta

    def refuses(self, failures: int, until: datetime, now: datetime) -> bool:
        """Say whether a number with so many wrong codes until then may not be tried now."""
        return failures >= self.tries and now < until
