"""The life of a round: called, opened and closed by timers, published by the district."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select

from onewindow_casework.clocks.queries import ends_at, last_day
from onewindow_casework.districts.queries import department_names
from onewindow_casework.evaluations import queries, rules
from onewindow_casework.evaluations.models import (
    EvaluationAppeal,
    EvaluationAppraisal,
    EvaluationPair,
    EvaluationRound,
)
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.evaluations import (
    PairIn,
    RoundAction,
    RoundIn,
    RoundOut,
    RoundStatus,
    Side,
)
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, Problem, invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT, STREET, place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

OPENS, CLOSES = "evaluation.opens", "evaluation.closes"


class RoundOfThatYear(Problem):
    """The district holds one round a year, and has one for this year."""

    type = "urn:onewindow:problem:round-of-that-year"
    title = "There is a round for that year"
    status = 409


class AppealsOpen(Problem):
    """The time for appeals is not over, or one of them is not decided."""

    type = "urn:onewindow:problem:appeals-open"
    title = "Appeals are open"
    status = 409


def call(unit: Unit, body: RoundIn) -> RoundOut:
    """Call a round of the actor's district; it opens and closes by itself."""
    district = unit.actor.scope.area or ""
    faults = _faults(unit, body, district)
    if faults:
        raise invalid(faults)
    called = EvaluationRound(
        district=district[:DISTRICT],
        year=body.year,
        title=body.title,
        status=RoundStatus.DRAFT,
        opens_on=body.opens_on,
        closes_on=body.closes_on,
        appeals_until=_appeals_until(unit, body.closes_on),
        residents_weight=body.residents_weight or settings_of(unit).evaluation_residents_weight,
        questions=[question.model_dump(mode="json") for question in body.questions],
    )
    unit.session.add(called)
    unit.session.flush()
    unit.session.add_all(_pair(called, one) for one in body.pairs)
    unit.session.flush()
    unit.set_timer(OPENS, str(called.id), midnight(body.opens_on, unit.zone))
    unit.set_timer(CLOSES, str(called.id), ends_at(unit, body.closes_on))
    return _done(unit, called, "called")


def _appeals_until(unit: Unit, closes_on: date) -> date:
    return last_day(unit, closes_on, settings_of(unit).evaluation_appeal_days).day


def recount(unit: Unit, first: date, last: date) -> int:
    """Count again until when rounds hear appeals that reach a day from `first` to `last`.

    Returns how many moved.
    """
    not_over = select(EvaluationRound).where(
        EvaluationRound.status.in_(rules.NOT_OVER),
        EvaluationRound.appeals_until >= first,
        EvaluationRound.closes_on <= last,
    )
    moved = 0
    for found in unit.session.scalars(not_over.order_by(EvaluationRound.id).with_for_update()):
        until = _appeals_until(unit, found.closes_on)
        if until != found.appeals_until:
            found.appeals_until = until
            _done(unit, found, "due_changed", appeals_until=until.isoformat())
            moved += 1
    return moved


def _pair(called: EvaluationRound, one: PairIn) -> EvaluationPair:
    department = None if one.counterpart[0].isdigit() else one.counterpart
    return EvaluationPair(
        round_id=called.id,
        counterpart=one.counterpart,
        department=department,
        missing=[],
        **place(one.community),
    )


def _faults(unit: Unit, body: RoundIn, district: str) -> dict[str, str]:
    faults = rules.faults_of_questions(body.questions)
    if body.opens_on < unit.today:
        faults["opens_on"] = "lies in the past"
    if body.closes_on < body.opens_on:
        faults["closes_on"] = "comes before the first day"
    known = {*unit.session.scalars(select(Area.code)), *department_names(unit, district)}
    seen: set[PairIn] = set()
    for number, one in enumerate(body.pairs):
        if one.community not in known or not one.community.startswith(district):
            faults[f"pairs.{number}.community"] = "no such community in your district"
        own_street = one.counterpart == one.community[:STREET]
        if one.counterpart not in known or (one.counterpart[0].isdigit() and not own_street):
            faults[f"pairs.{number}.counterpart"] = "neither the community's street office nor a department"
        if one in seen:
            faults[f"pairs.{number}"] = "is there twice"
        seen.add(one)
    return faults


