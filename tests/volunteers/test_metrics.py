"""Figures of volunteers for the dashboards."""

from datetime import date
from typing import Any

from httpx2 import Response

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.rollups import fold, rebuild
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.metrics.queries import recount
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.signup import BASE, Citizen, leave, sign_up

TODAY, TOMORROW = "2026-11-23", "2026-11-24"


def ask(
    api: Api,
    area: str,
    role: Role = Role.DISTRICT_ADMIN,
    at: str = "330902",
    *,
    period: dict[str, str] | None = None,
    tag: str = "",
) -> Response:
    headers = {**api.people.headers(role, at), "If-None-Match": tag}
    days = {"from": TODAY, "to": TODAY, **(period or {})}
    return api.client.get(f"{BASE}/metrics/areas/{area}", params=days, headers=headers)


def figures(api: Api, area: str, **period: str) -> dict[str, int]:
    """Return the figures of an area in a period, of today unless it is said."""
    answer = ask(api, area, period=period)
    assert answer.status_code == 200, answer.text
    told: dict[str, int] = answer.json()["figures"]
    return told


def registered(api: Api, area: str, **period: str) -> int:
    return figures(api, area, **period)["volunteers.registered"]


def rebuilt(api: Api) -> None:
    """Count every figure again from the record of what happened."""

    def anew(unit: Unit) -> None:
        rebuild(unit.session, recount(unit))

    api.system(anew)


def test_figures_count_the_registered_of_every_level(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    assert [registered(api, area) for area in (XIAN, KAIYUAN, DONGSHAN)] == [1, 1, 1]
    assert [registered(api, area) for area in ("330902002", "330902003", "330902")] == [2, 1, 3]
    assert registered(api, "330902000000") == 3


def test_a_dashboard_is_told_of_volunteers_in_multiples(api: Api) -> None:
    for serial in range(11, 17):
        sign_up(api, Citizen(serial))
    told = [
        ask(api, area, Role.SERVICE_CLIENT).json()["figures"]["volunteers.registered"]
        for area in (XIAN, KAIYUAN, "330902")
    ]
    assert (registered(api, XIAN), registered(api, "330902")) == (6, 8)
    assert told == [5, None, 5]


def test_figures_carry_the_public_population_where_there_is_one(api: Api) -> None:
    assert [ask(api, area).json()["population"] for area in ("330902", KAIYUAN, XIAN)] == [500030, 4865, None]


def test_leaving_lowers_the_figure_from_that_day_on(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    api.clock.pass_(days=1)
    assert leave(api, wang, volunteer).status_code == 200
    assert registered(api, XIAN, to=TOMORROW) == 0
    assert registered(api, XIAN) == 1, "as it stood yesterday"
    assert registered(api, XIAN, **{"from": TOMORROW, "to": "2027-01-01"}) == 0, "a standing number"


def test_who_waits_for_verification_does_not_count(open_service: Any, wang: Citizen) -> None:
    with open_service(verification="community") as api:
        volunteer = sign_up(api, wang)
        assert registered(api, XIAN) == 0
        leave(api, wang, volunteer)
        assert registered(api, XIAN) == 0


def test_a_recount_finds_the_same(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    sign_up(api, Citizen(8))
    api.clock.pass_(days=1)
    leave(api, wang, volunteer)
    areas, days = (XIAN, KAIYUAN, "330902003", "330902"), (TODAY, TOMORROW)
    before = [registered(api, area, to=day) for area in areas for day in days]
    assert before == [2, 1, 1, 1, 1, 1, 4, 3]
    api.system(lambda unit: fold(unit.session))
    assert [registered(api, area, to=day) for area in areas for day in days] == before

    rebuilt(api)
    assert [registered(api, area, to=day) for area in areas for day in days] == before


def test_a_recount_of_nothing_is_nothing(quiet_api: Api) -> None:
    quiet_api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert registered(quiet_api, "330902") == 0


def test_unchanged_figures_are_not_sent_again(api: Api, wang: Citizen) -> None:
    first = ask(api, "330902")
    api.clock.pass_(minutes=5)
    assert ask(api, "330902", tag=first.headers["ETag"]).status_code == 304
    sign_up(api, wang)
    changed = ask(api, "330902", tag=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.json()["as_of"] == "2026-11-23T01:35:00Z"


BEYOND = [
    (XIAN, Role.WINDOW_CLERK, KAIYUAN),
    ("330902002", Role.WINDOW_CLERK, XIAN),
    ("330902", Role.STREET_SUPERVISOR, "330902002"),
    (DONGSHAN, Role.STREET_SUPERVISOR, "330902002"),
    ("330902", Role.SERVICE_CLIENT, "110101"),
    ("110101", Role.DISTRICT_ADMIN, "330902"),
    ("330902002999", Role.DISTRICT_ADMIN, "330902"),
]


def test_figures_beyond_ones_area_do_not_exist(api: Api) -> None:
    for area, role, at in BEYOND:
        assert ask(api, area, role, at).status_code == 404, (area, role, at)


def test_residents_do_not_ask_for_figures(api: Api, wang: Citizen) -> None:
    url, period = f"{BASE}/metrics/areas/330902", {"from": TODAY, "to": TODAY}
    assert api.client.get(url, params=period, headers=wang.headers(api)).status_code == 403
    assert api.client.get(url, params=period).status_code == 401


def test_a_period_that_is_none_is_refused(api: Api) -> None:
    for period in ({"from": TOMORROW}, {"to": "2026-02-30"}, {"from": "yesterday"}):
        assert ask(api, "330902", period=period).status_code == 422


def test_a_period_may_end_on_the_last_day_there_is(api: Api) -> None:
    assert registered(api, "330902", to=date.max.isoformat()) == 2
