"""Last days for publishing, in working days of the district's calendar."""

from datetime import date

from sqlalchemy import select

from onewindow_casework.clocks.queries import last_day
from onewindow_casework.disclosure.models import DisclosedFact, Publication
from onewindow_casework.disclosure.rules import days_of, judged_on
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due


def due(unit: Unit, since: date) -> Due:
    """Return the last day for publishing what arose, or the quarter that ended, on a day."""
    return last_day(unit, since, settings_of(unit).disclosure_days)


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again the days of what is still to be published that reach a day from `first` to `last`.

    Returns how many moved.
    """
    quarters = select(Publication).where(Publication.published_on.is_(None), Publication.due_on >= first)
    facts = select(DisclosedFact).where(DisclosedFact.published_on.is_(None), DisclosedFact.due_on >= first)
    moved = [
        _moved(unit, one, days_of(one.period)[1], last)
        for one in unit.session.scalars(quarters.order_by(Publication.id).with_for_update())
    ]
    moved += [
        _moved(unit, one, one.arose_on, last)
        for one in unit.session.scalars(facts.order_by(DisclosedFact.id).with_for_update())
    ]
    return sum(moved)


def _moved(unit: Unit, one: Publication | DisclosedFact, since: date, last: date) -> bool:
    counted = due(unit, since)
    if since > last or counted == Due(one.due_on, one.provisional):
        return False
    unit.count(Metric.DISCLOSURES_DUE, -1, community=one.community, day=judged_on(one.due_on))
    unit.count(Metric.DISCLOSURES_DUE, community=one.community, day=judged_on(counted.day))
    one.due_on, one.provisional, one.version = counted.day, counted.provisional, one.version + 1
    return True
