"""Figures of an area, exact the moment a case is written, and the same when counted again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.window import NO_PAPERS, Somebody, nobody, somebody
from onewindow_intake.cases.visits import came_on
from onewindow_intake.checklist.rules import Paper
from onewindow_intake.metrics.catalogue import Offered, Promised, in_force, promises
from onewindow_intake.metrics.catalogue import figures as counted
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.checklist import Pieces
from onewindow_shared.contracts.events import DepartmentChanged
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.reference import communities_in
from onewindow_shared.plumbing.rollups import fold, rebuild
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api


def figures(api: Api, area: str, **query: str) -> dict[str, int]:
    answer = somebody(api, Role.DISTRICT_ADMIN, "330902").get(
        f"metrics/areas/{area}", **{"from": "2026-11-01", **query}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()["figures"]
    return found


def story(api: Api, clerk: Somebody) -> None:
    """Five cases of Xi'an beside the noise: two accepted, one deemed, one refused, one taken back."""
    clerk.posted(item=NO_PAPERS, accept=True)
    clerk.moved(clerk.posted(item=NO_PAPERS), "acceptance")
    clerk.moved(clerk.posted(), "refusal", {"ground": "not_required", "reason": "不需要"})
    clerk.moved(clerk.posted(), "withdrawal", {})
    clerk.posted(received_at="2026-11-20T10:00:00+08:00")


def test_each_level_sums_what_lies_below_it(api: Api, clerk: Somebody) -> None:
    story(api, clerk)
    received, accepted, refused = "cases.received", "cases.accepted", "cases.not_accepted"
    sums = {XIAN: (7, 3, 1), KAIYUAN: (2, 1, 0), "330902002": (9, 4, 1), "330902000000": (11, 5, 1)}
    for area, expected in sums.items():
        found = figures(api, area)
        assert (found[received], found[accepted], found[refused]) == expected, area
    assert figures(api, XIAN, **{"from": "2026-11-20", "to": "2026-11-20"})[received] == 1
    assert figures(api, XIAN, **{"from": "0001-01-01", "to": "9999-12-31"})[received] == 7


def test_who_may_see_no_cases_is_told_of_them_in_multiples(api: Api, clerk: Somebody) -> None:
    story(api, clerk)
    dashboard = somebody(api, Role.SERVICE_CLIENT, "330902")
    told = {
        area: dashboard.get(f"metrics/areas/{area}", **{"from": "2026-11-01"}).json()["figures"]
        for area in (XIAN, KAIYUAN, "330902002", "330902")
    }
    assert [one["cases.received"] for one in told.values()] == [5, None, 5, 10]
    assert [one["cases.accepted"] for one in told.values()] == [None, None, None, 5]
    assert told["330902"]["items.days_saved"] == figures(api, "330902")["items.days_saved"]
    parts = dashboard.get("metrics/areas/330902/parts", **{"by": "item", "from": "2026-11-01"}).json()
    received = [part["figures"]["cases.received"] for part in parts["parts"]]
    assert received == [5], "not even that there are others"
    assert parts["parts"][0]["figures"]["cases.second_demands"] is None, "nothing, or few"
    apart = dashboard.get(f"metrics/areas/{KAIYUAN}/parts", **{"by": "item", "from": "2026-11-01"}).json()
    assert apart["parts"] == [], "what is withheld as a whole has no parts"


def test_parts_have_the_names_of_what_their_codes_stand_for(api: Api, clerk: Somebody) -> None:
    posted = clerk.posted(item=NO_PAPERS, accept=True)
    admin = somebody(api, Role.DISTRICT_ADMIN, "330902")

    def names(by: str) -> dict[str, str | None]:
        path = f"metrics/areas/{XIAN}/parts"
        parts = admin.get(path, **{"by": by, "from": "2026-11-01"}).json()["parts"]
        return {part["key"]: part["name"] for part in parts}

    assert names("item")[NO_PAPERS] == posted["item_name"]
    assert all(names("category").values())
    (department, *_) = names("department")
    api.receive(DepartmentChanged(district="330902", code=department, name="区民政局"), source="casework")
    assert names("department")[department] == "区民政局"
    assert names("channel")["window"] == "窗口"


def test_counted_again_the_figures_are_the_same(api: Api, clerk: Somebody) -> None:
    story(api, clerk)
    tracked = clerk.posted()["case_no"]
    nobody(api).post(f"tracking/{tracked}", {"code": "ACDEFGHJ"})
    nobody(api).get("paper-checks/AAAAAAAAAAAAAAAAAAAAAA")
    api.clock.pass_(days=10)
    api.tick()
    api.system(lambda unit: fold(unit.session))
    before = {area: figures(api, area) for area in (XIAN, KAIYUAN, DONGSHAN, "330902")}
    assert before[XIAN]["cases.accepted"] > 3
    assert (before[XIAN]["codes.wrong"], before["330902"]["codes.wrong"]) == (1, 2)
    api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert {area: figures(api, area) for area in before} == before


