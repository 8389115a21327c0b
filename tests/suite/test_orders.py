"""Work for a community from its application to its payment, through the gateway; and what does not get through."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from casework.hall import DEMOLITION, MEETING, SURVEY
from casework.test_certificates import FACTS
from casework.test_certificates import form as certificate
from casework.test_matters import PET_CERTIFICATE, VOTING
from suite.flaky import App, killed, until
from town import CASEWORK, INTAKE, Person, Town, eventually

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

ADMISSION = f"{CASEWORK}/admission"
FUNDING, ORDERS, REFUSALS = f"{ADMISSION}/funding", f"{ADMISSION}/orders", f"{ADMISSION}/refusals"
XIAN = "330902002001"
LEAD = 90
KILLS = 2
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
    town.pass_(days=LEAD)
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


def next_version(town: Town, items: list[str]) -> dict[str, Any]:
    """Fill in the next version of the lists, in force today: on the day on which the work of the items begins."""
    today = town.staff("admin.dinghai").read(f"{ADMISSION}/items/{items[0]}")["form"]["first_day"]
    return {"title": "定海区社区工作事项清单", "effective_from": today}


def at_the_window(town: Town, wording: str) -> Callable[[], bool]:
    """Return a clerk's question: may a committee be asked for this certificate?"""
    clerk = town.staff("clerk.xian")
    asked = {"community": XIAN, "certificate": wording}
    return lambda: bool(clerk.ask("POST", f"{INTAKE}/route-checks", asked).json()["allowed"])


def every(who: Person, path: str) -> list[dict[str, Any]]:
    """Walk every page of a list."""
    found, cursor = [], ""
    while True:
        page = who.read(f"{path}&limit=200{cursor}")
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_what_is_published_and_what_is_set_aside_reaches_the_window_and_the_certificate_desk(
    town: Town, items: list[str]
) -> None:
    admin, wording = town.staff("admin.dinghai"), PET_CERTIFICATE["name"]
    version = next_version(town, items)
    may_ask = at_the_window(town, wording)

    def verdict() -> str:
        asked = {"community": XIAN, "wording": f"开一份{wording}"}
        return str(town.anybody().ask("POST", f"{CASEWORK}/certificates/checks", asked).json()["verdict"])

    assert (may_ask(), verdict()) == (False, "unknown")
    matter = admin.made(f"{ADMISSION}/matters", PET_CERTIFICATE | {"matter_class": "autonomy"})
    assert (may_ask(), verdict()) == (False, "unknown")
    admin.made(f"{ADMISSION}/lists", version)
    eventually(may_ask, bool)
    assert verdict() == "may_issue"
    path = f"{ADMISSION}/matters/330902/{matter['code']}"
    aside = {"basis": {"document": "定海区减负办法", "quote": "养犬登记由公安机关办理"}}
    assert admin.ask("PUT", path, aside, If_Match=f'"{matter["version"]}"').status_code == 200
    assert verdict() == "may_issue"
    admin.made(f"{ADMISSION}/lists", version)
    eventually(may_ask, lambda allowed: not allowed)
    assert verdict() == "unknown"


def test_a_version_that_is_taken_back_before_its_day_leaves_running_orders_alone(
    town: Town, items: list[str]
) -> None:
    officer, admin = town.staff("officer.civil_affairs"), town.staff("admin.dinghai")
    manager, anybody = town.staff("manager.xian"), town.anybody()
    path = f"{ORDERS}/{officer.made(ORDERS, order(items[1]))['no']}"
    step(manager, path, "receipt")
    version = next_version(town, items)
    tomorrow = (date.fromisoformat(version["effective_from"]) + timedelta(days=1)).isoformat()

    def listed(day: str) -> set[str]:
        return {one["code"] for one in every(anybody, f"{ADMISSION}/listed?community={XIAN}&day={day}")}

    before = listed(tomorrow)
    matter = admin.made(f"{ADMISSION}/matters", VOTING)
    ahead = admin.made(f"{ADMISSION}/lists", version | {"effective_from": tomorrow})
    assert (listed(tomorrow) - before, listed(version["effective_from"])) == ({matter["code"]}, before)
    set_aside = {"basis": VOTING["basis"][0]}
    answer = admin.ask(
        "PUT", f"{ADMISSION}/matters/330902/{matter['code']}", set_aside, If_Match=f'"{matter["version"]}"'
    )
    assert answer.status_code == 200
    back = admin.made(f"{ADMISSION}/lists", version)
    assert (back["number"], listed(tomorrow)) == (ahead["number"] + 1, before)
    changes = every(anybody, f"{ADMISSION}/lists/330902/{back['number']}/changes?since={ahead['number']}")
    assert [(one["what"], one["code"]) for one in changes] == [("removed", matter["code"])]
    for who, name, body in (
        (manager, "start", {}),
        (manager, "completion", DONE),
        (officer, "confirmation", {}),
    ):
        done = step(who, path, name, body)
    assert (done["status"], done["reason"]) == ("confirmed", None)


