"""What this service was told of the districts, as far as a guide names it."""

from datetime import date

from sqlalchemy import select

from onewindow_intake.catalogue.rules import Registers
from onewindow_intake.departments.models import Department
from onewindow_intake.routing.queries import matters
from onewindow_shared.contracts.admission import MatterKind
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.unit import Unit


def registers(unit: Unit, day: date) -> Registers:
    """Return departments and communities as they are known now, and the certificates listed on a day."""
    departments = unit.session.execute(select(Department.district, Department.code))
    return Registers(
        departments=frozenset((district, code) for district, code in departments),
        communities=frozenset(unit.session.scalars(select(Area.code).where(Area.kind.not_in(LARGER)))),
        certificates=tuple(
            matter.known
            for matter in matters(unit, unit.today)
            if matter.kind is MatterKind.CERTIFICATE and matter.stands_on(day)
        ),
    )
