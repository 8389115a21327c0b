"""Everything that is taken in at the front desk beyond the simple case: people, channels, papers, refusals."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import segno
from playwright.sync_api import FilePayload, Locator, Page, expect

from onewindow_shared.plumbing.clock import system_clock
from suite.browsing import Visit
from suite.desk import Keys, begin, open_case, printed, somebody, type_person
from town import INTAKE, Town, person

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

CHILD = person(401, "陈小宝", "20180401")


def day(after: int) -> str:
    return (system_clock() + timedelta(days=after)).date().isoformat()


def number(page: Page) -> str:
    return page.locator("dd.big").first.inner_text()


def case_of(town: Town, case_no: str) -> dict[str, Any]:
    case: dict[str, Any] = town.staff("clerk.xian").read(f"{INTAKE}/cases/{case_no}")
    return case


def taken_only(page: Page) -> str:
    """Take in what was typed without accepting it; return its number."""
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_role("heading", name="已收件")).to_be_visible()
    return number(page)


def at_window(page: Page) -> Locator:
    """Go on with the case that was just taken in."""
    page.keyboard.press("o")
    case = page.get_by_role("region", name="窗口办件")
    expect(case).to_be_visible()
    return case


def test_an_entrusted_person_hands_in_for_a_household(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    keys.press("Alt+w")
    expect(page.locator("#agent-name")).to_be_focused()
    type_person(keys, somebody())
    agent = page.get_by_role("region", name="受托人")
    agent.get_by_label("撤回申请或同意").uncheck()
    agent.get_by_label("委托开始日").fill(day(-1))
    agent.get_by_label("委托截止日").fill(day(30))
    agent.get_by_label("窗口已查验委托书").check()
    keys.press("Alt+h")
    expect(page.locator("#member-0-name")).to_be_focused()
    keys.type(CHILD["name"])
    keys.press("Enter")
    keys.type(CHILD["id_document"]["number"])
    member = page.get_by_role("region", name="家庭成员 1")
    member.get_by_label("是申请人的").select_option("grandchild")
    member.get_by_label("由谁同意").select_option("guardian")
    member.get_by_label("同意为办理本事项").check()
    assert not desk.shuts_out()
    desk.picture("desk-people")
    keys.press("Alt+a", "Control+Enter")
    expect(page.get_by_role("heading", name="已受理")).to_be_visible()
    case = case_of(open_town, number(page))
    assert case["posted_as"] == "agent"
    assert case["agent"]["entrustment"] == {
        "scope": ["submit", "correct", "collect"],
        "begins_on": day(-1),
        "ends_on": day(30),
        "document": None,
        "seen_by": "clerk.xian",
    }
    assert [(one["relation"], one["consent_by"]) for one in case["household"]] == [("grandchild", "guardian")]


def test_a_minor_is_refused_until_the_guardian_is_named(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys, who=CHILD | {"mobile": "13800004011"})
    keys.press("Alt+a", "Control+Enter")
    expect(page.get_by_role("heading", name="未收下")).to_be_visible()
    expect(page.get_by_text("监护人：申请人未满十八周岁，须由监护人代办。")).to_be_visible()
    keys.press("Tab")
    page.get_by_role("button", name="改正").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("须由监护人代办")
    keys.press("Alt+j")
    expect(page.locator("#guardian-name")).to_be_focused()
    type_person(keys, somebody())
    page.get_by_label("与申请人的关系").select_option("grandparent")
    assert not desk.shuts_out()
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="已受理")).to_be_visible()
    case = case_of(open_town, number(page))
    assert (case["guardian"]["relation"], case["consent"]["by"]) == ("grandparent", "guardian")


def test_what_is_said_on_the_phone_is_looked_at_before_it_is_accepted(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    page.get_by_label("申请方式").select_option("phone")
    keys.press("Alt+a")
    expect(page.get_by_role("button", name="收件并受理")).to_be_hidden()
    case_no = taken_only(page)
    case = at_window(page)
    expect(case.get_by_text("申报已交，待核对").first).to_be_visible()
    case.get_by_role("button", name="受理", exact=True).click()
    expect(case.get_by_role("alert")).to_contain_text("材料：未提交")
    while (paper := case.get_by_role("button", name="收到")).count():
        left = paper.count()
        paper.first.click()
        expect(paper).to_have_count(left - 1)
    assert not desk.shuts_out()
    case.get_by_role("button", name="受理", exact=True).click()
    expect(case.locator("p.big")).to_contain_text("已受理")
    assert case_of(open_town, case_no)["channel"] == "phone"


def test_a_visit_at_home_is_taken_in_like_one_at_the_window(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    page.get_by_label("申请方式").select_option("home_visit")
    keys.press("Alt+a", "Control+Enter")
    expect(page.get_by_role("heading", name="已受理")).to_be_visible()
    assert case_of(open_town, number(page))["channel"] == "home_visit"


def test_all_defects_are_told_at_once_and_each_line_is_met(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    page.get_by_role("region", name="材料清单核对").get_by_role("checkbox").first.check()
    case_no = taken_only(page)
    case = at_window(page)
    case.get_by_role("button", name="一次性告知补正").click()
    notice = case.get_by_role("form", name="一次性告知补正")
    here = notice.get_by_role("checkbox").first
    here.check()
    notice.get_by_label("问题").first.fill("没有签名，请补签")
    notice.get_by_role("button", name="加一条").click()
    notice.get_by_label("其他问题 1").fill("经办地址与户籍不一致，请说明")
    notice.get_by_label("补正期限").fill(day(1))
    assert not desk.shuts_out()
    notice.get_by_role("button", name="发出告知书").click()
    expect(case.get_by_role("alert")).to_contain_text("补正期限：至少留")
    notice.get_by_label("补正期限").fill(day(21))
    desk.picture("desk-notice")
    notice.get_by_role("button", name="发出告知书").click()
    expect(case.locator("p.big")).to_contain_text("待补正")
    told = case_of(open_town, case_no)["corrections"]
    assert {one["problem"] for one in told} >= {"没有签名，请补签", "经办地址与户籍不一致，请说明"}
    assert len(told) == 4
    assert printed(page, case.get_by_role("button", name="打印 一次性告知书").click) == ["application/pdf"]
    case.get_by_role("button", name="已补正").click()
    while (paper := case.get_by_role("button", name="收到")).count() > 1:
        left = paper.count()
        paper.first.click()
        expect(paper).to_have_count(left - 1)
    case.get_by_role("button", name="受理", exact=True).click()
    expect(case.locator("p.big")).to_contain_text("已受理")


def test_what_is_still_wrong_after_the_notice_is_refused_by_its_line(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    case_no = taken_only(page)
    case = at_window(page)
    case.get_by_role("button", name="一次性告知补正").click()
    case.get_by_role("button", name="发出告知书").click()
    expect(case.locator("p.big")).to_contain_text("待补正")
    case.get_by_role("button", name="收到").first.click()
    expect(case.get_by_text("✓ 已收")).to_have_count(1)
    case.get_by_role("button", name="不予受理").click()
    refusal = case.get_by_role("form", name="不予受理")
    refusal.get_by_role("checkbox").last.check()
    refusal.get_by_label("理由").fill("补正后仍缺少授权书")
    refusal.get_by_role("button", name="确认不予受理").click()
    expect(case.locator("p.big")).to_contain_text("不予受理")
    assert case_of(open_town, case_no)["status"] == "not_accepted"


def test_a_matter_of_somebody_else_is_refused_with_the_competent_body(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    case_no = taken_only(page)
    case = at_window(page)
    case.get_by_role("button", name="不予受理").click()
    case.get_by_label("不属于本机关职权范围").check()
    case.get_by_label("有权办理的机关").fill("舟山市住房公积金管理中心")
    case.get_by_label("理由").fill("公积金提取由住房公积金管理中心办理")
    assert not desk.shuts_out()
    case.get_by_role("button", name="确认不予受理").click()
    expect(case.locator("p.big")).to_contain_text("不予受理")
    assert printed(page, case.get_by_role("button", name="打印 不予受理决定书").click) == ["application/pdf"]
    assert case_of(open_town, case_no)["status"] == "not_accepted"


def test_papers_that_may_come_later_are_promised_each_by_its_day(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys, "glj", "高龄津贴")
    guide = open_town.item("soc-old-age-xiangtan")
    for one in guide["materials"]:
        if one["required"] and not one["deferrable"]:
            page.get_by_role("region", name="材料清单核对").get_by_label(one["name"]).check()
    case_no = taken_only(page)
    case = at_window(page)
    case.get_by_role("button", name="容缺受理").click()
    promise = case.get_by_role("form", name="容缺受理")
    days = promise.get_by_label("补交期限")
    expect(days).to_have_count(2)
    days.last.fill(day(2))
    promise.get_by_label("已查询").check()
    assert not desk.shuts_out()
    desk.picture("desk-tolerance")
    promise.get_by_role("button", name="容缺受理").click()
    expect(case.locator("p.big")).to_contain_text("容缺受理")
    expect(case.get_by_role("button", name="打印 容缺受理承诺书")).to_be_visible()
    page.get_by_role("link", name="我的办件").click()
    page.get_by_role("button", name="容缺待补交").click()
    open_case(page, case_no)
    for left in (1, 0):
        case.get_by_role("button", name="收到").first.click()
        expect(case.get_by_text("✗ 未交")).to_have_count(left)
    expect(case.locator("p.big")).to_contain_text("办理中")
    assert case_of(open_town, case_no)["status"] == "handling"


def test_a_paper_is_photographed_or_picked_from_a_folder(open_town: Town, desk: Visit) -> None:
    page, keys = desk.page, Keys(desk.page)
    begin(keys)
    case_no = taken_only(page)
    case = at_window(page)
    photo = BytesIO()
    segno.make("户口簿").save(photo, kind="png", scale=8)
    picked: FilePayload = {"name": "户口簿.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    case.get_by_label("拍照").first.set_input_files(picked)
    expect(case.get_by_text("1 个文件")).to_be_visible()
    case.get_by_label("传文件").last.set_input_files(
        {"name": "表.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" + bytes(200)}
    )
    expect(case.get_by_role("alert")).to_contain_text("不接收这种文件")
    kept = case_of(open_town, case_no)["materials"]
    assert len(kept[0]["documents"]) == 1
    assert not desk.shuts_out()
