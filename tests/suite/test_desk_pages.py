"""The front desk in a real browser: by keyboard alone, without a network for a while, and through the day's work."""

import time

import pytest
from playwright.sync_api import Browser, Route, expect

from suite.browsing import DESK, PHONE, Visit, visiting
from suite.desk import found, open_case, printed, sign_in, somebody, take_in
from town import CASEWORK, INTAKE, Town, application, eventually

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

XIAN, ITEM, WITHOUT_STEPS = "330902002001", "soc-subsistence-national", "soc-temporary-shenyang"


def test_a_clerk_takes_a_case_in_by_keyboard_alone(open_town: Town, desk: Visit) -> None:
    keys = take_in(desk.page)
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()
    number = desk.page.locator("dd.number, dd.big").first.inner_text()
    desk.picture("desk-taken")
    assert keys.pressed < 60
    case = open_town.staff("clerk.xian").read(f"{INTAKE}/cases/{number}")
    assert (case["status"], case["item_code"]) in {("accepted", ITEM), ("handling", ITEM)}
    assert printed(desk.page, lambda: keys.press("p")) == ["application/pdf"]
    keys.press("Enter")
    expect(desk.page.get_by_role("combobox", name="事项")).to_be_focused()


def test_a_simple_case_is_in_within_forty_seconds_at_five_keys_a_second(desk: Visit) -> None:
    started = time.monotonic()
    keys = take_in(desk.page, pause=200)
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()
    assert printed(desk.page, lambda: keys.press("p")) == ["application/pdf"]
    keys.press("Enter")
    expect(desk.page.get_by_role("combobox", name="事项")).to_be_focused()
    assert time.monotonic() - started < 40


def test_a_morning_without_network_arrives_once_each(open_town: Town, desk: Visit) -> None:
    before = taken_in(open_town)
    take_in(desk.page)
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()
    desk.page.context.set_offline(True)
    people = [somebody() for _ in range(3)]
    for applicant in people:
        desk.page.keyboard.press("Enter")
        take_in(desk.page, applicant)
        expect(desk.page.get_by_role("heading", name="等待上传")).to_be_visible()
    expect(desk.page.get_by_role("status").filter(has_text="离线收件中")).to_contain_text("3 件待上传")
    desk.page.reload()
    desk.page.get_by_role("link", name="本机收件").click()
    expect(desk.page.locator("tr[data-state=waiting]")).to_have_count(3)
    desk.picture("desk-offline")
    desk.page.context.set_offline(False)
    expect(desk.page.locator("tr[data-state=arrived]")).to_have_count(4)
    assert not [one["name"] for one in people if one["name"] in desk.page.content()]
    eventually(lambda: len(taken_in(open_town) - before), lambda more: more == 4)


def taken_in(town: Town) -> set[str]:
    page = town.staff("clerk.xian").read(f"{INTAKE}/cases?community={XIAN}&limit=200")
    return {case["case_no"] for case in page["items"]}


def test_an_answer_that_was_lost_makes_no_second_case(open_town: Town, desk: Visit) -> None:
    before = taken_in(open_town)
    lost = 0

    def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        route.fetch()
        if lost == 1:
            route.abort()
        else:
            route.continue_()

    desk.page.route(f"**{INTAKE}/cases", lose)
    take_in(desk.page)
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()
    assert lost == 2
    assert len(taken_in(open_town) - before) == 1


def test_what_is_refused_says_which_field_and_stays(desk: Visit) -> None:
    page = desk.page
    page.keyboard.type("zdsh")
    expect(found(page)).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("姓名").fill("王桂芳")
    page.get_by_label("证件号码").fill("330902196103070012")
    page.get_by_label("手机号码").fill("13800001111")
    page.get_by_role("checkbox", name="申请人已阅读").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="未收下")).to_be_visible()
    expect(page.get_by_text("申请人证件号码：号码的校验位不对，请对照证件逐位核对。")).to_be_visible()
    page.get_by_label("语言").select_option("en")
    expect(page.get_by_text("applicant, identity document, number: the check digit")).to_be_visible()
    page.get_by_label("Language").select_option("zh")
    page.get_by_role("button", name="改正").click()
    page.get_by_label("证件号码").fill("123")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("申请人证件号码：号码不对，请对照证件。")).to_be_visible()
    page.get_by_role("button", name="改正").click()
    page.get_by_label("证件号码").fill(somebody()["id_document"]["number"])
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="已收件")).to_be_visible()
    page.get_by_role("link", name="本机收件").click()
    expect(page.locator("tr[data-state=refused]")).to_have_count(0)


