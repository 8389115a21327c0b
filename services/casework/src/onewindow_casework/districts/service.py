"""Keeping the register of areas and the calendar, and telling the other services what changed."""

from datetime import date

from onewindow_casework.admission import clocks as clocks_of_admission
from onewindow_casework.certificates import clocks as clocks_of_certificates
from onewindow_casework.clocks import rules as rules_of_clocks
from onewindow_casework.clocks.queries import own_calendar
from onewindow_casework.clocks.service import LIMITS
from onewindow_casework.delays.arising import REASONS
from onewindow_casework.disclosure import clocks as clocks_of_disclosure
from onewindow_casework.districts import queries, rules
from onewindow_casework.districts.models import Department, Notice
from onewindow_casework.evaluations import rounds as rounds_of_evaluation
from onewindow_casework.funding import schedule as schedule_of_funding
from onewindow_casework.orders import clocks as clocks_of_orders
from onewindow_casework.reviews import clocks as clocks_of_reviews
from onewindow_casework.reviews.inviting import WINDOWS
from onewindow_casework.supervision import escalating
from onewindow_shared.contracts.casework import (
    CalendarDayOut,
    CalendarIn,
    CalendarOut,
    DepartmentOut,
    OffDayKind,
)
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged, DepartmentChanged
from onewindow_shared.plumbing.problems import VersionStale, invalid
from onewindow_shared.plumbing.reference import (
    Area,
    CalendarYear,
    area_changed,
    calendar_changed,
)
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import FIXED_HOLIDAYS

COUNTED_AGAIN = (
    LIMITS,
    clocks_of_admission.recount,
    schedule_of_funding.recount,
    clocks_of_orders.recount,
    clocks_of_certificates.recount,
    clocks_of_disclosure.recount,
    escalating.ANSWERS,
    REASONS,
    rounds_of_evaluation.recount,
    clocks_of_reviews.DUE_DAYS,
    WINDOWS,
)
"""What is counted in working days, and again when days change; each returns how many last days moved."""


def read_year(unit: Unit, year: int) -> CalendarOut:
    """Return the exceptions of a year; of one not published, the holidays whose date is fixed."""
    known = unit.session.get(CalendarYear, year)
    notice = queries.notices(unit, year).get(year)
    days = queries.exceptions(unit, year)
    if known is None:
        fixed = {date(year, *day): (OffDayKind.HOLIDAY.value, name) for day, name in FIXED_HOLIDAYS.items()}
        days = fixed | days
    return CalendarOut(
        year=year,
        published=known is not None,
        status=rules.status_of(known.revision if known else 0),
        revision=known.revision if known else 0,
        notice=notice.notice if notice else None,
        source=notice.source if notice else None,
        days=[
            CalendarDayOut(day=day, kind=OffDayKind(kind), name=name)
            for day, (kind, name) in sorted(days.items())
        ],
    )


def import_year(unit: Unit, year: int, body: CalendarIn, *, seen: int | None = None) -> CalendarOut:
    """Replace a year by its notice, count the limits again that it touches, and tell everybody.

    The notice may move the last days of the year before; they are kept when that year is imported again.
    Whoever saw another revision than the present one is refused with `VersionStale`.
    """
    faults = rules.faults_of_notice(year, body.days)
    if faults:
        raise invalid(faults)
    own_calendar(unit)
    _expect(unit, year, seen)
    newly_published = not _known(unit, year)
    restated = _keep_notice(unit, year, body)
    changed = _follow_notices(unit, year, restated=restated)
    if _known(unit, year - 1):
        changed |= _follow_notices(unit, year - 1)
    moved = _count_again(unit, year, changed, newly_published=newly_published)
    unit.audit("calendar.imported", "calendar", str(year), detail={"notice": body.notice, "moved": moved})
    return read_year(unit, year)


def _known(unit: Unit, year: int) -> bool:
    return unit.session.get(CalendarYear, year) is not None


def _expect(unit: Unit, year: int, seen: int | None) -> None:
    current = read_year(unit, year)
    if seen not in {None, current.revision}:
        raise VersionStale(detail="Somebody was faster.", current=current.model_dump(mode="json"))


def _keep_notice(unit: Unit, year: int, body: CalendarIn) -> bool:
    """Keep a notice; say whether its name or source is another than before."""
    before = queries.notices(unit, year).get(year)
    restated = before is not None and (before.notice, before.source) != (body.notice, body.source)
    days = [[here.day.isoformat(), here.kind, here.name] for here in body.days]
    notice = Notice(
        year=year, notice=body.notice, source=body.source, days=sorted(days), imported_at=unit.now
    )
    unit.session.merge(notice)
    unit.session.flush()
    return restated


def _follow_notices(unit: Unit, year: int, *, restated: bool = False) -> set[date]:
    """Make a year what the notices say, tell the other services, and return the days that changed."""
    found = {known.year: known.days for known in queries.notices(unit, year, year + 1).values()}
    after = rules.year_of(year, found)
    changed = rules.differing(queries.exceptions(unit, year), after)
    if changed or restated:
        days = [(day, kind, name) for day, (kind, name) in sorted(after.items())]
        known = unit.session.get(CalendarYear, year)
        event = CalendarChanged(year=year, days=days, revision=known.revision + 1 if known else 1)
        calendar_changed(unit, event)
        unit.session.flush()
        unit.publish(event)
    return changed


def _count_again(unit: Unit, year: int, changed: set[date], *, newly_published: bool) -> int:
    if not changed:
        return 0
    first, last = rules_of_clocks.reach(year, changed, newly_published=newly_published)
    return sum(count(unit, first, last) for count in COUNTED_AGAIN)


def as_told(area: Area) -> AreaChanged:
    """Return what the others are told of an area as it is now, without a number."""
    return AreaChanged(
        code=area.code,
        name=area.name,
        kind=AreaKind(area.kind),
        population=area.population,
        effective_from=area.effective_from,
        effective_until=area.effective_until,
        heir=area.heir,
    )


def keep_area(unit: Unit, event: AreaChanged) -> bool:
    """Keep an area of the register, and tell the other services if it is new or changed."""
    area = unit.session.get(Area, event.code)
    if area is not None and as_told(area) == event:
        return False
    numbered = event.model_copy(update={"revision": area.revision + 1 if area else 1})
    area_changed(unit, numbered)
    unit.publish(numbered)
    return True


def keep_department(unit: Unit, department: DepartmentOut) -> None:
    """Keep a department of its district, and tell the other services if its name is new to them."""
    known = unit.session.get(Department, (department.district, department.code))
    if known is None or known.name != department.name:
        unit.publish(
            DepartmentChanged(district=department.district, code=department.code, name=department.name)
        )
    unit.session.merge(Department(**department.model_dump()))
