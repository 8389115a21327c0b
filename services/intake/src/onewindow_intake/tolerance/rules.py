"""Rules of tolerant acceptance (rules B1.3, C2 T7, T11, T12)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Self

from onewindow_intake.cases.rules import date_ends
from onewindow_intake.checklist.rules import UNKNOWN, Papers
from onewindow_intake.parties.rules import Side, may_not
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.intake import MaterialIn
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.outcomes import MissedSupplement, TolerantAcceptanceIn
from onewindow_shared.contracts.parties import Power
from onewindow_shared.plumbing.workdays import WorkCalendar

MISSED: Mapping[MissedSupplement, CaseAction] = {
    MissedSupplement.ACCEPTANCE_REVOKED: CaseAction.REVOKE_ACCEPTANCE,
    MissedSupplement.DEEMED_WITHDRAWN: CaseAction.DEEM_WITHDRAWN,
}
"""The move that each consequence is."""


@dataclass(frozen=True)
class Deferred:
    """A paper that may come later."""

    material: str
    due_on: date
    due_at: datetime

    def row(self) -> dict[str, str]:
        """Write it for a column."""
        return {
            "material": self.material,
            "due_on": self.due_on.isoformat(),
            "due_at": self.due_at.isoformat(),
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read what `row` wrote."""
        return cls(row["material"], date.fromisoformat(row["due_on"]), datetime.fromisoformat(row["due_at"]))


@dataclass(frozen=True)
class Asked:
    """What decides whether a case can be accepted tolerantly."""

    materials: Sequence[ItemMaterial]
    lacking: frozenset[str]
    """Needed papers that the window has not seen."""
    today: date
    now: datetime
    received_on: date
    promised: date
    """Last day of the promised limit."""
    side: Side
    signed_on: date


def wrong(form: TolerantAcceptanceIn, asked: Asked) -> dict[str, str]:
    """Return what is wrong with a tolerant acceptance: field -> reason."""
    named = {deferral.material for deferral in form.deferred}
    faults = _faults_of_deferrals(form, asked) | {
        f"materials.{code}": "not handed in, and not among those that come later"
        for code in sorted(asked.lacking - named)
    }
    promise = form.promise
    if reason := may_not(asked.side, promise.signed_by, Power.CORRECT, asked.signed_on):
        faults["promise.signed_by"] = reason
    if promise.signed_at is not None and promise.signed_at > asked.now:
        faults["promise.signed_at"] = "this lies in the future"
    if asked.signed_on < asked.received_on:
        faults["promise.signed_at"] = "this lies before the day on which the papers came"
    return faults


def _faults_of_deferrals(form: TolerantAcceptanceIn, asked: Asked) -> dict[str, str]:
    deferrable = {paper.code: paper.deferrable for paper in asked.materials}
    times = Counter(deferral.material for deferral in form.deferred)
    faults = {}
    for place, deferral in enumerate(form.deferred):
        code = deferral.material
        if code not in deferrable:
            faults[f"deferred.{place}.material"] = "this item has no such material"
        elif times[code] > 1:
            faults[f"deferred.{place}.material"] = "this material is listed more than once"
        elif code not in asked.lacking:
            faults[f"deferred.{place}.material"] = "this paper is not missing"
        elif not deferrable[code]:
            faults[f"deferred.{place}.material"] = "this paper cannot come later"
        if deferral.due_on <= asked.today:
            faults[f"deferred.{place}.due_on"] = "leave at least a day"
        elif deferral.due_on > asked.promised:
            faults[f"deferred.{place}.due_on"] = f"not later than the promised limit: {asked.promised}"
    return faults


def deferred(form: TolerantAcceptanceIn, calendar: WorkCalendar, hour: int, zone: tzinfo) -> list[Deferred]:
    """Return the papers that come later, each with the close of business that ends its day."""
    return [
        Deferred(
            deferral.material,
            deferral.due_on,
            date_ends(calendar, deferral.due_on, hour, zone),
        )
        for deferral in form.deferred
    ]


def again(papers: Iterable[Deferred], fresh: Deferred) -> list[Deferred]:
    """Return the papers that come later once one has to come again; never sooner than was promised."""
    known = {paper.material: paper for paper in papers}
    later = max(known.get(fresh.material, fresh), fresh, key=lambda paper: paper.due_at)
    return list({**known, fresh.material: later}.values())


def not_deferred(papers: Iterable[Deferred], given: Sequence[MaterialIn]) -> dict[str, str]:
    """Name the papers that are handed in and that nobody waits for: field -> reason."""
    known = {paper.material for paper in papers}
    return {
        f"materials.{place}.code": "this paper was not to come later"
        for place, material in enumerate(given)
        if material.code not in known
    }


def awaited(papers: Iterable[Deferred], known: Papers) -> list[Deferred]:
    """Return the papers that the window has not seen yet."""
    return [paper for paper in papers if not known.get(paper.material, UNKNOWN).received]


def owed(papers: Iterable[Deferred], known: Papers) -> list[Deferred]:
    """Return the papers that were neither seen nor declared."""
    return [paper for paper in papers if not known.get(paper.material, UNKNOWN).there]


def missed(papers: Iterable[Deferred], known: Papers, at: datetime) -> list[Deferred]:
    """Return the papers whose own time was over, and that were neither seen nor declared."""
    return [paper for paper in owed(papers, known) if paper.due_at <= at]


def next_due(papers: Iterable[Deferred], known: Papers) -> datetime | None:
    """Return when the earliest paper is missed; None once each was seen or declared in time.

    Whoever declares a paper in time does not lose the case to a slow window.
    """
    return min((paper.due_at for paper in owed(papers, known)), default=None)
