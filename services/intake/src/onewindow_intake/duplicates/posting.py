"""Earlier cases that keep a posted application from being written until a window has decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from onewindow_intake.cases.filing import Filed
from onewindow_intake.cases.writing import Kept, answer_under
from onewindow_intake.duplicates import queries
from onewindow_shared.plumbing.unit import Unit

Write = Callable[[Unit, Sequence[Filed]], Sequence[Kept]]
Person = tuple[str, str, str]
"""Blind index of the document, and codes of the item and the district."""


@dataclass(frozen=True)
class Earlier:
    """A case of the same person and item in the district."""

    case_no: str
    community: str


def write_undoubted(
    unit: Unit, write: Write, batch: Sequence[Filed], window: timedelta
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
    """Return, by key, the earlier case of each undecided application that was not posted before."""
    if not any(one.undecided for one in batch):
        return {}
    people = [_person(one) for one in batch]
    known = {
        (case.applicant_index, case.item_code, case.district): Earlier(case.case_no, case.community)
        for case in queries.exact(unit.session, people, unit.now - window)
    }
    hits: dict[tuple[str, str], Earlier] = {}
    for one in batch:
        person = _person(one)
        earlier = known.get(person)
        if one.undecided and earlier is not None and answer_under(unit, *one.key) is None:
            hits[one.key] = earlier
        else:
            known.setdefault(person, Earlier(one.case["case_no"], one.case["community"]))
    return hits


def _person(one: Filed) -> Person:
    return one.case["applicant_index"], one.case["item_code"], one.case["district"]
