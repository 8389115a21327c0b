"""Whose the common catalogue is: what holds in every district is changed by one of them only."""

from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.problems import NotPermitted
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit

if TYPE_CHECKING:
    from onewindow_intake.settings import Settings


def expect_owner(unit: Unit) -> None:
    """Refuse to change items or categories for everybody to whoever is not of the catalogue's owner.

    That is the district of the setting `catalogue_owner`; where there is one district only, it.
    """
    owner = cast("Settings", unit.settings).catalogue_owner or _only_district(unit)
    if not (unit.actor.scope.everything or (owner is not None and unit.actor.scope.covers(owner))):
        detail = "The catalogue's owner changes what holds everywhere; your district has its own terms."
        raise NotPermitted(detail=detail)


def _only_district(unit: Unit) -> str | None:
    query = select(Area.code).where(Area.kind == AreaKind.DISTRICT).limit(2)
    districts = unit.session.scalars(query).all()
    return districts[0] if len(districts) == 1 else None
