"""Figures of closed cases: as they close, and counted again from their files (rules C5: S1, S2, S8, S12)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from onewindow_casework.agency.models import Agency
from onewindow_casework.clocks.queries import is_over
from onewindow_casework.handling.models import CaseFile, Reopening
from onewindow_shared.contracts.delivery import DeliveryMethod
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import CLASSIFIED, Facets, facets_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

AT_ONCE = 5000
Figure = tuple[Metric, Facets, int]


def visits(came_on: Iterable[str] | None, collected_on: date | None) -> int | None:
    """Return on how many days the applicant came: to apply, with papers, and for the outcome.

    None where it was not told.
    """
    if came_on is None:
        return None
    return len({*came_on, *([collected_on.isoformat()] if collected_on else [])})


def figures_of_closed(
    by: Facets, *, on_time: bool, within_law: bool, days: int | None, came: int | None
) -> Iterator[Figure]:
    """Yield what a closed case counts for."""
    yield Metric.CASES_CLOSINGS, replace(by, officer=""), 1
    yield Metric.CASES_CLOSED, by, 1
    if on_time:
        yield Metric.CASES_CLOSED_ON_TIME, by, 1
    if within_law:
        yield Metric.CASES_CLOSED_WITHIN_LAW, by, 1
    if days is not None and came is not None:
        yield Metric.CASES_HANDLED, replace(by, days=str(days)), 1
        yield Metric.HANDLING_DAYS, by, days
        yield Metric.CASE_VISITS, by, came
        if came <= 1:
            yield Metric.CASES_AT_MOST_ONE_VISIT, by, 1


def count_closed(unit: Unit, case: CaseFile, n: int = 1) -> None:
    """Count a case that is closed; with -1, take it out again, except that it was closed once."""
    for metric, by, times in _figures(unit, case):
        if case.closed_at is not None and times and (n > 0 or metric is not Metric.CASES_CLOSINGS):
            day = local_day(case.closed_at, unit.zone)
            unit.count(metric, n * times, community=case.community, day=day, by=by)


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, Facets, str, int]]:
    """Yield metric, day, facets, community and number of everything that was counted."""
    closed = select(CaseFile).where(CaseFile.on_time.is_not(None))
    for case in unit.session.scalars(closed.execution_options(yield_per=AT_ONCE)):
        for metric, by, n in _figures(unit, case):
            if case.closed_at is not None:
                yield metric, local_day(case.closed_at, unit.zone), by, case.community, n
    of_the_case = (CaseFile.community, *(getattr(CaseFile, name) for name in CLASSIFIED))
    former = select(Reopening.closed_at, *of_the_case).join(CaseFile, CaseFile.id == Reopening.case_id)
    for row in unit.session.execute(former.execution_options(yield_per=AT_ONCE)):
        yield Metric.CASES_CLOSINGS, local_day(row.closed_at, unit.zone), facets_of(row), row.community, 1
    columns = (CaseFile.accepted_on, *of_the_case)
    helped = select(*columns).join(Agency, Agency.case_id == CaseFile.id)
    for file in unit.session.execute(helped.execution_options(yield_per=AT_ONCE)):
        yield Metric.CASES_WITH_AGENCY, file.accepted_on, facets_of(file), file.community, 1


def _figures(unit: Unit, case: CaseFile) -> Iterator[Figure]:
    taken = case.delivery is not None and case.delivery.method == DeliveryMethod.PICK_UP
    collected_on = case.delivery.delivered_on if taken and case.delivery else None
    return figures_of_closed(
        facets_of(case, officer=case.handler),
        on_time=bool(case.on_time),
        within_law=_within_law(unit, case),
        days=case.handling_days,
        came=visits(case.came_on, collected_on),
    )


def _within_law(unit: Unit, case: CaseFile) -> bool:
    """Say whether a closed case was closed by its statutory day; the promised one is never later."""
    closed_at = case.closed_at
    in_time = closed_at is not None and not is_over(unit, case.statutory_due_on, closed_at)
    return bool(case.on_time) or in_time
