"""Work for a community from its application to its payment, through the gateway; and what does not get through."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.hall import DEMOLITION, MEETING, SURVEY
from town import CASEWORK, Person, Town, eventually

pytestmark = pytest.mark.suite

ADMISSION = f"{CASEWORK}/admission"
FUNDING, ORDERS, REFUSALS = f"{ADMISSION}/funding", f"{ADMISSION}/orders", f"{ADMISSION}/refusals"
XIAN = "330902002001"
LEAD, DAY = 90, 86_400
PAPER = {"document_no": "定财〔2026〕8号"}
DONE = {"evidence": ["走访登记表第12号"], "minutes": 55, "cases": 2}


def step(who: Person, path: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    return who.moved(f"{path}/{name}", body or {}, who.read(path)["version"])


def admitted(town: Town, today: date) -> str:
    """Have a survey applied for, heard and admitted as assisting work that begins when the lead time is over."""
    officer, admin = town.staff("officer.civil_affairs"), town.staff("admin.dinghai")
    begins = today + timedelta(days=LEAD)
    form = SURVEY | {
        "areas": [XIAN],
        "first_day": begins.isoformat(),
        "last_day": (begins + timedelta(days=180)).isoformat(),
        "money": {"fen": 500_000, "unit": "community", "period": "once"},
    }
    code: str = officer.made(f"{ADMISSION}/items", form)["code"]
    path = f"{ADMISSION}/items/{code}"
    step(officer, path, "submission")
    step(admin, path, "review")
    for name in ("manager.xian", "supervisor.changguo"):
        town.staff(name).made(f"{path}/opinions", {"answer": "agree"})
    decided = step(admin, path, "decision", MEETING | {"held_on": today.isoformat()})
    assert decided["status"] == "approved"
    return code


def paid_for(town: Town, code: str, today: date) -> None:
    """Give an admitted item its money and its conditions."""
    officer, admin = town.staff("officer.civil_affairs"), town.staff("admin.dinghai")
    budget = {"fen": 500_000, "source": "fee_with_task", "department": "civil_affairs"}
    admin.made(f"{FUNDING}/budgets", budget | PAPER)
    officer.made(f"{FUNDING}/allotments", {"fen": 500_000, "item": code} | PAPER)
    item = f"{FUNDING}/items/{code}"
    assert officer.read(item)["lacking"] == ["conditions"]
    delivered = {"document_no": "交接单1号", "delivered_on": today.isoformat()}
    answer = officer.ask(
        "PUT", f"{item}/conditions", delivered, If_Match=f'"{officer.read(item)["version"]}"'
    )
    assert answer.json()["lacking"] == []


@pytest.fixture(scope="module")
def items(town: Town) -> list[str]:
    """Three surveys on the lists and one that nobody paid for, on the day on which their work begins."""
    today = date.fromisoformat(town.anybody().read(f"{ADMISSION}/lists/330902/1")["effective_from"])
    codes = [admitted(town, today) for _ in range(4)]
    for code in codes[:3]:
        paid_for(town, code, today)
    version = {"title": "定海区社区工作事项清单", "effective_from": today.isoformat()}
    town.staff("admin.dinghai").made(f"{ADMISSION}/lists", version)
    clock = town.suite.plan.clock_file
    assert clock is not None
    clock.write_text(str(LEAD * DAY), encoding="utf-8")
    listed = town.anybody().read(f"{ADMISSION}/listed?community={XIAN}&limit=200")["items"]
    assert {matter["code"] for matter in listed}.intersection(codes) == set(codes[:3])
    return codes


def order(item: str, **more: Any) -> dict[str, Any]:
    asked = {"role": "assisting", "actions": ["visit"], "content": "陪同走访两户", "minutes": 60, "cases": 2}
    return {"item": item, "community": XIAN} | asked | more


def test_a_survey_is_sent_done_confirmed_and_paid(town: Town, items: list[str]) -> None:
    officer, manager = town.staff("officer.civil_affairs"), town.staff("manager.xian")
    sent = officer.made(ORDERS, order(items[0]))
    path = f"{ORDERS}/{sent['no']}"
    for name in ("receipt", "start"):
        step(manager, path, name)
    assert step(manager, path, "completion", DONE)["evidence"] == DONE["evidence"]
    assert step(officer, path, "confirmation")["status"] == "confirmed"

    def of_item() -> list[dict[str, Any]]:
        found = manager.read(f"{FUNDING}/instalments?item={items[0]}")["items"]
        return [{name: one[name] for name in ("fen", "paid", "late")} for one in found]

    eventually(of_item, lambda found: found == [{"fen": 500_000, "paid": False, "late": False}])
    transfer = {"fen": 500_000, "item": items[0], "community": XIAN} | PAPER
    officer.made(f"{FUNDING}/transfers", transfer)
    assert of_item() == [{"fen": 500_000, "paid": True, "late": False}]
    manager.made(f"{FUNDING}/uses", transfer | {"fen": 12_000})
    period = f"from={date(2026, 1, 1)}&to={date(2036, 12, 31)}"
    (work,) = manager.read(f"{FUNDING}/items/{items[0]}/work?{period}")["items"]
    assert (work["orders"], work["minutes"], work["cases"], work["transferred"]) == (1, 55, 2, 500_000)
    assert town.staff("admin.dinghai").read(f"{FUNDING}/proof")["sound"]


def test_work_without_money_is_not_sent_and_a_community_that_waits_for_its_money_is_upheld(
    town: Town, items: list[str]
) -> None:
    officer, manager = town.staff("officer.civil_affairs"), town.staff("manager.xian")
    barred = officer.create(ORDERS, order(items[3]))
    assert (barred.status_code, barred.json()["reason"]) == (409, "NO_FUNDS")
    sent = officer.made(ORDERS, order(items[1]))
    refusal = step(
        manager, f"{ORDERS}/{sent['no']}", "refusal", {"reason": "NO_FUNDS", "explanation": "经费尚未到账"}
    )
    path = f"{REFUSALS}/{refusal['no']}"
    step(officer, path, "objection", {"grounds": "经费已列入预算"})
    upheld = {"upheld": True, "reasons": "专户未见拨付"}
    assert step(town.staff("supervisor.changguo"), path, "settlement", upheld)["status"] == "upheld"
    assert officer.read(f"{ORDERS}/{sent['no']}")["status"] == "refused"
    results = town.anybody().read(f"{REFUSALS}/results")["items"]
    (public,) = [one for one in results if one["no"] == refusal["no"]]
    assert (public["result"], public["reason"]) == ("upheld", "NO_FUNDS")


def test_what_is_taken_back_while_its_orders_run_is_halted_and_sent_no_more(
    town: Town, items: list[str]
) -> None:
    officer, admin = town.staff("officer.civil_affairs"), town.staff("admin.dinghai")
    path = f"{ORDERS}/{officer.made(ORDERS, order(items[2]))['no']}"
    step(town.staff("manager.xian"), path, "receipt")
    step(admin, f"{ADMISSION}/items/{items[2]}", "revocation", {"reason": "依据已废止"})
    eventually(lambda: officer.read(path)["status"], lambda status: status == "halted")
    again = officer.create(ORDERS, order(items[2]))
    assert (again.status_code, again.json()["reason"]) == (409, "OUT_OF_LIST")


def test_demolition_with_the_community_as_main_body_is_refused_and_counted_against_its_sender(
    town: Town, items: list[str]
) -> None:
    officer = town.staff("officer.housing")
    asked = order(items[0], role="main", actions=[], content=DEMOLITION["content"])
    refused = officer.create(ORDERS, asked)
    assert (refused.status_code, refused.json()["reason"]) == (409, "FORBIDDEN")
    assert "拆迁拆违" in refused.json()["basis"][0]["quote"]
    (kept,) = officer.read(f"{ORDERS}/barred")["items"]
    assert (kept["department"], kept["reason"]) == ("housing", "FORBIDDEN")
    period = f"from={date(2026, 1, 1)}&to={date(2036, 12, 31)}"
    counts = town.staff("admin.dinghai").read(f"{REFUSALS}/counts/330902?{period}")
    (against,) = [one for one in counts if one["department"] == "housing"]
    assert (against["reason"], against["by_system"], against["by_communities"]) == ("FORBIDDEN", 1, 0)
