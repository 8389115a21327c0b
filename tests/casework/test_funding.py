"""No work without money: what an item lacks, when communities are paid, and the lamp of a late transfer."""

import io
from datetime import date, timedelta
from itertools import count, pairwise, product
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from casework.office import BASE, HOLIDAYS_2027, Office
from casework.purse import YEAR, Purse
from onewindow_casework.funding import rules
from onewindow_casework.metrics.queries import recount
from onewindow_shared.contracts.admission import Money, MoneyPeriod, MoneyUnit, Workload
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.funding import ContractIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import rebuild
from testkit.api import KAIYUAN, XIAN

SERIALS = count(100)


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


def test_an_item_is_paid_for_once_its_first_period_is_allotted(purse: Purse) -> None:
    purse.item(areas=[XIAN, KAIYUAN])
    assert purse.read("items/i-1")["needed"] == 200_000
    purse.allotted(fen=199_999)
    assert (purse.status(), purse.read("items/i-1")["lacking"]) == ("approved", ["money"])
    purse.allotted(fen=1)
    assert (purse.status(), purse.read("items/i-1")["lacking"]) == ("funded", [])


@pytest.mark.parametrize(
    ("status", "more", "needed", "lacking"),
    [
        ("under_review", {}, 200_000, ["money", "conditions"]),
        ("draft", {"role": "main", "actions": []}, 200_000, ["money", "conditions", "contract"]),
        ("submitted", {"role": "main", "actions": [], "fen": 0}, 0, ["conditions"]),
        ("rejected", {}, 0, []),
        ("withdrawn", {}, 0, []),
    ],
)
def test_an_application_says_what_it_will_need_before_anybody_has_admitted_it(
    purse: Purse, status: str, more: dict[str, Any], needed: int, lacking: list[str]
) -> None:
    purse.item(status=status, matter_class=None, areas=[XIAN, KAIYUAN], conditions="平板电脑两台", **more)
    found = purse.read("items/i-1")
    assert (found["needed"], found["lacking"]) == (needed, lacking)


def test_no_money_is_set_aside_for_what_was_rejected(purse: Purse) -> None:
    purse.item(status="rejected", matter_class=None)
    purse.budget(400_000)
    refused = purse.post(purse.officer, "allotments", item="i-1")
    assert refused.json()["type"] == "urn:onewindow:problem:nothing-to-pay-for"


def test_conditions_and_the_contract_are_asked_for_where_the_item_has_them(purse: Purse) -> None:
    purse.item(conditions="平板电脑两台", matter_class="purchase")
    purse.allotted()
    assert purse.read("items/i-1")["lacking"] == ["conditions", "contract"]
    early = purse.put("conditions", "i-1", document_no="交接单1号", delivered_on="2026-11-24")
    assert early.status_code == 422
    purse.put("conditions", "i-1", document_no="交接单1号", delivered_on="2026-11-23")
    terms = {"fen": 400_000, "first_day": "2026-11-23", "last_day": "2027-11-22"}
    signed = purse.put("contract", "i-1", contract_no="定购2026-17", **terms)
    assert (signed.json()["contract"]["contract_no"], signed.json()["lacking"]) == ("定购2026-17", [])
    assert purse.status() == "funded"
    stale = purse.office.api.client.put(
        f"{BASE}/admission/funding/items/i-1/contract",
        json={"contract_no": "定购2026-18", **terms},
        headers=purse.officer | {"If-Match": '"0"'},
    )
    assert stale.status_code == 412


def test_a_contract_pays_what_was_promised_for_its_days(purse: Purse) -> None:
    purse.item(matter_class="purchase", areas=[XIAN, KAIYUAN])
    days = {"first_day": "2026-11-23", "last_day": "2027-11-22"}
    cheap = purse.put("contract", "i-1", contract_no="定购2026-17", fen=799_999, **days)
    assert cheap.json()["errors"][0]["loc"] == ["body", "fen"]
    assert "800000" in cheap.json()["errors"][0]["detail"]
    assert purse.put("contract", "i-1", contract_no="定购2026-17", fen=800_000, **days).status_code == 200
    within = days | {"first_day": "2026-11-23", "last_day": "2027-02-22"}
    assert purse.put("contract", "i-1", contract_no="定购2026-18", fen=200_000, **within).status_code == 200


TERM = {"fen": 400_000, "first_day": "2026-11-23", "last_day": "2026-12-31"}


def purchased(purse: Purse) -> None:
    purse.item(matter_class="purchase")
    purse.allotted()
    assert purse.put("contract", "i-1", contract_no="定购2026-17", **TERM).status_code == 200
    purse.publish("i-1")


