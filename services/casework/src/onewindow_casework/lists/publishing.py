"""Publishing a version of the lists (N7), and what happens when it comes into force."""

from collections import Counter
from datetime import date, datetime, time

from sqlalchemy import select

from onewindow_casework.admission.life import move
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.disclosure.facts import list_changed
from onewindow_casework.lists import content, queries, rules, upkeep
from onewindow_casework.lists.figures import grown
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.telling import ONE_DAY, tell
from onewindow_casework.orders.halting import REVIEW as ORDERS_REVIEW
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.admission_life import ItemAction, ItemStatus
from onewindow_shared.contracts.lists import ListIn, ListOut
from onewindow_shared.plumbing.problems import URN, NotPermitted, Problem, invalid
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

IN_FORCE = "list.in_force"
"""Timer at the beginning of the day from which a version is in force."""
WAITING = (ItemStatus.APPROVED, ItemStatus.FUNDED)
"""States of an item that waits for a list."""


class NothingChanged(Problem):
    """The next version would be the same as the last one."""

    type = URN + "nothing-changed"
    title = "Nothing to publish"
    status = 409


def publish(unit: Unit, body: ListIn) -> ListOut:
    """Publish the next version of the lists of the actor's district."""
    if unit.actor.area is None:
        raise NotPermitted(detail="Lists are published by a district.")
    return publish_for(unit, unit.actor.area[:DISTRICT], body)


def publish_for(unit: Unit, district: str, body: ListIn) -> ListOut:
    """Publish the next version of a district's lists: all that is followed, admitted and paid for."""
    queries.own(unit, district)
    last = queries.latest(unit, district)
    earliest = max(unit.today, last.effective_from) if last else unit.today
    if body.effective_from < earliest:
        raise invalid({"effective_from": f"the next version is in force from {earliest} at the soonest"})
    version = ListVersion(
        district=district,
        number=last.number + 1 if last else 1,
        title=body.title,
        note=body.note,
        effective_from=body.effective_from,
        published_at=unit.now,
        published_by=unit.actor.subject,
    )
    before = queries.cards_of(unit, last)
    found = list(content.cards(unit, district, body.effective_from))
    after = {card.code: _since(card, before.get(card.code)) for card, _ in found}
    difference = rules.difference(*map(queries.plain, (before, after)))
    if difference.nothing:
        raise NothingChanged
    unit.session.add(version)
    unit.session.flush()
    _keep(unit, version, after, {card.code: item for card, item in found})
    _tell_at_once(unit, version, difference, before | after)
    sizes = (Counter[str](card.matter_class for card in cards.values()) for cards in (before, after))
    for metric, n in grown(*sizes):
        unit.count(metric, n, community=district, day=version.effective_from)
    unit.audit("list.published", "list", f"{district}:{version.number}", area=district)
    _bring_into_force(unit, version)
    return queries.show(version)


def _since(card: ListedMatter, before: ListedMatter | None) -> ListedMatter:
    """A standing matter stays listed from the day on which it was listed first."""
    if card.department is not None or before is None:
        return card
    return card.model_copy(update={"first_day": before.first_day})


def _keep(
    unit: Unit, version: ListVersion, cards: dict[str, ListedMatter], items: dict[str, int | None]
) -> None:
    entries = [
        ListEntry(
            list_id=version.id,
            code=card.code,
            item_id=items[card.code],
            matter_class=card.matter_class,
            kind=card.kind,
            first_day=card.first_day,
            last_day=card.last_day,
            card=card.model_dump(mode="json"),
        )
        for card in cards.values()
    ]
    unit.session.add_all(entries)
    unit.session.flush()
    unit.session.add_all(
        ListEntryArea(entry_id=entry.id, area=area) for entry in entries for area in entry.card["areas"]
    )


def _tell_at_once(
    unit: Unit, version: ListVersion, difference: rules.Difference, cards: dict[str, ListedMatter]
) -> None:
    """Tell what is new and what goes, with its day; who exited before was told of then."""
    since = version.effective_from
    for code in difference.added:
        tell(unit, version.district, cards[code], max(since, cards[code].first_day), cards[code].last_day)
    for code in difference.removed:
        if cards[code].department is None:
            tell(unit, version.district, cards[code], cards[code].first_day, since - ONE_DAY)


def _bring_into_force(unit: Unit, version: ListVersion) -> None:
    key = f"{version.district}:{version.number}"
    if version.effective_from > unit.today:
        unit.set_timer(IN_FORCE, key, _start_of(unit, version.effective_from))
    else:
        comes_into_force(unit, key, unit.now)


def _start_of(unit: Unit, day: date) -> datetime:
    return datetime.combine(day, time(), unit.zone)


def comes_into_force(unit: Unit, key: str, due_at: datetime) -> None:
    """Make the items of a version active that wait for it, and tell what it changes."""
    district, _, number = key.partition(":")
    version = queries.find(unit, district, int(number))
    unit.set_timer(ORDERS_REVIEW, district, unit.now)
    entries = select(ListEntry.item_id).where(ListEntry.list_id == version.id)
    waiting = select(WorkItem).where(WorkItem.id.in_(entries), WorkItem.status.in_(WAITING))
    for item in unit.session.scalars(waiting.with_for_update()):
        move(unit, item, ItemAction.LIST, by_system=True, note=f"{version.number}")
        upkeep.watch(unit, item)
    before = queries.cards_of(unit, queries.numbered(unit, district, version.number - 1))
    after = queries.cards_of(unit, version)
    difference = rules.difference(*map(queries.plain, (before, after)))
    changes = {
        "added": [after[code] for code in difference.added],
        "removed": [before[code] for code in difference.removed],
        "changed": [after[code] for code in difference.changed],
    }
    list_changed(unit, district, version.effective_from, changes)
    for code in difference.changed:
        since = max(version.effective_from, after[code].first_day)
        tell(unit, district, after[code], since, after[code].last_day)
