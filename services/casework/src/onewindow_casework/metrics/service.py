"""The figures of an area."""

from datetime import date

from onewindow_shared.contracts.metrics import Metric, ServiceFigures
from onewindow_shared.plumbing.problems import Invalid, InvalidParam, NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.rollups import figures
from onewindow_shared.plumbing.unit import Unit

COUNTED = (
    Metric.CASES_CLOSED,
    Metric.CASES_CLOSED_ON_TIME,
    Metric.CASES_OVERDUE_OPEN,
    Metric.REVIEWS_RATED,
    Metric.REVIEWS_SATISFIED,
)
"""What this service counts; closed ones are granted and refused alike, on time by closing (rules C5, S2)."""


def area_figures(unit: Unit, code: str, first: date, last: date) -> ServiceFigures:
    """Return what was counted in an area from `first` to `last`; overdue ones as they stand on `last`.

    An area that is unknown or reaches beyond the caller's own is not found.
    """
    if first > last:
        reason = "the period ends before it begins"
        raise Invalid(errors=[InvalidParam(loc=["query", "to"], detail=reason, type="value_error")])
    area = unit.session.get(Area, code)
    if area is None or not unit.actor.scope.covers(code):
        raise NotFound
    return ServiceFigures(
        area=code,
        period_from=first,
        period_to=last,
        figures=dict.fromkeys(COUNTED, 0) | figures(unit.session, code, first, last),
        population=area.population,
        as_of=unit.now,
    )
