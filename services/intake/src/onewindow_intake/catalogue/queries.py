"""Statements on the catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from onewindow_intake.catalogue import rules
from onewindow_intake.catalogue.models import Item, ItemCategory, ItemOverride, ItemVersion, VersionStatus
from onewindow_shared.contracts.catalogue import ItemContent, ItemGuide
from onewindow_shared.contracts.cataloguing import ItemTerms

OverrideName = tuple[str, str, int]
"""Item code, district and number."""


class Pinned(Protocol):
    """What stays with the guide under which it was posted."""

    item_code: str
    item_version: int
    item_override: int | None
    district: str


def content_of(version: ItemVersion) -> ItemContent:
    """Return what a version says."""
    return ItemContent.model_validate(version.content)


def terms_of(override: ItemOverride) -> ItemTerms:
    """Return a district's terms."""
    return ItemTerms.model_validate(override.terms)


def guide_of(version: ItemVersion, override: ItemOverride | None = None) -> ItemGuide:
    """Return a version's guide, on a district's terms if it has any."""
    content = content_of(version)
    if override is not None:
        content = rules.adapted(content, terms_of(override))
    return ItemGuide.model_validate(
        {
            **content.model_dump(),
            "version": version.number,
            "effective_from": version.effective_from,
            "override": override.number if override else None,
        }
    )


def pinned(session: Session, case: Pinned) -> ItemGuide:
    """Return the guide that a case was posted under, on the terms that it was posted under."""
    version = session.get_one(ItemVersion, (case.item_code, case.item_version))
    number = case.item_override
    place = (case.item_code, case.district, number)
    return guide_of(version, None if number is None else session.get_one(ItemOverride, place))


def _in_force(day: date) -> Select[ItemVersion]:
    latest = aliased(ItemVersion)
    begin = (
        select(func.max(latest.effective_from))
        .where(
            latest.item_code == ItemVersion.item_code,
            latest.status == VersionStatus.PUBLISHED,
            latest.effective_from <= day,
        )
        .scalar_subquery()
    )
    return select(ItemVersion).where(
        ItemVersion.status == VersionStatus.PUBLISHED,
        ItemVersion.effective_from == begin,
        or_(ItemVersion.effective_to.is_(None), ItemVersion.effective_to > day),
    )


def held(session: Session, code: str) -> Item | None:
    """Return an item, held until this is done: what is in force of it is changed by one after the other.

    An import that is about to publish it goes first, or sees what was done and leaves its own out.
    """
    return session.get(Item, code, with_for_update=True)


def names_in_force(session: Session, day: date) -> Sequence[tuple[str, int]]:
    """Name the versions in force on a day, by item code."""
    query = _in_force(day).with_only_columns(ItemVersion.item_code, ItemVersion.number)
    return [(code, number) for code, number in session.execute(query.order_by(ItemVersion.item_code))]


def versions(session: Session, wanted: Iterable[tuple[str, int]]) -> list[ItemVersion]:
    """Return these versions."""
    names = list(wanted)
    query = select(ItemVersion).where(tuple_(ItemVersion.item_code, ItemVersion.number).in_(names))
    return list(session.scalars(query)) if names else []


def in_force(session: Session, code: str, day: date) -> ItemVersion | None:
    """Return the version of an item in force on a day."""
    return session.scalar(_in_force(day).where(ItemVersion.item_code == code))


def all_in_force(session: Session, day: date) -> Iterable[ItemVersion]:
    """Return every version in force on a day, by item code."""
    return session.scalars(_in_force(day).order_by(ItemVersion.item_code))


def all_to_come(session: Session, day: date) -> Sequence[ItemVersion]:
    """Return every version that is published for a later day."""
    query = select(ItemVersion).where(
        ItemVersion.status == VersionStatus.PUBLISHED, ItemVersion.effective_from > day
    )
    return session.scalars(query).all()


def beginning_on(session: Session, code: str, day: date) -> ItemVersion | None:
    """Return the published version of an item that begins on a day."""
    return session.scalar(
        select(ItemVersion).where(
            ItemVersion.item_code == code,
            ItemVersion.status == VersionStatus.PUBLISHED,
            ItemVersion.effective_from == day,
        )
    )


def department_of(session: Session, code: str) -> str | None:
    """Return whose an item is, by the latest of its published versions; None if there never was one."""
    query = select(ItemVersion.department).where(
        ItemVersion.item_code == code, ItemVersion.status == VersionStatus.PUBLISHED
    )
    return session.scalar(query.order_by(ItemVersion.effective_from.desc()).limit(1))


