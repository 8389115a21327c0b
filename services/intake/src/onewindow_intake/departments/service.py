"""Keeping the copy of the departments, and asking it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.departments.models import Department
from onewindow_shared.contracts.events import DepartmentChanged
from onewindow_shared.plumbing.unit import Unit


def department_changed(unit: Unit, event: DepartmentChanged) -> None:
    """Keep what is told of a department; events of one department come in their order."""
    unit.session.merge(Department(**event.model_dump()))


def department_name(session: Session, district: str, code: str) -> str | None:
    """Return what a district calls a department; None where it has told of no such department."""
    department = session.get(Department, (district, code))
    return department.name if department else None


def department_names(session: Session) -> dict[tuple[str, str], str]:
    """Return what departments are called, by district and code."""
    return {(one.district, one.code): one.name for one in session.scalars(select(Department))}
