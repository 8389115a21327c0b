"""Statements on service items."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.models import ItemVersion, VersionStatus
from onewindow_shared.contracts.catalogue import ItemGuide


def guide_of(version: ItemVersion) -> ItemGuide:
    """Return a version's guide."""
    return ItemGuide.model_validate(
        {
            **version.content,
            "version": version.number,
            "effective_from": version.effective_from,
            "override": None,
        }
    )


def guide(session: Session, code: str, number: int) -> ItemGuide:
    """Return the guide that a case was posted under."""
    return guide_of(session.get_one(ItemVersion, (code, number)))


def published_now(session: Session) -> Sequence[tuple[str, int]]:
    """Name the versions in force, by item code."""
    query = (
        select(ItemVersion.item_code, ItemVersion.number)
        .where(ItemVersion.status == VersionStatus.PUBLISHED)
        .order_by(ItemVersion.item_code)
    )
    return [(code, number) for code, number in session.execute(query)]


def guides(session: Session, wanted: Iterable[tuple[str, int]]) -> list[ItemGuide]:
    """Return the guides of these versions."""
    names = list(wanted)
    if not names:
        return []
    query = select(ItemVersion).where(tuple_(ItemVersion.item_code, ItemVersion.number).in_(names))
    return [guide_of(version) for version in session.scalars(query)]


def in_force(session: Session, code: str) -> ItemVersion | None:
    """Return the published version of an item."""
    return session.scalar(
        select(ItemVersion).where(
            ItemVersion.item_code == code, ItemVersion.status == VersionStatus.PUBLISHED
        )
    )


def last_number(session: Session, code: str) -> int:
    """Return the number of an item's newest version, 0 without any."""
    newest = select(func.max(ItemVersion.number)).where(ItemVersion.item_code == code)
    return session.scalar(newest) or 0