def test_an_earlier_case_of_the_same_person_asks_for_a_reason(open_town: Town, desk: Visit) -> None:
    applicant = somebody()
    take_in(desk.page, applicant)
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()
    desk.page.keyboard.press("Enter")
    take_in(desk.page, applicant)
    expect(desk.page.get_by_role("alert")).to_contain_text("此前办过同一事项")
    desk.page.get_by_label("理由").fill("另一处住房")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()


def test_a_case_goes_through_the_day_s_work(open_town: Town, browser: Browser) -> None:
    clerk = open_town.staff("clerk.xian")
    body = application(open_town.item(ITEM), XIAN, somebody())
    case_no = clerk.made(f"{INTAKE}/cases", body | {"accept": True})["case_no"]
    agent = open_town.staff("agent.xian")
    eventually(lambda: agent.get(f"{CASEWORK}/cases/{case_no}").status_code, lambda status: status == 200)
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "agent.xian", open_town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="无人办理").click()
        open_case(visit.page, case_no)
        file = visit.page.get_by_role("region", name="案卷")
        file.get_by_role("button", name="由我办理").click()
        file.get_by_role("button", name="开始办理").click()
        expect(visit.page.get_by_text("办理中")).to_be_visible()
        assert not visit.shuts_out()
        visit.picture("desk-case")
        visit.page.get_by_role("button", name="交接", exact=True).click()
        visit.page.get_by_label("交给").fill("agent2.xian")
        visit.page.get_by_label("交接说明").fill("明天休假")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_text("已提出交给 agent2.xian")).to_be_visible()
        file.get_by_role("button", name="撤回交接").click()
        expect(file.get_by_text("已提出交给")).to_have_count(0)
        visit.page.get_by_role("button", name="交接", exact=True).click()
        visit.page.get_by_label("交给").fill("agent2.xian")
        visit.page.get_by_label("交接说明").fill("明天休假")
        visit.page.keyboard.press("Control+Enter")
        expect(file.get_by_text("已提出交给")).to_be_visible()
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "agent2.xian", open_town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="交接给我").click()
        offer = visit.page.locator("section.card", has_text=case_no)
        for told in ("明天休假", open_town.item(ITEM)["name"], body["applicant"]["name"][0] + "*", "期限"):
            expect(offer).to_contain_text(told)
        offer.get_by_role("button", name="退回", exact=True).click()
        expect(offer.get_by_label("退回理由")).to_be_focused()
        visit.page.context.set_offline(True)
        offer.get_by_role("button", name="接过来办").click()
        expect(offer.get_by_role("alert")).to_contain_text("连不上服务器")
        assert not visit.shuts_out()
        visit.page.context.set_offline(False)
        offer.get_by_role("button", name="打开案卷").click()
        expect(visit.page.get_by_role("region", name="案卷")).to_contain_text(case_no)
        visit.page.keyboard.press("Escape")
        offer.get_by_role("button", name="接过来办").click()
        expect(visit.page.get_by_role("status").filter(has_text=f"{case_no} 已由您接办")).to_be_visible()
        expect(visit.page.get_by_role("group", name="交接给我")).to_be_focused()
        visit.page.get_by_role("button", name="由我办理").click()
        expect(visit.page.get_by_role("button", name=case_no)).to_be_visible()


