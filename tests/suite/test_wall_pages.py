"""The district's figures in a real browser: a wall that keeps itself fresh, and a view to work with."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Response, expect

from suite.browsing import DESK, PHONE, WALL, Visit, visiting
from suite.forking import ForkedSuite
from town import CASEWORK, INTAKE, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, ITEM = "330902002001", "soc-subsistence-national"


def sign_in(visit: Visit, password: str, path: str = "/wall", username: str = "admin.dinghai") -> None:
    visit.go(path)
    visit.page.locator("input").first.fill(username)
    visit.page.locator("input").last.fill(password)
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("navigation")).to_be_visible()


def received(visit: Visit) -> int:
    value = visit.page.locator("li.card", has_text="收件数").first.locator(".value")
    expect(value).to_have_text(re.compile(r"\d"))
    return int(value.inner_text().replace(",", ""))


def accepted(town: Town, applicant: dict[str, Any]) -> str:
    """Take a case in that casework knows of."""
    clerk = town.staff("clerk.xian")
    body = application(town.item(ITEM), XIAN, applicant) | {"accept": True}
    case_no: str = clerk.made(f"{INTAKE}/cases", body)["case_no"]
    manager = town.staff("manager.xian")
    eventually(lambda: manager.get(f"{CASEWORK}/cases/{case_no}").status_code, lambda status: status == 200)
    return case_no


def open_cases(ageing: Locator) -> int:
    """Add up what the table of the ageing says, open or not."""
    return sum(map(int, ageing.locator("td").all_text_contents()))


def test_the_wall_shows_a_new_case_by_itself(open_town: Town, browser: Browser) -> None:
    with visiting(browser, open_town.suite.url, WALL) as visit:
        sign_in(visit, open_town.password, "/wall/live")
        expect(visit.page.get_by_role("status")).to_contain_text("实时")
        before = received(visit)
        clerk = open_town.staff("clerk.xian")
        clerk.made(
            f"{INTAKE}/cases", application(open_town.item(ITEM), XIAN, person(9001, "江海生", "19440202"))
        )
        eventually(lambda: received(visit), lambda now: now > before)
        ageing = visit.page.get_by_role("region", name="在办件距承诺期限")
        for name in ("收件、受理、办结", "志愿者注册率与目标", "事项准入与经费"):
            expect(visit.page.get_by_role("region", name=name).locator("svg")).to_be_visible()
        expect(ageing.locator("td").first).to_be_attached()
        counted = open_cases(ageing)
        accepted(open_town, person(9003, "定海山", "19440203"))
        eventually(lambda: open_cases(ageing), lambda now: now > counted)
        assert not visit.shuts_out()
        assert visit.page.evaluate("document.documentElement.scrollHeight") <= WALL[1]
        for chart in visit.page.locator(".drawing").all():
            assert (chart.bounding_box() or {"height": 0})["height"] > 150
        visit.picture("wall")


def test_a_wall_that_is_cut_off_says_so_and_comes_back(open_town: Town, browser: Browser) -> None:
    suite = open_town.suite
    assert isinstance(suite, ForkedSuite)
    with visiting(browser, suite.url, WALL) as visit:
        sign_in(visit, open_town.password, "/wall/live")
        stands = visit.page.get_by_role("status")
        expect(stands).to_contain_text("● 实时")
        with suite.standing_still("gateway"):
            expect(stands).to_contain_text("连接中断")
            expect(stands).to_contain_text(re.compile(r"以下是此时的数字：\d{4}"))
        expect(stands).to_contain_text("● 实时")
        visit.page.context.set_offline(True)
        expect(stands).to_contain_text("连接中断", timeout=5_000)
        visit.page.context.set_offline(False)
        expect(stands).to_contain_text("● 实时")


def test_the_working_view_leads_from_the_district_to_the_cases(
    open_town: Town, browser: Browser, tmp_path: Path
) -> None:
    case_no = accepted(open_town, person(9002, "海定波", "19450303"))
    with visiting(browser, open_town.suite.url, DESK) as visit:
        sign_in(visit, open_town.password)
        page = visit.page
        expect(page.locator(".drawing svg")).to_have_count(5)
        streets = page.get_by_role("region", name="各街道")
        visit.picture("figures")
        for heading in ("表格", "口径"):
            streets.get_by_text(heading, exact=True).first.click()
        expect(streets).to_contain_text("公式：收件数")
        streets.get_by_role("button", name="昌国街道").click()
        communities = page.get_by_role("region", name="各社区")
        communities.get_by_role("button", name="西安社区").click()
        expect(page.get_by_role("heading", name="在办件（按期限）")).to_be_visible()
        page.get_by_label("分类").select_option("item")
        expect(page.locator(".drawing svg")).to_have_count(3)
        case, more = page.get_by_role("cell", name=case_no), page.get_by_role("button", name="更多在办件")
        rows = page.get_by_role("group", name="在办件").locator("tbody tr")
        expect(case.or_(more).first).to_be_visible()
        while not case.is_visible():
            shown = rows.count()
            more.click()
            expect(rows.nth(shown)).to_be_visible()
        with page.expect_download() as taken:
            page.get_by_role("button", name="导出 CSV").click()
        taken.value.save_as(tmp_path / "figures.csv")
        assert "收件数" in (tmp_path / "figures.csv").read_text(encoding="utf-8-sig")
        page.reload()
        expect(page.get_by_role("heading", name="西安社区")).to_be_visible()
        page.get_by_role("button", name="昌国街道").press("Enter")
        expect(page.get_by_role("heading", name="昌国街道")).to_be_focused()
        page.go_back()
        expect(page.get_by_role("heading", name="西安社区")).to_be_focused()


def test_whoever_may_read_no_figures_is_told_so(open_town: Town, browser: Browser) -> None:
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, open_town.password, username="officer.civil_affairs")
        expect(visit.page.get_by_role("alert")).to_contain_text("没有查看指标的权限")
        assert not visit.shuts_out()


@pytest.mark.parametrize(
    ("display", "window"),
    [
        ('{"language":"zh","size":"normal","scheme":"light"}', DESK),
        ('{"language":"en","size":"large","scheme":"dark"}', WALL),
        ('{"language":"en","size":"largest","scheme":"contrast"}', PHONE),
    ],
    ids=["zh", "en-dark-wall", "en-largest-contrast-phone"],
)
def test_no_view_shuts_anybody_out(
    open_town: Town, browser: Browser, display: str, window: tuple[int, int]
) -> None:
    with visiting(browser, open_town.suite.url, window) as visit:
        visit.page.add_init_script(f"localStorage.setItem('display', '{display}')")
        sign_in(visit, open_town.password)
        expect(visit.page.locator(".drawing svg")).to_have_count(5)
        for details in visit.page.locator("details summary").all():
            details.click()
        assert not visit.shuts_out()
        assert visit.sticks_out() == []


def test_what_a_first_view_weighs(open_town: Town, browser: Browser) -> None:
    """The pages' parts are sent compressed; what the services answer is counted as it comes, though a proxy packs it."""
    with visiting(browser, open_town.suite.url) as visit:
        answers: list[Response] = []

        def keep(answer: Response) -> None:
            answers.append(answer)

        visit.page.on("response", keep)
        sign_in(visit, open_town.password)
        expect(visit.page.locator(".drawing svg")).to_have_count(5)
        told = [one for one in answers if one.ok and "json" in one.headers.get("content-type", "")]
        parts = sum(int(one.headers.get("content-length", 0)) for one in answers if one not in told)
        assert 100_000 < parts + sum(len(one.body()) for one in told) < 450_000
