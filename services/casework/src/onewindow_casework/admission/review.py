"""The review of an application: who is heard, what is missing, what the joint meeting decided."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from onewindow_casework.admission import checks, clocks, queries, rules
from onewindow_casework.admission.life import move, record
from onewindow_casework.admission.models import Application, Meeting, Opinion, WorkItem
from onewindow_casework.admission.problems import NotAsked, OpinionsOutstanding
from onewindow_casework.admission.service import one, taken
from onewindow_shared.contracts.admission import CommunityRole
from onewindow_shared.contracts.admission_life import ItemAction, ItemStatus
from onewindow_shared.contracts.applications import (
    AdmissionDecisionIn,
    ItemOut,
    OpinionIn,
    OpinionOut,
    ReturnIn,
    ReviewIn,
)
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day, midnight

EXPIRED = "item.expired"
"""Timer at the end of the last day of an item's period."""
ADMITTED = "item.admitted"
"""Timer at the moment of an admission: its money and conditions may have been there before it."""
HEARING = (ItemStatus.UNDER_REVIEW, ItemStatus.UNDER_ADJUSTMENT)
"""States in which opinions are heard."""


def review(unit: Unit, code: str, seen: int, body: ReviewIn) -> ItemOut:
    """Take an application up (N3), and ask the street offices and communities that it concerns."""
    item = taken(unit, code, seen)
    move(unit, item, ItemAction.REVIEW)
    ask(unit, item, body.answers_by)
    return one(unit, item)


def ask(unit: Unit, item: WorkItem, answers_by: date | None = None) -> None:
    """Ask everybody whom an item concerns for an opinion, in a new round."""
    if answers_by is not None and answers_by < unit.today:
        raise invalid({"answers_by": "this day is over"})
    application = queries.application_of(unit, item)
    application.round += 1
    application.answers_by = answers_by or clocks.answers_by(unit)
    register = unit.session.scalars(select(Area.code).where(Area.code.startswith(item.district)))
    unit.session.add_all(
        Opinion(
            item_id=item.id,
            department=item.department,
            round=application.round,
            asked_at=unit.now,
            answer_by=application.answers_by,
            **place(area),
        )
        for area in rules.asked_about(item.areas, register)
    )


def answer(unit: Unit, code: str, body: OpinionIn) -> OpinionOut:
    """Give the opinion of one's own street office or community, once and in time.

    Whoever is heir of others that were asked answers for each of them in turn.
    """
    faults = rules.fault_of_opinion(body)
    if faults:
        raise invalid(faults)
    item = queries.locked(unit, code)
    area = unit.actor.area or ""
    asked = [code for code in unit.gathered(area).codes if len(code) == len(area)]
    query = select(Opinion).where(Opinion.item_id == item.id, Opinion.community.in_(asked))
    unanswered_first = (Opinion.round.desc(), Opinion.answer.is_not(None), Opinion.id)
    opinion = must_find(unit.session, query.order_by(*unanswered_first).limit(1))
    if item.status not in HEARING or opinion.answer is not None or unit.today > opinion.answer_by:
        raise NotAsked
    opinion.answer, opinion.text = body.answer, body.text
    opinion.answered_at, opinion.answered_by = unit.now, unit.actor.subject
    record(unit, item, "opinion", note=f"{opinion.community} {body.answer}")
    return queries.show_opinion(unit, opinion)


def send_back(unit: Unit, code: str, seen: int, body: ReturnIn) -> ItemOut:
    """Return an application for completion (N4); its time runs anew from when it is handed in again."""
    item = taken(unit, code, seen)
    move(unit, item, ItemAction.RETURN, note=body.missing)
    clocks.stop(unit, item)
    return one(unit, item)


def decide(unit: Unit, code: str, seen: int, body: AdmissionDecisionIn) -> ItemOut:
    """Write down what the joint meeting decided (N5)."""
    item = taken(unit, code, seen)
    application = queries.application_of(unit, item)
    faults = rules.faults_of_decision(body, role=CommunityRole(item.role), fen=item.fen)
    faults |= rules.fault_of_meeting(body.held_on, _handed_in(unit, application), unit.today)
    if body.admit:
        faults |= checks.fault_of(unit, item, "admit")
    if faults:
        raise invalid(faults)
    item.matter_class = body.matter_class
    move(unit, item, ItemAction.APPROVE if body.admit else ItemAction.REJECT, note=body.reasons)
    expect_opinions(unit, application)
    _keep_meeting(unit, item, application, body)
    clocks.stop(unit, item)
    if body.admit:
        unit.set_timer(ADMITTED, item.code, unit.now)
        if item.last_day is not None:
            unit.set_timer(EXPIRED, item.code, _end_of(unit, item.last_day))
    return one(unit, item)


def _handed_in(unit: Unit, application: Application) -> date | None:
    at = application.submitted_at
    return local_day(at, unit.zone) if at else None


def expect_opinions(unit: Unit, application: Application) -> None:
    """Let nobody end a review before all who were asked have answered, or the time for answers is over."""
    missing = sum(opinion.answer is None for opinion in queries.of_round(unit, application))
    if missing and application.answers_by is not None and unit.today <= application.answers_by:
        raise OpinionsOutstanding(detail=f"Awaited until {application.answers_by}.", missing=missing)


def _keep_meeting(unit: Unit, item: WorkItem, application: Application, body: AdmissionDecisionIn) -> None:
    on_time = clocks.on_time(unit, item)
    unit.session.add(
        Meeting(
            item_id=item.id,
            round=application.round,
            held_on=body.held_on,
            minutes=body.minutes,
            votes=[member.model_dump(mode="json") for member in body.members],
            outcome="admitted" if body.admit else "rejected",
            reasons=body.reasons,
            on_time=on_time,
            decided_at=unit.now,
            decided_by=unit.actor.subject,
        )
    )
    unit.count(Metric.ADMISSIONS_DECIDED, community=item.district)
    if on_time:
        unit.count(Metric.ADMISSIONS_DECIDED_ON_TIME, community=item.district)


def _end_of(unit: Unit, day: date) -> datetime:
    return midnight(day + timedelta(days=1), unit.zone)
