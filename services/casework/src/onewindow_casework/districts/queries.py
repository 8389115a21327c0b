"""Reading the register and the calendar."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.districts.models import Department, Notice
from onewindow_casework.districts.rules import Exceptions
from onewindow_shared.contracts.casework import CommunityOut, DepartmentOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import LARGER, Area, CalendarException
from onewindow_shared.plumbing.scope import STREET
from onewindow_shared.plumbing.unit import Unit

BY_AREA = Keyset((Area.code,))
BY_DEPARTMENT = Keyset((Department.code,))


def communities(unit: Unit, wanted: Wanted, street: str | None) -> Page[CommunityOut]:
    """Return a page of the communities of the register, or of one street."""
    streets = unit.session.execute(select(Area.code, Area.name).where(Area.kind == AreaKind.STREET))
    names = dict(streets.all())
    query = select(Area).where(Area.kind.not_in(LARGER))
    if street is not None:
        query = query.where(Area.code.startswith(street, autoescape=True))

    def show(area: Area) -> CommunityOut:
        return CommunityOut(
            code=area.code,
            name=area.name,
            kind=AreaKind(area.kind),
            street=area.code[:STREET],
            street_name=names.get(area.code[:STREET], area.code[:STREET]),
            population=area.population,
        )

    return page(unit, query, BY_AREA, wanted, bound=f"communities {street}", show=show)


def departments(unit: Unit, wanted: Wanted) -> Page[DepartmentOut]:
    """Return a page of the departments of the district."""
    return page(unit, select(Department), BY_DEPARTMENT, wanted, bound="departments", show=_department)


def _department(department: Department) -> DepartmentOut:
    return DepartmentOut(code=department.code, name=department.name, name_en=department.name_en)


def exceptions(unit: Unit, year: int) -> Exceptions:
    """Return the exceptions of a year as the calendar has them now."""
    query = select(CalendarException).where(
        CalendarException.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    return {row.day: (row.kind, row.name) for row in unit.session.scalars(query)}


def notices(unit: Unit, *years: int) -> dict[int, Notice]:
    """Return the notices of these years, as far as there are any."""
    query = select(Notice).where(Notice.year.in_(years))
    return {notice.year: notice for notice in unit.session.scalars(query)}
