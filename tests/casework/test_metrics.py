"""Figures of an area: right, not sent twice, and the same when everything is counted again."""

from random import Random
from typing import Any

import pytest

from casework.office import Office
from onewindow_casework.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metric_parts import By
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import fold, rebuild
from testkit.api import DONGSHAN, KAIYUAN, XIAN

PERIOD = "from=2026-11-01&to=2026-12-31"


def test_an_area_has_its_own_figures_and_its_population(office: Office, noise: list[str]) -> None:
    office.closed()
    dashboard = office.api.people.headers(Role.SERVICE_CLIENT, "330902")
    street = office.read(f"metrics/areas/330902002?{PERIOD}", dashboard)
    assert (street["population"], street["figures"][Metric.CASES_CLOSED]) == (39644, 1)
    assert street["figures"][Metric.REVIEWS_RATED] == 0
    assert office.read(f"metrics/areas/{DONGSHAN}?{PERIOD}", dashboard)["figures"][Metric.CASES_CLOSED] == 0
    padded = office.read(f"metrics/areas/330902000000?{PERIOD}", dashboard)
    assert (padded["area"], padded["population"]) == ("330902", 500030)


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
        case_no = random.choice(stages)(promised_days=random.randint(1, 6))
        if random.random() < 0.3:
            office.do(office.clerk, "withdrawal", case_no)
        office.review(office.clerk, case_no, level=random.randint(1, 5))
        office.accepted(community=KAIYUAN, promised_days=random.randint(1, 3))
        office.api.clock.pass_(days=random.randint(0, 2), hours=random.randint(0, 9))
        office.api.tick()
    late = [row["case_no"] for row in office.read("cases?overdue=true", office.clerk)["items"]]
    for case_no in late[:2]:
        office.do(office.clerk, "withdrawal", case_no)
    before = by_area(office)
    assert before["330902"]
    office.api.system(lambda unit: fold(unit.session))
    assert by_area(office) == before
    office.api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert by_area(office) == before


def by_area(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = {area: office.figures(area) for area in ("330902", "330902002", XIAN, KAIYUAN)}
    for by in By:
        path = f"metrics/areas/330902/parts?by={by}&{PERIOD}"
        found[by] = {part["key"]: part["figures"] for part in office.read(path, office.admin)["parts"]}
    return found


def test_parts_add_up_to_the_whole(office: Office) -> None:
    for day in range(3):
        office.closed()
        office.accepted(community=KAIYUAN, promised_days=1)
        office.api.clock.pass_(days=day)
        office.api.tick()
    whole, apart = office.figures("330902"), by_area(office)
    for by in By:
        metrics = {metric for counted in apart[by].values() for metric in counted}
        assert Metric.CASES_CLOSED in metrics
        for metric in metrics - {Metric.CASES_OVERDUE_OPEN} if by.is_time else metrics:
            told = sum(counted[metric] for counted in apart[by].values())
            assert told == whole.get(metric, 0) or by is By.OFFICER, (by, metric)
    last = apart[By.MONTH]["2026-12-01"][Metric.CASES_OVERDUE_OPEN]
    assert last == whole.get(Metric.CASES_OVERDUE_OPEN, 0) > 0
