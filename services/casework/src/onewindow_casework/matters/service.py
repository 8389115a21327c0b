"""Keeping a district's standing matters."""

from onewindow_casework.matters import queries
from onewindow_casework.matters.models import Matter
from onewindow_shared.contracts.admission import MatterLiftIn, MatterOut
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit


def keep(unit: Unit, matter: Matter) -> None:
    """Put in a standing matter unless the district has it already, whatever it made of it."""
    known = queries.of_code(unit, matter.district, matter.code)
    if known is None:
        unit.session.add(matter)


def lift(unit: Unit, district: str, code: str, seen: int, body: MatterLiftIn) -> MatterOut:
    """Set a standing matter aside by a basis of the district's own, or follow it again.

    Applications are checked by it at once; the lists follow with their next version.
    """
    if not unit.actor.scope.covers(district):
        raise NotFound
    matter = queries.find(unit, district, code)
    expect_version(queries.show(matter), seen)
    matter.lifted = body.basis.model_dump(mode="json") if body.basis else None
    matter.version += 1
    detail = {"lifted": body.basis is not None}
    unit.audit("matter.lifted", "matter", code, area=district, detail=detail)
    return queries.show(matter)
