"""When somebody is asked whether they stay."""

from calendar import monthrange
from datetime import datetime, tzinfo

MONTHS = 12


def months_after(at: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the same hour of the district so many months later; a shorter month's last day will do."""
    local = at.astimezone(zone)
    year, month = divmod(local.year * MONTHS + local.month - 1 + months, MONTHS)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
