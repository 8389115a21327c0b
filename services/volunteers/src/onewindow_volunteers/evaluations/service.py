"""Use cases of evaluations: each side says once how well a service was done."""

from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.service_evaluations import (
    EvaluatedBy,
    ServiceEvaluationIn,
    ServiceEvaluationOut,
)
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.evaluations.models import ServiceEvaluation
from onewindow_volunteers.needs.queries import of as need_of
from onewindow_volunteers.people.models import opened, seal
from onewindow_volunteers.people.queries import is_erased
from onewindow_volunteers.records import queries
from onewindow_volunteers.records.counting import count_evaluated
from onewindow_volunteers.records.models import ServiceRecord

ENTITY = "service_evaluation"
IN_ORDER = Keyset([ServiceEvaluation.id])


def evaluate(unit: Unit, record_id: int, form: ServiceEvaluationIn) -> ServiceEvaluationOut:
    """Say, as the organisation's side, how well a service of one's area was done, once it is confirmed."""
    record = queries.record_to_change(unit.session, record_id)
    if record.status != RecordStatus.CONFIRMED:
        raise MoveRefused(state=record.status, action="evaluate")
    count_evaluated(unit, record)
    return _said(unit, record, EvaluatedBy.ORGANISATION, form)


def evaluate_help(unit: Unit, need_id: int, form: ServiceEvaluationIn) -> ServiceEvaluationOut:
    """Say, as the resident whose code was right, how well one was helped, once that is confirmed."""
    need = need_of(unit.session, need_id)
    if need.record_id is None:
        raise MoveRefused(state=need.status, action="evaluate")
    return _said(unit, queries.record_to_change(unit.session, need.record_id), EvaluatedBy.RESIDENT, form)


def _said(
    unit: Unit, record: ServiceRecord, side: EvaluatedBy, form: ServiceEvaluationIn
) -> ServiceEvaluationOut:
    """Keep what one side says; of whoever was erased no words."""
    words = None if is_erased(unit.session, record.volunteer_id) else form.words
    said = ServiceEvaluation(
        record_id=record.id,
        volunteer_id=record.volunteer_id,
        side=side,
        stars=form.stars,
        sealed_words=words and seal(unit.vault, ServiceEvaluation.sealed_words, words),
        evaluated_on=unit.today,
        due_on=record.due_on,
    )
    unit.session.add(said)
    unit.session.flush()
    detail = {"record": record.id, "by": side, "stars": form.stars}
    unit.audit(f"{ENTITY}.given", ENTITY, str(said.id), area=record.community, detail=detail)
    return shown(unit, said)


def of_record(unit: Unit, record_id: int, wanted: Wanted) -> Page[ServiceEvaluationOut]:
    """List what both sides say of a service of one's own, or of one's area."""
    record = queries.record(unit.session, record_id)
    query = select(ServiceEvaluation).where(ServiceEvaluation.record_id == record.id)
    bound = f"evaluations of {record_id}"
    return page(unit, query, IN_ORDER, wanted, bound=bound, show=partial(shown, unit))


def shown(unit: Unit, row: ServiceEvaluation) -> ServiceEvaluationOut:
    """Show what one side says."""
    said = row.sealed_words is not None
    return ServiceEvaluationOut(
        evaluation_id=row.id,
        record_id=row.record_id,
        by=EvaluatedBy(row.side),
        stars=row.stars,
        words=opened(unit.vault, ServiceEvaluation.sealed_words, row) if said else None,
        evaluated_on=row.evaluated_on,
        late=row.evaluated_on > row.due_on,
    )
