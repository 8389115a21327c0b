"""Use cases of figures."""

from datetime import date
from typing import Any

from onewindow_intake.metrics import queries
from onewindow_shared.contracts.metrics import Metric, ServiceFigures
from onewindow_shared.plumbing.problems import Invalid, InvalidParam, NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.rollups import figures
from onewindow_shared.plumbing.unit import Unit

OURS = (Metric.CASES_RECEIVED, Metric.CASES_ACCEPTED, Metric.CASES_NOT_ACCEPTED)


def of_area(unit: Unit, area: str, first: date | None, last: date | None) -> ServiceFigures:
    """Return the counters of an area in a period, both days included; month to date unless told so.

    An area that is unknown or reaches beyond the caller's own is not found.
    """
    until = last or unit.today
    since = first or until.replace(day=1)
    if since > until:
        reason = "the period ends before it begins"
        raise Invalid(errors=[InvalidParam(loc=["query", "to"], detail=reason, type="value_error")])
    known = unit.session.get(Area, area)
    if known is None or not unit.actor.scope.covers(area):
        raise NotFound(detail="There is no such area within your reach.")
    found = figures(unit.session, area, since, until)
    return ServiceFigures(
        area=area,
        period_from=since,
        period_to=until,
        figures={metric: found.get(metric, 0) for metric in OURS},
        population=known.population,
        as_of=unit.now,
    )


def recount(unit: Unit) -> list[dict[str, Any]]:
    """Count everything again from the cases."""
    return list(queries.counted(unit.session))
