"""Publishing a version of the lists (N7), and what happens when it comes into force."""

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select

from onewindow_casework.admission.life import move
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.disclosure.facts import list_changed
from onewindow_casework.lists import content, queries, rules, upkeep
from onewindow_casework.lists.figures import grown
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.telling import ONE_DAY, tell
from onewindow_casework.orders.halting import REVIEW as ORDERS_REVIEW
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.admission_life import ItemAction, ItemStatus
from onewindow_shared.contracts.lists import ListIn, ListOut
from onewindow_shared.plumbing.problems import URN, NotPermitted, Problem, invalid
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

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
    """Publish the next version of a district's lists: all that is followed, admitted and paid for.

    It takes the place of every version that would begin later.
    """
    _check_first_day(unit, body.effective_from)
    queries.own(unit, district)
    last = queries.latest(unit, district)
    version = ListVersion(
        district=district,
        number=last.number + 1 if last else 1,
        title=body.title,
        note=body.note,
        effective_from=body.effective_from,
        published_at=unit.now,
        published_by=unit.actor.subject,
    )
    later = ListVersion.district == district, ListVersion.effective_from > body.effective_from
    overtaken = unit.session.scalars(queries.lasting().where(*later)).all()
    before = queries.cards_of(unit, queries.in_force(unit, district, body.effective_from))
    found = list(content.cards(unit, district, body.effective_from))
    after = {card.code: _since(card, before.get(card.code)) for card, _ in found}
    difference = rules.difference(*map(queries.plain, (before, after)))
    if difference.nothing and not overtaken:
        raise NothingChanged
    for one in overtaken:
        _take_back(unit, one, before, after)
    unit.session.add(version)
    unit.session.flush()
    _keep(unit, version, after, {card.code: item for card, item in found})
    _tell_at_once(unit, version, difference, before | after)
    _count_growth(unit, version, before, after)
    unit.audit("list.published", "list", f"{district}:{version.number}", area=district)
    _bring_into_force(unit, version)
    return queries.show(version)


def _check_first_day(unit: Unit, day: date) -> None:
    latest = unit.today + timedelta(days=settings_of(unit).list_ahead_days)
    if not unit.today <= day <= latest:
        raise invalid({"effective_from": f"a version begins between {unit.today} and {latest}"})


def _take_back(
    unit: Unit, overtaken: ListVersion, before: dict[str, ListedMatter], after: dict[str, ListedMatter]
) -> None:
    """Undo what was told and counted of a version that never comes into force."""
    instead_of = queries.cards_of(unit, queries.before(unit, overtaken))
    cards = queries.cards_of(unit, overtaken)
    _count_growth(unit, overtaken, cards, instead_of)
    for code in sorted(cards.keys() ^ instead_of.keys()):
        if code in before and code in after:
            tell(unit, overtaken.district, after[code], after[code].first_day, after[code].last_day)
        elif code not in before and code not in after and code in cards:
            never = overtaken.effective_from
            tell(unit, overtaken.district, cards[code], never, never - ONE_DAY)


def _count_growth(
    unit: Unit, version: ListVersion, before: dict[str, ListedMatter], after: dict[str, ListedMatter]
) -> None:
    sizes = (Counter[str](card.matter_class for card in cards.values()) for cards in (before, after))
    for metric, n in grown(*sizes):
        unit.count(metric, n, community=version.district, day=version.effective_from)


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
    return midnight(day, unit.zone)


def comes_into_force(unit: Unit, key: str, due_at: datetime) -> None:
    """Make the items of a version active that wait for it, and tell what it changes.

    That an item went was told when it went.
    """
    district, _, number = key.partition(":")
    version = queries.find(unit, district, int(number))
    if unit.session.scalar(queries.lasting().where(ListVersion.id == version.id)) is None:
        return
    unit.set_timer(ORDERS_REVIEW, district, unit.now)
    entries = select(ListEntry.item_id).where(ListEntry.list_id == version.id)
    waiting = select(WorkItem).where(WorkItem.id.in_(entries), WorkItem.status.in_(WAITING))
    for item in unit.session.scalars(waiting.with_for_update()):
        move(unit, item, ItemAction.LIST, by_system=True, note=f"{version.number}")
        upkeep.watch(unit, item)
    gone = select(WorkItem.code).where(WorkItem.id.in_(entries), WorkItem.off_from.is_not(None))
    off = frozenset(unit.session.scalars(gone))
    before = queries.cards_of(unit, queries.before(unit, version))
    after = queries.cards_of(unit, version)
    difference = rules.difference(*map(queries.plain, (before, after)))
    changes = {
        "added": [after[code] for code in difference.added if code not in off],
        "removed": [before[code] for code in difference.removed if before[code].department is None],
        "changed": [after[code] for code in difference.changed],
    }
    list_changed(unit, district, version.effective_from, changes)
    for code in difference.changed:
        since = max(version.effective_from, after[code].first_day)
        tell(unit, district, after[code], since, after[code].last_day)
