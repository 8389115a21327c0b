"""Finding rounds, pairs and what was said, and showing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from sqlalchemy import func, select

from onewindow_casework.districts.queries import department_name
from onewindow_casework.evaluations import rules
from onewindow_casework.evaluations.models import (
    EvaluationAppeal,
    EvaluationAppraisal,
    EvaluationPair,
    EvaluationRating,
    EvaluationRound,
)
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.contracts.evaluations import (
    AppealOut,
    AppraisalOut,
    PairOut,
    Question,
    RatingOut,
    ResultOut,
    RoundOut,
    RoundStatus,
    Side,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import area_name
from onewindow_shared.plumbing.scope import DISTRICT, published
from onewindow_shared.plumbing.unit import Unit

ROUNDS = Keyset((EvaluationRound.id,), newest_first=True)
PAIRS = Keyset((EvaluationPair.id,))
APPEALS = Keyset((EvaluationAppeal.id,))


@dataclass(frozen=True)
class Filters:
    """Which pairs a list is of; a dependency of the list's route."""

    late: Annotated[bool, Query(description="Only pairs that lack a direction")] = False
    community: Annotated[CommunityCode | None, Query()] = None


def round_(unit: Unit, round_id: int, *, to_move: bool = False) -> EvaluationRound:
    """Return a round of the actor's district, kept from other writers if it is to be moved."""
    query = select(EvaluationRound).where(EvaluationRound.id == round_id)
    found = unit.session.scalar(query.with_for_update() if to_move else query)
    if found is None or not _reaches(unit, found):
        raise NotFound
    return found


def _reaches(unit: Unit, found: EvaluationRound) -> bool:
    scope = unit.actor.scope
    return scope.everything or (scope.area or "").startswith(found.district)


def pair(unit: Unit, pair_id: int, *, to_move: bool = False) -> EvaluationPair:
    """Return a pair within the actor's reach, kept from other writers if it is to be moved.

    Its round then stays as it is, too, until this transaction ends: who publishes or cancels it waits, or
    has done so before. The round comes first, as it does for them.
    """
    query = select(EvaluationPair).where(EvaluationPair.id == pair_id)
    found = must_find(unit.session, query)
    if to_move:
        held = select(EvaluationRound).where(EvaluationRound.id == found.round_id).with_for_update(read=True)
        unit.session.scalar(held.execution_options(populate_existing=True))
        unit.session.refresh(found, with_for_update={"of": EvaluationPair})
    return found


def ratings(unit: Unit, found: EvaluationPair) -> Sequence[EvaluationRating]:
    """Return what was said in a pair."""
    query = select(EvaluationRating).where(EvaluationRating.pair_id == found.id)
    return unit.session.scalars(query.order_by(EvaluationRating.side)).all()


def appraisals(unit: Unit, found: EvaluationPair) -> Sequence[EvaluationAppraisal]:
    """Return what residents said of a pair."""
    query = select(EvaluationAppraisal).where(EvaluationAppraisal.pair_id == found.id)
    return unit.session.scalars(query.order_by(EvaluationAppraisal.held_on, EvaluationAppraisal.id)).all()


def questions(found: EvaluationRound) -> list[Question]:
    """Return the questions of a round."""
    return [Question.model_validate(one) for one in found.questions]


def my_side(unit: Unit, found: EvaluationPair) -> Side | None:
    """Say which side of a pair the actor is."""
    return rules.side_of(
        area=unit.actor.scope.area,
        department=unit.actor.department,
        community=unit.heir(found.community),
        counterpart=unit.heir(found.counterpart),
    )


def rounds(unit: Unit, wanted: Wanted) -> Page[RoundOut]:
    """Return a page of the rounds of the actor's district, newest first."""
    district = (unit.actor.scope.area or "")[:6]
    query = select(EvaluationRound).where(EvaluationRound.district == district)
    bound = f"evaluation rounds {district}"
    return page(unit, query, ROUNDS, wanted, bound=bound, show=lambda one: show_round(unit, one))


def pairs(unit: Unit, wanted: Wanted, round_id: int, filters: Filters) -> Page[PairOut]:
    """Return a page of the pairs of a round within the actor's reach."""
    round_(unit, round_id)
    query = select(EvaluationPair).where(EvaluationPair.round_id == round_id)
    if filters.late:
        query = query.where(EvaluationPair.both_rated_on.is_(None))
    if filters.community is not None:
        query = query.where(within(EvaluationPair, unit.gathered(filters.community)))
    bound = f"evaluation pairs {round_id} {unit.actor.subject} {filters}"
    return page(unit, query, PAIRS, wanted, bound=bound, show=lambda one: show_pair(unit, one))


