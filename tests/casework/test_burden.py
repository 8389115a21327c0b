"""What weighs on a community: recorded with its source, compared with the year before, beside its staff."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from casework.office import BASE, Headers, Office, furnished, open_office
from casework.purse import Purse
from casework.test_areas import change, decide, merged
from conftest import FreshDatabase
from onewindow_casework.burden import rules
from onewindow_casework.burden.rules import Turn
from onewindow_casework.certificates.models import Certificate
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.burden import Direction
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.rollups import fold
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight
from testkit.api import DONGSHAN, KAIYUAN, XIAN, environment

STREET = XIAN[:9]


def record(
    office: Office,
    who: Headers,
    count: int,
    *,
    year: int = 2026,
    kind: str = "ledgers",
    at: str = XIAN,
    seen: int = 0,
) -> Response:
    response: Response = office.api.client.put(
        f"{BASE}/burden/communities/{at}/years/{year}/{kind}",
        json={"count": count, "source": "社区台账目录，年末盘点"},
        headers=who | {"If-Match": f'"{seen}"'},
    )
    return response


def staffed(office: Office, who: Headers, staff: int, at: str = XIAN) -> Response:
    told = {
        "kind": "staff",
        "value": str(staff),
        "unit": "名",
        "valid_from": "2026-11-01",
        "source": "街道花名册",
    }
    response: Response = office.api.client.post(
        f"{BASE}/areas/{at}/values",
        json=told,
        headers=who | {"Idempotency-Key": f"staffing-{next(office.serials)}"},
    )
    return response


def weighing(office: Office, area: str = XIAN, who: Headers | None = None) -> dict[str, Any]:
    found: dict[str, Any] = office.read(f"burden/areas/{area}?year=2026", who or office.admin)
    return found | {one["kind"]: one for one in found["figures"]}


def compared(office: Office, area: str = "330902", day: str = "2026-12-31") -> tuple[int, int]:
    found = office.read(f"metrics/areas/{area}?from=2025-01-01&to={day}", office.admin)["figures"]
    return found[Metric.BURDEN_LEDGERS], found[Metric.BURDEN_LEDGERS_BEFORE]


def other(office: Office) -> Headers:
    return office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)


def test_a_figure_is_shown_against_the_year_before_and_against_what_was_aimed_at(office: Office) -> None:
    assert record(office, office.manager, 60, year=2025).status_code == 200
    assert record(office, office.manager, 30).status_code == 200
    ledgers = weighing(office)["ledgers"]
    assert (ledgers["count"], ledgers["year_before"], ledgers["direction"]) == (30, 60, "down")
    assert (ledgers["norms"][0]["place"], ledgers["norms"][0]["met"]) == ("北京市", True)
    assert weighing(office)["meetings"]["direction"] == "unknown"
    listed = office.read(f"burden/areas/{XIAN}/records?year=2026", office.manager)["items"]
    assert [one["source"] for one in listed] == ["社区台账目录，年末盘点"]


def test_larger_areas_sum_what_lies_below_and_compare_like_with_like(office: Office) -> None:
    record(office, office.manager, 60, year=2025)
    record(office, office.manager, 30)
    record(office, other(office), 100, at=KAIYUAN)
    staffed(office, office.manager, 6)
    staffed(office, other(office), 7, at=KAIYUAN)
    for area in (STREET, "330902"):
        found = weighing(office, area)
        assert (found["ledgers"]["count"], found["ledgers"]["communities"]) == (130, 2)
        assert found["ledgers"]["direction"] == "down"
        assert (found["staff"], found["staff_communities"]) == (13, 2)
        assert compared(office, area) == (30, 60)
    record(office, office.manager, 20, seen=1)
    assert compared(office) == (20, 60)
    office.recounted()
    assert compared(office) == (20, 60)
    office.go_to(2027, 1, 31, 2)
    assert compared(office, "330902", "2027-01-31") == (0, 0)
    assert weighing(office, DONGSHAN[:9])["ledgers"]["count"] is None


def put_certificate(unit: Unit, serial: int, community: str, day: date) -> None:
    """Put in a certificate that a community issued on a day."""
    at = midnight(day, unit.zone)
    unit.session.add(
        Certificate(
            certificate_no=f"C-{serial}",
            status="issued",
            kind="kinship",
            name="亲属关系证明",
            holder_masked="王*芳",
            holder_id_masked="1101**********002X",
            holder_index="-",
            particulars_sealed="-",
            content_sealed="-",
            complex=False,
            applied_at=at,
            due_on=day,
            provisional=False,
            issued_at=at,
            signed_by_name="-",
            **place(community),
        )
    )


def test_no_certificate_issued_is_none_and_a_community_that_went_to_zero_is_compared(
    office: Office,
) -> None:
    purse = Purse(office)
    assert weighing(office, "330902")["certificates"]["count"] is None, "nobody counted before the lists"
    purse.publish(effective_from=date(2026, 11, 23))
    for serial, (community, day) in enumerate([(XIAN, 24), (XIAN, 25), (KAIYUAN, 25)]):
        office.api.system(put_certificate, serial, community, date(2026, 11, day))

    def told(area: str, year: int) -> tuple[Any, ...]:
        found = office.read(f"burden/areas/{area}?year={year}", office.admin)
        (one,) = [one for one in found["figures"] if one["kind"] == "certificates"]
        return tuple(one[name] for name in ("count", "year_before", "direction", "communities"))

    assert told("330902", 2026) == (3, None, "unknown", 3)
    office.go_to(2027, 3, 1)
    office.api.system(put_certificate, 3, KAIYUAN, date(2027, 2, 1))
    assert told("330902", 2027) == (1, 3, "down", 3)
    assert told(XIAN, 2027) == (0, 2, "down", 1)
    assert told(DONGSHAN, 2027) == (0, 0, "same", 1)
    assert told("330902", 2028)[0] is None


def test_what_the_lists_ask_is_summed_over_the_communities_that_it_is_asked_of(office: Office) -> None:
    purse = Purse(office)
    purse.active("i-1", areas=[STREET, XIAN], kind="inspection", hours_per_year=10)
    purse.item("i-2", areas=[KAIYUAN, DONGSHAN], kind="ledger_or_form", hours_per_year=7)
    purse.allotted("i-2")
    purse.publish("i-1", "i-2")
    asked = {
        area: (found["inspections"]["admitted"], found["forms"]["admitted"], found["hours_asked"])
        for area in (XIAN, STREET, DONGSHAN[:9], "330902")
        if (found := weighing(office, area))
    }
    assert asked == {XIAN: (1, 0, 10), STREET: (2, 1, 27), DONGSHAN[:9]: (0, 1, 7), "330902": (2, 2, 34)}


def test_hours_asked_stand_beside_the_staff(office: Office) -> None:
    staffed(office, office.manager, 6)
    found = weighing(office)
    assert (found["hours_asked"], found["staff"], found["hours_per_staff"]) == (0, 6, 0)


def test_a_correction_says_what_it_saw(office: Office) -> None:
    assert record(office, office.manager, 60, seen=1).status_code == 412
    record(office, office.manager, 60)
    assert record(office, office.manager, 61).status_code == 412
    assert record(office, office.manager, 61, seen=1).json()["version"] == 2


def test_of_two_first_records_at_one_moment_one_is_kept(office: Office) -> None:
    def once(count: int) -> int:
        return record(office, office.manager, count).status_code

    with ThreadPoolExecutor(2) as both:
        statuses = sorted(both.map(once, [1, 2]))
    assert statuses[0] == 200
    assert statuses[1] in {409, 412}


def test_a_community_records_for_itself_only_and_others_see_their_own_area(office: Office) -> None:
    assert record(office, other(office), 1).status_code == 404
    assert record(office, office.clerk, 1).status_code == 403
    assert record(office, office.admin, 1).status_code == 403
    supervisor = office.api.people.headers(Role.STREET_SUPERVISOR, DONGSHAN[:9])
    assert office.get(f"burden/areas/{STREET}?year=2026", supervisor).status_code == 404
    assert office.get(f"burden/areas/{KAIYUAN}?year=2026", office.manager).status_code == 404
    auditor = office.api.people.headers(Role.AUDITOR, "330902")
    assert office.get(f"burden/areas/{STREET}?year=2026", auditor).status_code == 200


@pytest.mark.parametrize(
    "change", [{"year": 2027}, {"kind": "certificates"}, {"count": -1}, {"kind": "visits"}]
)
def test_what_cannot_be_recorded_is_refused(office: Office, change: dict[str, Any]) -> None:
    assert record(office, office.manager, **{"count": 1} | change).status_code == 422


@pytest.mark.parametrize(("now", "before"), [*product((None, 0, 5, 10), repeat=2)])
def test_only_down_is_down(now: int | None, before: int | None) -> None:
    told_now, told_before = ({} if n is None else {XIAN: n} for n in (now, before))
    years = rules.together(rules.pairs(told_now, told_before, Turn([XIAN], {})).values())
    if now is None or before is None:
        assert (rules.direction(years), rules.met(years, -50)) == (Direction.UNKNOWN, None)
    else:
        assert (rules.direction(years) is Direction.DOWN) == (now < before)
        assert rules.met(years, -50) == (now <= before / 2)


@pytest.mark.parametrize(
    ("hours", "staff", "share"), [(None, 5, None), (10, None, None), (11, 5, 3), (0, 5, 0)]
)
def test_hours_are_shared_among_the_staff(hours: int | None, staff: int | None, share: int | None) -> None:
    assert rules.share(hours, staff) == share


CODES = st.sampled_from("abcdef")
TOLD = st.dictionaries(CODES, st.integers(0, 50))


@given(
    now=TOLD,
    before=TOLD,
    there=st.sets(CODES),
    heirs=st.dictionaries(CODES, CODES),
    divided=st.sets(CODES, max_size=2),
)
def test_years_are_compared_where_everybody_of_the_year_before_has_told(
    now: dict[str, int], before: dict[str, int], there: set[str], heirs: dict[str, str], divided: set[str]
) -> None:
    found = rules.pairs(now, before, Turn(there, heirs, divided))
    for one in "abcdef":
        stands_for = {code for code in "abcdef" if heirs.get(code, code) == one}
        then = stands_for & there
        known = then and all(code in before and code not in divided for code in then)
        if known and (one in now or all(code in now for code in then)):
            assert found.pop(one) == tuple(sum(year.get(c, 0) for c in stands_for) for year in (now, before))
    assert not found


@given(now=TOLD, before=TOLD)
def test_where_nothing_changed_like_is_compared_with_like(
    now: dict[str, int], before: dict[str, int]
) -> None:
    found = rules.pairs(now, before, Turn("abcdef", {}))
    assert found == {one: (now[one], before[one]) for one in now.keys() & before.keys()}


NEW = f"{STREET}020"


def told(office: Office, year: int, area: str = "330902") -> tuple[Any, ...]:
    """Return a year's ledgers, those of the year before, where they went, and what the dashboard has."""
    (one,) = [
        one
        for one in office.read(f"burden/areas/{area}?year={year}", office.admin)["figures"]
        if one["kind"] == "ledgers"
    ]
    return (one["count"], one["year_before"], one["direction"], compared(office, area, f"{year}-12-31"))


