"""Keeping a district's standing matters."""

from onewindow_casework.matters import queries, rules
from onewindow_casework.matters.models import Matter
from onewindow_shared.contracts.admission import (
    MatterIn,
    MatterItemsIn,
    MatterLiftIn,
    MatterOut,
    MatterWordingIn,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import URN, NotFound, NotPermitted, Problem, invalid
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


class CodeTaken(Problem):
    """The district's lists have a matter of this code, followed or set aside."""

    type = URN + "matter-code-taken"
    title = "Code taken"
    status = 409


class NotOwnMatter(Problem):
    """The matter stands there by law or policy, not by a basis of the district's own."""

    type = URN + "not-own-matter"
    title = "Not the district's own"
    status = 409


def keep(unit: Unit, matter: Matter) -> None:
    """Put in a standing matter unless the district has it already, whatever it made of it."""
    known = queries.of_code(unit, matter.district, matter.code)
    if known is None:
        unit.session.add(matter)


def add(unit: Unit, body: MatterIn) -> MatterOut:
    """Put a matter on the lists of the actor's district, by a basis of its own.

    Applications are checked by it at once; the lists follow with their next version.
    """
    if unit.actor.area is None:
        raise NotPermitted(detail="Matters are added by a district.")
    faults = rules.faults_of_matter(body)
    if faults:
        raise invalid(faults)
    district = unit.actor.area[:DISTRICT]
    matter = Matter(district=district, version=1, own=True, **body.model_dump(mode="json"))
    unit.session.add(matter)
    unit.session.flush()
    detail = {"matter_class": body.matter_class}
    unit.audit("matter.added", "matter", body.code, area=district, detail=detail)
    return queries.show(matter)


def reword(unit: Unit, district: str, code: str, seen: int, body: MatterWordingIn) -> MatterOut:
    """Word a matter of the district's own anew; its kind and class stay.

    Applications are checked by it at once; the lists follow with their next version, and those published
    stay as they are.
    """
    matter = _taken(unit, district, code, seen)
    if not matter.own:
        raise NotOwnMatter(detail="What law and policy say is set aside, not worded anew.")
    kept = {"code": code, "kind": matter.kind, "matter_class": matter.matter_class}
    faults = rules.faults_of_matter(MatterIn.model_validate(kept | body.model_dump()))
    if faults:
        raise invalid(faults)
    for name, value in body.model_dump(mode="json").items():
        setattr(matter, name, value)
    matter.version += 1
    unit.audit("matter.reworded", "matter", code, area=district)
    return queries.show(matter)


def lift(unit: Unit, district: str, code: str, seen: int, body: MatterLiftIn) -> MatterOut:
    """Set a standing matter aside by a basis of the district's own, or follow it again.

    Applications are checked by it at once; the lists follow with their next version.
    """
    matter = _taken(unit, district, code, seen)
    matter.lifted = body.basis.model_dump(mode="json") if body.basis else None
    matter.version += 1
    detail = {"lifted": body.basis is not None}
    unit.audit("matter.lifted", "matter", code, area=district, detail=detail)
    return queries.show(matter)


def tie(unit: Unit, district: str, code: str, seen: int, body: MatterItemsIn) -> MatterOut:
    """Say which service items a standing matter is, whoever put it on the lists; the next ones tell of it."""
    matter = _taken(unit, district, code, seen)
    matter.item_codes = sorted(set(body.item_codes))
    matter.version += 1
    unit.audit("matter.tied", "matter", code, area=district, detail={"items": matter.item_codes})
    return queries.show(matter)


def _taken(unit: Unit, district: str, code: str, seen: int) -> Matter:
    if not unit.actor.scope.covers(district):
        raise NotFound
    matter = queries.find(unit, district, code)
    expect_version(queries.show(matter), seen)
    return matter
