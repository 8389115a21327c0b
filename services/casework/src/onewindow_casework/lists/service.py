"""Reading the published lists."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from onewindow_casework.admission.models import ItemStep, WorkItem
from onewindow_casework.lists import queries, rules
from onewindow_casework.lists.models import ListEntry, ListVersion
from onewindow_shared.contracts.admission import ListedMatter, MatterClass
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lists import (
    Change,
    ChangedField,
    ListOut,
    MatterChange,
    PublicStep,
)
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

NEWEST = Keyset((ListVersion.number,), newest_first=True)
STEPS = Keyset((ItemStep.id,))
COMPARED = 200
"""Codes of two versions that are compared at a time."""


def listed_page(unit: Unit, wanted: Wanted, community: str, day: date | None) -> Page[ListedMatter]:
    """Return a page of what may be asked of a community on a day."""
    known_community(unit, community)
    return queries.listed_page(unit, wanted, community, day or unit.today, show=queries.card)


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
    return page(unit, query, queries.BY_CODE, wanted, bound=bound, show=queries.card)


def entry(unit: Unit, district: str, number: int, code: str) -> ListedMatter:
    """Return a matter as a version has it."""
    found = queries.find(unit, district, number)
    query = select(ListEntry).where(ListEntry.list_id == found.id, ListEntry.code == code)
    listed = must_find(unit.session, query)
    return queries.card(listed)


def changes(unit: Unit, wanted: Wanted, district: str, number: int, since: int) -> Page[MatterChange]:
    """Return a page of what a version has that another had not, has no more, or has otherwise, by code.

    The entries of both are compared a stretch of codes at a time, until the page is full.
    """
    versions_ = tuple(queries.find(unit, district, one) for one in (since, number))
    bound = f"{unit.service}/changes {district} {since} {number}"
    after = "" if wanted.cursor is None else str(unit.cursors.read(bound, wanted.cursor)[0])
    found: list[MatterChange] = []
    while len(found) <= wanted.limit:
        codes = queries.codes_after(unit, versions_, after, COMPARED)
        if not codes:
            break
        after = codes[-1]
        found += _changes(*(queries.cards_of(unit, one, codes) for one in versions_))
    shown = found[: wanted.limit]
    following = unit.cursors.write(bound, [shown[-1].code]) if len(found) > wanted.limit else None
    return Page(items=shown, next=following)


def _changes(before: Mapping[str, ListedMatter], after: Mapping[str, ListedMatter]) -> list[MatterChange]:
    plain_before, plain_after = queries.plain(before), queries.plain(after)
    difference = rules.difference(plain_before, plain_after)
    fields = dict.fromkeys((*difference.added, *difference.removed), ()) | difference.changed
    return [
        MatterChange(
            code=code,
            name=(after.get(code) or before[code]).name,
            what=_what(code, difference),
            fields=[
                ChangedField(field=field, before=plain_before[code][field], after=plain_after[code][field])
                for field in fields[code]
            ],
        )
        for code in sorted(fields)
    ]


def _what(code: str, difference: rules.Difference) -> Change:
    if code in difference.changed:
        return Change.CHANGED
    return Change.ADDED if code in difference.added else Change.REMOVED


def trace(unit: Unit, wanted: Wanted, code: str) -> Page[PublicStep]:
    """Return a page of the life of an item that was ever listed, from its draft on; nobody is named."""
    query = select(ListEntry.item_id).join(WorkItem, WorkItem.id == ListEntry.item_id)
    item_id = must_find(unit.session, query.where(WorkItem.code == code).limit(1))
    happened = select(ItemStep).where(ItemStep.item_id == item_id)

    def show(step: ItemStep) -> PublicStep:
        on = local_day(step.at, unit.zone)
        return PublicStep(on=on, step=step.step, status=ItemStatus(step.status))

    return page(unit, happened, STEPS, wanted, bound=f"trace {code}", show=show)
