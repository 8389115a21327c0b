"""Counting every figure again from what it is a figure of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from onewindow_casework.admission.figures import admitted
from onewindow_casework.agency import counting as agencies
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.disclosure.models import DisclosedFact, Publication
from onewindow_casework.disclosure.rules import judged_on
from onewindow_casework.evaluations.models import EvaluationPair
from onewindow_casework.funding import counting as money
from onewindow_casework.handling import counting as closed
from onewindow_casework.handling.models import CaseFile, Reopening
from onewindow_casework.lists.figures import listed
from onewindow_casework.orders import counting as orders
from onewindow_casework.reviews import counting as reviews
from onewindow_shared.contracts.certificates import CertificateStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import CLASSIFIED, Facets, delta, facets_of
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

Change = tuple[Metric, date, Facets | str, str, int]
"""Metric, day, facets or the item alone, community, and by how much it changed."""
CASE = tuple(getattr(CaseFile, name) for name in CLASSIFIED)
AT_ONCE = 5000


def recount(unit: Unit) -> Sequence[dict[str, Any]]:
    """Return every counter as the tables have it."""
    counted: Counter[tuple[Metric, date, Facets, str]] = Counter()
    for metric, day, by, community, n in _everything(unit):
        counted[metric, day, Facets(by) if isinstance(by, str) else by, community] += n
    return [
        delta(metric, day, by, n, place(community))
        for (metric, day, by, community), n in counted.items()
        if n
    ]


def _everything(unit: Unit) -> Iterator[Change]:
    handled = chain(closed.recounted(unit), _overdue(unit), reviews.recounted(unit))
    asked = chain(admitted(unit), listed(unit), money.recounted(unit), orders.recounted(unit))
    told = chain(agencies.recounted(unit), _certified(unit), _evaluated(unit), _disclosed(unit))
    return chain(handled, asked, told)


def _overdue(unit: Unit) -> Iterator[Change]:
    case = (CaseFile.community, *CASE)
    now = select(CaseFile.overdue_on, CaseFile.overdue_until, *case).where(CaseFile.overdue_on.is_not(None))
    before = select(Reopening.overdue_on, Reopening.overdue_until, *case).join(
        CaseFile, CaseFile.id == Reopening.case_id
    )
    former = before.where(Reopening.overdue_on.is_not(None))
    for late in chain(_rows(unit, now), _rows(unit, former)):
        by = facets_of(late)
        yield Metric.CASES_OVERDUE_OPEN, late.overdue_on, by, late.community, 1
        if late.overdue_until is not None:
            yield Metric.CASES_OVERDUE_OPEN, late.overdue_until, by, late.community, -1


def _certified(unit: Unit) -> Iterator[Change]:
    columns = (Certificate.issued_at, Certificate.ended_at, Certificate.kind, Certificate.community)
    query = select(Certificate.status == CertificateStatus.REFUSED, *columns)
    for refused, issued_at, ended_at, kind, community in _rows(unit, query):
        if refused:
            yield Metric.CERTIFICATES_REFUSED, _day(unit, ended_at), kind, community, 1
        elif issued_at is not None:
            yield Metric.CERTIFICATES_ISSUED, _day(unit, issued_at), kind, community, 1


def _evaluated(unit: Unit) -> Iterator[Change]:
    query = select(EvaluationPair.opened_on, EvaluationPair.both_rated_on, EvaluationPair.community)
    for opened_on, both_on, community in _rows(unit, query.where(EvaluationPair.opened_on.is_not(None))):
        yield Metric.EVALUATION_PAIRS, opened_on, "", community, 1
        if both_on is not None:
            yield Metric.EVALUATION_PAIRS_BOTH, both_on, "", community, 1


def _disclosed(unit: Unit) -> Iterator[Change]:
    for table in (Publication, DisclosedFact):
        for due_on, published_on, community in _rows(
            unit, select(table.due_on, table.published_on, table.community)
        ):
            yield Metric.DISCLOSURES_DUE, judged_on(due_on), "", community, 1
            if published_on is not None and published_on <= due_on:
                yield Metric.DISCLOSURES_ON_TIME, judged_on(due_on), "", community, 1


def _rows(unit: Unit, query: Any) -> Any:
    return unit.session.execute(query.execution_options(yield_per=AT_ONCE))


def _day(unit: Unit, at: datetime) -> date:
    return local_day(at, unit.zone)
