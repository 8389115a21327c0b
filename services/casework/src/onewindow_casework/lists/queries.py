"""What stands on a district's lists on a day."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from onewindow_casework.admission.models import PAID_STATES, WorkItem
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.rules import Cards
from onewindow_shared.contracts.admission import ListedMatter, MatterClass, Standing
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.lists import ListOut
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit


def in_force(unit: Unit, district: str, day: date) -> ListVersion | None:
    """Return the version of a district's lists that is in force on a day."""
    return unit.session.scalar(
        select(ListVersion)
        .where(ListVersion.district == district, ListVersion.effective_from <= day)
        .order_by(ListVersion.number.desc())
        .limit(1)
    )


def hold(unit: Unit, district: str) -> None:
    """Let no version of a district's lists be published until this transaction ends.

    Those who hold the lists do not wait for one another, only for one who publishes (`own`).
    """
    unit.session.get(Area, district, with_for_update={"read": True}, populate_existing=True)


def own(unit: Unit, district: str) -> None:
    """Publish alone: wait for those who hold the lists of a district, and make others wait."""
    unit.session.get(Area, district, with_for_update=True, populate_existing=True)


def latest(unit: Unit, district: str) -> ListVersion | None:
    """Return the last version that a district published, in force or not yet."""
    query = select(ListVersion).where(ListVersion.district == district)
    return unit.session.scalar(query.order_by(ListVersion.number.desc()).limit(1))


def numbered(unit: Unit, district: str, number: int) -> ListVersion | None:
    """Return a version of a district's lists."""
    query = select(ListVersion).where(ListVersion.district == district, ListVersion.number == number)
    return unit.session.scalar(query)


def find(unit: Unit, district: str, number: int) -> ListVersion:
    """Return a version of a district's lists, or raise `NotFound`."""
    version = numbered(unit, district, number)
    if version is None:
        raise NotFound
    return version


def cards_of(unit: Unit, version: ListVersion | None) -> dict[str, ListedMatter]:
    """Return everything that a version holds, by code; nothing where there is no version."""
    if version is None:
        return {}
    entries = unit.session.scalars(select(ListEntry).where(ListEntry.list_id == version.id))
    return {entry.code: card(entry) for entry in entries}


def plain(cards: Mapping[str, ListedMatter]) -> Cards:
    """Return cards as the plain values that are compared."""
    return {code: card.model_dump(mode="json") for code, card in cards.items()}


def show(version: ListVersion) -> ListOut:
    """Return a version as everybody sees it."""
    return ListOut(
        district=version.district,
        number=version.number,
        title=version.title,
        note=version.note,
        effective_from=version.effective_from,
        published_at=version.published_at,
    )


def entries_on(version: ListVersion, community: str, day: date) -> Select[ListEntry]:
    """Select what a version has for a community on a day, less what was taken off since."""
    return (
        select(ListEntry)
        .outerjoin(WorkItem, WorkItem.id == ListEntry.item_id)
        .where(ListEntry.list_id == version.id, _concerns(community), *_open_on(day))
    )


def _concerns(community: str) -> ColumnElement[bool]:
    larger = {community[:length] for length in (DISTRICT, STREET, COMMUNITY)}
    return ListEntry.id.in_(select(ListEntryArea.entry_id).where(ListEntryArea.area.in_(larger)))


def _open_on(day: date) -> list[ColumnElement[bool]]:
    return [
        ListEntry.first_day <= day,
        or_(ListEntry.last_day.is_(None), ListEntry.last_day >= day),
        or_(WorkItem.off_from.is_(None), WorkItem.off_from > day),
    ]


def listed(
    unit: Unit, district: str, community: str, day: date, *, classes: Sequence[MatterClass] = ()
) -> list[ListedMatter]:
    """Return everything that stands on the lists of a district for a community on a day, by code."""
    version = in_force(unit, district, day)
    if version is None:
        return []
    query = entries_on(version, community, day).order_by(ListEntry.code)
    if classes:
        query = query.where(ListEntry.matter_class.in_(classes))
    return [card(entry) for entry in unit.session.scalars(query)]


def card(entry: ListEntry) -> ListedMatter:
    """Return an entry as it was published."""
    return ListedMatter.model_validate(entry.card)


def standing(unit: Unit, code: str, community: str, day: date) -> tuple[Standing, ListedMatter | None]:
    """Say whether a work item may be asked of a community on a day; its card of that day if it is listed.

    The cost does not grow with the list.
    """
    district = community[:DISTRICT]
    item = unit.session.scalar(select(WorkItem).where(WorkItem.code == code, WorkItem.district == district))
    if item is None:
        return Standing.NOT_ADMITTED, None
    entry = _entry(unit, item, day)
    first, last = (entry.first_day, entry.last_day) if entry else (date.min, item.last_day)
    if day < first or (last is not None and day > last):
        return Standing.OUT_OF_PERIOD, None
    if item.off_from is not None and item.off_from <= day:
        return Standing.TAKEN_OFF, None
    if entry is None:
        return _not_listed(item), None
    if not unit.session.scalar(select(_concerns(community)).where(ListEntry.id == entry.id)):
        return Standing.OUT_OF_AREA, None
    return Standing.LISTED, card(entry)


def _entry(unit: Unit, item: WorkItem, day: date) -> ListEntry | None:
    version = in_force(unit, item.district, day)
    if version is None:
        return None
    on_it = and_(ListEntry.list_id == version.id, ListEntry.code == item.code)
    return unit.session.scalar(select(ListEntry).where(on_it))


def _not_listed(item: WorkItem) -> Standing:
    if item.status in PAID_STATES:
        return Standing.NOT_LISTED
    return Standing.NO_FUNDS if item.status == ItemStatus.APPROVED else Standing.NOT_ADMITTED