def test_figures_of_another_area_are_not_found(api: Api) -> None:
    supervisor = somebody(api, Role.STREET_SUPERVISOR, "330902002")
    assert supervisor.get(f"metrics/areas/{XIAN}").status_code == 200
    for area in ("330902", "330902003", DONGSHAN, "330903", "330902002999"):
        assert supervisor.get(f"metrics/areas/{area}").status_code == 404
    assert supervisor.get("metrics/areas/3309").status_code == 422
    assert somebody(api, Role.RESIDENT, subject="r-1").get(f"metrics/areas/{XIAN}").status_code == 403


def test_a_dashboard_polls_without_being_sent_the_same_again(api: Api, clerk: Somebody) -> None:
    admin = somebody(api, Role.DISTRICT_ADMIN, "330902")
    first = admin.get("metrics/areas/330902")
    assert first.json()["population"] == 500030
    api.clock.pass_(minutes=5)
    headers = {**admin.headers, "If-None-Match": first.headers["etag"]}
    path = "/api/intake/v1/metrics/areas/330902"
    assert api.client.get(path, headers=headers).status_code == 304
    clerk.posted()
    assert api.client.get(path, headers=headers).status_code == 200


def test_a_period_does_not_end_before_it_begins(api: Api) -> None:
    admin = somebody(api, Role.DISTRICT_ADMIN, "330902")
    answer = admin.get("metrics/areas/330902", **{"from": "2026-02-01", "to": "2026-01-01"})
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["query", "to"]]


def test_without_a_period_the_month_is_counted_up_to_today(api: Api) -> None:
    answer = somebody(api, Role.DISTRICT_ADMIN, "330902").get("metrics/areas/330902").json()
    assert (answer["period_from"], answer["period_to"]) == ("2026-11-01", "2026-11-23")


def test_what_the_catalogue_promises_and_offers_here(api: Api) -> None:
    found = figures(api, "330902")
    communities = 10 * len(
        api.system(lambda unit: unit.session.scalars(communities_in(unit, "330902")).all())
    )
    assert found["categories.all"] == communities
    assert 0 < found["categories.live"] <= communities
    assert 0 < found["items.days_saved"] < found["items.statutory_days"]
    assert figures(api, "330902", to="2026-11-01") != {}


DAY = date(2026, 11, 23)
days = st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n))
offered = st.builds(
    Offered,
    st.sampled_from(("a", "b", "c")),
    days,
    st.none() | days,
    st.sampled_from(("elderly_care", "employment")),
    st.integers(5, 30),
    st.integers(0, 5),
    st.none() | st.frozensets(st.sampled_from((XIAN, KAIYUAN, DONGSHAN)), min_size=1),
)


@given(st.lists(offered, max_size=8), days, st.lists(st.sampled_from((XIAN, KAIYUAN)), unique=True))
def test_an_area_offers_what_is_in_force_in_its_communities(
    several: list[Offered], day: date, here: list[str]
) -> None:
    now = in_force(several, day)
    assert len({one.item for one in now}) == len(now)
    found = counted(now, {}, here)
    live = {
        (one.category, code)
        for one in now
        for code in here
        if one.communities is None or code in one.communities
    }
    assert found[Metric.CATEGORIES_LIVE] == len(live)
    assert found[Metric.CATEGORIES] == 10 * len(here)
    assert 0 <= found[Metric.ITEM_DAYS_SAVED] <= found[Metric.ITEM_DAYS]


def test_a_districts_own_promise_counts_from_its_day() -> None:
    own = [
        Promised("a", "330902", DAY, 1, 3),
        Promised("a", "330902", DAY + timedelta(days=2), 2, None),
        Promised("b", "330903", DAY, 1, 1),
    ]
    assert promises(own, "330902", DAY) == {"a": 3}
    assert promises(own, "330902", DAY - timedelta(days=1)) == {}
    assert promises(own, "330902", DAY + timedelta(days=2)) == {}
    item = Offered("a", DAY, None, "employment", 20, 10, None)
    assert counted([item], {"a": 3}, [XIAN])[Metric.ITEM_DAYS_SAVED] == 17


SEEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAPER, FILE = Pieces(originals=1), Pieces(electronic=True)


@pytest.mark.parametrize(
    ("channel", "pieces", "came"),
    [
        (Channel.WINDOW, PAPER, [DAY, DAY + timedelta(days=1)]),
        (Channel.WINDOW, FILE, [DAY]),
        (Channel.WEB, FILE, []),
        (Channel.WEB, PAPER, [DAY + timedelta(days=1)]),
        (Channel.HOME_VISIT, PAPER, []),
        (Channel.KIOSK, FILE, [DAY]),
    ],
)
def test_on_which_days_an_applicant_came(channel: Channel, pieces: Pieces, came: list[date]) -> None:
    paper = Paper(received=True, pieces=pieces, seen_at=SEEN)
    assert came_on(channel, DAY, [paper, Paper(declared=True)], ZoneInfo("Asia/Shanghai")) == came
