"""The monthly statement: what lay there, what came, what went; printed, and proved to whoever holds it."""

from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import BASE, DEPARTMENT, Office
from casework.purse import Purse
from onewindow_casework.funding import paper, rules
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.funding import AccountKind, Movement
from testkit.api import KAIYUAN, XIAN

STREET = "330902002"


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


def sums(found: dict[str, int]) -> tuple[int, int, int, int]:
    return found["opening"], found["received"], found["paid"], found["closing"]


def test_a_months_money_is_read_printed_and_proved(purse: Purse) -> None:
    office = purse.office
    purse.active(areas=[XIAN, KAIYUAN])
    for community, fen in ((XIAN, 100_000), (KAIYUAN, 30_000)):
        purse.posted(purse.officer, "transfers", fen=fen, item="i-1", community=community)
    used = purse.posted(purse.manager, "uses", fen=10_050, item="i-1", community=XIAN)
    purse.go_to(2026, 12, 3, 1)
    purse.posted(purse.officer, "transfers", fen=50_000, item="i-1", community=XIAN)
    purse.posted(purse.officer, "returns", fen=1, item="i-1", community=XIAN)
    office.api.client.post(
        f"{BASE}/admission/funding/postings/{used['no']}/correction",
        json={"document_no": "更正1号", "reason": "误记"},
        headers=purse.admin | {"Idempotency-Key": "take-the-use-back"},
    )
    purse.posted(purse.admin, "bypasses", fen=7_000, source="donations")

    november = purse.read(f"statements/{XIAN}/2026-11", purse.manager)
    assert (sums(november), november["complete"]) == ((0, 100_000, 10_050, 89_950), True)
    december = purse.read(f"statements/{XIAN}/2026-12", purse.manager)
    assert (sums(december), december["complete"]) == ((89_950, 50_000, 1 - 10_050, 149_999), False)
    (line,) = december["lines"]
    assert (line["of"], sums(line)) == ("i-1", sums(december))
    street = purse.read(f"statements/{STREET}/2026-12", purse.street)
    assert {one["of"]: one["closing"] for one in street["lines"]} == {XIAN: 149_999, KAIYUAN: 30_000}
    district = purse.read("statements/330902/2026-12")
    assert sums(district) == (389_950, 0, -10_050, 400_000)
    assert {one["kind"]: one["closing"] for one in district["lines"]} == {
        "department": 0,
        "item": 220_001,
        "community": 179_999,
    }
    assert {one["source"]: (one["received"], one["on_account"]) for one in district["sources"]}[
        "donations"
    ] == (7_000, 0)

    path = f"admission/funding/statements/{XIAN}"
    early = office.get(f"{path}/2026-12/paper", purse.manager)
    assert early.json()["type"] == "urn:onewindow:problem:month-not-over"
    printed = office.get(f"{path}/2026-11/paper", purse.manager)
    assert printed.content.startswith(b"%PDF")
    assert "330902002001-202611" in printed.headers["Content-Disposition"]
    purse.go_to(2027, 1, 10, 1)
    assert office.get(f"{path}/2026-11/paper", purse.manager).content == printed.content
    for area in (STREET, "330902"):
        assert (
            office.get(f"admission/funding/statements/{area}/2026-12/paper", purse.admin).status_code == 200
        )


def test_only_a_real_code_proves_a_statement(purse: Purse, monkeypatch: pytest.MonkeyPatch) -> None:
    from onewindow_casework.funding import statements

    office = purse.office
    purse.active()
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    purse.go_to(2026, 12, 3, 1)
    number = statements.number_of(XIAN, "2026-11")
    code = office.api.system(lambda unit: statements.code_of(unit, number))

    def check(number: str, code: str) -> tuple[int, dict[str, object]]:
        response = office.api.client.post(
            f"{BASE}/admission/funding/statements/checks", json={"number": number, "code": code}
        )
        return response.status_code, response.json()

    status, found = check(number, code.lower())
    assert (status, found["name"], found["closing"]) == (200, "西安社区居委会", 100_000)
    assert check(number, "AAAAAAAA")[0] == check("330902002001-202613", code)[0] == 404
    for _ in range(5):
        check(number, "AAAAAAAA")
    assert check(number, code)[0] == 429


def test_the_qr_code_of_a_statement_leads_to_what_has_to_stand_on_it(purse: Purse) -> None:
    office = purse.office
    purse.active()
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    purse.go_to(2026, 12, 3, 1)
    sheet, _ = office.api.system(lambda unit: paper.sheet(unit, XIAN, "2026-11"))
    public = office.api.runtime.settings.public_address
    assert sheet.check_address.startswith(f"{public}/api/casework/v1/")
    path = sheet.check_address.removeprefix(public)
    found = office.api.client.get(path)
    assert (found.status_code, found.json()["closing"]) == (200, 100_000)
    assert found.headers["Cache-Control"] == "no-store"
    assert sheet.code not in path
    other = path.replace("-202611/", "-202610/")
    assert [office.api.client.get(other).status_code for _ in range(6)] == [404] * 5 + [429]


