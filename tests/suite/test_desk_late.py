"""A case that fell late, at the front desk: why, an order from above, its answers, and its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, expect

from suite.browsing import Visit, visiting
from suite.desk import open_case, sign_in, somebody
from town import CASEWORK, INTAKE, Town, application, eventually

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, ITEM = "330902002001", "soc-temporary-shenyang"


@pytest.fixture(scope="module")
def due_today(own_town: Town) -> str:
    """A case that somebody is handling on the day by which it was promised."""
    agent = own_town.staff("agent.xian")
    body = application(own_town.item(ITEM), XIAN, somebody()) | {"accept": True}
    path = f"{CASEWORK}/cases/{own_town.staff('clerk.xian').made(f'{INTAKE}/cases', body)['case_no']}"
    case = eventually(lambda: agent.get(path), lambda answer: answer.status_code == 200).json()
    agent.moved(f"{path}/start", None, agent.moved(f"{path}/claim", None, case["version"])["version"])
    own_town.go_to(datetime.fromisoformat(case["promised_due_on"]).replace(tzinfo=UTC))
    number: str = case["case_no"]
    return number


@pytest.fixture(scope="module")
def case_no(own_town: Town, due_today: str) -> str:
    """The same a fortnight later."""
    own_town.pass_(days=14)
    return due_today


def test_what_is_due_today_has_a_list_of_its_own(own_town: Town, browser: Browser, due_today: str) -> None:
    with visiting(browser, own_town.suite.url) as visit:
        sign_in(visit, "agent.xian", own_town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="今日到期 1").click()
        row = visit.page.get_by_role("row").filter(has_text=due_today)
        expect(row).to_contain_text("橙灯 今日到期")


@contextmanager
def opened_file(browser: Browser, town: Town, who: str, case_no: str) -> Iterator[tuple[Visit, Locator]]:
    """Somebody has signed in and opened the file from the list of what is overdue."""
    with visiting(browser, town.suite.url) as visit:
        sign_in(visit, who, town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="超期").click()
        open_case(visit.page, case_no)
        yield visit, visit.page.get_by_role("region", name="案卷")


def test_a_late_case_is_explained_ordered_answered_and_closed(
    own_town: Town, browser: Browser, case_no: str
) -> None:
    with opened_file(browser, own_town, "supervisor.changguo", case_no) as (visit, file):
        file.get_by_role("button", name="督办、催办").click()
        file.get_by_label("督办", exact=True).check()
        file.get_by_label("内容").fill("请说明办理进展")
        visit.expect_for_everybody("desk-order")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_text("请说明办理进展")).to_be_visible()
    with opened_file(browser, own_town, "agent.xian", case_no) as (visit, file):
        expect(file.get_by_text("红灯 已超期")).to_be_visible()
        expect(file.get_by_text("超期，系统催办")).to_be_visible()
        file.get_by_role("button", name="说明超期原因").click()
        file.get_by_label("原因", exact=True).select_option("awaiting_others")
        file.get_by_label("说明（工作人员可见）").fill("等待核对结果")
        visit.expect_for_everybody("desk-delay")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_role("button", name="说明超期原因")).to_have_count(0)
        order = file.locator("p", has_text="请说明办理进展")
        order.get_by_role("button", name="答复督办").click()
        file.get_by_label("答复", exact=True).fill("本周五办结")
        visit.expect_for_everybody("desk-answer")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_text("本周五办结")).to_be_visible()
    with opened_file(browser, own_town, "supervisor.changguo", case_no) as (visit, file):
        order = file.locator("p", has_text="本周五办结")
        order.get_by_role("button", name="再次督办").click()
        file.get_by_label("内容").fill("请每日报告")
        visit.page.keyboard.press("Control+Enter")
        order = file.locator("p", has_text="请每日报告")
        order.get_by_role("button", name="了结督办").click()
        file.get_by_label("意见（可不填）").fill("同意")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_role("button", name="了结督办")).to_have_count(0)
    agent = own_town.staff("agent.xian")
    told = agent.read(f"{CASEWORK}/cases/{case_no}")["delay"]
    ordered = agent.read(f"{CASEWORK}/cases/{case_no}/supervisions")["items"]
    assert told["kind"] == "awaiting_others"
    assert [one["state"] for one in ordered if one["kind"] == "supervise"] == ["closed"]
