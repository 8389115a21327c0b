"""Quarters, when what happened in one is to be published, and which counts of persons are."""

from datetime import date, timedelta

MONTHS = 3


def period_of(day: date) -> str:
    """Return the quarter that a day belongs to, e.g. 2026Q4."""
    return f"{day.year}Q{(day.month - 1) // MONTHS + 1}"


def days_of(period: str) -> tuple[date, date]:
    """Return the first and the last day of a quarter."""
    year, number = int(period[:4]), int(period[5])
    first = date(year, (number - 1) * MONTHS + 1, 1)
    return first, first_after(period) - timedelta(days=1)


def first_after(period: str) -> date:
    """Return the day on which the next quarter begins."""
    year, number = int(period[:4]), int(period[5])
    return date(year + number // 4, number % 4 * MONTHS + 1, 1)


def judged_on(due_on: date) -> date:
    """Return the first day on which it is known whether something was published in time."""
    return due_on + timedelta(days=1)


def published(count: int, least: int) -> int | None:
    """Return a count of persons as it is published: not at all where it could point at one of them."""
    return None if 0 < count < least else count
