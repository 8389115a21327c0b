"""Which earlier days a period is compared with."""

from calendar import monthrange
from datetime import date, timedelta

from onewindow_shared.contracts.indicators import Before

Period = tuple[date, date]
DAY = timedelta(days=1)


def earlier(period: Period, before: Before) -> Period | None:
    """Return the period to compare with; none before the year 1.

    A year ago are the same days, the 28th for a 29 February. The period before are as many months where this
    one begins with a month (of one still running, as many of its days), else as many days.
    """
    first, last = period
    months = 12
    if before is Before.PREVIOUS:
        if first.day != 1:
            length = last - first + DAY
            return (first - length, last - length) if first - date.min >= length else None
        months = 12 * (last.year - first.year) + last.month - first.month + 1
    if 12 * first.year + first.month - 1 - months < 12:
        return None
    return _back(first, months), _back(last, months, whole=before is Before.PREVIOUS and _ends(last))


def _ends(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _back(day: date, months: int, *, whole: bool = False) -> date:
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    longest = monthrange(year, month + 1)[1]
    return date(year, month + 1, longest if whole else min(day.day, longest))