def test_an_heir_is_compared_with_the_year_before_of_all_that_it_stands_for(office: Office) -> None:
    heir = office.api.people.headers(Role.COMMUNITY_MANAGER, NEW)
    for who, at, years in ((office.manager, XIAN, (50, 60)), (other(office), KAIYUAN, (65, 70))):
        for year, n in zip((2024, 2025), years, strict=True):
            assert record(office, who, n, year=year, at=at).status_code == 200
    before = {"code": NEW, "name": "新社区", "kind": "residents_committee"}
    assert decide(office, change(office, "merge", {XIAN: NEW, KAIYUAN: NEW}, before)).status_code == 201
    assert told(office, 2026) == (None, 130, "unknown", (0, 0)), "nothing is known of the year"
    assert record(office, heir, 100, at=NEW).status_code == 200
    for area in ("330902", STREET, NEW):
        assert told(office, 2026, area) == (100, 130, "down", (100, 130)), area
    assert told(office, 2025) == (130, 115, "up", (130, 115)), "as it was before"
    office.go_to(2027, 6, 1)
    assert record(office, heir, 90, year=2027, at=NEW).status_code == 200
    assert told(office, 2027, NEW) == (90, 100, "down", (90, 100))
    assert told(office, 2026, NEW) == (100, 130, "down", (100, 130))
    assert office.recounted() == {}, "nothing is counted"


