"""The life of a round, who rates whom, what is shown when, and how a result comes about."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor

from onewindow_shared.contracts.evaluations import Question, RoundAction, RoundStatus, Side

_S, _A = RoundStatus, RoundAction
MOVES: Mapping[tuple[RoundStatus, RoundAction], RoundStatus] = {
    (_S.DRAFT, _A.OPEN): _S.OPEN,
    (_S.OPEN, _A.CLOSE): _S.CLOSED,
    (_S.CLOSED, _A.PUBLISH): _S.PUBLISHED,
    (_S.DRAFT, _A.CANCEL): _S.CANCELLED,
    (_S.OPEN, _A.CANCEL): _S.CANCELLED,
}
"""Timers open and close a round; the district publishes or cancels it."""
NOT_OVER = frozenset({_S.DRAFT, _S.OPEN, _S.CLOSED})
OTHER = {Side.COMMITTEE: Side.COUNTERPART, Side.COUNTERPART: Side.COMMITTEE}
PER_STAR, PER_PERCENT, WHOLE = 2000, 100, 100
"""Scores run to 10000: five stars, or a hundred percent. Only what is shown is rounded, and down."""


def walk(status: RoundStatus, action: RoundAction) -> RoundStatus | None:
    """Return where an action leads, None where it leads nowhere."""
    return MOVES.get((status, action))


def side_of(*, area: str | None, department: str | None, community: str, counterpart: str) -> Side | None:
    """Say which side of a pair somebody is: their own community's, street's or department's only."""
    if department is not None:
        return Side.COUNTERPART if department == counterpart else None
    return {community: Side.COMMITTEE, counterpart: Side.COUNTERPART}.get(area or "")


def may_see(rating_by: Side, viewer: Side | None, rated: Iterable[Side]) -> bool:
    """One's own rating, and the other's once both are there; outsiders see none before."""
    return rating_by is viewer or set(rated) == set(Side)


def faults_of_questions(questions: Sequence[Question]) -> dict[str, str]:
    """Name what makes a set of questions unfit: doubles, or a side that is not asked about."""
    seen: set[str] = set()
    faults: dict[str, str] = {}
    for place, question in enumerate(questions):
        if question.code in seen:
            faults[f"questions.{place}.code"] = "is there twice"
        seen.add(question.code)
    for side in Side:
        if all(question.about is not side for question in questions):
            faults["questions"] = f"nothing is asked about the {side}"
    return faults


def faults_of_answers(
    questions: Iterable[Question], about: Side, answers: Mapping[str, int]
) -> dict[str, str]:
    """Name every question about a side that is not answered, and every answer to something else."""
    asked = {question.code for question in questions if question.about is about}
    unanswered = {f"answers.{code}": "is not answered" for code in sorted(asked - answers.keys())}
    strange = {f"answers.{code}": "is not asked about them" for code in sorted(answers.keys() - asked)}
    return unanswered | strange


def rating_score(questions: Iterable[Question], answers: Mapping[str, int]) -> Fraction:
    """Return a rating as 2000 to 10000: its answers by the weights of their questions."""
    weights = {question.code: question.weight for question in questions if question.code in answers}
    stars = sum(weights[code] * answers[code] for code in weights)
    return Fraction(stars * PER_STAR, sum(weights.values()))


def appraisal_score(awareness: int, participation: int, satisfaction: int) -> Fraction:
    """Return an appraisal as 0 to 10000: its three parts count alike."""
    return Fraction((awareness + participation + satisfaction) * PER_PERCENT, 3)


def residents_score(appraisals: Sequence[tuple[int, Fraction]]) -> Fraction:
    """Return what residents said in several appraisals, each by the number of people who took part."""
    people = sum(count for count, _ in appraisals)
    return sum((count * score for count, score in appraisals), Fraction()) / people


def result(residents: Fraction, other: Fraction, residents_weight: int) -> int:
    """Combine residents' appraisal with the other side's rating; the residents weigh more (A51)."""
    if not WHOLE // 2 < residents_weight < WHOLE:
        raise ValueError("residents have the largest weight, and the other side some")
    return floor((residents_weight * residents + (WHOLE - residents_weight) * other) / WHOLE)


def missing(rated: Iterable[Side], appraised: Sequence[Side], least: int) -> list[str]:
    """Name what a result lacks: a rating of either side, or residents' appraisals of one."""
    ratings = [f"rating_by_{side}" for side in Side if side not in set(rated)]
    return ratings + [f"appraisal_of_{side}" for side in Side if appraised.count(side) < least]
