"""The rules of the lines of the one notice of corrections, as plain values."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.cases import lines
from onewindow_intake.cases.lines import Answer, Line
from onewindow_intake.checklist.rules import Look, Paper
from onewindow_shared.contracts.checklist import LineState
from onewindow_shared.contracts.intake import DefectIn, LineIn, UnmetIn

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
HOME, WINDOW = Look(NOW), Look(NOW, "clerk.xian")
NOTICE = [
    DefectIn(problem="住址不一致"),
    DefectIn(material="m1", problem="不清晰"),
    DefectIn(problem="未签名"),
]
OPEN, DECLARED, MET = LineState.OPEN, LineState.DECLARED, LineState.MET


def said(number: int, *, met: bool = True) -> LineIn:
    return LineIn(line=number, met=met)


def unmet(defect: DefectIn) -> UnmetIn:
    return UnmetIn(material=defect.material, problem=defect.problem)


def states(standing: list[Line]) -> list[LineState]:
    return [line.state for line in standing]


@pytest.mark.parametrize(("paper", "state"), [
    (Paper(), OPEN),
    (Paper(declared=True, at=EARLIER), DECLARED),
    (Paper(received=True, at=EARLIER, seen_by="clerk.xian"), MET),
])  # fmt: skip
def test_a_line_about_a_paper_is_met_as_the_check_list_tells(paper: Paper, state: LineState) -> None:
    about_m1 = lines.standing(NOTICE, {2: Answer(met=True, at=NOW)}, {"m1": paper})[1]
    assert (about_m1.state, about_m1.at, about_m1.seen_by) == (state, paper.at, paper.seen_by)


def test_a_line_about_no_paper_is_open_until_something_is_known_of_it() -> None:
    assert states(lines.standing(NOTICE, {}, {"m1": Paper(received=True)})) == [OPEN, MET, OPEN]
    known = {1: Answer(declared=True, at=EARLIER), 3: Answer(met=True, at=NOW)}
    assert states(lines.standing(NOTICE, known, {})) == [DECLARED, OPEN, MET]


@pytest.mark.parametrize(("before", "look", "met", "after"), [
    (Answer(), WINDOW, True, Answer(met=True, at=NOW, seen_by="clerk.xian")),
    (Answer(declared=True, at=EARLIER), WINDOW, True, Answer(met=True, at=EARLIER, seen_by="clerk.xian")),
    (Answer(met=True, at=EARLIER), WINDOW, True, Answer(met=True, at=EARLIER, seen_by="clerk.xian")),
    (Answer(declared=True, at=EARLIER), WINDOW, False, Answer(seen_by="clerk.xian")),
    (Answer(met=True, at=EARLIER), WINDOW, False, Answer(seen_by="clerk.xian")),
    (Answer(), HOME, True, Answer(declared=True, at=NOW)),
    (Answer(declared=True, at=EARLIER), HOME, True, Answer(declared=True, at=EARLIER)),
    (Answer(declared=True, at=EARLIER), HOME, False, Answer()),
    (Answer(seen_by="clerk.xian"), HOME, True, Answer(declared=True, at=NOW, seen_by="clerk.xian")),
    (Answer(met=True, at=EARLIER), HOME, False, Answer(met=True, at=EARLIER)),
])  # fmt: skip
def test_the_window_s_word_stands_and_what_it_finds_as_declared_counts_since_then(
    before: Answer, look: Look, met: bool, after: Answer
) -> None:
    other = Answer(met=True, at=EARLIER)
    known = {1: before, 3: other}
    assert lines.answered(known, [said(1, met=met)], look) == {1: after, 3: other}


def test_every_line_that_cannot_be_met_so_is_named() -> None:
    told = lines.standing(NOTICE, {}, {})
    assert lines.wrong(told, [said(1), said(3, met=False)]) == {}
    faults = lines.wrong(told, [said(1), said(2), said(4), said(1, met=False)])
    assert set(faults) == {f"lines.{place}.line" for place in range(4)}
    assert set(lines.wrong([], [said(1)])) == {"lines.0.line"}


def test_met_lines_are_no_news_and_nothing_that_is_not_met_comes_in() -> None:
    told = lines.standing(NOTICE, {1: Answer(met=True), 3: Answer(declared=True)}, {})
    assert lines.newly_in(told, [said(1), said(3)]) == {3}
    assert lines.newly_in(told, [said(1, met=False), said(3, met=False)]) == set()


@given(st.sets(st.sampled_from([1, 3])), st.sets(st.sampled_from([1, 3])), st.booleans())
def test_what_is_declared_stops_the_clock_and_only_what_is_seen_lets_a_case_be_accepted(
    met: set[int], declared: set[int], paper: bool
) -> None:
    known = {number: Answer(met=number in met, declared=number in declared) for number in met | declared}
    told = lines.standing(NOTICE, known, {"m1": Paper(received=paper)})
    assert {line.number for line in lines.unmet(told)} == {1, 3} - met
    assert {line.number for line in lines.unmet(told, declared=True)} == {1, 3} - met - declared
    assert set(lines.missing(told)) == {f"lines.{number}" for number in {1, 3} - met}


def test_a_refusal_names_no_line_that_was_taken_as_corrected() -> None:
    same_words_twice = [*NOTICE, NOTICE[0]]
    known = {1: Answer(met=True)}
    told = lines.standing(same_words_twice, known, {"m1": Paper(received=True)})
    faults = lines.wrongly_unmet(told, [unmet(line) for line in NOTICE])
    assert set(faults) == {"unmet.1.material"}
    told = lines.standing(NOTICE, known, {})
    assert set(lines.wrongly_unmet(told, [unmet(NOTICE[0]), UnmetIn(line=1)])) == {
        "unmet.0.problem",
        "unmet.1.line",
    }


@pytest.mark.parametrize(("demand", "numbers"), [
    (UnmetIn(line=3), [3]),
    (UnmetIn(line=5), []),
    (UnmetIn(material="m1"), [2, 4]),
    (UnmetIn(material="m1", problem="看不清"), [2, 4]),
    (UnmetIn(material="m1", problem="缺页"), [4]),
    (UnmetIn(material="m2", problem="不清晰"), []),
    (UnmetIn(problem="未签名"), [3]),
    (UnmetIn(problem="没有签名"), []),
    (UnmetIn(problem="不清晰"), []),
])  # fmt: skip
def test_a_demand_names_lines_by_number_by_paper_or_in_the_notice_s_words(
    demand: UnmetIn, numbers: list[int]
) -> None:
    told = lines.standing([*NOTICE, DefectIn(material="m1", problem="缺页")], {}, {})
    assert [line.number for line in lines.meant(told, demand)] == numbers
    assert lines.beyond(told, [demand]) == ([] if numbers else [demand])
    assert lines.still_wrong(told, [demand, demand]) == [told[number - 1].defect for number in numbers]


def test_a_demand_that_names_no_line_or_a_number_and_more_is_named() -> None:
    told = lines.standing(NOTICE, {}, {})
    demands = [UnmetIn(line=1), UnmetIn(line=4), UnmetIn(), UnmetIn(line=2, material="m1")]
    assert set(lines.wrongly_named(told, demands)) == {"unmet.1.line", "unmet.2", "unmet.3.line"}


def test_what_is_known_of_lines_goes_into_a_column_and_comes_back() -> None:
    for met, declared, at in product((True, False), (True, False), (None, NOW)):
        known = {1: Answer(met=met, declared=declared, at=at), 12: Answer(seen_by="clerk.xian")}
        assert lines.answers(lines.rows(known)) == known
    assert lines.rows({}) == {}
