"""The special account: money moves in balanced postings, nothing is lost, and nothing is ever changed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from casework.office import BASE, DEPARTMENT, Office
from casework.purse import Purse
from onewindow_casework.funding.models import FundAccount, FundEntry, FundPosting
from onewindow_casework.funding.queries import left_to_community, left_to_transfer
from onewindow_casework.funding.rules import Party
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


def test_money_goes_from_its_source_to_the_community_that_does_the_work(purse: Purse) -> None:
    purse.item()
    purse.budget(1_000_000)
    purse.posted(purse.officer, "allotments", fen=400_000, item="i-1")
    purse.posted(purse.officer, "transfers", fen=150_000, item="i-1", community=XIAN)
    purse.posted(purse.manager, "uses", fen=40_000, item="i-1", community=XIAN)
    purse.posted(purse.officer, "returns", fen=10_000, item="i-1", community=XIAN)
    assert purse.balances() == {
        "source/330902/fee_with_task": -1_000_000,
        f"department/330902/{DEPARTMENT}": 600_000,
        "item/330902/i-1": 260_000,
        f"community/{XIAN}/i-1": 100_000,
        "spent/330902": 40_000,
    }
    proof = purse.read("proof")
    assert (proof["sound"], proof["total"], proof["postings"]) == (True, 0, 5)


@pytest.mark.parametrize(
    ("who", "what", "more"),
    [
        ("officer", "allotments", {"item": "i-1"}),
        ("officer", "transfers", {"item": "i-1", "community": XIAN}),
        ("officer", "returns", {"item": "i-1", "community": XIAN}),
        ("manager", "uses", {"item": "i-1", "community": XIAN}),
        ("officer", "releases", {"item": "i-1"}),
    ],
)
def test_money_that_is_not_there_does_not_leave(
    purse: Purse, who: str, what: str, more: dict[str, Any]
) -> None:
    purse.item()
    refused = purse.post(getattr(purse, who), what, fen=1, **more)
    kinds = {"urn:onewindow:problem:not-enough-money", "urn:onewindow:problem:money-reserved"}
    assert refused.status_code == 409
    assert refused.json()["type"] in kinds
    assert refused.json()["detail"] == "The account holds 0 fen."
    assert purse.read("proof")["postings"] == 0


def test_a_posting_sent_twice_moves_money_once(purse: Purse) -> None:
    body: dict[str, Any] = {"fen": 7, "source": "donations", "department": DEPARTMENT}
    first = purse.post(purse.admin, "budgets", key="flaky-network", **body)
    again = purse.post(purse.admin, "budgets", key="flaky-network", **body)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert purse.balances()[f"department/330902/{DEPARTMENT}"] == 7
    other = purse.post(purse.admin, "budgets", key="flaky-network", **body | {"fen": 8})
    assert other.status_code == 422


def test_a_wrong_posting_is_taken_back_once_and_both_stay(purse: Purse) -> None:
    wrong = purse.budget(500)
    paper = {"document_no": "定财〔2026〕9号", "reason": "金额录错"}

    def take_back(no: int) -> Any:
        path = f"/api/casework/v1/admission/funding/postings/{no}/correction"
        headers = purse.admin | {"Idempotency-Key": f"correction-{no}-{len(purse.balances())}"}
        return purse.office.api.client.post(path, json=paper, headers=headers)

    counter = take_back(wrong["no"]).json()
    assert (counter["fen"], counter["corrects"]) == (-500, wrong["no"])
    assert purse.balances()[f"department/330902/{DEPARTMENT}"] == 0
    assert len(purse.read("postings")["items"]) == 2
    purse.office.api.clock.pass_(seconds=1)
    purse.budget(1)
    purse.item()
    purse.posted(purse.officer, "allotments", fen=1, item="i-1")
    assert take_back(wrong["no"]).status_code == 409
    assert take_back(counter["no"]).status_code == 409
    assert take_back(10**6).status_code == 404


@pytest.mark.parametrize("table", [FundPosting, FundEntry])
def test_the_database_itself_refuses_to_change_the_ledger(purse: Purse, table: type[Any]) -> None:
    purse.budget(500)

    def change(unit: Unit) -> None:
        unit.session.execute(update(table).values(fen=1).execution_options(synchronize_session=False))

    def remove(unit: Unit) -> None:
        unit.session.execute(delete(table).execution_options(synchronize_session=False))

    with pytest.raises(DBAPIError, match="frozen"):
        purse.office.api.system(change)
    with pytest.raises(DBAPIError, match="frozen"):
        purse.office.api.system(remove)


def test_the_proof_finds_a_balance_that_somebody_changed(purse: Purse) -> None:
    purse.budget(500)

    def cheat(unit: Unit) -> None:
        unit.session.execute(
            update(FundAccount).where(FundAccount.kind == "department").values(balance=1_000)
        )

    purse.office.api.system(cheat)
    proof = purse.read("proof")
    assert (proof["sound"], proof["unlike"]) == (False, [f"department/330902/{DEPARTMENT}"])


def test_everybody_sees_the_money_of_their_own_area_and_department(purse: Purse) -> None:
    purse.item("i-1", areas=["330902"])
    purse.item("i-2", department="health", areas=["330902"])
    people = purse.office.api.people
    health = people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health")
    purse.allotted("i-1")
    purse.budget(department="health")
    purse.posted(health, "allotments", item="i-2")
    purse.posted(purse.officer, "transfers", fen=5, item="i-1", community=XIAN)
    purse.posted(health, "transfers", fen=6, item="i-2", community=KAIYUAN)
    here, there = f"community/{XIAN}/i-1", f"community/{KAIYUAN}/i-2"
    assert set(purse.balances(purse.manager)) == {here}
    assert set(purse.balances(purse.street)) == {here, there}
    assert set(purse.balances(health)) == {"department/330902/health", "item/330902/i-2", there}
    assert set(purse.balances(people.headers(Role.DISTRICT_ADMIN, "330903"))) == set()
    assert len(purse.read("postings", purse.manager)["items"]) == 1
    assert purse.post(health, "transfers", fen=1, item="i-1", community=XIAN).status_code == 404
    assert purse.post(purse.manager, "uses", fen=1, item="i-2", community=KAIYUAN).status_code in {404, 409}
    assert purse.post(purse.auditor, "budgets", source="donations", department="health").status_code == 403


def test_wrong_departments_items_and_communities_are_named(purse: Purse) -> None:
    purse.item()
    wrong = purse.post(purse.admin, "budgets", source="donations", department="nobody").json()
    assert wrong["errors"][0]["loc"] == ["body", "department"]
    abroad = purse.post(purse.officer, "transfers", fen=1, item="i-1", community=KAIYUAN).json()
    assert abroad["errors"][0]["loc"] == ["body", "community"]
    assert purse.post(purse.officer, "allotments", fen=1, item="i-9").status_code == 404


def test_figures_say_where_the_money_is(purse: Purse) -> None:
    purse.active()
    purse.posted(purse.admin, "bypasses", fen=100_000, source="donations")
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    found = purse.read("figures/330902?from=2026-11-01&to=2026-11-30")
    assert (found["received"], found["on_account"]) == (500_000, 400_000)
    assert (found["budgeted"], found["paid"]) == (400_000, 100_000)
    assert (found["items_to_fund"], found["items_funded"]) == (1, 1)
    by_source = {one["source"]: one for one in found["sources"]}
    assert len(by_source) == 6
    assert by_source["donations"] == {"source": "donations", "received": 100_000, "on_account": 0}
    counted = purse.office.figures()
    assert counted[Metric.FUND_RECEIVED] == 500_000
    assert counted[Metric.FUND_PAID] == purse.office.figures(XIAN)[Metric.FUND_PAID] == 100_000


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["budgets", "allotments", "releases", "transfers", "returns", "uses"]),
        st.integers(1, 50),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=15)
@given(moves=MOVES)
def test_whatever_is_posted_and_sent_again_the_ledger_is_sound(
    fresh_purse: Purse, moves: list[tuple[str, int, bool]]
) -> None:
    purse = fresh_purse
    before = sum(purse.balances().values())
    for what, fen, again in moves:
        who = {"budgets": purse.admin, "uses": purse.manager}.get(what, purse.officer)
        more = {
            "budgets": {"source": "donations", "department": DEPARTMENT},
            "allotments": {"item": "i-1"},
            "releases": {"item": "i-1"},
        }.get(what, {"item": "i-1", "community": XIAN})
        key = f"key-{purse.office.api.clock().isoformat()}-{what}-{fen}"
        purse.office.api.clock.pass_(seconds=1)
        first = purse.post(who, what, key=key, fen=fen, **more)
        if again:
            repeated = purse.post(who, what, key=key, fen=fen, **more)
            assert repeated.status_code == first.status_code
            assert first.status_code != 201 or repeated.content == first.content
    proof = purse.read("proof")
    assert (proof["sound"], before) == (True, 0)
    balances = purse.balances()
    assert all(fen >= 0 for code, fen in balances.items() if not code.startswith("source"))


@pytest.fixture
def fresh_purse(office: Office) -> Purse:
    purse = Purse(office)
    purse.item()
    return purse


def test_of_many_who_draw_on_one_account_at_once_nobody_gets_what_is_not_there(purse: Purse) -> None:
    purse.item()
    purse.allotted(fen=1_000)

    def draw(number: int) -> int:
        more: dict[str, Any] = {"fen": 100, "item": "i-1", "community": XIAN}
        return purse.post(purse.officer, "transfers", key=f"draw-number-{number}", **more).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(draw, [*range(16), *range(16)]))
    assert sorted(set(answers)) == [201, 409]
    assert purse.balances()["item/330902/i-1"] == 0
    assert purse.balances()[f"community/{XIAN}/i-1"] == 1_000
    assert purse.read("proof")["sound"]


DRAWN = st.lists(
    st.tuples(
        st.sampled_from(
            ["budgets", "allotments", "releases", "transfers", "transfers", "uses", "returns", "corrections"]
        ),
        st.integers(1, 60),
        st.sampled_from(["donations", "fee_with_task", None]),
    ),
    min_size=10,
    max_size=30,
)


@settings(max_examples=6)
@given(moves=DRAWN)
def test_whatever_many_do_at_once_and_again_every_account_is_the_sum_of_what_was_answered(
    fresh_purse: Purse, moves: list[tuple[str, int, str | None]]
) -> None:
    purse, example = fresh_purse, next(EXAMPLES)
    for source in ("donations", "fee_with_task"):
        purse.posted(purse.admin, "budgets", fen=40, source=source, department=DEPARTMENT)
    purse.posted(purse.officer, "allotments", fen=60, item="i-1")
    before = {one["no"] for one in postings(purse)}

    def move(number: int) -> tuple[int, Any]:
        what, fen, source = moves[number]
        key, to = f"at-once-{example}-{number}", {"item": "i-1", "community": XIAN}
        if what == "corrections":
            wrong = sorted(before)[fen % len(before)]
            response = correct(purse, wrong, f"at-once-{example}-correct-{wrong}")
        elif what == "budgets":
            named = {"source": source or "donations", "department": DEPARTMENT}
            response = purse.post(purse.admin, what, key=key, fen=fen, **named)
        elif what in {"allotments", "releases"}:
            response = purse.post(purse.officer, what, key=key, fen=fen, item="i-1")
        else:
            who = purse.manager if what == "uses" else purse.officer
            response = purse.post(who, what, key=key, fen=fen, **to, **({"source": source} if source else {}))
        return response.status_code, response.json()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(move, [*range(len(moves)), *range(len(moves))]))
    assert {status for status, _ in answers} <= {201, 409, 422}
    written = postings(purse)
    assert {body["no"] for status, body in answers if status == 201} == {
        one["no"] for one in written
    } - before
    sums: Counter[str] = Counter()
    for one in written:
        sums[one["out_of"]] -= one["fen"]
        sums[one["into"]] += one["fen"]
    balances = purse.balances()
    assert balances == {code: sums[code] for code in balances}
    assert sums.keys() <= balances.keys()
    assert all(fen >= 0 for code, fen in balances.items() if not code.startswith("source"))
    assert purse.read("proof")["sound"]
    party = Party("330902", XIAN, DEPARTMENT, "i-1")
    for left in (left_to_transfer, left_to_community):
        by_source = purse.office.api.system(lambda unit, left=left: left(unit, party))
        assert all(fen >= 0 for fen in by_source.values())


EXAMPLES = count(1)


def postings(purse: Purse) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = purse.read(f"postings?limit=200{cursor and f'&cursor={cursor}'}")
        found, cursor = found + page["items"], page["next"]
    return found


def correct(purse: Purse, no: int, key: str) -> Response:
    response: Response = purse.office.api.client.post(
        f"{BASE}/admission/funding/postings/{no}/correction",
        json={"document_no": "冲销单", "reason": "误记"},
        headers=purse.admin | {"Idempotency-Key": key},
    )
    return response