def test_purchased_work_is_off_the_lists_the_day_after_its_contract_however_late_that_is_noticed(
    purse: Purse,
) -> None:
    purchased(purse)
    office = purse.office
    order = {"item": "i-1", "community": XIAN, "role": "assisting", "actions": ["visit"]} | {
        "content": "陪同走访",
        "minutes": 30,
        "cases": 1,
    }

    def send(key: str, **more: str) -> Response:
        response: Response = office.api.client.post(
            f"{BASE}/admission/orders", json=order | more, headers=purse.officer | {"Idempotency-Key": key}
        )
        return response

    beyond = send("order-beyond-it", due_on="2027-01-04")
    assert (beyond.status_code, beyond.json()["reason"]) == (409, "OUT_OF_PERIOD")
    sent = send("order-within-it", due_on="2026-12-31")
    assert sent.status_code == 201, sent.text
    purse.go_to(2027, 1, 4, 2)
    late = send("order-after-it")
    assert (late.status_code, late.json()["reason"]) == (409, "NO_FUNDS")
    listed = office.read(f"admission/listed?community={XIAN}", {})["items"]
    assert "i-1" not in [one["code"] for one in listed]
    quiet(purse, date(2027, 1, 4))
    assert purse.status() == "exited"
    assert office.read(f"admission/orders/{sent.json()['no']}", purse.officer)["status"] == "halted"
    (told,) = [one for one in office.api.sent(ListedMatterChanged) if one.code == "i-1"]
    assert told.effective_until == date(2026, 12, 31)
    again = purse.put("contract", "i-1", contract_no="定购2027-1", **TERM | {"last_day": "2027-12-31"})
    assert (again.status_code, purse.status()) == (200, "exited")


def test_a_contract_that_follows_in_time_keeps_its_item(purse: Purse) -> None:
    purchased(purse)
    gap = purse.put("contract", "i-1", contract_no="定购2027-1", **TERM | {"first_day": "2027-01-02"})
    assert gap.status_code == 422
    following = TERM | {"first_day": "2027-01-01", "last_day": "2027-06-30"}
    assert purse.put("contract", "i-1", contract_no="定购2027-1", **following).status_code == 200
    quiet(purse, date(2027, 1, 1))
    assert purse.status() == "active"
    quiet(purse, date(2027, 7, 1))
    assert purse.status() == "exited"


@pytest.mark.parametrize("covered", [None, date(2026, 11, 1), date(2026, 12, 31)])
@pytest.mark.parametrize("begins", [date(2026, 10, 1), date(2027, 3, 1)])
def test_purchased_work_is_never_without_a_contract(covered: date | None, begins: date) -> None:
    today = date(2026, 11, 23)
    days = [date(2026, 9, 1) + timedelta(days=10 * n) for n in range(30)]
    for first, last in product(days, days):
        contract = ContractIn(contract_no="1", fen=1, first_day=first, last_day=last)
        faults = rules.faults_of_contract(contract, begins=begins, covered_until=covered, today=today)
        under = {today + timedelta(days=n) for n in range(400)} & {
            first + timedelta(days=n) for n in range((last - first).days + 1)
        }
        if covered is not None:
            under |= {today + timedelta(days=n) for n in range((covered - today).days + 1)}
        needed = max(begins, today)
        whole = {needed + timedelta(days=n) for n in range((last - needed).days + 1)}
        assert (faults == {}) == (first <= last and bool(whole) and whole <= under)


def test_money_that_communities_work_for_does_not_go_back(purse: Purse) -> None:
    purse.active()
    kept = purse.post(purse.officer, "releases", fen=300_001, item="i-1")
    assert kept.json()["type"] == "urn:onewindow:problem:money-reserved"
    purse.posted(purse.officer, "releases", fen=300_000, item="i-1")
    wrong = next(one for one in purse.read("postings")["items"] if one["movement"] == "allot")
    taken_back = purse.office.api.client.post(
        f"{BASE}/admission/funding/postings/{wrong['no']}/correction",
        json={"document_no": "x", "reason": "误"},
        headers=purse.admin | {"Idempotency-Key": "correct-the-allotment"},
    )
    assert taken_back.status_code == 409
    assert purse.read("items/i-1")["allotted"] == 100_000


def test_a_transfer_that_is_late_lights_a_lamp_until_the_money_is_there(purse: Purse) -> None:
    purse.active()
    assert purse.office.api.tick() == 1
    (due,) = purse.read("instalments", purse.manager)["items"]
    assert (due["due_on"], due["fen"], due["late"]) == ("2026-12-07", 100_000, False)
    purse.go_to(2026, 12, 7, 8, 59)
    purse.office.api.tick()
    assert purse.read("instalments?late=true", purse.street)["items"] == []
    purse.go_to(2026, 12, 7, 9, 0)
    purse.office.api.tick()
    assert len(purse.read("instalments?late=true", purse.street)["items"]) == 1
    assert purse.office.figures(XIAN)[Metric.TRANSFERS_LATE] == 1
    assert purse.read("figures/330902?from=2026-11-01&to=2026-12-31")["items_funded"] == 0
    purse.posted(purse.officer, "transfers", fen=60_000, item="i-1", community=XIAN)
    assert len(purse.read("instalments?late=true")["items"]) == 1
    purse.posted(purse.officer, "transfers", fen=40_000, item="i-1", community=XIAN)
    assert purse.read("instalments?late=true")["items"] == []
    assert Metric.TRANSFERS_LATE not in purse.office.figures(XIAN)


