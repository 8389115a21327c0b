"""Every paper of a case is printed at the front desk: on the spot, after a morning offline, and long after."""

import pytest
from playwright.sync_api import expect

from suite.browsing import Visit
from suite.desk import Keys, begin, printed, somebody, take_in
from town import INTAKE, Town, application

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, INSTANT, ITEM = "330902002001", "emp-unemployment-registration", "soc-subsistence-national"
PDF = "application/pdf"


def test_the_decision_on_the_spot_is_printed_where_it_was_made(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    name = open_town.item(INSTANT)["name"]
    begin(keys, name, name)
    keys.press("Alt+a")
    page.get_by_role("button", name="收件并当场准予").click()
    decision = page.get_by_role("button", name="打印 当场办结决定书")
    expect(decision).to_be_visible()
    assert printed(page, decision.click) == [PDF]
    assert not desk.shuts_out()


def test_a_receipt_is_printed_once_the_case_of_a_morning_offline_arrived(desk: Visit) -> None:
    page = desk.page
    page.context.set_offline(True)
    take_in(page)
    expect(page.get_by_role("heading", name="等待上传")).to_be_visible()
    page.get_by_role("link", name="本机收件").click()
    page.context.set_offline(False)
    row = page.locator("tr[data-state=arrived]")
    expect(row).to_have_count(1)
    assert printed(page, row.get_by_role("button", name="打印收件凭证").click) == [PDF]


def test_a_case_of_any_state_is_opened_by_its_number(open_town: Town, desk: Visit) -> None:
    page, clerk = desk.page, open_town.staff("clerk.xian")
    body = application(open_town.item(INSTANT), XIAN, somebody()) | {"decide": {"outcome": "grant"}}
    ended = clerk.made(f"{INTAKE}/cases", body)["case_no"]
    received = clerk.made(f"{INTAKE}/cases", application(open_town.item(ITEM), XIAN, somebody()))["case_no"]
    page.get_by_role("link", name="我的办件").click()
    field = page.get_by_label("按编号查办件")
    for case_no, paper in ((ended, "当场办结决定书"), (received, "收件凭证")):
        field.fill(f" {case_no[:12]} {case_no[12:]} ")
        page.keyboard.press("Enter")
        case = page.get_by_role("region").filter(has_text=case_no)
        assert printed(page, case.get_by_role("button", name=f"打印 {paper}").click) == [PDF]
    field.fill("33090200200120260101000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有这个编号的办件")
    field.fill("公章刻制")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("这不是办件编号")
    page.route("**/api/casework/v1/cases/*", lambda route: route.fulfill(status=503, body=""))
    field.fill(ended)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("系统出错")