def by_source(found: dict[str, Any]) -> dict[str | None, tuple[int, int, int, int]]:
    return {one["source"]: sums(one) for one in found["held"]}


def test_a_communitys_statement_is_split_by_source_as_its_transfers_say(purse: Purse) -> None:
    purse.item()
    purse.posted(purse.admin, "budgets", fen=300_000, source="fee_with_task", department=DEPARTMENT)
    to: dict[str, Any] = {"item": "i-1", "community": XIAN}
    purse.posted(purse.officer, "allotments", fen=300_000, item="i-1")
    purse.posted(purse.officer, "transfers", fen=100_000, **to)
    purse.posted(purse.admin, "budgets", fen=50_000, source="donations", department=DEPARTMENT)
    purse.posted(purse.officer, "allotments", fen=50_000, item="i-1")
    wrong: list[dict[str, Any]] = [
        {},
        {"source": "donations", "fen": 50_001},
        {"source": "fiscal_subsidy", "fen": 1},
    ]
    for more in wrong:
        refused = purse.post(purse.officer, "transfers", **to | more)
        assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "source"])
    donated = purse.posted(purse.officer, "transfers", fen=40_000, source="donations", **to)
    assert donated["source"] == "donations"
    purse.go_to(2026, 12, 3, 1)
    assert purse.post(purse.manager, "uses", fen=10, **to).status_code == 422
    purse.posted(purse.manager, "uses", fen=30_000, source="donations", **to)
    purse.posted(purse.officer, "returns", fen=1_000, source="fee_with_task", **to)
    taken_back = purse.office.api.client.post(
        f"{BASE}/admission/funding/postings/{donated['no']}/correction",
        json={"document_no": "更正1号", "reason": "误记"},
        headers=purse.admin | {"Idempotency-Key": "take-the-donation-back"},
    )
    assert taken_back.json()["type"] == "urn:onewindow:problem:not-enough-money"
    november = purse.read(f"statements/{XIAN}/2026-11", purse.manager)
    assert by_source(november) == {
        "fee_with_task": (0, 100_000, 0, 100_000),
        "donations": (0, 40_000, 0, 40_000),
    }
    december = purse.read(f"statements/{XIAN}/2026-12", purse.manager)
    assert by_source(december) == {
        "fee_with_task": (100_000, 0, 1_000, 99_000),
        "donations": (40_000, 0, 30_000, 10_000),
    }
    for found in (november, december, purse.read(f"statements/{STREET}/2026-12", purse.street)):
        split = zip(*by_source(found).values(), strict=True)
        assert tuple(map(sum, split)) == sums(found)
    printed = purse.office.api.system(lambda unit: paper.sheet(unit, XIAN, "2026-11"))[0]
    (table,) = (one for one in printed.tables if one.title == "按资金来源")
    assert [row[0] for row in table.rows] == ["费随事转资金", "社会各界捐助资金"]
    assert purse.read("statements/330902/2026-11")["held"] == []


def test_a_statement_is_for_those_who_reach_the_area(purse: Purse) -> None:
    def status(area: str, who: dict[str, str]) -> int:
        return purse.office.get(f"admission/funding/statements/{area}/2026-11", who).status_code

    other = purse.office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert (status(XIAN, other), status("330902", purse.street), status(XIAN, purse.officer)) == (
        404,
        404,
        403,
    )
    assert (status(XIAN, {}), status("330999000000", purse.admin)) == (401, 404)


HELD = [{AccountKind.COMMUNITY}, {AccountKind.ITEM}, {AccountKind.DEPARTMENT}, set(rules.GUARDED)]
MOVED = st.dictionaries(st.sampled_from(list(Movement)), st.integers(-1000, 1000))


@given(before=st.integers(0, 1000), moved=MOVED)
def test_what_is_left_is_what_was_there_and_what_every_entry_made_of_it(
    before: int, moved: dict[Movement, int]
) -> None:
    for held in HELD:
        entries = sum(
            fen * ((into in held) - (out_of in held))
            for movement, fen in moved.items()
            for out_of, into in [rules.ROUTES[movement]]
        )
        found = rules.sums(held, before, moved)
        assert found.closing == before + entries == found.opening + found.received - found.paid


@pytest.mark.parametrize(
    ("fen", "written"), [(0, "0.00"), (5, "0.05"), (-123_456_789, "-1,234,567.89"), (-5, "-0.05")]
)
def test_amounts_are_written_in_yuan(fen: int, written: str) -> None:
    assert rules.yuan(fen) == written


def test_a_month_has_its_own_days() -> None:
    days = [rules.days_of(f"{year}-{month:02}") for year, month in product((2027, 2028), range(1, 13))]
    assert all(after[0] - before[1] == rules.ONE_DAY for before, after in pairwise(days))
    assert str(rules.days_of("2028-02")[1]) == "2028-02-29"
