"""Rules of tolerant acceptance (rules B1.3, C2 T7, T11, T12)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Self

from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.intake import MaterialIn
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.outcomes import MissedSupplement, SignedBy, TolerantAcceptanceIn
from onewindow_shared.plumbing.workdays import WorkCalendar, close_of_business

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
    promised: date
    """Last day of the promised limit."""
    has_agent: bool


def wrong(form: TolerantAcceptanceIn, asked: Asked) -> dict[str, str]:
    """Return what is wrong with a tolerant acceptance: field -> reason."""
    named = {deferral.material for deferral in form.deferred}
    faults = _faults_of_deferrals(form, asked) | {
        f"materials.{code}": "not handed in, and not among those that come later"
        for code in sorted(asked.lacking - named)
    }
    promise = form.promise
    if promise.signed_by is SignedBy.AGENT and not asked.has_agent:
        faults["promise.signed_by"] = "the applicant has no agent in this case"
    if promise.signed_at is not None and promise.signed_at > asked.now:
        faults["promise.signed_at"] = "this lies in the future"
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
            close_of_business(calendar.due(deferral.due_on, 0).day, zone, hour).astimezone(UTC),
        )
        for deferral in form.deferred
    ]


def not_deferred(papers: Iterable[Deferred], given: Sequence[MaterialIn]) -> dict[str, str]:
    """Name the papers that are handed in and that nobody waits for: field -> reason."""
    known = {paper.material for paper in papers}
    return {
        f"materials.{place}.code": "this paper was not to come later"
        for place, material in enumerate(given)
        if material.code not in known
    }


def awaited(papers: Iterable[Deferred], state: Mapping[str, Any]) -> list[Deferred]:
    """Return the papers that the window has not seen yet."""
    return [paper for paper in papers if not state.get(paper.material, {}).get("received", False)]


def owed(papers: Iterable[Deferred], state: Mapping[str, Any]) -> list[Deferred]:
    """Return the papers that were neither seen nor declared."""
    return [
        paper for paper in awaited(papers, state) if not state.get(paper.material, {}).get("declared", False)
    ]


def next_due(papers: Iterable[Deferred], state: Mapping[str, Any]) -> datetime | None:
    """Return when the earliest paper is missed; None once each was seen or declared in time.

    Whoever declares a paper in time does not lose the case to a slow window.
    """
    return min((paper.due_at for paper in owed(papers, state)), default=None)
