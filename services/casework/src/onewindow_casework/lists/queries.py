"""What stands on a district's lists on a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, union
from sqlalchemy.orm import aliased

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists import rules
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.rules import Cards
from onewindow_shared.contracts.admission import ListedMatter, MatterClass, MatterKind, Standing
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lists import ListOut
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((ListEntry.code,))
Out = TypeVar("Out")


def in_force(unit: Unit, district: str, day: date) -> ListVersion | None:
    """Return the version of a district's lists that is in force on a day: the newest that has begun."""
    return unit.session.scalar(_in_force(district, day))


def _in_force(district: str, day: date) -> Select[ListVersion]:
    return (
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


def before(unit: Unit, version: ListVersion) -> ListVersion | None:
    """Return the version whose place a version takes on its first day."""
    earlier = _in_force(version.district, version.effective_from).where(ListVersion.number < version.number)
    return unit.session.scalar(earlier)


def lasting() -> Select[ListVersion]:
    """Select the versions that come into force, by number: no newer one begins earlier."""
    newer = aliased(ListVersion)
    overtaken = exists().where(
        newer.district == ListVersion.district,
        newer.number > ListVersion.number,
        newer.effective_from < ListVersion.effective_from,
    )
    return select(ListVersion).where(~overtaken).order_by(ListVersion.number)


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


def cards_of(
    unit: Unit, version: ListVersion | None, codes: Sequence[str] | None = None
) -> dict[str, ListedMatter]:
    """Return everything that a version holds, or what of these codes, by code; nothing without a version."""
    if version is None:
        return {}
    query = select(ListEntry).where(ListEntry.list_id == version.id)
    if codes is not None:
        query = query.where(ListEntry.code.in_(codes))
    return {entry.code: card(entry) for entry in unit.session.scalars(query)}


def codes_after(unit: Unit, versions: Sequence[ListVersion], after: str, most: int) -> Sequence[str]:
    """Return the next codes that stand on any of these versions, in order."""
    of_each = [
        select(ListEntry.code)
        .where(ListEntry.list_id == version.id, ListEntry.code > after)
        .order_by(ListEntry.code)
        .limit(most)
        .subquery()
        for version in versions
    ]
    together = union(*(select(one.c.code) for one in of_each)).subquery()
    return unit.session.scalars(select(together.c.code).order_by(together.c.code).limit(most)).all()


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


def entries_on(unit: Unit, version: ListVersion, area: str, day: date) -> Select[ListEntry]:
    """Select what a version has for an area or a part of it on a day, less what was taken off since."""
    return (
        select(ListEntry)
        .outerjoin(WorkItem, WorkItem.id == ListEntry.item_id)
        .where(ListEntry.list_id == version.id, _concerns(unit, area), *_open_on(day))
    )


def _concerns(unit: Unit, area: str) -> ColumnElement[bool]:
    here = unit.gathered(area)
    larger = ListEntryArea.area.in_(unit.heirs.meaning(area, unit.today))
    begins = ListEntryArea.area.startswith(here.area, autoescape=True)
    smaller = or_(and_(begins, ListEntryArea.area.not_in(here.left)), ListEntryArea.area.in_(here.joined))
    touches = larger if len(area) == COMMUNITY else or_(larger, smaller)
    return exists().where(ListEntryArea.entry_id == ListEntry.id, touches)


def _open_on(day: date) -> list[ColumnElement[bool]]:
    return [
        ListEntry.first_day <= day,
        or_(ListEntry.last_day.is_(None), ListEntry.last_day >= day),
        or_(WorkItem.off_from.is_(None), WorkItem.off_from > day),
        or_(WorkItem.contract_until.is_(None), WorkItem.contract_until >= day),
    ]


def listed(
    unit: Unit,
    area: str,
    day: date,
    *,
    classes: Sequence[MatterClass] = (),
    kind: MatterKind | None = None,
) -> list[ListedMatter]:
    """Return everything that stands on the lists for an area or a part of it on a day, by code."""
    version = in_force(unit, area[:DISTRICT], day)
    if version is None:
        return []
    query = entries_on(unit, version, area, day).order_by(ListEntry.code)
    if classes:
        query = query.where(ListEntry.matter_class.in_(classes))
    if kind is not None:
        query = query.where(ListEntry.kind == kind)
    return [card(entry) for entry in unit.session.scalars(query)]


def listed_page(
    unit: Unit, wanted: Wanted, community: str, day: date, *, show: Callable[[ListEntry], Out]
) -> Page[Out]:
    """Return a page of what may be asked of a community on a day, by code."""
    version = in_force(unit, community[:DISTRICT], day)
    nothing = select(ListEntry).where(false())
    query = nothing if version is None else entries_on(unit, version, community, day)
    number = 0 if version is None else version.number
    return page(unit, query, BY_CODE, wanted, bound=f"listed {community} {day} {number}", show=show)


def card(entry: ListEntry) -> ListedMatter:
    """Return an entry as it was published."""
    return ListedMatter.model_validate(entry.card)


def standing(unit: Unit, code: str, community: str, day: date) -> tuple[Standing, ListedMatter | None]:
    """Say whether a work item may be asked of a community on a day; its card of that day if it is listed.

    Its last day is then never beyond that of the contract by which it is purchased. The cost does not grow
    with the list.
    """
    district = community[:DISTRICT]
    version = _in_force(district, day).with_only_columns(ListVersion.id).scalar_subquery()
    query = (
        select(WorkItem, ListEntry, _concerns(unit, community))
        .outerjoin(ListEntry, and_(ListEntry.list_id == version, ListEntry.code == WorkItem.code))
        .where(WorkItem.code == code, WorkItem.district == district)
    )
    found = unit.session.execute(query).one_or_none()
    if found is None:
        return Standing.NOT_ADMITTED, None
    item, entry, concerned = found
    where = rules.standing(_admitted(item), _seen(entry, concerned=concerned), day)
    return where, _under_contract(card(entry), item.contract_until) if where is Standing.LISTED else None


def _admitted(item: WorkItem) -> rules.Admitted:
    matter_class = MatterClass(item.matter_class) if item.matter_class else None
    return rules.Admitted(
        ItemStatus(item.status), matter_class, item.last_day, item.off_from, item.contract_until
    )


def _under_contract(listed: ListedMatter, until: date | None) -> ListedMatter:
    if until is None or (listed.last_day is not None and listed.last_day <= until):
        return listed
    return listed.model_copy(update={"last_day": until})


def _seen(entry: ListEntry | None, *, concerned: bool) -> rules.Listed | None:
    return None if entry is None else rules.Listed(entry.first_day, entry.last_day, concerned)