def test_whatever_is_killed_what_was_sent_published_and_issued_is_there_once(
    town: Town, items: list[str]
) -> None:
    officer, admin = App(town.staff("officer.civil_affairs")), App(town.staff("admin.dinghai"))
    clerk, manager = App(town.staff("clerk.xian")), App(town.staff("manager.xian"))
    version, over = next_version(town, items), Event()
    orders, lists = f"{ORDERS}?item={items[1]}", f"{ADMISSION}/lists?district=330902"
    before = numbers(officer.who, orders, "no"), numbers(admin.who, lists, "number")

    def send(serial: int) -> None:
        officer.made(ORDERS, order(items[1], minutes=1))

    def put_up(serial: int) -> None:
        new = {"code": f"cert-crash-{serial}", "name": f"第{serial}种饲养证明", "aliases": []}
        admin.made(f"{ADMISSION}/matters", PET_CERTIFICATE | new)
        admin.made(f"{ADMISSION}/lists", version)

    def certify(serial: int) -> None:
        made = clerk.made(f"{CASEWORK}/certificates", certificate())
        path = f"{CASEWORK}/certificates/{made['certificate_no']}"
        clerk.moved(path, "verification", FACTS, "verified")
        manager.moved(path, "issue", {}, "issued")

    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(until, over, work) for work in (send, put_up, certify)]
        try:
            killed(town.suite, ["casework"] * KILLS)
        finally:
            over.set()
        sent, published, _ = (worker.result() for worker in workers)
    for app in (officer, admin, clerk):
        app.sends_everything_again()
    assert numbers(officer.who, orders, "no") - before[0] == officer.numbers(ORDERS, "no")
    assert numbers(admin.who, lists, "number") - before[1] == admin.numbers(f"{ADMISSION}/lists", "number")
    assert min(sent, published) > 0
    lists_are_numbered_in_a_row_and_each_has_one_matter_more(
        town, admin.numbers(f"{ADMISSION}/lists", "number")
    )
    certificates_are_issued_once_and_numbered_in_a_row(clerk)
    eventually(at_the_window(town, f"第{published - 1}种饲养证明"), lambda allowed: not allowed)
    town.command("casework", "audit", "seal")
    assert town.command("casework", "audit", "verify")["sound"]
    assert admin.who.read(f"{FUNDING}/proof")["sound"]


def numbers(who: Person, path: str, name: str) -> set[Any]:
    """Return what everything in a list is called; no two are called the same."""
    found = [one[name] for one in every(who, path)]
    assert len(found) == len(set(found))
    return set(found)


def lists_are_numbered_in_a_row_and_each_has_one_matter_more(town: Town, published: set[int]) -> None:
    first, last = min(published), max(published)
    assert published == set(range(first, last + 1))
    for number in published:
        path = f"{ADMISSION}/lists/330902/{number}/changes?since={number - 1}"
        assert [one["what"] for one in town.anybody().read(path)["items"]] == ["added"]


def certificates_are_issued_once_and_numbered_in_a_row(clerk: App) -> None:
    path = f"{CASEWORK}/certificates"
    assert {one["status"] for one in every(clerk.who, f"{path}?community={XIAN}")} == {"issued"}
    found = numbers(clerk.who, f"{path}?community={XIAN}", "certificate_no")
    assert found == clerk.numbers(path, "certificate_no")
    assert sorted(int(number[20:25]) for number in found) == list(range(1, len(found) + 1))


def test_the_months_statement_and_the_ledger_leave_through_the_gateway(town: Town, items: list[str]) -> None:
    postings = town.staff("manager.xian").read(f"{FUNDING}/postings?item={items[0]}")["items"]
    month = postings[0]["day"][:7]
    town.pass_(days=31)
    manager = town.staff("manager.xian")
    read = manager.read(f"{FUNDING}/statements/{XIAN}/{month}")
    assert (read["received"], read["paid"], read["closing"]) == (500_000, 12_000, 488_000)
    paper = manager.get(f"{FUNDING}/statements/{XIAN}/{month}/paper")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "4,880.00" in text
    number = f"{XIAN}-{month.replace('-', '')}"
    code = text.partition("核验码：")[2][:8]
    body = {"number": number, "code": code}
    proved = town.anybody().ask("POST", f"{FUNDING}/statements/checks", body)
    assert (proved.status_code, proved.json()["closing"]) == (200, 488_000)
    ledger = town.staff("admin.dinghai").get(f"{FUNDING}/ledger.xlsx?from={month}-01&to=2036-12-31")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(ledger.content)).get_sheet_by_index(0).to_python()
    assert {row[2] for row in rows[1:]} >= {"拨付社区", "社区支出"}
