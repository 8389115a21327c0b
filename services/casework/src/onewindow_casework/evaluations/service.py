"""What the two sides, residents and the district do in a round."""

from math import floor

from onewindow_casework.clocks.queries import ends_at
from onewindow_casework.evaluations import queries, rules
from onewindow_casework.evaluations.models import (
    EvaluationAppeal,
    EvaluationAppraisal,
    EvaluationPair,
    EvaluationRating,
)
from onewindow_shared.contracts.evaluations import (
    AppealDecisionIn,
    AppealIn,
    AppealOut,
    AppraisalIn,
    AppraisalOut,
    RatingIn,
    RatingOut,
    RoundOut,
    RoundStatus,
    Side,
)
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, Problem, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


class NotYourSide(Problem):
    """Each side speaks for itself only: a committee, its street office or a department of the pair."""

    type = "urn:onewindow:problem:not-your-side"
    title = "For one of the two sides"
    status = 403


class AlreadyRated(Problem):
    """This side has rated the other; it does so once. What is wrong is corrected by appeal."""

    type = "urn:onewindow:problem:already-rated"
    title = "Already rated"
    status = 409


class AlreadyAppraised(Problem):
    """The appraisal of that day has been entered."""

    type = "urn:onewindow:problem:already-appraised"
    title = "Already entered"
    status = 409


class AlreadyAppealed(Problem):
    """This side has contested what the other said."""

    type = "urn:onewindow:problem:already-appealed"
    title = "Already contested"
    status = 409


def one_round(unit: Unit, round_id: int) -> RoundOut:
    """Return a round of one's own district."""
    return queries.show_round(unit, queries.round_(unit, round_id))


def rate(unit: Unit, pair_id: int, body: RatingIn) -> RatingOut:
    """Take what the actor's side says of the other, once; with the second one the pair counts."""
    pair = queries.pair(unit, pair_id, to_move=True)
    side = _side(unit, pair)
    _while(pair, RoundStatus.OPEN, action="rate")
    if unit.now >= ends_at(unit, pair.round.closes_on):
        raise MoveRefused(detail="The last day is over.", state=pair.round.status, action="rate")
    questions = queries.questions(pair.round)
    faults = rules.faults_of_answers(questions, rules.OTHER[side], body.answers)
    if faults:
        raise invalid(faults)
    rating = EvaluationRating(
        **_of(pair),
        side=side,
        answers=body.answers,
        score=floor(rules.rating_score(questions, body.answers)),
        comment=body.comment,
        rated_at=unit.now,
        rated_by=unit.actor.subject,
    )
    unit.session.add(rating)
    unit.session.flush()
    if len(queries.ratings(unit, pair)) == len(Side):
        pair.both_rated_on = unit.today
        unit.count(Metric.EVALUATION_PAIRS_BOTH, community=pair.community)
    _audit(unit, pair, "rated", side=side)
    return queries.show_rating(rating)


def appraise(unit: Unit, pair_id: int, body: AppraisalIn) -> AppraisalOut:
    """Enter what residents said of one side; nobody enters what was said of themselves."""
    pair = queries.pair(unit, pair_id, to_move=True)
    if queries.my_side(unit, pair) is body.about:
        raise NotYourSide(detail="What residents say of a side is entered by somebody else.")
    if pair.round.status not in {RoundStatus.OPEN, RoundStatus.CLOSED}:
        raise MoveRefused(detail="The round is not under way.", state=pair.round.status, action="appraise")
    if body.held_on > unit.today or body.held_on.year != pair.round.year:
        raise invalid(
            {"held_on": "an appraisal is held within the year of the round, and before it is entered"}
        )
    score = rules.appraisal_score(body.awareness, body.participation, body.satisfaction)
    appraisal = EvaluationAppraisal(
        **_of(pair), **body.model_dump(), score=floor(score), entered_by=unit.actor.subject
    )
    unit.session.add(appraisal)
    unit.session.flush()
    _audit(unit, pair, "appraised", about=body.about)
    return queries.show_appraisal(appraisal)


def appeal(unit: Unit, pair_id: int, body: AppealIn) -> AppealOut:
    """Contest what the other side said, between the close of the round and its publication."""
    pair = queries.pair(unit, pair_id)
    side = _side(unit, pair)
    _while(pair, RoundStatus.CLOSED, action="appeal")
    if pair.both_rated_on is None or unit.today > pair.round.appeals_until:
        detail = f"What both sides said may be contested until {pair.round.appeals_until}."
        raise MoveRefused(detail=detail, state=pair.round.status, action="appeal")
    filed = EvaluationAppeal(**_of(pair), side=side, reason=body.reason, filed_at=unit.now, version=1)
    unit.session.add(filed)
    unit.session.flush()
    _audit(unit, pair, "appealed", side=side)
    return queries.show_appeal(filed)


def decide(unit: Unit, appeal_id: int, seen: int, body: AppealDecisionIn) -> AppealOut:
    """Uphold an appeal with corrected answers, or dismiss it; what was said before is kept."""
    filed = unit.session.get(EvaluationAppeal, appeal_id, with_for_update=True)
    if filed is None or not unit.actor.scope.covers(filed.community):
        raise NotFound
    expect_version(queries.show_appeal(filed), seen)
    pair = queries.pair(unit, filed.pair_id, to_move=True)
    _while(pair, RoundStatus.CLOSED, action="decide")
    if filed.upheld is not None:
        raise MoveRefused(detail="The appeal is decided.", state="decided", action="decide")
    if body.upheld != (body.answers is not None):
        raise invalid({"answers": "an upheld appeal corrects the answers, a dismissed one leaves them"})
    if body.answers is not None:
        _correct(unit, pair, Side(filed.side), body.answers)
    filed.upheld, filed.reasons, filed.version = body.upheld, body.reasons, filed.version + 1
    _audit(unit, pair, "appeal_decided", upheld=body.upheld)
    return queries.show_appeal(filed)


def _correct(unit: Unit, pair: EvaluationPair, about: Side, answers: dict[str, int]) -> None:
    questions = queries.questions(pair.round)
    faults = rules.faults_of_answers(questions, about, answers)
    if faults:
        raise invalid(faults)
    rating = next(one for one in queries.ratings(unit, pair) if one.side == rules.OTHER[about])
    rating.before, rating.answers = rating.answers, answers
    rating.score = floor(rules.rating_score(questions, answers))


def _side(unit: Unit, pair: EvaluationPair) -> Side:
    side = queries.my_side(unit, pair)
    if side is None:
        raise NotYourSide(detail="You are neither side of this pair.")
    return side


def _while(pair: EvaluationPair, status: RoundStatus, *, action: str) -> None:
    if pair.round.status != status:
        raise MoveRefused(
            detail=f"This is for a round that is {status}.", state=pair.round.status, action=action
        )


def _of(pair: EvaluationPair) -> dict[str, str | int | None]:
    return {"pair_id": pair.id, "department": pair.department, **place(pair.community)}


def _audit(unit: Unit, pair: EvaluationPair, step: str, **detail: str | bool) -> None:
    unit.audit(f"evaluation.{step}", "evaluation_pair", str(pair.id), area=pair.community, detail=detail)
