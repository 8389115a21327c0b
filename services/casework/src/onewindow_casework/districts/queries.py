"""Reading the register and the calendar."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.districts.models import Department, Notice
from onewindow_casework.districts.rules import Exceptions
from onewindow_shared.contracts.casework import CommunityOut, DepartmentOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import Area, CalendarException, living
from onewindow_shared.plumbing.scope import DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit

BY_AREA = Keyset((Area.code,))
BY_DEPARTMENT = Keyset((Department.district, Department.code))


def communities(unit: Unit, wanted: Wanted, street: str | None) -> Page[CommunityOut]:
    """Return a page of today's communities of the register, or of one street."""
    streets = unit.session.execute(select(Area.code, Area.name).where(Area.kind == AreaKind.STREET))
    names = dict(streets.all())
    query = living(select(Area), unit.today)
    if street is not None:
        query = query.where(Area.code.startswith(unit.heir(street), autoescape=True))

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
    """Return a page of the departments of the actor's district; of every one for whoever works in none."""
    district = unit.actor.area[:DISTRICT] if unit.actor.area else None
    query = select(Department)
    if district is not None:
        query = query.where(Department.district == district)
    return page(unit, query, BY_DEPARTMENT, wanted, bound=f"departments {district}", show=_shown)


def _shown(department: Department) -> DepartmentOut:
    return DepartmentOut(
        district=department.district,
        code=department.code,
        name=department.name,
        name_en=department.name_en,
    )


def department_name(unit: Unit, district: str, code: str) -> str | None:
    """Return what a district calls a department; none where it has no such department."""
    department = unit.session.get(Department, (district, code))
    return department.name if department else None


def department_names(unit: Unit, district: str) -> dict[str, str]:
    """Return what a district calls its departments, by code."""
    query = select(Department.code, Department.name).where(Department.district == district)
    return dict(unit.session.execute(query).all())


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