def appeals(unit: Unit, wanted: Wanted, round_id: int) -> Page[AppealOut]:
    """Return a page of the appeals of a round within the actor's reach."""
    round_(unit, round_id)
    query = select(EvaluationAppeal).join(EvaluationPair, EvaluationPair.id == EvaluationAppeal.pair_id)
    query = query.where(EvaluationPair.round_id == round_id)
    return page(unit, query, APPEALS, wanted, bound=f"evaluation appeals {round_id}", show=show_appeal)


def results(unit: Unit, wanted: Wanted, community: str | None, year: int | None) -> Page[ResultOut]:
    """Return a page of the published results, whoever asks."""
    query = select(EvaluationPair).join(EvaluationRound, EvaluationRound.id == EvaluationPair.round_id)
    if community is not None:
        query = query.where(within(EvaluationPair, unit.gathered(community)))
    if year is not None:
        query = query.where(EvaluationRound.year == year)
    bound = f"evaluation results {community} {year}"
    return page(unit, published(query), PAIRS, wanted, bound=bound, show=lambda one: show_result(unit, one))


def show_round(unit: Unit, found: EvaluationRound) -> RoundOut:
    """Return a round with how many of its pairs within reach have both directions."""
    counted = select(func.count(), func.count(EvaluationPair.both_rated_on))
    all_, both = unit.session.execute(counted.where(EvaluationPair.round_id == found.id)).one()
    return RoundOut(
        round_id=found.id,
        version=found.version,
        year=found.year,
        title=found.title,
        status=RoundStatus(found.status),
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        appeals_until=found.appeals_until,
        residents_weight=found.residents_weight,
        questions=questions(found),
        pairs=all_,
        rated_by_both=both,
    )


def show_pair(unit: Unit, found: EvaluationPair) -> PairOut:
    """Return a pair; what the other side said is not shown before both have rated."""
    said, appraised = ratings(unit, found), appraisals(unit, found)
    rated = [Side(one.side) for one in said]
    me = my_side(unit, found)
    return PairOut(
        pair_id=found.id,
        round_id=found.round_id,
        community=unit.heir(found.community),
        counterpart=unit.heir(found.counterpart),
        rated=rated,
        missing=lacks(unit, rated, appraised),
        ratings=[show_rating(one) for one in said if rules.may_see(Side(one.side), me, rated)],
        appraisals=[show_appraisal(one) for one in appraised],
    )


def lacks(unit: Unit, rated: Sequence[Side], appraised: Sequence[EvaluationAppraisal]) -> list[str]:
    """Name what the result of a pair lacks."""
    least = settings_of(unit).evaluation_appraisals
    return rules.missing(rated, [Side(one.about) for one in appraised], least)


def show_rating(one: EvaluationRating) -> RatingOut:
    """Return a rating in full."""
    return RatingOut(
        by=Side(one.side),
        answers=one.answers,
        comment=one.comment,
        score=one.score,
        corrected=one.before is not None,
        rated_at=one.rated_at,
    )


def show_appraisal(one: EvaluationAppraisal) -> AppraisalOut:
    """Return an appraisal."""
    return AppraisalOut(
        appraisal_id=one.id,
        about=Side(one.about),
        held_on=one.held_on,
        people=one.people,
        awareness=one.awareness,
        participation=one.participation,
        satisfaction=one.satisfaction,
        method=one.method,
        score=one.score,
    )


def show_appeal(one: EvaluationAppeal) -> AppealOut:
    """Return an appeal."""
    return AppealOut(
        appeal_id=one.id,
        version=one.version,
        pair_id=one.pair_id,
        by=Side(one.side),
        reason=one.reason,
        filed_at=one.filed_at,
        upheld=one.upheld,
        reasons=one.reasons,
    )


def show_result(unit: Unit, found: EvaluationPair) -> ResultOut:
    """Return a published result."""
    department = department_name(unit, found.community[:DISTRICT], found.counterpart)
    name = department or area_name(unit.session, found.counterpart)
    return ResultOut(
        year=found.round.year,
        community=found.community,
        community_name=area_name(unit.session, found.community),
        counterpart=found.counterpart,
        counterpart_name=name,
        committee_score=found.committee_score,
        counterpart_score=found.counterpart_score,
        residents_weight=found.round.residents_weight,
        missing=found.missing,
    )
