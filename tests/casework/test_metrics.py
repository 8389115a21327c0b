"""Figures of an area: right, not sent twice, and the same when everything is counted again."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import Office
from casework.test_areas import merged
from casework.test_limits import KNOWN
from casework.test_values import must_enter, value
from onewindow_casework.clocks.rules import handling_days
from onewindow_casework.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metric_parts import By
from onewindow_shared.contracts.metrics import COMPUTED, OF_REVIEWS, STANDING, Metric
from onewindow_shared.plumbing.rollups import fold, rebuild
from onewindow_shared.plumbing.workdays import Pause, WorkCalendar
from testkit.api import DONGSHAN, KAIYUAN, XIAN

TODAY = "2026-11-23"
PERIOD = "from=2026-11-01&to=2026-12-31"


def test_an_area_has_its_own_figures_and_its_population(office: Office, noise: list[str]) -> None:
    office.closed()
    auditor = office.api.people.headers(Role.AUDITOR, "330902")
    street = office.read(f"metrics/areas/330902002?{PERIOD}", auditor)
    assert (street["population"], street["figures"][Metric.CASES_CLOSED]) == (39644, 1)
    assert (street["figures"][Metric.REVIEWS_RATED], street["multiples_of"]) == (None, None)
    assert office.read(f"metrics/areas/{DONGSHAN}?{PERIOD}", auditor)["figures"][Metric.CASES_CLOSED] == 0
    padded = office.read(f"metrics/areas/330902000000?{PERIOD}", auditor)
    assert (padded["area"], padded["population"]) == ("330902", 500030)


def test_who_may_see_no_cases_is_told_of_them_in_multiples(office: Office) -> None:
    for _ in range(7):
        case_no = office.closed(came_on=[date(2026, 11, 23)])
        office.review(office.clerk, case_no, level=5)
    office.accepted(community=KAIYUAN, status=CaseStatus.CLOSED, came_on=[date(2026, 11, 23)])
    dashboard = office.api.people.headers(Role.SERVICE_CLIENT, "330902")
    whole = office.read(f"metrics/areas/330902?{PERIOD}", dashboard)
    closed, rated = Metric.CASES_CLOSED, Metric.REVIEWS_RATED
    told = [whole["figures"][one] for one in (closed, rated, Metric.REVIEWS_5, Metric.REVIEWS_4)]
    assert (told, whole["multiples_of"]) == ([5, 5, 5, None], 5)
    assert whole["figures"][Metric.COMMUNITIES] == 3, "communities are no people"
    assert whole["percentiles"][Metric.CASES_HANDLED]["90"] >= 0
    for by, few, many in (("community", KAIYUAN, XIAN), ("day", "2026-11-22", "2026-11-23")):
        path = f"metrics/areas/330902/parts?by={by}&{PERIOD}"
        parts = {part["key"]: part for part in office.read(path, dashboard)["parts"]}
        assert (parts[many]["figures"][closed], KAIYUAN in parts) == (5, by == "community"), by
        assert parts[few]["figures"][closed] == (None if by == "community" else 0)
        assert parts[few]["percentiles"] == {}
    tags = {
        office.get(f"metrics/areas/330902?{PERIOD}", who).headers["etag"] for who in (dashboard, office.admin)
    }
    assert len(tags) == 2


def test_officers_figures_are_told_of_their_own_cases_to_who_may_see_these(office: Office) -> None:
    for level in (5, 5, 5, 5, 5, 2):
        office.review(office.clerk, office.closed(), level=level)
    path = f"metrics/areas/330902/parts?by=officer&{PERIOD}"
    (part,) = office.read(path, office.admin)["parts"]
    told = [part["figures"][one] for one in (Metric.CASES_CLOSED, Metric.REVIEWS_SATISFIED, Metric.REVIEWS_2)]
    assert (part["key"], told) == ("agent.xian", [6, 5, None])
    for who in (Role.AUDITOR, Role.SERVICE_CLIENT):
        status = 200 if who is Role.AUDITOR else 403
        assert office.get(path, office.api.people.headers(who, "330902")).status_code == status


def test_a_period_has_the_population_of_its_last_day(office: Office) -> None:
    for n, since in (("1000", "2026-01-01"), ("1200", "2026-11-01"), ("1300", "2027-01-01")):
        must_enter(office, value("population", n, since))
    ends = ("2025-12-31", "2026-10-31", "2026-11-20", "2027-02-01")
    path = f"metrics/areas/{XIAN}?from=2025-12-01&to="
    told = [office.read(path + end, office.admin)["population"] for end in ends]
    assert told == [None, 1000, 1200, 1200], "of today, while the period goes on"
    parts = office.read(f"metrics/areas/{XIAN}/parts?by=month&from=2026-10-01&to=2026-12-31", office.admin)
    assert [part["population"] for part in parts["parts"]] == [1000, 1200, None]
    assert [bool(part["figures"]) for part in parts["parts"]] == [True, True, False], "December is to come"


def test_an_heir_had_the_population_of_all_that_it_stands_for(office: Office) -> None:
    for area, n in ((XIAN, "1000"), (KAIYUAN, "400")):
        must_enter(office, value("population", n, "2026-01-01"), at=area)
    merged(office)
    must_enter(office, value("population", "1500", TODAY), at=KAIYUAN)
    path = f"metrics/areas/{KAIYUAN}?from=2026-11-01&to="
    before = office.read(path + "2026-11-20", office.admin)["population"]
    assert (before, office.read(path + TODAY, office.admin)["population"]) == (1400, 1500)


def test_what_a_district_has_no_area_below_it_has(office: Office) -> None:
    listed, paid = Metric.LISTED_ASSIST, Metric.FUND_PAID
    told = {
        area: office.read(f"metrics/areas/{area}?{PERIOD}", office.admin)["figures"]
        for area in ("330902", "330902002", XIAN)
    }
    assert [listed in figures for figures in told.values()] == [True, False, False]
    assert [paid in figures for figures in told.values()] == [True, True, True]


def test_unchanged_figures_are_not_sent_again(office: Office) -> None:
    path = f"metrics/areas/{XIAN}?{PERIOD}"
    tag = office.get(path, office.clerk).headers["etag"]
    office.api.clock.pass_(seconds=30)
    assert office.get(path, office.clerk, If_None_Match=tag).status_code == 304
    office.closed()
    assert office.get(path, office.clerk, If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("330902?from=2026-12-31&to=2026-01-01", 422),
        ("3309?from=2026-01-01&to=2026-12-31", 422),
        ("330902099?from=2026-01-01&to=2026-12-31", 404),
        ("330903?from=2026-01-01&to=2026-12-31", 404),
        ("330902?from=0001-01-01&to=9999-12-31", 200),
    ],
)
def test_areas_and_periods_that_cannot_be_are_refused(office: Office, path: str, status: int) -> None:
    assert office.get(f"metrics/areas/{path}", office.admin).status_code == status


@pytest.mark.parametrize("seed", range(3))
def test_counting_everything_again_gives_the_same_figures_after_any_history(
    office: Office, seed: int
) -> None:
    random = Random(seed)
    stages = (office.accepted, office.started, office.decided, office.delivered, office.closed)
    for _ in range(6):
        grid = random.choice((None, f"{XIAN}001", f"{XIAN}002"))
        case_no = random.choice(stages)(promised_days=random.randint(1, 6), grid=grid)
        if random.random() < 0.3:
            office.do(office.clerk, "withdrawal", case_no)
        office.review(office.clerk, case_no, level=random.randint(1, 5))
        office.accepted(community=KAIYUAN, promised_days=random.randint(1, 3))
        office.api.clock.pass_(days=random.randint(0, 2), hours=random.randint(0, 9))
        office.api.tick()
    late = [row["case_no"] for row in office.read("cases?overdue=true", office.clerk)["items"]]
    for case_no in late[:2]:
        office.do(office.clerk, "withdrawal", case_no)
    before = by_area(office), percentiles(office)
    assert before[0]["330902"]
    office.api.system(lambda unit: fold(unit.session))
    assert (by_area(office), percentiles(office)) == before
    office.api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert (by_area(office), percentiles(office)) == before


def by_area(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = {area: office.figures(area) for area in ("330902", "330902002", XIAN, KAIYUAN)}
    for by in By:
        path = f"metrics/areas/330902/parts?by={by}&{PERIOD}"
        found[by] = {part["key"]: part["figures"] for part in office.read(path, office.admin)["parts"]}
    return found


def percentiles(office: Office) -> dict[str, Any]:
    found = {"": office.read(f"metrics/areas/330902?{PERIOD}", office.admin)["percentiles"]}
    for by in (By.DAY, By.WEEK, By.MONTH, By.YEAR, By.STREET, By.COMMUNITY):
        path = f"metrics/areas/330902/parts?by={by}&{PERIOD}"
        found[by] = {part["key"]: part["percentiles"] for part in office.read(path, office.admin)["parts"]}
    return found


def test_parts_add_up_to_the_whole(office: Office) -> None:
    for day in range(3):
        office.closed(grid=f"{XIAN}001")
        office.accepted(community=KAIYUAN, promised_days=1, grid=f"{KAIYUAN}00{day}")
        office.api.clock.pass_(days=day)
        office.api.tick()
    whole, apart = office.figures("330902"), by_area(office)
    for by in set(By) - {By.KIND}:
        metrics = {metric for counted in apart[by].values() for metric in counted}
        assert Metric.CASES_CLOSED in metrics
        for metric in metrics - (STANDING if by.is_time else COMPUTED) - OF_REVIEWS:
            told = sum(counted.get(metric, 0) for counted in apart[by].values())
            assert told == whole.get(metric, 0) or by in {By.OFFICER, By.GRID}, (by, metric)
    last = apart[By.MONTH]["2026-11-01"][Metric.CASES_OVERDUE_OPEN]
    assert last == whole.get(Metric.CASES_OVERDUE_OPEN, 0) > 0


def test_a_closed_case_tells_its_days_and_the_ways_of_its_applicant(office: Office) -> None:
    first = office.started(came_on=[date(2026, 11, 19), date(2026, 11, 23)])
    office.go_to(2026, 11, 27, 2)
    office.must(office.officer, "decision", first, {"outcome": "grant", "reasons": "依据第九条"})
    office.go_to(2026, 12, 1, 2)
    office.must(office.clerk, "delivery", first, {"method": "pick_up", "proof": "本人签收"})
    office.must(office.clerk, "closure", first)
    came_for_the_outcome_alone = office.closed(came_on=[])
    office.closed()
    told = office.figures()
    assert (told[Metric.CASES_CLOSED], told[Metric.CASES_HANDLED]) == (3, 2), "of one it was not told"
    assert told[Metric.HANDLING_DAYS] == 4, "Tuesday to Friday, and none"
    assert (told[Metric.CASE_VISITS], told[Metric.CASES_AT_MOST_ONE_VISIT]) == (3 + 1, 1)
    assert percentiles(office)[""] == {Metric.CASES_HANDLED: {"90": 4}}
    office.must(office.admin, "reopening", came_for_the_outcome_alone, {"reason": "证件打印有误"})
    told = office.figures()
    assert (told[Metric.CASES_HANDLED], told[Metric.CASE_VISITS]) == (1, 3)
    assert Metric.CASES_AT_MOST_ONE_VISIT not in told
    assert told == office.recounted()


def test_every_closing_is_reviewed_once_at_most(office: Office) -> None:
    cases = [office.closed(applicant_subject="r-1") for _ in range(2)]
    for case_no in cases:
        assert office.review(office.resident, case_no, channel="web").status_code == 201
    first_day = office.figures()
    office.api.clock.pass_(days=2)
    office.must(office.admin, "reopening", cases[0], {"reason": "原决定有误"})
    office.must(office.officer, "decision", cases[0], {"outcome": "grant"})
    office.must(office.clerk, "delivery", cases[0], {"method": "pick_up", "proof": "签收"})
    assert office.review(office.resident, cases[0], channel="web").status_code == 201, "before it is closed"
    told = office.figures()
    assert (told[Metric.CASES_CLOSED], told[Metric.CASES_CLOSINGS], told[Metric.REVIEWS_RATED]) == (1, 2, 3)
    assert told[Metric.REVIEWS_OF_CLOSINGS] == first_day[Metric.REVIEWS_OF_CLOSINGS] == 2
    office.must(office.clerk, "closure", cases[0])
    told = office.figures()
    assert (told[Metric.CASES_CLOSED], told[Metric.CASES_CLOSINGS]) == (2, 3)
    assert told[Metric.REVIEWS_OF_CLOSINGS] == 3
    assert told == office.recounted()


def test_a_case_may_break_its_promise_within_the_law(office: Office) -> None:
    broken = office.delivered(promised_days=1, statutory_days=20)
    office.api.clock.pass_(days=7)
    office.must(office.clerk, "closure", broken)
    told = office.figures()
    assert (told[Metric.CASES_CLOSED], told[Metric.CASES_CLOSED_WITHIN_LAW]) == (1, 1)
    assert Metric.CASES_CLOSED_ON_TIME not in told
    late = office.delivered(promised_days=1, statutory_days=2)
    office.api.clock.pass_(days=7)
    office.must(office.clerk, "closure", late)
    told = office.figures()
    assert (told[Metric.CASES_CLOSED], told[Metric.CASES_CLOSED_WITHIN_LAW]) == (2, 1)
    assert told == office.recounted()


def test_a_case_settled_at_once_took_no_day_and_one_way(office: Office) -> None:
    office.accepted(status=CaseStatus.CLOSED, came_on=[date(2026, 11, 23)])
    told = office.figures()
    assert (told[Metric.CASES_HANDLED], told[Metric.CASES_AT_MOST_ONE_VISIT]) == (1, 1)
    assert Metric.HANDLING_DAYS not in told
    assert told == office.recounted()


CALENDAR = WorkCalendar(KNOWN, {2025, 2026}, "2026r1")
days = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(start=days, length=st.integers(0, 60), pauses=st.lists(st.tuples(days, days), max_size=3))
def test_the_days_of_a_handling_are_those_that_an_oracle_counts(
    start: date, length: int, pauses: list[tuple[date, date]]
) -> None:
    stops = [Pause(min(pair), max(pair)) for pair in pauses]
    decided = start + timedelta(days=length)
    expected, day = 0, start
    while day < decided:
        day += timedelta(days=1)
        expected += CALENDAR.is_workday(day) and all(day not in stop for stop in stops)
    assert handling_days(CALENDAR, start, decided, stops) == expected
