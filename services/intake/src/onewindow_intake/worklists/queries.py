"""Statements behind lists of cases: what an index finds, in its order, and what is sifted out of that.

Every list begins with one range of one index, in the order of the list; of that, conditions without an index
are tried on a bounded number of rows (`page_within`). So a page costs the same among a million cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, or_, select

from onewindow_intake.cases.models import Case
from onewindow_intake.worklists.rules import Meaning, day_begins, day_ends, meanings
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.contracts.worklists import CaseFilter, CaseSort
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.scope import SeenAs, seen_as
from onewindow_shared.plumbing.unit import Unit

ORDERS = {
    CaseSort.RECEIVED: Keyset((Case.received_at, Case.id), newest_first=True),
    CaseSort.DUE: Keyset((Case.due_on, Case.id)),
    CaseSort.NOTICE: Keyset((Case.notice_due_at, Case.id)),
}
INDEXED = ("responsible_officer", "community", "street", "department")
"""Columns that lead an index; of several that are asked for, the first begins the list."""
SIFTED = ("item_code", "category", "channel", "first_contact_officer")
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Listing:
    """A list of cases for one caller on one day."""

    chosen: CaseFilter
    unit: Unit

    @property
    def keyset(self) -> Keyset:
        """Its order."""
        return ORDERS[self.chosen.sort]

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what columns have to be."""
        chosen = self.chosen
        found = {name: getattr(chosen, name) for name in (*INDEXED, *SIFTED[1:])}
        found["item_code"] = chosen.item
        if chosen.mine:
            found["responsible_officer"] = self.unit.actor.subject
        return {name: value for name, value in found.items() if value is not None}

    @property
    def leading(self) -> str | None:
        """Return the column that begins the list besides the caller's own area."""
        wanted = self.wanted
        by_receipt = ("item_code",) if self.chosen.sort is CaseSort.RECEIVED else ()
        return next((name for name in (*INDEXED, *by_receipt) if name in wanted), None)

    def query(self) -> Select[Case]:
        """Return what one index finds."""
        query = select(Case).where(*self._range())
        if self.leading is not None:
            query = query.where(getattr(Case, self.leading) == self.wanted[self.leading])
        return seen_as(query, self._why)

    @property
    def _why(self) -> SeenAs:
        """An officer's list holds both kinds; areas' lists hold one, so that one index finds them."""
        if self.chosen.taken_in:
            return SeenAs.TAKEN_IN
        return SeenAs.EITHER if self.leading == "responsible_officer" else SeenAs.OWN

    def _range(self) -> Iterator[ColumnElement[bool]]:
        chosen, unit = self.chosen, self.unit
        if chosen.sort is CaseSort.NOTICE:
            yield Case.status == literal(CaseStatus.RECEIVED.value, literal_execute=True)
            if chosen.notice_in is not None:
                last = unit.today + timedelta(days=chosen.notice_in)
                yield Case.notice_due_at < day_ends(last, unit.zone)
        elif self._only_open:
            yield Case.ended_on.is_(None)
        if chosen.sort is CaseSort.DUE:
            yield Case.due_on.is_not(None)
            yield from self._due(Case)
        if chosen.sort is CaseSort.RECEIVED:
            yield from self._received(Case)

    @property
    def _only_open(self) -> bool:
        chosen = self.chosen
        unfinished = bool(chosen.status) and ENDS.isdisjoint(chosen.status)
        due = chosen.overdue or chosen.due_in is not None
        return chosen.sort is CaseSort.DUE or unfinished or due or chosen.notice_in is not None

    def sieve(self, entity: Any) -> Conditions:
        """Return what is tried on each of the rows found, as conditions on `entity`."""
        return list(self._sifted(entity))

    def _sifted(self, entity: Any) -> Iterator[ColumnElement[bool]]:
        chosen, unit = self.chosen, self.unit
        columns = (name for name in self.wanted if name != self.leading)
        yield from (getattr(entity, name) == self.wanted[name] for name in columns)
        if chosen.status:
            yield entity.status.in_(chosen.status)
        if chosen.sort is not CaseSort.DUE:
            yield from self._due(entity)
        if chosen.sort is not CaseSort.RECEIVED:
            yield from self._received(entity)
        if chosen.sort is not CaseSort.NOTICE and chosen.notice_in is not None:
            last = unit.today + timedelta(days=chosen.notice_in)
            yield entity.status == CaseStatus.RECEIVED
            yield entity.notice_due_at < day_ends(last, unit.zone)
        yield from self._found(entity)

    def _found(self, entity: Any) -> Iterator[ColumnElement[bool]]:
        if self.chosen.q is not None:
            found = meanings(self.chosen.q)
            yield from (_means(entity, word) for word in found)
            if not found:
                yield false()

    def _due(self, entity: Any) -> Iterator[ColumnElement[bool]]:
        chosen, today = self.chosen, self.unit.today
        if chosen.due_from is not None:
            yield entity.due_on >= chosen.due_from
        if chosen.due_to is not None:
            yield entity.due_on <= chosen.due_to
        if chosen.due_in is not None:
            yield entity.due_on <= today + timedelta(days=chosen.due_in)
        if chosen.overdue:
            yield entity.due_on < today

    def _received(self, entity: Any) -> Iterator[ColumnElement[bool]]:
        chosen, zone = self.chosen, self.unit.zone
        if chosen.received_from is not None:
            yield entity.received_at >= day_begins(chosen.received_from, zone)
        if chosen.received_to is not None:
            yield entity.received_at < day_ends(chosen.received_to, zone)


def _means(entity: Any, word: Meaning) -> ColumnElement[bool]:
    """Say that a word stands for something of a case; none of what is compared tells who somebody is."""
    ways = [
        func.lower(entity.item_name).contains(word.part, autoescape=True),
        entity.status.in_(word.statuses),
        entity.category.in_(word.categories),
        entity.department == word.part,
    ]
    if word.digits:
        ways.append(entity.case_no.contains(word.part, autoescape=True))
    return or_(*ways)
