"""Statements behind lists of cases: what indexes find, in the list's order, and what is sifted out of that.

Every list is one range of an index or a few of them, each in the order of the list: of an area, an officer or
a department, and within an area of an item or of a state. Other conditions are tried on a bounded number of
these rows (`page_within`). So a page costs the same among a million cases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select

from onewindow_intake.cases.models import Case
from onewindow_intake.catalogue.models import ItemVersion
from onewindow_intake.worklists.rules import (
    ASKED,
    EVERY_STATUS,
    MOST_RANGES,
    NUMBER_END,
    OPEN,
    Meaning,
    Named,
    Word,
    day_begins,
    day_ends,
    order,
    read,
)
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.worklists import CaseFilter, CaseSort
from onewindow_shared.plumbing.belonging import SeenAs, ranges_of, within
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.scope import seen_as
from onewindow_shared.plumbing.succession import Gathered
from onewindow_shared.plumbing.unit import Unit

ORDERS = {
    CaseSort.RECEIVED: Keyset((Case.received_at, Case.id), newest_first=True),
    CaseSort.DUE: Keyset((Case.due_on, Case.id)),
    CaseSort.NOTICE: Keyset((Case.answer_due_at, Case.id)),
}
ORDERED = {CaseSort.DUE: OPEN, CaseSort.NOTICE: frozenset({CaseStatus.RECEIVED})}
"""States that an order itself lists."""
INDEXED = ("responsible_officer", "community", "street", "department")
"""Columns that lead an index; of several that are asked for, the first begins the list."""
PLACES = ("community", "street")
BY_AREA = (None, *PLACES)
"""What begins a list whose items and states have indexes of their own."""
ANSWERED = or_(
    and_(
        Case.status == CaseStatus.CORRECTION,
        or_(Case.complete_on.is_not(None), Case.declared_at.is_not(None)),
    ),
    and_(Case.status == CaseStatus.TOLERANT_ACCEPTED, Case.supplement_due_at.is_(None)),
)
"""Whoever was asked owes nothing: `moving.standing` and `tolerance.rules.next_due` say the same of a case."""
SIFTED = ("category", "channel", "first_contact_officer")


@dataclass(frozen=True)
class Listing:
    """A list of cases for one caller on one day."""

    chosen: CaseFilter
    unit: Unit

    @property
    def keyset(self) -> Keyset:
        """Its order."""
        return ORDERS[self.order]

    @property
    def order(self) -> CaseSort:
        """What it is ordered by."""
        return order(self.chosen)

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what columns have to be."""
        chosen = self.chosen
        found = {name: getattr(chosen, name) for name in (*INDEXED, *SIFTED)}
        if chosen.mine:
            found["responsible_officer"] = self.unit.actor.subject
        if chosen.nobody:
            found["responsible_officer"] = ""
        return {name: value for name, value in found.items() if value is not None}

    @property
    def leading(self) -> str | None:
        """Return the column that begins the list besides the caller's own area."""
        wanted = self.wanted
        return next((name for name in INDEXED if name in wanted), None)

    @cached_property
    def words(self) -> list[Word]:
        """What the words of the search stand for."""
        return read(self.chosen.q, self._named) if self.chosen.q is not None else []

    @cached_property
    def items(self) -> frozenset[str] | None:
        """Items of which the cases are one; None: any."""
        chosen = self.chosen
        sets = [word.items for word in self.words if word.items_only]
        sets += [frozenset({chosen.item})] if chosen.item is not None else []
        return frozenset.intersection(*sets) if sets else None

    @cached_property
    def statuses(self) -> frozenset[CaseStatus]:
        """States of which the cases are in one."""
        chosen = self.chosen
        sets = [EVERY_STATUS, *(word.statuses for word in self.words if word.statuses_only)]
        sets += [frozenset(chosen.status)] if chosen.status else []
        sets += [frozenset({CaseStatus.RECEIVED})] if self._awaits_notice else []
        sets += [ASKED] if chosen.answered is not None else []
        sets += [OPEN] if self.order is CaseSort.DUE else []
        return frozenset.intersection(*sets)

    @property
    def _awaits_notice(self) -> bool:
        return self.order is CaseSort.NOTICE

    def ranges(self) -> list[Select[Case]]:
        """Return what indexes find, each in the order of the list; nothing where no case can fit."""
        nothing = self.items == frozenset() or not self.statuses
        if nothing or (self.chosen.q is not None and not self.words):
            return []
        query = seen_as(select(Case).where(*self._range(), *self._numbered()), self._why)
        queries = [query.where(place) for place in self._places()] or [query]
        if self.split is None:
            return queries
        values = sorted((self.items if self.split == "item_code" else self.statuses) or ())
        return [query.where(getattr(Case, self.split) == value) for query in queries for value in values]

    def _places(self) -> list[ColumnElement[bool]]:
        """Return what begins the list, as ranges of an index, several if it is heir of others."""
        scope, leading = self.unit.actor.scope, self.leading
        if leading in PLACES:
            return ranges_of(Case, self.unit.gathered(self.wanted[leading]))
        if leading is not None:
            return [getattr(Case, leading) == self.wanted[leading]]
        if scope.area is not None and scope.joined and self._why is SeenAs.OWN:
            return ranges_of(Case, Gathered(scope.area, scope.joined, scope.left))
        return []

    def _is(self, name: str) -> ColumnElement[bool]:
        """Say that a column is what it has to be; of an area, with those that it is heir of."""
        if name in PLACES:
            return within(Case, self.unit.gathered(self.wanted[name]))
        same: ColumnElement[bool] = getattr(Case, name) == self.wanted[name]
        return same

    @cached_property
    def split(self) -> str | None:
        """Return the column by which the list is put together from several ranges."""
        in_order = self.order is CaseSort.RECEIVED and not self.chosen.taken_in
        if (
            not in_order
            or self._few_undecided
            or self.leading not in BY_AREA
            or any(word.number_only for word in self.words)
        ):
            return None
        if self.items is not None and len(self.items) <= MOST_RANGES:
            return "item_code"
        return "status" if len(self.statuses) <= MOST_RANGES else None

    @property
    def _few_undecided(self) -> bool:
        """Whether the list is the range of an index that holds nothing but what is undecided."""
        chosen = self.chosen
        within_area = self.leading in BY_AREA and not chosen.taken_in
        return chosen.undecided and within_area and self.order is CaseSort.RECEIVED

    @property
    def _why(self) -> SeenAs:
        """An officer's list holds both kinds; areas' lists hold one, so that one index finds them."""
        if self.chosen.taken_in:
            return SeenAs.TAKEN_IN
        return SeenAs.EITHER if self.leading == "responsible_officer" else SeenAs.OWN

    def _range(self) -> Iterator[ColumnElement[bool]]:
        chosen, unit = self.chosen, self.unit
        if self.order is CaseSort.NOTICE:
            yield Case.status == literal(CaseStatus.RECEIVED.value, literal_execute=True)
            if chosen.notice_in is not None:
                last = unit.today + timedelta(days=chosen.notice_in)
                yield Case.answer_due_at < day_ends(last, unit.zone)
        if self.order is CaseSort.DUE:
            yield Case.ended_on.is_(None)
            yield Case.due_on.is_not(None)
            yield from self._due()
        if self.order is CaseSort.RECEIVED:
            yield from self._received()
        if self._few_undecided:
            yield Case.undecided_about.is_not(None)

    def _numbered(self) -> Iterator[ColumnElement[bool]]:
        """Yield how the number ends; an index finds it so, in the order of receipt."""
        ends = (word.digits for word in self.words if word.number_only and word.digits is not None)
        yield from (Case.number_end == digits[-NUMBER_END:] for digits in ends)

    @cached_property
    def sieve(self) -> list[ColumnElement[bool]]:
        """Return what is tried on each of the rows found."""
        return [*self._sifted(), *self._said()]

    def _sifted(self) -> Iterator[ColumnElement[bool]]:
        chosen, unit = self.chosen, self.unit
        columns = (name for name in self.wanted if name != self.leading)
        yield from map(self._is, columns)
        if self.order is not CaseSort.DUE:
            yield from self._due()
        if self.order is not CaseSort.RECEIVED:
            yield from self._received()
        if self.order is not CaseSort.NOTICE and chosen.notice_in is not None:
            last = unit.today + timedelta(days=chosen.notice_in)
            yield Case.answer_due_at < day_ends(last, unit.zone)
        if chosen.undecided and not self._few_undecided:
            yield Case.undecided_about.is_not(None)
        if chosen.answered is not None:
            yield ANSWERED if chosen.answered else not_(ANSWERED)

    def _said(self) -> Iterator[ColumnElement[bool]]:
        """Yield what no range has seen to of items, states and words."""
        if self.items is not None and self.split != "item_code":
            yield Case.item_code.in_(sorted(self.items))
        if self.split != "status" and not self.statuses >= ORDERED.get(self.order, EVERY_STATUS):
            yield Case.status.in_(sorted(self.statuses))
        for word in self.words:
            if not word.items_only and not word.statuses_only:
                yield _means(word)

    def _named(self, meanings: Sequence[Meaning]) -> Sequence[Named]:
        """Return what items were ever called and where they belonged, of those that a word may stand for."""
        named = (ItemVersion.item_code, ItemVersion.name, ItemVersion.called)
        columns = (*named, ItemVersion.category, ItemVersion.department)
        query = select(*columns).where(or_(*(_names(meaning) for meaning in meanings))).distinct()
        return [Named(*row) for row in self.unit.session.execute(query)]

    def _due(self) -> Iterator[ColumnElement[bool]]:
        chosen, today = self.chosen, self.unit.today
        if chosen.due_from is not None:
            yield Case.due_on >= chosen.due_from
        if chosen.due_to is not None:
            yield Case.due_on <= chosen.due_to
        if chosen.due_in is not None:
            yield Case.due_on <= today + timedelta(days=chosen.due_in)
        if chosen.overdue:
            yield Case.due_on < today

    def _received(self) -> Iterator[ColumnElement[bool]]:
        chosen, zone = self.chosen, self.unit.zone
        if chosen.received_from is not None:
            yield Case.received_at >= day_begins(chosen.received_from, zone)
        if chosen.received_to is not None:
            yield Case.received_at < day_ends(chosen.received_to, zone)


def _names(meaning: Meaning) -> ColumnElement[bool]:
    return or_(
        func.lower(ItemVersion.name).contains(meaning.part, autoescape=True),
        ItemVersion.called.contains(meaning.part, autoescape=True),
        ItemVersion.category.in_(meaning.categories),
        ItemVersion.department == meaning.part,
    )


def _means(word: Word) -> ColumnElement[bool]:
    """Say that a word stands for something of a case; none of what is compared tells who somebody is."""
    ways: list[ColumnElement[bool]] = [
        Case.item_code.in_(sorted(word.items)),
        Case.status.in_(sorted(word.statuses)),
    ]
    if word.digits is not None:
        ways.append(Case.case_no.endswith(word.digits))
    return or_(*ways)