def test_a_case_at_the_window_is_offered_and_whoever_offered_it_reads_why_it_came_back(
    open_town: Town, browser: Browser
) -> None:
    clerk, colleague = open_town.staff("clerk.xian"), open_town.staff("agent.xian")
    case_no = clerk.made(f"{INTAKE}/cases", application(open_town.item(ITEM), XIAN, somebody()))["case_no"]
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "clerk.xian", open_town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_label("按编号查办件").fill(case_no)
        visit.page.keyboard.press("Enter")
        window = visit.page.get_by_role("region", name="窗口办件")
        window.get_by_role("button", name="交接", exact=True).click()
        visit.page.keyboard.type("agent.xian")
        visit.page.keyboard.press("Enter")
        expect(window.get_by_text("已提出交给 agent.xian")).to_be_visible()
        assert not visit.shuts_out()
        (offer,) = [one for one in colleague.read(f"{INTAKE}/handoffs")["items"] if one["case_no"] == case_no]
        path = f"{INTAKE}/cases/{case_no}/handoffs/{offer['handoff_id']}/bounce"
        colleague.moved(path, {"reason": "不属于我的网格"}, offer["version"])
        visit.page.keyboard.press("Escape")
        visit.page.get_by_label("按编号查办件").fill(case_no)
        visit.page.keyboard.press("Enter")
        expect(window.get_by_text("退回了交接：不属于我的网格")).to_be_visible()


def test_a_case_is_decided_delivered_and_closed(open_town: Town, browser: Browser) -> None:
    clerk, agent = open_town.staff("clerk.xian"), open_town.staff("agent.xian")
    body = application(open_town.item(WITHOUT_STEPS), XIAN, somebody())
    case_no = clerk.made(f"{INTAKE}/cases", body | {"accept": True})["case_no"]
    path = f"{CASEWORK}/cases/{case_no}"
    opened = eventually(lambda: agent.get(path), lambda answer: answer.status_code == 200).json()
    started = agent.moved(f"{path}/claim", None, opened["version"])
    agent.moved(f"{path}/start", None, started["version"])
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "officer.civil_affairs", open_town.password)
        visit.page.get_by_role("button", name="全部在办").click()
        open_case(visit.page, case_no)
        visit.page.get_by_role("button", name="作出决定").click()
        visit.page.get_by_label("不予").check()
        visit.page.get_by_label("理由").fill("家庭人均收入高于当地标准")
        assert not visit.shuts_out()
        visit.page.get_by_role("button", name="确认决定").click()
        expect(visit.page.get_by_text("已决定")).to_be_visible()
        expect(visit.page.get_by_text("家庭人均收入高于当地标准")).to_be_visible()
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "clerk.xian", open_town.password)
        visit.page.get_by_role("link", name="我的办件").click()
        visit.page.get_by_role("button", name="全部在办").click()
        open_case(visit.page, case_no)
        visit.page.get_by_role("button", name="送达", exact=True).click()
        visit.page.get_by_role("button", name="确认送达").click()
        visit.page.get_by_role("button", name="办结").click()
        expect(visit.page.get_by_text("不予批准")).to_be_visible()


@pytest.mark.parametrize(
    ("display", "window"),
    [
        ('{"language":"zh","size":"normal","scheme":"light"}', DESK),
        ('{"language":"en","size":"largest","scheme":"contrast"}', PHONE),
        ('{"language":"en","size":"large","scheme":"dark"}', DESK),
    ],
    ids=["zh", "en-largest-contrast-phone", "en-dark"],
)
def test_no_view_shuts_anybody_out(
    open_town: Town, browser: Browser, display: str, window: tuple[int, int]
) -> None:
    with visiting(browser, open_town.suite.url, window) as visit:
        visit.page.add_init_script(f"localStorage.setItem('display', '{display}')")
        visit.go("/desk")
        assert not visit.shuts_out()
        visit.page.locator("input").first.fill("clerk.xian")
        visit.page.locator("input").last.fill(open_town.password)
        visit.page.keyboard.press("Enter")
        visit.page.get_by_role("combobox", name="Service item" if '"en"' in display else "事项").fill("zdsh")
        expect(found(visit.page)).to_be_visible()
        assert not visit.shuts_out()
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#number")).to_be_visible()
        assert not visit.shuts_out()
        for place in (1, 2):
            visit.page.get_by_role("navigation").get_by_role("link").nth(place).click()
            expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
            assert not visit.shuts_out()


def test_what_a_first_view_weighs(open_town: Town, browser: Browser) -> None:
    with visiting(browser, open_town.suite.url) as visit:
        sizes: list[int] = []
        visit.page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
        visit.go("/desk")
        expect(visit.page.get_by_label("用户名")).to_be_visible()
        assert 20_000 < sum(sizes) < 300_000
