"""What the codes are called by which cases were counted."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from onewindow_intake.catalogue.models import ItemCategory, ItemVersion, VersionStatus
from onewindow_intake.departments.service import department_names
from onewindow_intake.officers.service import officer_names
from onewindow_shared.contracts.metrics import Facet
from onewindow_shared.plumbing.figures import as_everywhere
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


def names(unit: Unit, area: str, facet: Facet, codes: Collection[str]) -> Mapping[str, str]:
    """Tell what items, categories, departments, channels and officers are called; items as called last."""
    match facet:
        case Facet.ITEM:
            query = select(ItemVersion.item_code, ItemVersion.name).order_by(ItemVersion.number)
            told = ItemVersion.item_code.in_(codes), ItemVersion.status != VersionStatus.DRAFT
            return dict(unit.session.execute(query.where(*told)).all())
        case Facet.CATEGORY:
            own = select(ItemCategory.code, ItemCategory.name)
            return {**as_everywhere(unit, area, facet, codes), **dict(unit.session.execute(own).all())}
        case Facet.DEPARTMENT:
            known = department_names(unit.session)
            return {code: name for (district, code), name in known.items() if district == area[:DISTRICT]}
        case Facet.OFFICER:
            return officer_names(unit, codes)
        case _:
            return as_everywhere(unit, area, facet, codes)
