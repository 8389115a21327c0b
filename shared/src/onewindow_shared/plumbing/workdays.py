"""Working days and legal limits: which days count, when a limit ends, and why.

Pure: plain dates in, plain dates out. The rules of counting are 民法典 arts. 201 (the first day is not
counted) and 203 (the last day ends at close of business), in working days (行政许可法 art. 82); make-up
days worked for a holiday count.

Pauses: 行政许可法 art. 45 takes the time of a special procedure out of the limit. Every day from the start
of a pause to its end, both included, is not counted: on none of them had the authority the whole day, a
limit paused on its last day is not over the moment it resumes, and counting goes on "from the next day" as
art. 201 has it.

A year is known once the State Council has published its holidays, usually in November of the year before.
Other years are estimated: Monday to Friday without the holidays of fixed date (全国年节及纪念日放假办法);
the lunar ones, Qingming and all make-up days cannot be known. A limit that reaches an estimated day is
provisional.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
YEAR_END = (12, 25)
"""From here on the next year's notice may still move days, as it did in 2006, 2007, 2011 and 2018."""
ONE_DAY = timedelta(days=1)


class BeyondCalendar(ValueError):
    """A day after the year 9999 would be needed."""


class ClockStopped(ValueError):
    """A pause that has not ended comes before the end of the limit, which therefore has no day yet."""


class DayKind(StrEnum):
    """What a day is in the working calendar; work is done on `WORKDAY` and `MAKEUP`."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


class Why(StrEnum):
    """Why a day was counted (the first two) or not."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    START = "start"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: its kind, the holiday it belongs to ("" for none), and whether its year is only estimated."""

    day: date
    kind: DayKind
    name: str = ""
    estimated: bool = False

    @property
    def working(self) -> bool:
        """Whether work is done."""
        return self.kind in (DayKind.WORKDAY, DayKind.MAKEUP)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that are not counted, first and last included; `until=None` while the pause lasts."""

    start: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit; provisional while a day on the way is only estimated."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One line of an explanation: `number` is the running number of a counted day, `name` the holiday's."""

    day: date
    counted: bool
    why: Why
    number: int | None = None
    name: str = ""
    estimated: bool = False


class WorkCalendar:
    """The working calendar of a district: Monday to Friday, corrected by the days handed in.

    `exceptions` are holidays and make-up days (any kind may be set); `published` are the years whose
    holidays are known; `version` names this state of the calendar, to be kept with what was computed from
    it.
    """

    def __init__(self, exceptions: Iterable[CalendarDay], published: Collection[int], version: str) -> None:
        self._exceptions = {day.day: day for day in exceptions}
        self.look_up = lru_cache(maxsize=4096)(self._look_up)
        """What a day is; never fails, whatever the year."""
        self._last_day = lru_cache(maxsize=4096)(self._find_last_day)
        self.published = frozenset(published)
        self.version = version

    def _look_up(self, day: date) -> CalendarDay:
        known = self._exceptions.get(day)
        if known is not None:
            return known
        estimated = self.is_estimated(day)
        holiday = FIXED_HOLIDAYS.get((day.month, day.day)) if day.year not in self.published else None
        if holiday:
            return CalendarDay(day, DayKind.HOLIDAY, holiday, estimated)
        return CalendarDay(day, DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY, "", estimated)

    def kind(self, day: date) -> DayKind:
        """What a day is."""
        return self.look_up(day).kind

    def is_workday(self, day: date) -> bool:
        """Whether a day counts."""
        return self.look_up(day).working

    def is_estimated(self, day: date) -> bool:
        """Whether the State Council may still change this day.

        True for years not published, and for the last week of a December whose next year is not.
        """
        if day in self._exceptions:
            return False
        if day.year not in self.published:
            return True
        return (day.month, day.day) >= YEAR_END and day.year + 1 not in self.published

    def due(self, start: date, days: int, pauses: Sequence[Pause] = ()) -> Due:
        """The last day of a limit of `days` working days that begins on `start`.

        No days at all (an instant case) end on the start day itself, or on the next working day if it is
        none. The cost grows with the days: callers limit them. Raises `BeyondCalendar`, `ClockStopped`, and
        ValueError for negative days.
        """
        return self._last_day(start, days, tuple(pauses))

    def _find_last_day(self, start: date, days: int, pauses: tuple[Pause, ...]) -> Due:
        provisional = False
        last = start
        for here, paused in self._walk(start, days, pauses):
            if paused and _endless(here.day, pauses):
                raise ClockStopped("the limit is paused and has no last day yet")
            provisional = provisional or (here.estimated and not paused)
            last = here.day
        return Due(last, provisional)

    def explain(self, start: date, days: int, pauses: Sequence[Pause] = ()) -> list[CountedDay]:
        """Every day from the start to the end of the limit, and why each counted or not.

        While a pause lasts, the list ends with its first day. Raises `BeyondCalendar` and ValueError like
        `due`.
        """
        lines = [CountedDay(start, counted=False, why=Why.START)] if days > 0 else []
        number = 0
        for here, paused in self._walk(start, days, pauses):
            counted = here.working and not paused
            number += counted
            why = Why.PAUSED if paused else Why(here.kind)
            lines.append(
                CountedDay(here.day, counted, why, number if counted else None, here.name, here.estimated)
            )
            if paused and _endless(here.day, pauses):
                break
        return lines

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after the first and up to the second date; negative when the second is the earlier."""
        if until < after:
            return -self.working_days_between(until, after)
        return sum(self.is_workday(after + timedelta(days=n + 1)) for n in range((until - after).days))

    def _walk(self, start: date, days: int, pauses: Sequence[Pause]) -> Iterator[tuple[CalendarDay, bool]]:
        """Each day after the start with whether it is paused, up to the last one counted."""
        if days < 0:
            raise ValueError("a limit has no negative number of days")
        if days > (date.max - start).days:
            raise BeyondCalendar("this limit ends after the year 9999")
        left = max(days, 1)
        day = _next(start) if days else start
        while True:
            here = self.look_up(day)
            paused = any(day in pause for pause in pauses)
            yield here, paused
            left -= here.working and not paused
            if not left:
                return
            day = _next(day)


def local_day(instant: datetime, zone: tzinfo = SHANGHAI) -> date:
    """The day an instant falls on in the district; raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant without offset falls on no certain day")
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        raise BeyondCalendar("this instant lies outside the calendar") from None


def midnight(day: date, zone: tzinfo = SHANGHAI) -> datetime:
    """The instant at which a day of the district begins."""
    return datetime.combine(day, time(), zone)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last one of a month that is too short (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def close_of_business(day: date, zone: tzinfo = SHANGHAI, hour: int = 17, minute: int = 0) -> datetime:
    """The instant a last day ends (民法典 art. 203): the hour business stops, or 24 for a whole day."""
    if hour == 24:
        day, hour = _next(day), 0
    return datetime.combine(day, time(hour, minute), zone)


def _next(day: date) -> date:
    if day == date.max:
        raise BeyondCalendar("the calendar ends with the year 9999")
    return day + ONE_DAY


def _endless(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.until is None and day in pause for pause in pauses)
