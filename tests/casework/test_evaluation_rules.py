"""The rules of two-way evaluation over whole products."""

from fractions import Fraction
from itertools import product
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.evaluations import rules
from onewindow_shared.contracts.evaluations import Question, RoundAction, RoundStatus, Side

XIAN, CHANGGUO, KAIYUAN = "330902002001", "330902002", "330902002007"
QUESTIONS = [
    Question(code="duties", text="依法履职", about=Side.COMMITTEE, weight=3),
    Question(code="residents", text="联系居民", about=Side.COMMITTEE, weight=1),
    Question(code="support", text="经费与工作条件到位", about=Side.COUNTERPART, weight=1),
]
scores = st.fractions(min_value=0, max_value=10_000, max_denominator=300)


@pytest.mark.parametrize(("status", "action"), [*product(RoundStatus, RoundAction)])
def test_only_the_moves_of_the_table_lead_anywhere(status: RoundStatus, action: RoundAction) -> None:
    assert rules.walk(status, action) == rules.MOVES.get((status, action))


def test_nothing_leads_out_of_an_end_and_only_closed_rounds_are_published() -> None:
    sources = {status for status, _ in rules.MOVES}
    assert sources == {RoundStatus.DRAFT, RoundStatus.OPEN, RoundStatus.CLOSED}
    assert [status for status, action in rules.MOVES if action is RoundAction.PUBLISH] == [RoundStatus.CLOSED]


@pytest.mark.parametrize("area", [None, XIAN, KAIYUAN, CHANGGUO, "330902003", "330902"])
@pytest.mark.parametrize("department", [None, "civil_affairs", "health"])
@pytest.mark.parametrize("counterpart", [CHANGGUO, "civil_affairs"])
def test_everybody_is_their_own_side_only(area: str | None, department: str | None, counterpart: str) -> None:
    side = rules.side_of(area=area, department=department, community=XIAN, counterpart=counterpart)
    if department is not None:
        assert side is (Side.COUNTERPART if department == counterpart else None)
    elif area == XIAN:
        assert side is Side.COMMITTEE
    else:
        assert side is (Side.COUNTERPART if area == counterpart else None)


@pytest.mark.parametrize("by", Side)
@pytest.mark.parametrize("viewer", [None, *Side])
@pytest.mark.parametrize("rated", [[], [Side.COMMITTEE], [Side.COUNTERPART], [*Side]])
def test_what_the_other_side_said_is_seen_once_both_have_spoken(
    by: Side, viewer: Side | None, rated: list[Side]
) -> None:
    assert rules.may_see(by, viewer, rated) == (viewer is by or len(rated) == 2)


def test_answers_are_to_every_question_about_the_other_side_and_to_no_other() -> None:
    assert rules.faults_of_answers(QUESTIONS, Side.COMMITTEE, {"duties": 5, "residents": 4}) == {}
    faults = rules.faults_of_answers(QUESTIONS, Side.COMMITTEE, {"duties": 5, "support": 4})
    assert set(faults) == {"answers.residents", "answers.support"}


def test_questions_are_about_both_sides_and_none_is_there_twice() -> None:
    assert rules.faults_of_questions(QUESTIONS) == {}
    assert set(rules.faults_of_questions([QUESTIONS[0], QUESTIONS[0]])) == {"questions", "questions.1.code"}


def test_a_rating_follows_the_weights_of_its_questions() -> None:
    assert rules.rating_score(QUESTIONS, {"duties": 5, "residents": 1}) == 8000
    assert rules.rating_score(QUESTIONS, {"support": 5}) == 10_000


@given(scores, scores, st.integers(min_value=51, max_value=99))
def test_residents_weigh_more_than_the_other_side(residents: Fraction, other: Fraction, weight: int) -> None:
    found = rules.result(residents, other, weight)
    assert floor(min(residents, other)) <= found <= max(residents, other)
    assert abs(found - residents) <= abs(found - other) + 2


def test_a_result_is_rounded_once() -> None:
    residents = rules.residents_score([(30, rules.appraisal_score(90, 70, 40))])
    assert rules.result(residents, Fraction(4000), 60) == 5600


@given(
    weights=st.tuples(*[st.integers(1, 10)] * 2),
    stars=st.tuples(*[st.integers(1, 5)] * 2),
    said=st.lists(st.tuples(st.integers(1, 500), *[st.integers(0, 100)] * 3), min_size=1, max_size=4),
    weight=st.integers(51, 99),
)
def test_a_published_result_is_that_of_the_answers_and_of_nothing_rounded(
    weights: tuple[int, int], stars: tuple[int, int], said: list[tuple[int, int, int, int]], weight: int
) -> None:
    asked = [
        question.model_copy(update={"weight": n}) for question, n in zip(QUESTIONS[:2], weights, strict=True)
    ]
    answers = dict(zip(("duties", "residents"), stars, strict=True))
    found = rules.result(
        rules.residents_score([(people, rules.appraisal_score(*parts)) for people, *parts in said]),
        rules.rating_score(asked, answers),
        weight,
    )
    people = sum(one[0] for one in said)
    by_residents = sum(n * (a + b + c) for n, a, b, c in said) * 100 * sum(weights)
    by_other = sum(w * s for w, s in zip(weights, stars, strict=True)) * 2000 * 3 * people
    assert found == (weight * by_residents + (100 - weight) * by_other) // (300 * people * sum(weights))


@pytest.mark.parametrize("weight", [0, 50, 100])
def test_no_weight_but_the_largest_will_do_for_residents(weight: int) -> None:
    with pytest.raises(ValueError, match="largest"):
        rules.result(Fraction(1), Fraction(2), weight)


@given(st.lists(st.tuples(st.integers(min_value=1, max_value=10_000), scores), min_size=1, max_size=12))
def test_several_appraisals_count_by_their_people(appraisals: list[tuple[int, Fraction]]) -> None:
    found = rules.residents_score(appraisals)
    assert min(score for _, score in appraisals) <= found <= max(score for _, score in appraisals)


@given(*[st.integers(min_value=0, max_value=100)] * 3)
def test_an_appraisal_stays_within_the_scale(awareness: int, participation: int, satisfaction: int) -> None:
    assert 0 <= rules.appraisal_score(awareness, participation, satisfaction) <= 10_000


@pytest.mark.parametrize("rated", [[], [Side.COMMITTEE], [Side.COUNTERPART], [*Side]])
@pytest.mark.parametrize("appraised", [[], [Side.COMMITTEE], [Side.COUNTERPART], [*Side]])
@pytest.mark.parametrize("least", [1, 2])
def test_a_result_names_everything_it_lacks(rated: list[Side], appraised: list[Side], least: int) -> None:
    found = rules.missing(rated, appraised, least)
    assert len(found) == 2 - len(rated) + (2 if least == 2 else 2 - len(appraised))