def open_(unit: Unit, round_id: str, due_at: datetime) -> None:
    """Open a round on its first day, whenever the timer comes to it."""
    found = queries.round_(unit, int(round_id), to_move=True)
    if rules.walk(RoundStatus(found.status), RoundAction.OPEN) is None:
        return
    _move(found, RoundAction.OPEN)
    for one in _pairs(unit, found):
        one.opened_on = found.opens_on
        unit.count(Metric.EVALUATION_PAIRS, community=one.community, day=found.opens_on)
    _done(unit, found, "opened", due_at=due_at.isoformat())


def close(unit: Unit, round_id: str, due_at: datetime) -> None:
    """Close a round after its last day, whenever the timer comes to it."""
    found = queries.round_(unit, int(round_id), to_move=True)
    if rules.walk(RoundStatus(found.status), RoundAction.CLOSE) is not None:
        _move(found, RoundAction.CLOSE)
        _done(unit, found, "closed", due_at=due_at.isoformat())


def cancel(unit: Unit, round_id: int, seen: int) -> RoundOut:
    """Cancel a round that is not over; nothing said in it counts."""
    found = _seen(unit, round_id, seen)
    _move(found, RoundAction.CANCEL)
    for one in _pairs(unit, found):
        _take_back(unit, one)
    unit.cancel_timer(OPENS, str(found.id))
    unit.cancel_timer(CLOSES, str(found.id))
    return _done(unit, found, "cancelled")


def _take_back(unit: Unit, one: EvaluationPair) -> None:
    counted = {Metric.EVALUATION_PAIRS: one.opened_on, Metric.EVALUATION_PAIRS_BOTH: one.both_rated_on}
    for metric, day in counted.items():
        if day is not None:
            unit.count(metric, -1, community=one.community, day=day)
    one.opened_on = one.both_rated_on = None


def publish(unit: Unit, round_id: int, seen: int) -> RoundOut:
    """Publish the results once appeals are over; a pair that lacks something has none, and that is said."""
    found = _seen(unit, round_id, seen)
    _move(found, RoundAction.PUBLISH)
    if unit.today <= found.appeals_until or _undecided(unit, found):
        raise AppealsOpen(detail=f"Appeals are heard until {found.appeals_until}, and all are decided first.")
    for one in _pairs(unit, found):
        _settle(unit, found, one)
    return _done(unit, found, "published")


def _settle(unit: Unit, found: EvaluationRound, one: EvaluationPair) -> None:
    ratings, appraisals = queries.ratings(unit, one), queries.appraisals(unit, one)
    questions = queries.questions(found)
    said = {Side(rating.side): rules.rating_score(questions, rating.answers) for rating in ratings}
    one.missing, one.published = queries.lacks(unit, list(said), appraisals), True
    if one.missing:
        return
    scores = {
        side: rules.result(
            rules.residents_score([_of_residents(one) for one in appraisals if one.about == side]),
            said[rules.OTHER[side]],
            found.residents_weight,
        )
        for side in Side
    }
    one.committee_score, one.counterpart_score = scores[Side.COMMITTEE], scores[Side.COUNTERPART]


def _of_residents(one: EvaluationAppraisal) -> tuple[int, Fraction]:
    return one.people, rules.appraisal_score(one.awareness, one.participation, one.satisfaction)


def _undecided(unit: Unit, found: EvaluationRound) -> bool:
    query = select(EvaluationAppeal.id).join(EvaluationPair, EvaluationPair.id == EvaluationAppeal.pair_id)
    open_ones = query.where(EvaluationPair.round_id == found.id, EvaluationAppeal.upheld.is_(None))
    return unit.session.scalar(open_ones.limit(1)) is not None


def _pairs(unit: Unit, found: EvaluationRound) -> list[EvaluationPair]:
    query = select(EvaluationPair).where(EvaluationPair.round_id == found.id).order_by(EvaluationPair.id)
    return list(unit.session.scalars(query))


def _seen(unit: Unit, round_id: int, seen: int) -> EvaluationRound:
    found = queries.round_(unit, round_id, to_move=True)
    expect_version(queries.show_round(unit, found), seen)
    return found


def _move(found: EvaluationRound, action: RoundAction) -> None:
    target = rules.walk(RoundStatus(found.status), action)
    if target is None:
        detail = f"A round that is {found.status} cannot {action}."
        raise MoveRefused(detail=detail, state=found.status, action=action)
    found.status = target


def _done(unit: Unit, found: EvaluationRound, step: str, **detail: str) -> RoundOut:
    if step != "called":
        found.version += 1
    unit.session.flush()
    unit.audit(f"evaluation.{step}", "evaluation_round", str(found.id), area=found.district, detail=detail)
    return queries.show_round(unit, found)