def test_a_new_calendar_moves_the_day_of_a_transfer_and_puts_its_lamp_out(purse: Purse) -> None:
    purse.active(first_day=date(2026, 12, 21))
    purse.publish("i-1", effective_from=date(2026, 12, 21))
    purse.go_to(2026, 12, 21, 1, 0)
    purse.office.api.tick()
    (due,) = purse.read("instalments")["items"]
    assert (due["due_on"], due["provisional"]) == ("2027-01-05", True)
    purse.go_to(2027, 1, 5, 9, 0)
    purse.office.api.tick()
    assert purse.office.figures()[Metric.TRANSFERS_LATE] == 1
    assert purse.office.import_year(2027, HOLIDAYS_2027).status_code == 200
    (moved,) = purse.read("instalments")["items"]
    assert (moved["due_on"], moved["provisional"], moved["late"]) == ("2027-01-07", False, False)
    assert Metric.TRANSFERS_LATE not in purse.office.figures()
    purse.go_to(2027, 1, 7, 9, 0)
    purse.office.api.tick()
    assert purse.office.figures()[Metric.TRANSFERS_LATE] == 1


def test_money_that_goes_back_lights_the_lamp_again_and_every_figure_can_be_counted_again(
    purse: Purse,
) -> None:
    purse.active()
    purse.office.api.tick()
    purse.go_to(2026, 12, 8, 1, 0)
    purse.office.api.tick()
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    purse.go_to(2026, 12, 9, 1, 0)
    purse.posted(purse.officer, "returns", fen=1, item="i-1", community=XIAN)
    assert len(purse.read("instalments?late=true")["items"]) == 1
    before = purse.office.figures()
    assert before[Metric.TRANSFERS_LATE] == 1
    purse.office.api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert before.items() <= purse.office.figures().items(), (
        "the lists were put in by hand, past their counter"
    )


def quiet(purse: Purse, day: date) -> None:
    purse.go_to(day.year, day.month, day.day, 10)
    purse.office.api.quiet()


def test_an_item_whose_money_stopped_leaves_the_lists_by_itself(purse: Purse) -> None:
    purse.active()
    purse.posted(purse.officer, "releases", fen=300_000, item="i-1")
    quiet(purse, date(2026, 12, 1))
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    quiet(purse, date(2027, 3, 10))
    assert (purse.status(), len(purse.read("instalments?late=true")["items"])) == ("active", 1)
    quiet(purse, date(2027, 4, 8))
    assert purse.status() == "exited"
    life = purse.office.read("admission/listed/i-1/trace", {})["items"]
    assert life[-1]["step"] == "exit"
    off = [one for one in purse.office.api.sent(ListedMatterChanged) if one.code == "i-1"]
    assert off[-1].effective_until is not None


