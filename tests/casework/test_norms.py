"""The norm profile: norms are data of a district, and an area is set beside them."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from casework.office import BASE, Headers, Office
from casework.test_areas import merged
from casework.test_values import known, must_enter, value
from onewindow_casework.norms import rules
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.norms import Measure, NormIn, NormScope, Standing
from onewindow_shared.contracts.register import ValueKind
from testkit.api import KAIYUAN, XIAN

NORM: dict[str, Any] = {
    "code": "facility-district",
    "name": "每百户综合服务设施面积",
    "scope": "community",
    "measure": "facility_area_per_100_households",
    "lower": "35",
    "unit": "㎡/百户",
    "binding": "local",
    "document": "定政发〔2026〕3号",
    "issued_on": "2026-03-01",
}


def enter(office: Office, who: Headers | None = None, at: str = "330902", **more: Any) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/norms/{at}",
        json=NORM | more,
        headers=(who or office.admin) | {"Idempotency-Key": f"a-norm-{next(office.serials)}"},
    )
    return response


def standings(office: Office, at: str = XIAN, as_of: str | None = None) -> dict[str, Any]:
    found = office.read(f"areas/{at}/norms" + (f"?as_of={as_of}" if as_of else ""), {})
    return {one["code"]: one for one in found["norms"]}


def test_a_community_stands_beside_each_norm_with_its_source(office: Office) -> None:
    office.api.system(seed)
    must_enter(office, value("households", "1851"), value("staff", "2"), value("facility_area", "560"))
    found = standings(office)
    assert {code: one["standing"] for code, one in found.items() if one["standing"] != "unknown"} == {
        "size-law": "met",
        "size-zhoushan": "not_met",
        "staff-anhui": "not_met",
        "staff-zhoushan": "not_met",
        "facility-policy": "met",
    }
    policy = found["facility-policy"]
    assert (policy["figure"], policy["lower"], policy["binding"]) == ("30.25", "30", "policy")
    assert policy["document"] == "中共中央 国务院关于加强和完善城乡社区治理的意见(2017)"
    assert (found["size-anhui"]["standing"], found["size-anhui"]["missing"]) == ("unknown", [])
    assert found["activity-plan"]["missing"] == ["activity_area"]
    assert "volunteers-ministry" not in found, "no value of the register says it"


def test_norms_are_about_areas_of_their_kind(office: Office) -> None:
    office.api.system(seed)
    assert set(standings(office, "330902002")) == {"centre-zhoushan"}
    village = standings(office, "330902002200")
    assert "size-law" not in village
    assert "facility-policy" in village


def test_a_district_overrides_a_norm_from_a_day_on_and_what_was_held_is_kept(office: Office) -> None:
    office.api.system(seed)
    must_enter(office, value("households", "1851"), value("facility_area", "560"))
    must = enter(office, code="facility-policy", valid_from="2026-03-01")
    assert must.status_code == 201, must.text
    office.api.system(seed)
    assert standings(office)["facility-policy"]["standing"] == "not_met"
    assert standings(office, as_of="2026-02-28")["facility-policy"]["standing"] == "met"
    listed = office.read("norms/330902/facility-policy", office.clerk)["items"]
    assert [(one["lower"], one["binding"]) for one in listed] == [("35", "local"), ("30", "policy")]
    aside = enter(office, code="facility-policy", set_aside=True, note="改按新办法", valid_from="2026-11-01")
    assert aside.status_code == 201
    assert "facility-policy" not in standings(office)
    assert office.get("norms/330902/unheard-of", office.clerk).status_code == 404
    profile = office.read("norms/330902?limit=200", office.clerk)["items"]
    assert {one["code"]: one["set_aside"] for one in profile}["facility-policy"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lower": None}, "body"),
        ({"lower": "40", "upper": "30"}, "body"),
        ({"lower": "1e5"}, "lower"),
        ({"set_aside": True}, "body"),
        ({"binding": "custom"}, "binding"),
        ({"measure": "happiness"}, "measure"),
    ],
)
def test_what_is_no_norm_is_named(office: Office, wrong: dict[str, Any], field: str) -> None:
    response = enter(office, **wrong)
    assert response.status_code == 422
    assert [one["loc"][-1] for one in response.json()["errors"]] == [field]


def test_only_the_district_holds_its_norms(office: Office) -> None:
    for who in (office.manager, office.clerk, office.officer):
        assert enter(office, who).status_code == 403
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert enter(office, elsewhere).status_code == 404
    assert enter(office, at="330902002").status_code == 404


def test_of_a_community_that_ended_the_day_says_which_figures(office: Office) -> None:
    office.api.system(seed)
    merged(office)
    gone = office.get(f"areas/{XIAN}/norms", {})
    assert gone.status_code == 404
    assert KAIYUAN in gone.json()["detail"]
    assert standings(office, XIAN, "2026-11-22")


def norm(**more: Any) -> NormIn:
    return NormIn.model_validate(NORM | more)


@given(
    st.sampled_from(list(rules.FIGURES)),
    st.dictionaries(st.sampled_from(list(ValueKind)[:-1]), st.integers(0, 10_000).map(str)),
)
def test_a_figure_is_known_where_its_values_are(measure: Measure, values: dict[ValueKind, str]) -> None:
    found, share = rules.figure(measure, values), rules.FIGURES[measure]
    lacking = rules.missing(measure, values)
    nobody = share.under is not None and values.get(share.under) == "0"
    assert (found is None) == (bool(lacking) or nobody)
    if found is not None and share.under is not None:
        assert found * int(values[share.under]) == int(values[share.over]) * share.times


@given(st.fractions(0, 100), st.integers(0, 50), st.integers(0, 50))
def test_a_figure_meets_a_norm_exactly_within_its_bounds(found: Fraction, lower: int, above: int) -> None:
    bounds = norm(lower=str(lower), upper=str(lower + above))
    assert (rules.standing(found, bounds) is Standing.MET) == (lower <= found <= lower + above)
    assert rules.standing(None, bounds) is Standing.UNKNOWN
    assert rules.standing(found, norm(lower=None, about=str(lower))) is Standing.UNKNOWN


def test_every_measure_follows_from_values_and_every_scope_concerns_somebody() -> None:
    assert set(rules.FIGURES) == set(Measure) - {Measure.FUND_PER_COMMUNITY}
    assert set(rules.CONCERNED) == set(NormScope)
    assert not rules.concerns(norm(measure=None), AreaKind.RESIDENTS_COMMITTEE)
    assert not rules.concerns(norm(set_aside=True, note="改按新办法"), AreaKind.RESIDENTS_COMMITTEE)


def counted(office: Office, area: str = "330902", last: str = "2026-11-30") -> dict[str, int]:
    found = office.read(f"metrics/areas/{area}?from=2026-11-01&to={last}", office.admin)["figures"]
    return {name: n for name, n in found.items() if name.startswith(("values.", "norms."))}


def test_figures_are_of_communities_that_know_both_values_and_norms_are_counted(office: Office) -> None:
    office.api.system(seed)
    assert counted(office, XIAN)["norms.known"] == 0
    must_enter(office, value("households", "1851"), value("staff", "3"), value("facility_area", "560.5"))
    must_enter(office, value("facility_area", "90"), value("premises_area", "100"), at=KAIYUAN)
    here = counted(office, XIAN)
    assert (here["values.facility_area_by_100"], here["values.facility_households"]) == (56_050, 1851)
    assert (here["values.staff_households"], here["values.staff"]) == (1851, 3)
    assert (here["norms.met"], here["norms.known"]) == (3, 5)
    assert here["values.premises_people"] == 0
    street = counted(office, "330902002")
    assert street["values.facility_households"] == 1851 + 1851, "西安 and 开源, which the file tells of"
    assert street["values.premises_people"] == 4865
    must_enter(office, value("staff", "4", "2026-11-20"))
    assert counted(office, XIAN, "2026-11-19")["values.staff"] == 3
    assert counted(office, XIAN)["values.staff"] == 4


def test_figures_come_with_the_norms_that_held_on_their_last_day(office: Office) -> None:
    office.api.system(seed)
    assert enter(office, code="facility-policy", lower="40", valid_from="2026-11-10").status_code == 201

    def norms(area: str, first: str, last: str, by: str = "") -> dict[str, tuple[str | None, str | None]]:
        found = office.read(f"metrics/areas/{area}{by}from={first}&to={last}", office.admin)
        found = found["parts"][-1] if by.startswith("/parts") else found
        return {one["code"]: (one["lower"], one["upper"]) for one in found["norms"]}

    held = [norms("330902", "2026-11-01", f"2026-11-{day}", "?") for day in ("09", "10")]
    assert [one["facility-policy"] for one in held] == [("30", None), ("40", None)]
    assert "subsidy-anhui" not in held[0], "a year's money is not that of some days"
    assert norms("330902", "2025-01-01", "2025-12-31", "?")["subsidy-anhui"] == ("30000", None)
    assert "size-law" in norms(XIAN, "2026-11-01", "2026-11-23", "?")
    assert "size-anhui" not in held[0], "about so much is no bound"
    by_day = norms("330902", "2026-11-01", "2026-11-09", "/parts?by=day&")
    assert by_day["facility-policy"] == ("30", None)


def test_figures_of_a_street_stay_after_a_merge_of_two_that_know_the_same(office: Office) -> None:
    for at in (XIAN, KAIYUAN):
        must_enter(office, value("households", "1000"), value("staff", "2"), at=at)
    before = counted(office, "330902002")
    merged(office)
    after = counted(office, "330902002")
    both = ("values.staff_households", "values.staff")
    assert [after[name] for name in both] == [before[name] for name in both] == [2000, 4]
    assert counted(office, KAIYUAN)["values.staff"] == 4


def test_the_register_and_the_figures_agree_on_every_day(office: Office) -> None:
    noise = Random(20261123)
    days = [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(0, 300, 30)]
    must_enter(office, value("households", "700", None))
    for _ in range(25):
        written = noise.choice([None, str(noise.randrange(1, 9))])
        must_enter(office, value("staff", written, noise.choice([None, *days])))
    for day in (*days, "2026-11-23"):
        told = known(office, XIAN, day).get("staff", "0")
        found = office.read(f"metrics/areas/{XIAN}?from=2026-01-01&to={day}", office.admin)["figures"]
        assert str(found["values.staff"]) == told, day
