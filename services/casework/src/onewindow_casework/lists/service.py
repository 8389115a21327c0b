"""Reading the published lists."""

from datetime import date

from sqlalchemy import false, select

from onewindow_casework.admission.models import ItemStep, WorkItem
from onewindow_casework.lists import queries, rules
from onewindow_casework.lists.models import ListEntry, ListVersion
from onewindow_shared.contracts.admission import ListedMatter, MatterClass
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lists import (
    ChangedField,
    ChangedMatter,
    ListChanges,
    ListOut,
    NamedMatter,
    PublicStep,
)
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

BY_CODE = Keyset((ListEntry.code,))
NEWEST = Keyset((ListVersion.number,), newest_first=True)
STEPS = Keyset((ItemStep.id,))


def listed_page(unit: Unit, wanted: Wanted, community: str, day: date | None) -> Page[ListedMatter]:
    """Return a page of what may be asked of a community on a day."""
    known_community(unit.session, community)
    on = day or unit.today
    version = queries.in_force(unit, community[:DISTRICT], on)
    query = (
        select(ListEntry).where(false()) if version is None else queries.entries_on(version, community, on)
    )
    number = 0 if version is None else version.number
    return page(unit, query, BY_CODE, wanted, bound=f"listed {community} {on} {number}", show=queries.card)


def versions(unit: Unit, wanted: Wanted, district: str) -> Page[ListOut]:
    """Return a page of the versions of a district's lists, the newest first."""
    query = select(ListVersion).where(ListVersion.district == district)
    return page(unit, query, NEWEST, wanted, bound=f"lists {district}", show=queries.show)


def version(unit: Unit, district: str, number: int) -> ListOut:
    """Return a version of a district's lists."""
    return queries.show(queries.find(unit, district, number))


def entries(
    unit: Unit, wanted: Wanted, district: str, number: int, matter_class: MatterClass | None
) -> Page[ListedMatter]:
    """Return a page of what a version holds, by code."""
    query = select(ListEntry).where(ListEntry.list_id == queries.find(unit, district, number).id)
    if matter_class is not None:
        query = query.where(ListEntry.matter_class == matter_class)
    bound = f"entries {district} {number} {matter_class}"
    return page(unit, query, BY_CODE, wanted, bound=bound, show=queries.card)


def entry(unit: Unit, district: str, number: int, code: str) -> ListedMatter:
    """Return a matter as a version has it."""
    found = queries.find(unit, district, number)
    query = select(ListEntry).where(ListEntry.list_id == found.id, ListEntry.code == code)
    listed = unit.session.scalar(query)
    if listed is None:
        raise NotFound
    return queries.card(listed)


def changes(unit: Unit, district: str, number: int, since: int) -> ListChanges:
    """Compare a version with an earlier one."""
    before, after = (queries.cards_of(unit, queries.find(unit, district, one)) for one in (since, number))
    plain_before, plain_after = queries.plain(before), queries.plain(after)
    difference = rules.difference(plain_before, plain_after)
    return ListChanges(
        district=district,
        since=since,
        number=number,
        added=[NamedMatter(code=code, name=after[code].name) for code in difference.added],
        removed=[NamedMatter(code=code, name=before[code].name) for code in difference.removed],
        changed=[
            ChangedMatter(
                code=code,
                name=after[code].name,
                fields=[
                    ChangedField(
                        field=field, before=plain_before[code][field], after=plain_after[code][field]
                    )
                    for field in fields
                ],
            )
            for code, fields in difference.changed.items()
        ],
    )


def trace(unit: Unit, wanted: Wanted, code: str) -> Page[PublicStep]:
    """Return a page of the life of an item that was ever listed, from its draft on; nobody is named."""
    query = select(ListEntry.item_id).join(WorkItem, WorkItem.id == ListEntry.item_id)
    item_id = unit.session.scalar(query.where(WorkItem.code == code).limit(1))
    if item_id is None:
        raise NotFound
    happened = select(ItemStep).where(ItemStep.item_id == item_id)

    def show(step: ItemStep) -> PublicStep:
        on = local_day(step.at, unit.zone)
        return PublicStep(on=on, step=step.step, status=ItemStatus(step.status))

    return page(unit, happened, STEPS, wanted, bound=f"trace {code}", show=show)