def test_money_that_is_there_and_only_late_lights_the_lamp_and_keeps_its_item(purse: Purse) -> None:
    purse.active()
    quiet(purse, date(2027, 1, 20))
    assert (purse.status(), len(purse.read("instalments?late=true")["items"])) == ("active", 1)
    purse.posted(purse.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    purse.posted(purse.officer, "releases", fen=300_000, item="i-1")
    purse.posted(purse.officer, "returns", fen=50_000, item="i-1", community=XIAN)
    quiet(purse, date(2027, 1, 21))
    assert (purse.status(), len(purse.read("instalments?late=true")["items"])) == ("active", 1)


MOVES = st.one_of(
    st.tuples(st.sampled_from(["allotments", "releases", "transfers", "returns"]), st.integers(1, 250_000)),
    st.tuples(st.sampled_from(["correction", "publish", "wait"]), st.integers(0, 70)),
)


@settings(max_examples=8)
@given(moves=st.lists(MOVES, min_size=4, max_size=14))
def test_no_item_that_may_be_asked_is_ever_without_money(purse: Purse, moves: list[tuple[str, int]]) -> None:
    today = purse.office.api.clock().date()
    code = purse.item(f"i-{next(SERIALS)}", first_day=today, last_day=today + timedelta(days=3000))
    purse.budget(4_000_000)
    for what, n in [("allotments", 100_000), ("publish", 0), *moves]:
        if what == "wait":
            today += timedelta(days=n)
        elif what == "publish":
            if purse.status(code) == "funded":
                purse.publish(code)
        elif what == "correction":
            found = purse.read(f"postings?item={code}")["items"]
            take_back(purse, found[n % len(found)]["no"])
        else:
            where = {"community": XIAN} if what in {"transfers", "returns"} else {}
            purse.post(purse.officer, what, fen=n, item=code, **where)
        today += timedelta(days=1)
        quiet(purse, today)
        if purse.status(code) == "active":
            assert purse.read(f"items/{code}")["allotted"] >= 100_000
            balances, owed = purse.balances(), 0
            for one in purse.read(f"instalments?item={code}&limit=200")["items"]:
                owed += one["fen"]
                borne = date.fromisoformat(one["due_on"]) + timedelta(days=45)
                paid = balances.get(f"community/{XIAN}/{code}", 0)
                there = balances[f"item/330902/{code}"] >= owed - paid
                assert there or not one["late"] or today < borne


def take_back(purse: Purse, no: int) -> None:
    answer = purse.office.api.client.post(
        f"{BASE}/admission/funding/postings/{no}/correction",
        json={"document_no": "冲销单", "reason": "误记"},
        headers=purse.admin | {"Idempotency-Key": f"take-back-{no}-{next(SERIALS)}"},
    )
    assert answer.status_code in {201, 409}, answer.text


def test_every_period_has_its_instalment_however_long_the_service_was_down(purse: Purse) -> None:
    purse.active()
    purse.go_to(2027, 6, 1, 0, 0)
    while purse.office.api.tick():
        pass
    found = purse.read("instalments", purse.manager)["items"]
    assert [one["period_from"] for one in found] == ["2026-11-23", "2027-02-23", "2027-05-23"]
    assert all(one["provisional"] for one in found[1:])
    work = purse.read(f"items/i-1/work?{YEAR}", purse.manager)["items"]
    assert (work[0]["community"], work[0]["due"], work[0]["minutes"]) == (XIAN, 300_000, 0)


def test_the_ledger_is_a_workbook(purse: Purse) -> None:
    purse.active()
    purse.budget(7)
    answer = purse.office.get(f"admission/funding/ledger.xlsx?{YEAR}", purse.admin)
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["变动", "预算入账", "划给事项", "预算入账"]
    assert (rows[1][5], rows[1][6], rows[2][6]) == (400_000, "费随事转资金", "")


@pytest.mark.parametrize(
    "path",
    [
        "funding/figures/330902",
        "funding/items/i-1/work",
        "funding/ledger.xlsx",
        "refusals/counts/330902",
    ],
)
def test_a_period_that_ends_before_it_begins_is_named(purse: Purse, path: str) -> None:
    purse.item()
    answer = purse.office.get(f"admission/{path}?from=2027-01-01&to=2026-12-31", purse.admin)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["query", "to"])


PERIODS = {MoneyPeriod.MONTH: 12, MoneyPeriod.QUARTER: 4, MoneyPeriod.YEAR: 1, MoneyPeriod.ONCE: 1}
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(first=days, length=st.integers(0, 2000), period=st.sampled_from(MoneyPeriod))
def test_periods_cover_every_day_of_an_item_once(first: date, length: int, period: MoneyPeriod) -> None:
    last = first + timedelta(days=length)
    found = list(rules.periods(first, last, period))
    assert (found[0][0], found[-1][1]) == (first, last)
    for (_, end), (start, _) in pairwise(found):
        assert start == end + timedelta(days=1)
    assert rules.period_of(first, last, period, last + timedelta(days=1)) is None


@given(first=days, period=st.sampled_from(MoneyPeriod))
def test_a_year_has_as_many_periods_as_its_name_says(first: date, period: MoneyPeriod) -> None:
    found = list(zip(range(PERIODS[period]), rules.periods(first, None, period), strict=False))
    assert len(found) == PERIODS[period]
    assert 364 <= (found[-1][1][1] - first).days <= 365


@given(
    fen=st.integers(1, 10**6),
    unit=st.sampled_from(MoneyUnit),
    period=st.sampled_from(MoneyPeriod),
    cases=st.integers(0, 500),
    hours=st.integers(1, 5000),
)
def test_what_lies_ready_covers_the_agreed_work_of_the_first_period(
    fen: int, unit: MoneyUnit, period: MoneyPeriod, cases: int, hours: int
) -> None:
    money, workload = (
        Money(fen=fen, unit=unit, period=period),
        Workload(minutes_per_case=30, hours_per_year=hours),
    )
    assert rules.needed(money, workload, 3) == 3 * rules.needed(money, workload, 1) > 0
    agreed = hours * 2 // PERIODS[period]
    assert rules.instalment(money, min(cases, agreed)) <= rules.needed(money, workload, 1)
