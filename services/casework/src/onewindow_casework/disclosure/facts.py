"""Single facts that a community is to publish: its list changes, a refusal is settled, money moves.

Other features tell here what arose, so nothing in this module knows them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from onewindow_casework.disclosure import clocks, slices
from onewindow_casework.disclosure.models import DisclosedFact, ListChange
from onewindow_casework.disclosure.rules import judged_on
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.disclosure import FactKind, FactOut
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing import bulk
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound, Problem
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

FACTS = bulk.table_of(DisclosedFact)
NEWEST = Keyset((DisclosedFact.id,), newest_first=True)
LIST_CHANGED = "disclosure.list_changed"
"""Timer that makes a change of the lists a fact of the next communities."""


class AlreadyPublished(Problem):
    """This is published; what was published stays as it is."""

    type = "urn:onewindow:problem:already-published"
    title = "Already published"
    status = 409


def arose(unit: Unit, kind: FactKind, day: date, contents: Mapping[str, dict[str, Any]]) -> None:
    """Make a fact of a day due for publication by communities, each with its own content."""
    if not contents:
        return
    due = clocks.due(unit, day)
    same = {"version": 1, "kind": kind, "arose_on": day, "due_on": due.day, "provisional": due.provisional}
    rows = [same | {"content": content, **place(community)} for community, content in contents.items()]
    unit.add(FACTS, *rows)
    for community in contents:
        unit.count(Metric.DISCLOSURES_DUE, community=community, day=judged_on(due.day))


def list_changed(unit: Unit, district: str, day: date, changes: Mapping[str, Iterable[ListedMatter]]) -> None:
    """Have every community publish what a change of the lists means for it: `added`, `removed`, `changed`."""
    fields = {"code", "name", "areas"}
    named = {what: [card.model_dump(include=fields) for card in cards] for what, cards in changes.items()}
    if any(named.values()):
        change = ListChange(district=district, day=day, changes=named)
        unit.session.add(change)
        unit.session.flush()
        unit.set_timer(LIST_CHANGED, str(change.id), unit.now)


def list_facts(unit: Unit, key: str, due_at: datetime) -> None:
    """Make a change of the lists due for publication by the next communities that it concerns."""
    change = unit.session.get_one(ListChange, int(key.partition(":")[0]))
    communities = slices.slice_of(unit, LIST_CHANGED, key, change.district)
    found = {community: _concerning(unit, community, change.changes) for community in communities}
    arose(unit, FactKind.LIST, change.day, {community: named for community, named in found.items() if named})
    if len(communities) < slices.SLICE:
        unit.session.delete(change)


def _concerning(unit: Unit, community: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    meaning = unit.heirs.meaning(community, unit.today)
    found = {
        what: [
            {"code": matter["code"], "name": matter["name"]}
            for matter in matters
            if not meaning.isdisjoint(matter["areas"])
        ]
        for what, matters in changes.items()
    }
    return {what: matters for what, matters in found.items() if matters}


def several(unit: Unit, wanted: Wanted, community: str) -> Page[FactOut]:
    """Return a page of what a community was to publish by itself, the newest first."""
    if unit.session.get(Area, community) is None:
        raise NotFound
    query = select(DisclosedFact).where(within(DisclosedFact, unit.gathered(community)))
    return page(unit, query, NEWEST, wanted, bound=f"facts {community}", show=show)


def publish(unit: Unit, community: str, no: int, seen: int) -> FactOut:
    """Publish a fact; it stays as it was published."""
    query = select(DisclosedFact).where(
        within(DisclosedFact, unit.gathered(community)), DisclosedFact.id == no
    )
    fact = must_find(unit.session, query.with_for_update())
    expect_version(show(fact), seen)
    if fact.published_on is not None:
        raise AlreadyPublished
    fact.published_on, fact.published_by, fact.version = unit.today, unit.actor.subject, fact.version + 1
    if unit.today <= fact.due_on:
        unit.count(Metric.DISCLOSURES_ON_TIME, community=community, day=judged_on(fact.due_on))
    unit.session.flush()
    detail = {"fact": fact.id, "kind": fact.kind}
    unit.audit("disclosure.fact_published", "community", community, area=community, detail=detail)
    return show(fact)


def show(fact: DisclosedFact) -> FactOut:
    """Return a fact; what it is stays closed until it is published."""
    return FactOut(
        version=fact.version,
        no=fact.id,
        kind=FactKind(fact.kind),
        arose_on=fact.arose_on,
        due_on=fact.due_on,
        provisional=fact.provisional,
        published_on=fact.published_on,
        content=fact.content if fact.published_on is not None else None,
    )
