"""A case goes through its whole procedure at the front desk, by the people who take its steps."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, expect

from suite.browsing import Visit, visiting
from suite.desk import open_case, printed, sign_in, somebody
from town import CASEWORK, INTAKE, Town, application, eventually

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, ITEM = "330902002001", "soc-subsistence-national"


@pytest.fixture(scope="module")
def case_no(own_town: Town) -> str:
    """A case with a procedure, accepted at the window."""
    body = application(own_town.item(ITEM), XIAN, somebody())
    case_no: str = own_town.staff("clerk.xian").made(f"{INTAKE}/cases", body | {"accept": True})["case_no"]
    agent = own_town.staff("agent.xian")
    eventually(lambda: agent.get(f"{CASEWORK}/cases/{case_no}").status_code, lambda status: status == 200)
    return case_no


@contextmanager
def opened_file(browser: Browser, town: Town, who: str, case_no: str) -> Iterator[tuple[Visit, Locator]]:
    """Somebody has signed in and opened the file from the list of everything open."""
    with visiting(browser, town.suite.url) as visit:
        sign_in(visit, who, town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="全部在办").click()
        open_case(visit.page, case_no)
        file = visit.page.get_by_role("region", name="案卷")
        expect(file.get_by_role("heading", name="办理环节")).to_be_visible()
        yield visit, file


def step(file: Locator, name: str) -> Locator:
    return file.get_by_role("listitem").filter(has_text=name)


def test_every_step_is_taken_by_whoever_it_is_for(own_town: Town, browser: Browser, case_no: str) -> None:
    with opened_file(browser, own_town, "agent.xian", case_no) as (visit, file):
        file.get_by_role("button", name="由我办理").click()
        file.get_by_role("button", name="开始办理").click()
        survey = step(file, "经济状况调查")
        survey.get_by_role("button", name="完成").click()
        file.get_by_label("结果").fill("家庭四口人，收入低于标准")
        file.get_by_role("button", name="确认完成").click()
        expect(file.get_by_label("编号")).to_be_focused()
        file.get_by_label("编号").fill("调-2026-1")
        assert not visit.shuts_out()
        visit.page.keyboard.press("Control+Enter")
        expect(survey).to_contain_text("待复核")
        expect(survey.get_by_role("button")).to_have_count(0)
        file.get_by_text("期限怎么算的").click()
        expect(file.get_by_role("table")).to_contain_text("第 1 个工作日")
        expect(file.get_by_role("table")).to_contain_text("周末")
        file.get_by_role("button", name="法定期限").click()
        assert not visit.shuts_out()
        visit.picture("desk-clock")
    with opened_file(browser, own_town, "agent2.xian", case_no) as (_, file):
        step(file, "经济状况调查").get_by_role("button", name="退回重做").click()
        file.get_by_label("理由").fill("没有写明住房情况")
        file.get_by_role("button", name="退回重做").click()
        expect(step(file, "经济状况调查")).to_contain_text("进行中")
    with opened_file(browser, own_town, "agent.xian", case_no) as (_, file):
        expect(step(file, "经济状况调查")).to_contain_text("没有写明住房情况")
        step(file, "经济状况调查").get_by_role("button", name="完成").click()
        file.get_by_label("结果").fill("家庭四口人，租房居住，收入低于标准")
        file.get_by_label("编号").fill("调-2026-1")
        file.get_by_role("button", name="确认完成").click()
        expect(step(file, "经济状况调查")).to_contain_text("待复核")
    with opened_file(browser, own_town, "agent2.xian", case_no) as (visit, file):
        step(file, "经济状况调查").get_by_role("button", name="复核同意").click()
        visit.page.keyboard.press("Control+Enter")
        expect(step(file, "经济状况调查")).to_contain_text("✓ 完成")


def test_what_is_put_up_is_objected_to_heard_and_ruled_on(
    own_town: Town, browser: Browser, case_no: str
) -> None:
    with opened_file(browser, own_town, "officer.civil_affairs", case_no) as (_, file):
        step(file, "信息核对").get_by_role("button", name="完成").click()
        file.get_by_label("结果").fill("核对一致")
        file.get_by_role("button", name="确认完成").click()
        expect(file.get_by_text("核对一致")).to_be_visible()
    with opened_file(browser, own_town, "supervisor.changguo", case_no) as (visit, file):
        step(file, "初审意见公示").get_by_role("button", name="公示").click()
        file.get_by_label("公示地点").fill("西安社区公示栏")
        file.get_by_role("button", name="开始公示").click()
        expect(file.get_by_text("西安社区公示栏")).to_be_visible()
        file.get_by_role("button", name="登记异议").click()
        file.get_by_label("提出人姓名").fill("李建国")
        file.get_by_label("异议内容").fill("他家有两套房子")
        file.get_by_role("button", name="登记异议").click()
        expect(file.get_by_text("他家有两套房子")).to_be_visible()
        file.get_by_role("button", name="听取意见").click()
        file.get_by_label("听取意见记录").fill("本人说明：另一套是父母所有")
        file.get_by_role("button", name="听取意见").click()
        file.get_by_role("button", name="处理异议").click()
        file.get_by_label("理由").fill("经核实，房屋为父母所有")
        assert not visit.shuts_out()
        file.get_by_role("button", name="处理异议").click()
        expect(file.get_by_text("不成立")).to_be_visible()
        expect(file.get_by_role("button", name="完成")).to_have_count(0)
        visit.picture("desk-steps")


def test_it_is_decided_delivered_and_closed_once_the_days_are_over(
    own_town: Town, browser: Browser, case_no: str
) -> None:
    own_town.pass_(days=12)
    with opened_file(browser, own_town, "supervisor.changguo", case_no) as (_, file):
        file.get_by_role("button", name="完成").first.click()
        file.get_by_label("结果").fill("公示期满，异议不成立")
        file.get_by_role("button", name="确认完成").click()
        expect(file.get_by_text("公示期满，异议不成立")).to_be_visible()
    with opened_file(browser, own_town, "officer.civil_affairs", case_no) as (visit, file):
        file.get_by_role("button", name="作出决定").click()
        file.get_by_role("button", name="确认决定").click()
        expect(file.locator("p.big")).to_contain_text("已决定")
        assert printed(visit.page, file.get_by_role("button", name="打印决定书").click) == ["application/pdf"]
    with opened_file(browser, own_town, "clerk.xian", case_no) as (visit, file):
        file.get_by_role("button", name="登记未送达").click()
        file.get_by_label("送达方式").select_option("home_visit")
        file.get_by_role("button", name="登记未送达").click()
        expect(file.get_by_role("button", name="确认送达")).to_be_hidden()
        file.get_by_role("button", name="送达", exact=True).click()
        file.get_by_label("送达方式").select_option("post")
        file.get_by_label("寄递公司").fill("中国邮政")
        file.get_by_label("运单号").fill("EM123456789CN")
        assert not visit.shuts_out()
        file.get_by_role("button", name="确认送达").click()
        expect(file.get_by_text("EM123456789CN")).to_be_visible()
        file.get_by_role("button", name="办结").click()
        expect(file.locator("p.big")).to_contain_text("已办结")
        visit.picture("desk-closed")
