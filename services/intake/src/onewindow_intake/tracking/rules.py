"""What a case waits for, from whom and until when, with every day of the limit accounted for (C2, C3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, tzinfo

from onewindow_intake.tracking.words import LINE, PARTIES, SEEN_NEXT, WAITS, Wait
from onewindow_shared.contracts.cases import Awaited, AwaitedLine, AwaitedPaper, ToldDay, TrackedLimit
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.plumbing.papers import chinese_day
from onewindow_shared.plumbing.workdays import CountedDay, Why, WorkCalendar, close_of_business

MOST_DAYS = 400
"""Calendar days of a limit beyond which it is not told day by day."""
_UNSETTLED = "（放假安排尚未公布，暂按此计）"


@dataclass(frozen=True)
class Limit:
    """How a limit came about: so many working days after `start`, or with none, `start` itself."""

    start: date
    working_days: int
    ends_at: datetime
    told: str
    """Where it comes from, in words."""


def wait(status: CaseStatus, *, owes: bool) -> Wait | None:
    """Return what a case waits for; `owes` says whether the applicant has something left to bring."""
    if status in ENDS:
        return None
    return WAITS[status] if owes else SEEN_NEXT.get(status, WAITS[status])


def awaited_line(number: int, until: datetime) -> AwaitedLine:
    """Say of a line of the notice of corrections where to read it."""
    return AwaitedLine(line=number, told=LINE.format(number=number), until=until)


def awaited(
    awaits: Wait,
    office: str,
    papers: Sequence[AwaitedPaper],
    lines: Sequence[AwaitedLine],
    limit: TrackedLimit | None,
    *,
    also: str = "",
) -> Awaited:
    """Say what is awaited; `also` is what follows if it does not come."""
    return Awaited(
        party=awaits.party,
        of=PARTIES[awaits.party].format(office=office),
        what=awaits.what,
        why=f"{awaits.why}{also}",
        papers=papers,
        lines=lines,
        limit=limit,
    )


def of_notice(start: date, days: int, ends_at: datetime) -> Limit:
    """The time in which the window has to answer."""
    return Limit(start, days, ends_at, f"自{chinese_day(start)}收件次日起计{days}个工作日")


def of_date(day: date, ends_at: datetime, what: str) -> Limit:
    """A date that was set; on a day off it moves on to the next working day (民法典 art. 203)."""
    return Limit(day, 0, ends_at, f"{what}为{chinese_day(day)}，遇休息日顺延至下一个工作日")


def of_promise(
    calendar: WorkCalendar, accepted_on: date, due_on: date, promised: int, zone: tzinfo, hour: int
) -> Limit | None:
    """The promised time up to the day that holds now, or None for one without end.

    The day is casework's, which may have had to move it: the days up to it are counted.
    """
    if due_on.year == MAXYEAR:
        return None
    ends_at = close_of_business(due_on, zone, hour).astimezone(UTC)
    if promised == 0 and calendar.due(accepted_on, 0).day == due_on:
        return of_date(accepted_on, ends_at, "承诺办结日期")
    near = (due_on - accepted_on).days <= MOST_DAYS
    days = calendar.working_days_between(accepted_on, due_on) if near else promised
    told = f"自{chinese_day(accepted_on)}受理次日起计{days}个工作日"
    if days != promised:
        told += f"（原承诺{promised}个工作日，已调整）"
    return Limit(accepted_on, days, ends_at, told)


def explained(calendar: WorkCalendar, limit: Limit, now: datetime, zone: tzinfo) -> TrackedLimit:
    """Account for every day of a limit."""
    last = limit.ends_at.astimezone(zone)
    near = (last.date() - limit.start).days <= MOST_DAYS
    days = calendar.explain(limit.start, limit.working_days) if near else []
    provisional = any(day.estimated for day in days) or calendar.is_estimated(last.date())
    doubt = "所跨年度的放假安排尚未公布，日期以公布后为准。" if provisional else ""
    counting = "周末和法定节假日不计，调休上班日照计，" if limit.working_days else ""
    until = f"{chinese_day(last.date())}{last:%H时%M分}"
    return TrackedLimit(
        working_days=limit.working_days,
        start=limit.start,
        ends_at=limit.ends_at,
        provisional=provisional,
        over=now >= limit.ends_at,
        told=f"{limit.told}，{counting}到{until}止。{doubt}",
        days=[_told(day, limit) for day in days],
    )


def _told(day: CountedDay, limit: Limit) -> ToldDay:
    place = f"第{day.number}个工作日" if limit.working_days else "工作日，到此为止"
    words = {
        Why.START: "当日不计，次日起算",
        Why.WORKDAY: place,
        Why.MAKEUP: f"{day.name}调休上班，{place}",
        Why.WEEKEND: "周末，不计",
        Why.HOLIDAY: f"{day.name}放假，不计",
    }
    return ToldDay(
        day=day.day,
        counted=day.counted,
        why=day.why,
        number=day.number,
        name=day.name,
        estimated=day.estimated,
        told=words[day.why] + (_UNSETTLED if day.estimated else ""),
    )
