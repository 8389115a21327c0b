"""The holidays that the State Council has published, as far as the `chinesecalendar` package carries them."""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

from chinese_calendar import constants

from onewindow_shared.plumbing.workdays import CalendarDay, DayKind, WorkCalendar

_OFF: dict[date, str] = constants.holidays
_MAKEUP: dict[date, str] = constants.workdays
_NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}
_NEEDED = {constants.Holiday.spring_festival.value, constants.Holiday.national_day.value}


def available_years() -> list[int]:
    """The years carried in full: a stray January day of a later notice does not make a year."""
    found: dict[int, set[str]] = {}
    for day, name in _OFF.items():
        found.setdefault(day.year, set()).add(name)
    return sorted(year for year, names in found.items() if names >= _NEEDED)


def published(years: Iterable[int]) -> list[CalendarDay]:
    """Holidays (weekends within them included) and make-up days of these years, in order, with Chinese names.

    Raises ValueError for a year that is not carried.
    """
    wanted = set(years)
    unknown = wanted.difference(available_years())
    if unknown:
        raise ValueError(f"no published holidays for {', '.join(map(str, sorted(unknown)))}")
    days = [CalendarDay(day, DayKind.HOLIDAY, _NAMES[name]) for day, name in _OFF.items()]
    days += [CalendarDay(day, DayKind.MAKEUP, _NAMES[name]) for day, name in _MAKEUP.items()]
    return sorted((day for day in days if day.day.year in wanted), key=lambda day: day.day)


def shipped_calendar() -> WorkCalendar:
    """The calendar of all carried years, for a district that has imported none of its own."""
    years = available_years()
    return WorkCalendar(published(years), years, f"chinesecalendar-{version('chinesecalendar')}")
