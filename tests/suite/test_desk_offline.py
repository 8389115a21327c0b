"""What the front desk keeps on its machine: sealed, for one clerk, and decided about once it has arrived."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from suite.browsing import Visit, visiting
from suite.desk import sign_in, somebody, take_in
from town import INTAKE, Person, Town, application

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, ITEM = "330902002001", "soc-subsistence-national"
LYING_HERE = """async () => {
  const plain = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? String.fromCharCode(...new Uint8Array(value.buffer ?? value)) + new TextDecoder().decode(value)
    : value instanceof CryptoKey ? "a key" : value && typeof value === "object"
      ? Object.entries(value).map(([name, inner]) => name + " " + plain(inner)).join(" ") : String(value);
  const found = [Object.entries(localStorage).join(" ")];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const store of db.objectStoreNames) {
      if (store === "catalogue") continue;
      const rows = await new Promise((done) => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
      found.push(...rows.map(plain));
    }
    db.close();
  }
  return found;
}"""


def lying_here(page: Page) -> list[str]:
    """Return everything that lies on the machine when the tab is closed, as somebody who looks can read it."""
    found: list[str] = page.evaluate(LYING_HERE)
    return found


def test_nothing_that_was_typed_can_be_read_on_the_machine(desk: Visit) -> None:
    page, applicant = desk.page, somebody()
    page.context.set_offline(True)
    take_in(page, applicant)
    expect(page.get_by_role("heading", name="等待上传")).to_be_visible()
    waiting = lying_here(page)
    assert len(waiting) == 2
    page.reload()
    page.get_by_role("link", name="本机收件").click()
    expect(page.get_by_role("cell", name=applicant["name"])).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("tr[data-state=arrived]")).to_have_count(1)
    number, code = (page.locator("td.number").nth(place).inner_text() for place in (0, 1))
    typed = (applicant["name"], applicant["mobile"], applicant["id_document"]["number"], ITEM, "申请人")
    for lying in (waiting, lying_here(page)):
        assert not [word for word in (*typed, number, code) if any(word in one for one in lying)]


def test_what_was_not_sent_waits_sealed_for_its_clerk_to_come_back(open_town: Town, desk: Visit) -> None:
    page, applicant = desk.page, somebody()
    page.context.set_offline(True)
    take_in(page, applicant)
    expect(page.get_by_role("heading", name="等待上传")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("alert")).to_contain_text("还有 1 件没有上传")
    assert not desk.shuts_out()
    page.get_by_role("button", name="仍然退出").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    assert not {"session", "desk-key"} & set(page.evaluate("Object.keys(sessionStorage)"))
    assert not any(applicant["name"] in one for one in lying_here(page))
    page.context.set_offline(False)
    sign_in(desk, "agent.xian", open_town.password)
    page.get_by_role("link", name="本机收件").click()
    expect(page.get_by_text("本机没有收件")).to_be_visible()
    assert len(lying_here(page)) == 2
    page.get_by_role("button", name="退出").click()
    sign_in(desk, "clerk.xian", open_town.password)
    page.get_by_role("link", name="本机收件").click()
    expect(page.locator("tr[data-state=arrived]")).to_have_count(1)


def test_an_item_is_found_the_same_with_a_network_and_without(desk: Visit) -> None:
    page = desk.page
    field, options = page.get_by_role("combobox", name="事项"), page.get_by_role("option").locator("strong")
    told: dict[str, list[str]] = {}
    for typed in ("db", "低保", "dibao", "gaoling", "subsist", "lvshi", "zulin"):
        with page.expect_response(lambda answer: "/items?" in answer.url) as asked:
            field.fill(typed)
        told[typed] = [one["name"] for one in asked.value.json()["items"]]
        assert told[typed], typed
    page.context.set_offline(True)
    expect(page.get_by_text("离线收件中")).to_be_visible()
    for typed, names in told.items():
        field.fill("")
        expect(options).to_have_count(0)
        field.fill(typed)
        expect(options.first).to_have_text(names[0])
        found = options.all_text_contents()
        assert found == names[: len(found)], typed
        assert len(found) == len(names) or typed == "低保", typed


def test_without_a_key_nothing_is_taken_in_and_nothing_is_lost(desk: Visit) -> None:
    page = desk.page
    page.evaluate("sessionStorage.removeItem('desk-key')")
    page.context.set_offline(True)
    page.reload()
    take_in(page)
    expect(page.get_by_role("alert")).to_contain_text("本机现在不能保存收件")
    assert len(lying_here(page)) == 1
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="可离线收件")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="已受理")).to_be_visible()


def earlier_case(town: Town, applicant: dict[str, Any], before: str | None = None) -> str:
    """Post a case of somebody, decided about the one before it; return its number."""
    body = application(town.item(ITEM), XIAN, applicant)
    if before:
        body["duplicate"] = {"decision": "go_on", "earlier": before, "reason": "同名的另一位居民"}
    case_no: str = town.staff("clerk.xian").made(f"{INTAKE}/cases", body)["case_no"]
    return case_no


def decided_about(visit: Visit, town: Town, applicant: dict[str, Any], earlier: str, why: str) -> None:
    """Take a case in without a network, and decide about the earlier one once it has arrived."""
    page = visit.page
    sign_in(visit, "clerk.xian", town.password)
    expect(page.get_by_role("status").filter(has_text="可离线收件")).to_be_visible()
    page.context.set_offline(True)
    take_in(page, applicant)
    expect(page.get_by_role("heading", name="等待上传")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="我的办件").click()
    expect(page.get_by_role("status").filter(has_text="已联网")).not_to_contain_text("待上传")
    page.get_by_role("button", name="离线收件待判重").click()
    page.get_by_role("row").nth(1).get_by_role("button").click()
    case = page.get_by_role("region", name="窗口办件")
    meant = case.get_by_role("radio", name=earlier)
    expect(meant).to_have_accessible_name(re.compile(why))
    meant.check()
    case.get_by_label("理由").fill("另一处住房")
    assert not visit.shuts_out()
    case.get_by_role("button", name="就这样处理").click()
    expect(case.get_by_role("alert")).to_be_hidden()
    visit.page.get_by_role("button", name="返回").click()
    expect(page.get_by_text("这里没有办件")).to_be_visible()


def test_a_case_that_may_repeat_another_is_decided_about_once_it_has_arrived(
    strict_town: Town, browser: Browser
) -> None:
    applicant = somebody()
    earlier = earlier_case(strict_town, applicant)
    with visiting(browser, strict_town.suite.url) as visit:
        decided_about(visit, strict_town, applicant, earlier, "同一证件")


def test_a_case_of_somebody_alike_is_decided_about_by_the_one_that_is_meant(
    strict_town: Town, browser: Browser
) -> None:
    applicant = somebody()
    like = {"name": applicant["name"], "mobile": applicant["mobile"]}
    meant = earlier_case(strict_town, somebody() | like)
    later = earlier_case(strict_town, somebody() | like, before=meant)
    clerk = strict_town.staff("clerk.xian")
    known = {meant, later} | numbers(clerk)
    with visiting(browser, strict_town.suite.url) as visit:
        decided_about(visit, strict_town, applicant, meant, "姓名相近")
    (case_no,) = numbers(clerk) - known
    assert clerk.read(f"{INTAKE}/cases/{case_no}")["duplicate"]["earlier"] == meant


def numbers(clerk: Person) -> set[str]:
    page = clerk.read(f"{INTAKE}/cases?community={XIAN}&limit=200")
    return {case["case_no"] for case in page["items"]}
