"""Saying at once what an application comes upon."""

from onewindow_casework.admission.forms import form_of
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.matters import queries as matters
from onewindow_casework.matters.rules import WRITTEN, Asked, hits
from onewindow_shared.contracts.admission import Basis, MatterClass
from onewindow_shared.contracts.applications import CheckIn, CheckOut, Finding
from onewindow_shared.contracts.common import Code
from onewindow_shared.plumbing.problems import NotPermitted
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

REFUSING = (MatterClass.FORBIDDEN, MatterClass.NOT_ISSUED)


def check(unit: Unit, body: CheckIn) -> CheckOut:
    """Say what an application would come upon in the actor's district, as far as it is written."""
    found = findings(unit, district_of(unit), body)
    return CheckOut(refused=any(one.refused for one in found), findings=found)


def district_of(unit: Unit) -> str:
    """Return the district that the actor works in."""
    if unit.actor.area is None:
        raise NotPermitted(detail="This is for those who work in a district.")
    return unit.actor.area[:DISTRICT]


def of_item(unit: Unit, item: WorkItem) -> list[Finding]:
    """Return what an item comes upon now."""
    form = form_of(item).model_dump(include=set(CheckIn.model_fields))
    return findings(unit, item.district, CheckIn.model_validate(form))


def fault_of(unit: Unit, item: WorkItem, field: str) -> dict[str, str]:
    """Name the fault of letting an item be asked, or stay, that comes upon what must not be asked now."""
    refused = any(found.refused for found in of_item(unit, item))
    return {field: "it comes upon what must not be asked of communities"} if refused else {}


def findings(unit: Unit, district: Code, body: CheckIn) -> list[Finding]:
    """Return the standing matters that an application comes upon, with their bases."""
    standing = {matter.code: matter for matter in matters.of_district(unit, district, *REFUSING)}
    texts = {field: text for field in WRITTEN if (text := getattr(body, field))}
    asked = Asked(body.kind, body.role, body.duty_of, texts)
    return [
        Finding(
            matter=hit.code,
            name=standing[hit.code].name,
            matter_class=MatterClass(standing[hit.code].matter_class),
            refused=hit.refused,
            field=hit.field,
            wording=hit.wording,
            basis=[Basis.model_validate(basis) for basis in standing[hit.code].basis],
            instead=standing[hit.code].instead,
        )
        for hit in hits(asked, map(matters.known, standing.values()))
    ]
