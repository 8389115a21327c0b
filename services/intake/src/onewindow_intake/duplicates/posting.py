"""Earlier cases that keep a posted application from being written until a window has decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from onewindow_intake.cases.rows import Filed
from onewindow_intake.cases.writing import Kept, answer_under
from onewindow_intake.duplicates import queries
from onewindow_shared.plumbing.unit import Unit

Write = Callable[[Unit, Sequence[Filed]], Sequence[Kept]]
Person = tuple[str, str, str]
"""Blind index of the document, code of the item, and district."""


@dataclass(frozen=True)
class Earlier:
    """A case of the same person and item."""

    case_no: str
    community: str


def write_undoubted(
    unit: Unit, batch: Sequence[Filed], *, write: Write, window: timedelta
) -> list[Kept | Earlier]:
    """Write the applications about which nothing is left to decide; name the others' earlier case.

    It looks in the transaction that writes, and two of the same person and item wait for each other, in one
    process or in several: of two first cases that are posted at once only one is written undecided.
    """
    queries.one_at_a_time(unit, sorted({"\n".join(_person(one)) for one in batch}))
    earlier = _earlier(unit, batch, window)
    fresh = [one for one in batch if one.key not in earlier]
    kept = iter(write(unit, fresh) if fresh else ())
    return [earlier.get(one.key) or next(kept) for one in batch]


def _earlier(unit: Unit, batch: Sequence[Filed], window: timedelta) -> dict[tuple[str, str], Earlier]:
    """Return, by key, an earlier case of each undecided application that was not posted before."""
    if not any(one.weighing for one in batch):
        return {}
    known: dict[Person, list[Earlier]] = {_person(one): [] for one in batch}
    for case in queries.exact(unit.session, list(known), unit.now - window):
        person = (case.applicant_index, case.item_code, case.district)
        known.get(person, []).append(Earlier(case.case_no, case.community))
    hits: dict[tuple[str, str], Earlier] = {}
    for one in batch:
        earlier = known[_person(one)]
        if _undecided(one, earlier) and answer_under(unit, *one.key) is None:
            hits[one.key] = earlier[0]
        else:
            earlier.append(Earlier(one.case["case_no"], one.case["community"]))
    return hits


def _undecided(one: Filed, earlier: Sequence[Earlier]) -> bool:
    weighing = one.weighing
    if weighing is None or not earlier:
        return False
    return not any(weighing.settles(case.case_no, case.community) for case in earlier)


def _person(one: Filed) -> Person:
    return one.case["applicant_index"], one.case["item_code"], one.case["district"]
