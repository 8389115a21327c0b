"""How many communities had a volunteer station on a day (rules C5: V9), also after they became one."""

from datetime import date
from typing import Any

import pytest

from conftest import FreshDatabase
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.plumbing.migrations import migrate
from onewindow_volunteers.app import SERVICE
from testkit.api import KAIYUAN, XIAN, Api, running
from volunteers.conftest import REGISTER
from volunteers.organiser import Organiser
from volunteers.test_metrics import TODAY, TOMORROW, figures
from volunteers.test_organisations import change, founded

YESTERDAY = "2026-11-22"


@pytest.fixture
def station(api: Api) -> dict[str, Any]:
    """The station of one of two communities."""
    return founded(Organiser(api), kind="station")


def stations(api: Api, area: str, day: str) -> int:
    return figures(api, area, **{"from": day, "to": day})["areas.with_station"]


def test_a_station_counts_from_its_first_day_until_the_day_it_closes(
    api: Api, station: dict[str, Any]
) -> None:
    api.clock.pass_(days=1)
    assert [stations(api, XIAN, day) for day in (YESTERDAY, TODAY, TOMORROW)] == [0, 1, 1]
    assert change(Organiser(api), station, "closure", {"reason": "站点搬迁到邻近社区"}).status_code == 200
    assert [stations(api, "330902", day) for day in (YESTERDAY, TODAY, TOMORROW)] == [0, 1, 0]


@pytest.mark.usefixtures("station")
def test_what_two_communities_had_is_not_more_after_they_became_one(api: Api) -> None:
    ended = AreaChanged(
        code=XIAN,
        name="西安社区",
        kind=AreaKind.RESIDENTS_COMMITTEE,
        population=None,
        effective_until=date.fromisoformat(TODAY),
        heir=KAIYUAN,
    )
    api.receive(ended, source="casework")
    api.clock.pass_(days=1)
    assert [stations(api, "330902", day) for day in (TODAY, TOMORROW)] == [1, 1]
    assert [stations(api, KAIYUAN, day) for day in (TODAY, TOMORROW)] == [1, 1]


def test_stations_of_before_count_from_the_day_that_the_audit_tells(fresh_database: FreshDatabase) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")
        founded(Organiser(api), kind="station")
    migrate("volunteers", url, down_to="0038_records_counted")
    migrate("volunteers", url)
    with running(SERVICE, url) as api:
        assert [stations(api, XIAN, day) for day in (YESTERDAY, TODAY)] == [0, 1]
