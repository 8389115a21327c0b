"""To whom a case is given by rule, and who answers for it while somebody is away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """An officer of the roster."""

    subject: str
    name: str
    items: Sequence[str]
    most_open: int
    given_at: datetime | None


@dataclass(frozen=True)
class Candidate:
    """An officer of the roster, as far as it decides who gets a case."""

    subject: str
    items: frozenset[str]
    """Items and categories that they know; empty for all."""
    load: int
    """Open cases in their charge."""
    most_open: int
    present: bool
    given_at: datetime | None

    def takes(self, item: str, category: str, applicant: str | None) -> bool:
        """Say whether this officer can be given a case: there, competent, with room, not its applicant."""
        knows = not self.items or not self.items.isdisjoint({item, category})
        return self.present and knows and self.load < self.most_open and self.subject != applicant


@dataclass(frozen=True)
class Served:
    """Whose cases an officer of the roster takes: those of a community as its agent, or of a department."""

    area: str
    department: str | None

    def has(self, area: str, district: str, department: str | None) -> bool:
        """Say whether a case of an area and a department is one of these."""
        if self.department is None:
            return self.area == area
        return (self.department, self.area) == (department, district)


def chosen(candidates: Iterable[Candidate], item: str, category: str, applicant: str | None) -> str | None:
    """Return who gets a case: of those who can, whoever has the fewest, and got none for longest."""
    able = [one for one in candidates if one.takes(item, category, applicant)]
    best = min(able, key=lambda one: (one.load, one.given_at or LONG_AGO, one.subject), default=None)
    return best.subject if best else None


def answerable(handler: str | None, away: Mapping[str, str | None]) -> str | None:
    """Return the one person who answers for a case today.

    `away` names whoever is absent, with who stands in. Nobody stands in for a substitute: where that one is
    away, too, or there is none, it stays with the officer in charge.
    """
    if handler is None:
        return None
    substitute = away.get(handler)
    return handler if substitute is None or substitute in away else substitute


def fault_of_charge(officer: str, applicant: str | None, away: Mapping[str, str | None]) -> str | None:
    """Say why an officer cannot be put in charge of a case."""
    if officer == applicant:
        return "nobody handles their own case"
    if officer in away and answerable(officer, away) == officer:
        return "this officer is away, and nobody stands in"
    return None