def test_a_merged_year_is_not_compared_with_that_of_a_part(office: Office) -> None:
    assert record(office, other(office), 70, year=2025, at=KAIYUAN).status_code == 200
    merged(office)
    assert record(office, other(office), 100, at=KAIYUAN).status_code == 200
    assert told(office, 2026) == (100, 70, "unknown", (0, 0)), "of 西安 nobody knows the year before"


def test_what_two_told_of_a_year_before_they_merged_is_told(office: Office) -> None:
    for who, at in ((office.manager, XIAN), (other(office), KAIYUAN)):
        for year, n in ((2025, 60), (2026, 20)):
            assert record(office, who, n, year=year, at=at).status_code == 200
    assert told(office, 2026) == (40, 120, "down", (40, 120))
    merged(office)
    assert told(office, 2026, KAIYUAN) == (40, 120, "down", (40, 120))


def test_a_part_is_not_compared_with_the_whole_that_it_was_split_from(office: Office) -> None:
    assert record(office, office.manager, 60, year=2025).status_code == 200
    part = {"code": NEW, "name": "新社区", "kind": "residents_committee"}
    assert decide(office, change(office, "split", {XIAN: XIAN}, XIAN, part)).status_code == 201
    assert record(office, office.manager, 30).status_code == 200
    assert told(office, 2026, XIAN) == (30, 60, "unknown", (0, 0))
    office.go_to(2027, 6, 1)
    assert record(office, office.manager, 25, year=2027).status_code == 200
    assert told(office, 2027, XIAN) == (25, 30, "down", (25, 30))


def test_figures_that_were_counted_are_computed_from_then_on(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("casework", furnished)

    def as_before(unit: Unit) -> None:
        for metric in (Metric.BURDEN_LEDGERS, Metric.BURDEN_LEDGERS_BEFORE, Metric.CASES_CLOSED):
            unit.count(metric, 7, community=XIAN)

    with open_office(url) as office:
        for n, year in ((60, 2025), (30, 2026)):
            assert record(office, office.manager, n, year=year).status_code == 200
        office.api.system(as_before)
        office.api.system(lambda unit: fold(unit.session))
        office.api.system(as_before)
        for name, value in environment(office.api.runtime.settings).items():
            monkeypatch.setenv(name, value)
    migrate("casework", url, down_to="0051_officers_named")
    migrate("casework", url)
    with open_office(url) as office:
        assert office.figures() == {Metric.CASES_CLOSED: 14}
        assert compared(office) == (30, 60)
