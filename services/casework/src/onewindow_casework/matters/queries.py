"""Finding standing matters, and showing them."""

from collections.abc import Sequence

from sqlalchemy import select

from onewindow_casework.matters.models import Matter
from onewindow_casework.matters.rules import Known
from onewindow_shared.contracts.admission import Basis, MatterClass, MatterKind, MatterOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((Matter.code,))


def of_district(unit: Unit, district: str, *classes: MatterClass) -> Sequence[Matter]:
    """Return the standing matters that a district follows, of some classes or of all, by code."""
    query = select(Matter).where(Matter.district == district, Matter.lifted.is_(None)).order_by(Matter.code)
    if classes:
        query = query.where(Matter.matter_class.in_(classes))
    return unit.session.scalars(query).all()


def of_code(unit: Unit, district: str, code: str, *, to_change: bool = False) -> Matter | None:
    """Return a standing matter of a district, kept from other writers if it is to be changed."""
    query = select(Matter).where(Matter.district == district, Matter.code == code)
    return unit.session.scalar(query.with_for_update() if to_change else query)


def find(unit: Unit, district: str, code: str) -> Matter:
    """Return a standing matter of a district, kept from other writers, or raise `NotFound`."""
    matter = of_code(unit, district, code, to_change=True)
    if matter is None:
        raise NotFound
    return matter


def several(unit: Unit, wanted: Wanted, district: str, matter_class: MatterClass | None) -> Page[MatterOut]:
    """Return a page of a district's standing matters, those set aside included."""
    query = select(Matter).where(Matter.district == district)
    if matter_class is not None:
        query = query.where(Matter.matter_class == matter_class)
    return page(unit, query, BY_CODE, wanted, bound=f"matters {district} {matter_class}", show=show)


def known(matter: Matter) -> Known:
    """Return a standing matter as it is recognised in applications: certificates by their names, too."""
    named = matter.matter_class == MatterClass.NOT_ISSUED or not matter.phrases
    names = (matter.name, *matter.aliases) if named else ()
    return Known(
        matter.code,
        MatterKind(matter.kind),
        MatterClass(matter.matter_class),
        (*names, *matter.phrases),
        matter.main_only,
        matter.whole_kind,
    )


def show(matter: Matter) -> MatterOut:
    """Return a standing matter as everybody sees it."""
    return MatterOut(
        code=matter.code,
        version=matter.version,
        own=matter.own,
        name=matter.name,
        aliases=matter.aliases,
        kind=MatterKind(matter.kind),
        matter_class=MatterClass(matter.matter_class),
        main_only=matter.main_only,
        basis=[Basis.model_validate(one) for one in matter.basis],
        instead=matter.instead,
        lifted=Basis.model_validate(matter.lifted) if matter.lifted else None,
        item_codes=matter.item_codes,
    )
