"""Earlier cases that keep a posted application from being written until a window has decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from onewindow_intake.cases.likes import LIKES
from onewindow_intake.cases.rows import Filed
from onewindow_intake.cases.writing import Kept, answer_under
from onewindow_intake.duplicates import queries
from onewindow_intake.duplicates.queries import Sought
from onewindow_intake.duplicates.rules import Weighing, likeness
from onewindow_intake.duplicates.service import likest
from onewindow_shared.plumbing.unit import Unit

Write = Callable[[Unit, Sequence[Filed]], Sequence[Kept]]
Key = tuple[str, str]


@dataclass(frozen=True)
class Earlier:
    """A case of the same person, or of somebody like them, and of the same item."""

    case_no: str
    community: str


def write_undoubted(
    unit: Unit, batch: Sequence[Filed], *, write: Write, window: timedelta
) -> list[Kept | Earlier]:
    """Write the applications about which nothing is left to decide; name the others' earlier case.

    What a window took in while it was offline is written all the same, and its decision is left open.

    It looks in the transaction that writes, and two of the same person and item wait for each other, in one
    process or in several: of two first cases that are posted at once only one is written undecided. Two of
    people who are only like each other, posted at the same instant in two transactions, are both written.
    """
    queries.one_at_a_time(unit, sorted({_person(one) for one in batch}))
    earlier = _Looking(unit, unit.now - window).through(batch)
    barred = {one.key: earlier[one.key] for one in batch if one.key in earlier and not _asked_later(one)}
    fresh = [_left_open(one, earlier.get(one.key)) for one in batch if one.key not in barred]
    kept = iter(write(unit, fresh) if fresh else ())
    return [barred.get(one.key) or next(kept) for one in batch]


def _asked_later(one: Filed) -> bool:
    return one.weighing is not None and one.weighing.asked_later


def _left_open(one: Filed, earlier: Earlier | None) -> Filed:
    """Write with a case which earlier one its window has still to decide about."""
    return one if earlier is None else replace(one, case={**one.case, "undecided_about": earlier.case_no})


class _Looking:
    """Looks for earlier cases, among those that are written and those that are about to be."""

    def __init__(self, unit: Unit, since: datetime) -> None:
        self._unit = unit
        self._since = since
        self._possible: Sequence[Row[Any]] = ()
        self._before: list[Filed] = []

    def through(self, batch: Sequence[Filed]) -> dict[Key, Earlier]:
        """Return, by key, an earlier case of each undecided application that was not posted before."""
        weighed = [one for one in batch if one.weighing]
        if not weighed:
            return {}
        like = [_sought(one) for one in weighed if one.weighing and one.weighing.likeness is not None]
        people = [_sought(one) for one in batch]
        self._possible = queries.possible(self._unit.session, people, like, self._since)
        hits: dict[Key, Earlier] = {}
        for one in batch:
            earlier = self._undecided(one, one.weighing) if one.weighing else None
            if earlier is not None and answer_under(self._unit, *one.key) is None:
                hits[one.key] = earlier
            if one.key not in hits or _asked_later(one):
                self._before.append(one)
        return hits

    def _undecided(self, one: Filed, weighing: Weighing) -> Earlier | None:
        """Return an earlier case that is not decided about: like people's where the same has none."""
        earlier = self._same(one)
        if not earlier and weighing.likeness is not None:
            earlier = self._like(one, weighing.likeness)
        settled = any(weighing.settles(case.case_no, case.community) for case in earlier)
        return None if settled or not earlier else earlier[0]

    def _same(self, one: Filed) -> list[Earlier]:
        written = [row for row in self._possible if _of(row) == _person(one)]
        about_to_be = [_named(mate) for mate in self._before if _person(mate) == _person(one)]
        return [*(Earlier(row.case_no, row.community) for row in written), *about_to_be]

    def _like(self, one: Filed, least: float) -> list[Earlier]:
        who = _sought(one)
        found: list[Earlier] = []
        if any(who.may_be(row) for row in self._possible):
            written = (case for case, _, _ in likest(self._unit, who, self._since, least))
            found = [Earlier(case.case_no, case.community) for case in written]
        mates = (mate for mate in self._before if _alike(_sought(mate), who))
        return found + [_named(mate) for mate in mates if likeness(one.applicant, mate.applicant)[0] >= least]


def _sought(one: Filed) -> Sought:
    """Return whose earlier cases may be those of an application."""
    case = one.case
    likes = {name: case[name] for name in LIKES}
    return Sought(case["item_code"], case["district"], case["applicant_index"], likes, one.applicant)


def _alike(one: Sought, other: Sought) -> bool:
    """Say whether two applications are of one item and district, and of people who may be like each other."""
    here = (one.item, one.district) == (other.item, other.district)
    return here and any(value is not None and value == other.likes[name] for name, value in one.likes.items())


def _named(one: Filed) -> Earlier:
    return Earlier(one.case["case_no"], one.case["community"])


def _person(one: Filed) -> str:
    case = one.case
    return _name(case["applicant_index"], case["item_code"], case["district"])


def _of(row: Row[Any]) -> str:
    return _name(row.applicant_index, row.item_code, row.district)


def _name(index: str, item: str, district: str) -> str:
    return f"{index}\n{item}\n{district}"
