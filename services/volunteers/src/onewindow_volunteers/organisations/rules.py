"""Where a paper of an organisation stands, and what an activity of it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from onewindow_shared.contracts.organisations import OrganisationKind, PaperKind, PaperStanding


@dataclass(frozen=True)
class Period:
    """The period of a paper, both days included."""

    first: date
    last: date

    def covers(self, first: date, last: date) -> bool:
        """Say whether a paper is in force from one day to another."""
        return self.first <= first and last <= self.last


def standing(period: Period, today: date, window: timedelta) -> PaperStanding:
    """Say where a paper stands on a day; it is renewed within the last `window` of its period."""
    if today > period.last:
        return PaperStanding.EXPIRED
    if today < period.first:
        return PaperStanding.TO_COME
    return PaperStanding.RENEWABLE if today > period.last - window else PaperStanding.VALID


def lacking(
    kind: OrganisationKind, papers: Iterable[tuple[PaperKind, Period]], first: date, last: date
) -> bool:
    """Say whether an organisation lacks the qualification for an activity from one day to another.

    Registered organisations are qualified for a time; teams and stations stand under their committee
    (志愿服务条例 arts. 6, 42).
    """
    covered = any(paper is PaperKind.QUALIFICATION and term.covers(first, last) for paper, term in papers)
    return kind is OrganisationKind.ORGANISATION and not covered


def turns(period: Period, window: timedelta) -> tuple[date, date]:
    """Return the days on which a paper comes into the window of its renewal, and has run out."""
    after = period.last + timedelta(days=1)
    return max(period.first, after - window), after
