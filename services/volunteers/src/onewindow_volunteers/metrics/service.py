"""The figures of an area."""

from datetime import date

from onewindow_shared.contracts.metrics import Metric, ServiceFigures
from onewindow_shared.plumbing.problems import Invalid, InvalidParam, NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.rollups import figures
from onewindow_shared.plumbing.unit import Unit


def area_figures(unit: Unit, code: str, first: date, last: date) -> ServiceFigures:
    """Return how many volunteers an area had at the end of the period, and its population where known.

    An area that is unknown or reaches beyond the caller's own is not found.
    """
    if first > last:
        reason = "the period ends before it begins"
        raise Invalid(errors=[InvalidParam(loc=["query", "to"], detail=reason, type="value_error")])
    area = unit.session.get(Area, code)
    if area is None or not unit.actor.scope.covers(code):
        raise NotFound
    found = {Metric.VOLUNTEERS_REGISTERED: 0} | figures(unit.session, code, first, last)
    return ServiceFigures(
        area=code,
        period_from=first,
        period_to=last,
        figures=found,
        population=area.population,
        as_of=unit.now,
    )
