"""Finding work items within reach, and showing them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from onewindow_casework.admission.forms import form_of
from onewindow_casework.admission.models import Application, ItemStep, Meeting, Opinion, WorkItem
from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.admission_life import ItemStatus, item_actions
from onewindow_shared.contracts.applications import (
    Answer,
    DecisionTime,
    Finding,
    ItemOut,
    ItemRow,
    ItemStepOut,
    MeetingOut,
    Member,
    OpinionCounts,
    OpinionOut,
)
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

NEWEST_ITEM = Keyset((WorkItem.id,), newest_first=True)
NEWEST_OPINION = Keyset((Opinion.id,), newest_first=True)
STEPS = Keyset((ItemStep.id,))


@dataclass(frozen=True)
class Filters:
    """Which items a list is of; a dependency of the list's route."""

    status: Annotated[ItemStatus | None, Query()] = None
    department: Annotated[Code | None, Query()] = None
    kind: Annotated[MatterKind | None, Query()] = None
    matter_class: Annotated[MatterClass | None, Query()] = None
    late: Annotated[bool | None, Query(description="Only those whose decision is late, or is not")] = None


def within_reach() -> ColumnElement[bool]:
    """Select items by the scoped rows that lead to them: the application, or an opinion that was asked."""
    applied = exists().where(Application.item_id == WorkItem.id)
    asked = exists().where(Opinion.item_id == WorkItem.id)
    return or_(applied, asked)


def find(unit: Unit, code: str) -> WorkItem:
    """Return an item within the actor's reach, or raise `NotFound`."""
    return must_find(unit.session, _by_code(code))


def locked(unit: Unit, code: str) -> WorkItem:
    """Return an item as `find` does, and keep other writers from it until this transaction ends."""
    return must_find(unit.session, _by_code(code).with_for_update())


def _by_code(code: str) -> Select[WorkItem]:
    return select(WorkItem).where(WorkItem.code == code, within_reach())


def application_of(unit: Unit, item: WorkItem) -> Application:
    """Return the application of an item, or raise `NotFound` for whoever was only asked about it."""
    return must_find(unit.session, select(Application).where(Application.item_id == item.id))


def drafted_on(unit: Unit, item: WorkItem) -> date | None:
    """Return the day on which an item's life began; none where nothing is written of it."""
    begun = unit.session.scalar(select(func.min(ItemStep.at)).where(ItemStep.item_id == item.id))
    return local_day(begun, unit.zone) if begun else None


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[ItemRow]:
    """Return a page of the items within the actor's reach, the newest first."""
    query = select(WorkItem).where(within_reach())
    exact = {
        "status": filters.status,
        "department": filters.department,
        "kind": filters.kind,
        "matter_class": filters.matter_class,
    }
    query = query.filter_by(**{name: value for name, value in exact.items() if value is not None})
    if filters.late is not None:
        late = exists().where(Application.item_id == WorkItem.id, Application.late)
        query = query.where(late if filters.late else ~late)
    bound = f"items {unit.actor.subject} {filters}"
    return page(unit, query, NEWEST_ITEM, wanted, bound=bound, show=_row)


def _row(item: WorkItem) -> ItemRow:
    return ItemRow(
        code=item.code,
        version=item.version,
        status=ItemStatus(item.status),
        name=item.name,
        kind=MatterKind(item.kind),
        matter_class=_class(item),
        department=item.department,
        first_day=item.first_day,
        last_day=item.last_day,
    )


def show(unit: Unit, item: WorkItem, findings: Sequence[Finding]) -> ItemOut:
    """Return an item as its department, the district and those who were asked see it."""
    application = unit.session.scalar(select(Application).where(Application.item_id == item.id))
    return ItemOut(
        code=item.code,
        version=item.version,
        status=ItemStatus(item.status),
        department=item.department,
        form=form_of(item),
        findings=list(findings),
        matter_class=_class(item),
        funded_at=item.funded_at,
        contract=item.contract,
        review_due=item.review_due,
        off_from=item.off_from,
        decision_time=_decision_time(application),
        opinions=_opinion_counts(unit, application),
        meetings=_meetings(unit, item),
        actions=item_actions(ItemStatus(item.status), unit.actor.roles),
    )


def _class(item: WorkItem) -> MatterClass | None:
    return MatterClass(item.matter_class) if item.matter_class else None


def _decision_time(application: Application | None) -> DecisionTime | None:
    if application is None or application.submitted_at is None or application.decide_by is None:
        return None
    return DecisionTime(
        submitted_at=application.submitted_at,
        decide_by=application.decide_by,
        provisional=application.provisional,
        late=application.late,
    )


def _opinion_counts(unit: Unit, application: Application | None) -> OpinionCounts | None:
    if application is None or application.answers_by is None:
        return None
    answers = Counter(opinion.answer for opinion in of_round(unit, application))
    return OpinionCounts(
        asked=answers.total(),
        agree=answers[Answer.AGREE],
        disagree=answers[Answer.DISAGREE],
        conditions=answers[Answer.CONDITIONS],
        answers_by=application.answers_by,
    )


def of_round(unit: Unit, application: Application) -> Sequence[Opinion]:
    """Return the opinions of the present round."""
    query = select(Opinion).where(Opinion.item_id == application.item_id, Opinion.round == application.round)
    return unit.session.scalars(query).all()


def _meetings(unit: Unit, item: WorkItem) -> list[MeetingOut]:
    query = select(Meeting).where(Meeting.item_id == item.id).order_by(Meeting.id)
    return [
        MeetingOut(
            held_on=meeting.held_on,
            minutes=meeting.minutes,
            votes=[Member.model_validate(vote) for vote in meeting.votes],
            outcome=meeting.outcome,
            reasons=meeting.reasons,
            on_time=meeting.on_time,
            decided_at=meeting.decided_at,
        )
        for meeting in unit.session.scalars(query)
    ]


def opinions(unit: Unit, wanted: Wanted, *, unanswered: bool) -> Page[OpinionOut]:
    """Return a page of what those within the actor's reach were asked, the newest first."""
    query = select(Opinion).where(Opinion.answer.is_(None)) if unanswered else select(Opinion)
    bound = f"opinions {unit.actor.subject} {unanswered}"
    return page(unit, query, NEWEST_OPINION, wanted, bound=bound, show=lambda one: show_opinion(unit, one))


def show_opinion(unit: Unit, opinion: Opinion) -> OpinionOut:
    """Return what somebody was asked, and answered."""
    item = unit.session.get_one(WorkItem, opinion.item_id)
    return OpinionOut(
        item=item.code,
        item_name=item.name,
        department=item.department,
        area=opinion.community,
        round=opinion.round,
        asked_at=opinion.asked_at,
        answer_by=opinion.answer_by,
        answer=Answer(opinion.answer) if opinion.answer else None,
        text=opinion.text,
        answered_at=opinion.answered_at,
    )


def steps(unit: Unit, wanted: Wanted, code: str) -> Page[ItemStepOut]:
    """Return a page of what happened to an item, the oldest first."""
    item = find(unit, code)
    query = select(ItemStep).where(ItemStep.item_id == item.id)
    return page(unit, query, STEPS, wanted, bound=f"steps {code}", show=_step)


def _step(step: ItemStep) -> ItemStepOut:
    return ItemStepOut(at=step.at, step=step.step, status=ItemStatus(step.status), by=step.by, note=step.note)
