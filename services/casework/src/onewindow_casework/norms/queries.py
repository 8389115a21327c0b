"""Reading a district's norm profile."""

from datetime import date

from sqlalchemy import Select, func, or_, select

from onewindow_casework.norms.models import Norm
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.norms import NormIn, NormOut
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((Norm.code, Norm.id))
NEWEST = Keyset((Norm.id,), newest_first=True)


def holding(district: str, day: date) -> Select[Norm]:
    """Select the norms as a district holds them on a day, those that it set aside included."""
    latest = func.row_number().over(
        partition_by=Norm.code, order_by=(Norm.valid_from.desc().nulls_last(), Norm.id.desc())
    )
    begun = or_(Norm.valid_from.is_(None), Norm.valid_from <= day)
    ranked = select(Norm.id, latest.label("rank")).where(Norm.district == district, begun).subquery()
    return select(Norm).join(ranked, ranked.c.id == Norm.id).where(ranked.c.rank == 1)


def held(unit: Unit, district: str, day: date) -> list[NormOut]:
    """Return the norms that a district holds on a day, by code; a few dozen."""
    query = holding(district, day).where(Norm.set_aside.is_(False)).order_by(Norm.code)
    return [show(row) for row in unit.session.scalars(query)]


def profile(unit: Unit, wanted: Wanted, district: str, day: date) -> Page[NormOut]:
    """Return a page of a district's profile on a day."""
    query = holding(district, day)
    return page(unit, query, BY_CODE, wanted, bound=f"norms {district} {day}", show=show)


def entries(district: str, code: str) -> Select[Norm]:
    """Select everything that was entered of a norm."""
    return select(Norm).where(Norm.district == district, Norm.code == code)


def history(unit: Unit, wanted: Wanted, district: str, code: str) -> Page[NormOut]:
    """Return a page of everything that was entered of a norm, newest first."""
    query = entries(district, code)
    return page(unit, query, NEWEST, wanted, bound=f"norm {district} {code}", show=show)


def entered(unit: Unit, district: str, code: str, valid_from: date | None) -> Norm | None:
    """Return the newest entry of a norm for exactly this day."""
    query = select(Norm).where(
        Norm.district == district, Norm.code == code, Norm.valid_from.is_not_distinct_from(valid_from)
    )
    return unit.session.scalar(query.order_by(Norm.id.desc()).limit(1))


def as_entered(row: Norm) -> NormIn:
    """Return a norm as somebody entered it."""
    return NormIn.model_validate({name: getattr(row, name) for name in NormIn.model_fields})


def show(row: Norm) -> NormOut:
    """Return an entry."""
    return NormOut(
        no=row.id,
        district=row.district,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        **dict(as_entered(row)),
    )
