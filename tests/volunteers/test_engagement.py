"""Who serves: active within a year and for long enough in this one, as a slow oracle counts it day by day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.rollups import figures
from onewindow_volunteers.engagement.rules import changes
from onewindow_volunteers.people.rules import Change
from testkit.api import KAIYUAN, XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, leave
from volunteers.test_certificates import confirmed, issued
from volunteers.test_erasure import erase
from volunteers.test_life import mine
from volunteers.test_metrics import rebuilt
from volunteers.test_records import boss, move

START = date(2027, 12, 1)
"""Three months before a leap day."""
ENOUGH = 120
days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
where = st.sampled_from((XIAN, KAIYUAN, None))


def steps_of(stays: list[tuple[date, str | None]]) -> list[tuple[date, Change]]:
    """Return the steps of somebody who is registered in a community, or nowhere, from each of these days on."""
    status, here, steps = VolunteerStatus.VERIFIED, XIAN, []
    for day, community in sorted(stays, key=lambda stay: stay[0]):
        target = VolunteerStatus.REGISTERED if community else VolunteerStatus.LEFT
        moved_from = here if community and status is target and community != here else None
        steps.append((day, Change(status, target, community or here, moved_from)))
        status, here = target, community or here
    return steps


def a_year_before(day: date) -> date:
    """Return the last day whose year is over on this one."""
    return date(day.year - 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def serves(metric: Metric, given: dict[date, int], day: date) -> bool:
    if metric is Metric.VOLUNTEERS_ACTIVE:
        return any(a_year_before(day) < one <= day for one in given)
    return sum(n for one, n in given.items() if one.year == day.year and one <= day) >= ENOUGH


@given(
    st.lists(st.tuples(days, where), max_size=5, unique_by=lambda stay: stay[0]),
    st.dictionaries(days, st.integers(1, 100), max_size=6),
    st.integers(0, 900).map(lambda n: START + timedelta(days=n)),
)
def test_somebody_counts_where_and_as_long_as_an_oracle_says(
    stays: list[tuple[date, str | None]], given: dict[date, int], day: date
) -> None:
    found = changes(steps_of(stays), given, ENOUGH)
    here = max(((since, community) for since, community in stays if since <= day), default=(day, None))[1]
    for metric in (Metric.VOLUNTEERS_ACTIVE, Metric.VOLUNTEERS_SERVING):
        for community in (XIAN, KAIYUAN):
            counted = sum(n for (m, c, d), n in found.items() if (m, c) == (metric, community) and d <= day)
            assert counted == int(community == here and serves(metric, given, day)), (metric, community)


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def standing(api: Api, last: date = date(2026, 12, 31)) -> dict[str, int]:
    def ask(unit: Any) -> dict[str, int]:
        found = figures(unit.session, unit.gathered("330902"), date(2026, 11, 1), last)
        return {metric.value: n for metric, n in found.items() if n}

    told: dict[str, int] = api.system(ask)
    return told


def test_who_serves_is_counted_until_a_year_is_over_or_they_leave(api: Api, organiser: Organiser) -> None:
    helper, other = Helper.registered(api, 401), Helper.registered(api, 402)
    confirmed(organiser, helper, left=170)
    record = confirmed(organiser, other, left=180)
    told = standing(api)
    assert (told["volunteers.active"], told["service.minutes"]) == (2, 350)
    assert told["records.confirmed"] == 2
    assert (told["records.ended"], told["records.in_time"]) == (2, 2)
    assert "volunteers.serving" not in told, "three hours are not twenty"
    assert standing(api, date(2027, 12, 31)).get("volunteers.active", 0) == 0
    move(other.ask, record, "dispute", {"minutes": 90, "evidence": "只服务了一半时间"})
    told = standing(api)
    assert (told["volunteers.active"], told["service.minutes"], told["records.in_time"]) == (1, 170, 1)
    assert told["records.confirmed"] == 1
    issued(helper)
    assert leave(api, helper.citizen, mine(api, helper.citizen).json()).status_code == 200
    told = standing(api)
    assert "volunteers.active" not in told
    assert (told["service.minutes"], told["service_certificates.issued"]) == (170, 1)
    rebuilt(api)
    assert standing(api) == told


def test_the_minutes_of_two_services_are_told_to_nobody_who_may_not_see_it(
    api: Api, organiser: Organiser
) -> None:
    for serial in (404, 405):
        confirmed(organiser, Helper.registered(api, serial), left=180)
    dashboard = api.people.headers(Role.SERVICE_CLIENT, "330902")
    for area in (XIAN, "330902"):
        path = f"{BASE}/metrics/areas/{area}?from=2026-11-01&to=2026-12-31"
        told = api.client.get(path, headers=dashboard).json()["figures"]
        assert (told["service.minutes"], told["records.confirmed"]) == (None, None), area
    assert standing(api)["service.minutes"] == 360


def test_who_is_erased_stays_in_the_figures_of_their_time(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 403)
    confirmed(organiser, helper, left=170)
    assert standing(api)["volunteers.active"] == 1
    assert erase(api, helper).status_code == 200
    told = standing(api)
    assert "volunteers.active" not in told
    assert told["service.minutes"] == 170
    rebuilt(api)
    assert standing(api) == told


def test_twenty_hours_count_for_the_year_in_which_they_were_given(open_service: Any) -> None:
    with open_service(active_hours=3) as api:
        organiser = Organiser(api)
        helper = Helper.registered(api, 404)
        confirmed(organiser, helper, left=170)
        assert "volunteers.serving" not in standing(api)
        confirmed(organiser, helper, left=170)
        assert standing(api)["volunteers.serving"] == 1
        assert "volunteers.serving" not in standing(api, date(2027, 1, 1))


def test_dangerous_activities_and_stations_are_counted(api: Api, organiser: Organiser) -> None:
    insurance = {
        "insurer": "中国人民财产保险股份有限公司",
        "policy_no": "PZAA202633090000012",
        "valid_from": "2026-11-01",
        "valid_until": "2026-12-31",
    }
    organiser.published(hazardous=True, insurance=insurance, minors="not_admitted")
    told = standing(api)
    assert (told["activities.hazardous"], told["activities.insured"]) == (1, 1)
    rebuilt(api)
    assert standing(api) == told
    admin = boss(api, Role.DISTRICT_ADMIN, "330902")
    found = admin("GET", "metrics/areas/330902").json()["figures"]
    before = found["areas.with_station"]
    form = {"kind": "station", "name": "西安社区志愿服务站", "community": XIAN, "contact": "0580-2021234"}
    manager = boss(api, Role.COMMUNITY_MANAGER, XIAN)
    answer = manager("POST", "organisations", form, **{"Idempotency-Key": "station-of-xian"})
    assert answer.status_code == 201, answer.text
    assert admin("GET", "metrics/areas/330902").json()["figures"]["areas.with_station"] == before + 1