def beginnings(session: Session, code: str) -> list[date]:
    """Return the first days of an item's published versions."""
    query = select(ItemVersion.effective_from).where(
        ItemVersion.item_code == code, ItemVersion.status == VersionStatus.PUBLISHED
    )
    return [day for day in session.scalars(query) if day is not None]


def now_or_later(session: Session, code: str, day: date) -> Sequence[ItemVersion]:
    """Return the published versions of an item that are in force on a day or begin later."""
    later = and_(
        ItemVersion.item_code == code,
        ItemVersion.status == VersionStatus.PUBLISHED,
        ItemVersion.effective_from > day,
    )
    now = in_force(session, code, day)
    return [*([now] if now else []), *session.scalars(select(ItemVersion).where(later))]


def last_number(session: Session, code: str) -> int:
    """Return the number of an item's newest version, 0 without any."""
    newest = select(func.max(ItemVersion.number)).where(ItemVersion.item_code == code)
    return session.scalar(newest) or 0


def overrides_in_force(session: Session, day: date) -> list[OverrideName]:
    """Name the terms of every district in force on a day: of each item the ones that began last."""
    query = (
        select(ItemOverride.item_code, ItemOverride.district, ItemOverride.number)
        .where(ItemOverride.effective_from <= day)
        .order_by(ItemOverride.effective_from, ItemOverride.number)
    )
    latest = {(code, district): number for code, district, number in session.execute(query)}
    return [(code, district, number) for (code, district), number in latest.items()]


def overrides(session: Session, wanted: Iterable[OverrideName]) -> list[ItemOverride]:
    """Return these terms."""
    names = list(wanted)
    key = tuple_(ItemOverride.item_code, ItemOverride.district, ItemOverride.number)
    return list(session.scalars(select(ItemOverride).where(key.in_(names)))) if names else []


def overrides_from(session: Session, code: str, day: date) -> list[ItemOverride]:
    """Return the terms of an item that are in force on a day or begin later, in any district."""
    now = [name for name in overrides_in_force(session, day) if name[0] == code]
    later = select(ItemOverride).where(ItemOverride.item_code == code, ItemOverride.effective_from > day)
    return [*overrides(session, now), *session.scalars(later)]


def all_terms_from(session: Session, day: date) -> list[ItemOverride]:
    """Return all terms in force on a day or beginning later, by item, district and first day."""
    later = select(ItemOverride).where(ItemOverride.effective_from > day).order_by(ItemOverride.number)
    latest = {
        (one.item_code, one.district, one.effective_from): one
        for one in [*overrides(session, overrides_in_force(session, day)), *session.scalars(later)]
    }
    return [latest[place] for place in sorted(latest)]


def overrides_in(session: Session, code: str, district: str) -> Sequence[ItemOverride]:
    """Return all of a district's terms of an item."""
    return session.scalars(overrides_of(code).where(ItemOverride.district == district)).all()


def last_overrides(session: Session) -> dict[tuple[str, str], int]:
    """Return the number of every district's newest terms, by item and district."""
    newest = select(ItemOverride.item_code, ItemOverride.district, func.max(ItemOverride.number))
    rows = session.execute(newest.group_by(ItemOverride.item_code, ItemOverride.district))
    return {(code, district): number for code, district, number in rows}


def last_override(session: Session, code: str, district: str) -> int:
    """Return the number of a district's newest terms of an item, 0 without any."""
    newest = select(func.max(ItemOverride.number)).where(
        ItemOverride.item_code == code, ItemOverride.district == district
    )
    return session.scalar(newest) or 0


def categories(session: Session) -> Sequence[ItemCategory]:
    """Return every category below the ten."""
    return session.scalars(select(ItemCategory).order_by(ItemCategory.code)).all()


def uses_category(session: Session, code: str) -> bool:
    """Say whether a category has others below it, or any version that is not retired."""
    below = select(ItemCategory.code).where(ItemCategory.parent == code)
    used = select(ItemVersion.number).where(
        ItemVersion.status != VersionStatus.RETIRED, ItemVersion.content["subcategory"].as_string() == code
    )
    return any(session.scalar(query.limit(1)) is not None for query in (below, used))


def of_item(code: str) -> Select[ItemVersion]:
    """Select the versions of an item."""
    return select(ItemVersion).where(ItemVersion.item_code == code)


def overrides_of(code: str) -> Select[ItemOverride]:
    """Select the terms of every district of an item."""
    return select(ItemOverride).where(ItemOverride.item_code == code)
