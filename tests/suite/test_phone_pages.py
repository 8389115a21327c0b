"""A volunteer's phone in a real browser: signing up, a shift, the code at the place, hours."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from playwright.sync_api import Browser, expect

from onewindow_shared.plumbing.clock import system_clock
from suite.browsing import DESK, PHONE, visiting
from suite.phone import SERIALS, XIAN, guardian_of, registered, sign_in, verify
from town import VOLUNTEERS, Town, eventually, resident_id

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]


@pytest.fixture(scope="module")
def activity(open_town: Town) -> dict[str, Any]:
    """Something that begins in a few minutes."""
    manager = open_town.staff("manager.xian")
    starts_at = system_clock() + timedelta(minutes=10)
    draft = manager.made(
        f"{VOLUNTEERS}/activities",
        {
            "community": XIAN,
            "title": "社区花园浇水",
            "category": "sanitation",
            "organisation": "西安社区居民委员会",
            "content": "给社区花园浇水除草",
            "place": "西安社区花园",
            "contact": "社区服务窗口 0580-2020000",
            "risks": "无已知风险",
            "conditions": "身体健康",
            "shifts": [
                {
                    "starts_at": starts_at.isoformat(),
                    "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
                    "roles": [{"name": "园丁", "capacity": 5}],
                }
            ],
        },
    )
    path = f"{VOLUNTEERS}/activities/{draft['activity_id']}/publication"
    return manager.moved(path, None, draft["version"])


def test_from_signing_up_to_the_hours(open_town: Town, browser: Browser, activity: dict[str, Any]) -> None:
    serial = next(SERIALS)
    phone = f"13905870{serial}"
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        page = visit.page
        visit.go("/volunteer")
        page.get_by_role("link", name="社区花园浇水").click()
        sign_in(visit, open_town, phone)
        page.get_by_label("姓名", exact=True).fill("沈新苗")
        page.get_by_label("身份证号码").fill(resident_id("19950512", serial))
        page.get_by_label("手机号码").fill(phone)
        page.get_by_label("所在社区").select_option(XIAN)
        for purpose in ("为实名注册处理", "记录志愿服务时间"):
            page.get_by_role("checkbox", name=purpose).check()
        assert not visit.shuts_out()
        page.get_by_label("身份证号码").fill("330902196103070012")
        page.get_by_role("button", name="提交注册").click()
        expect(page.get_by_role("alert")).to_contain_text("证件号码：号码的校验位不对")
        page.get_by_label("身份证号码").fill(resident_id("19950512", serial))
        page.get_by_role("button", name="提交注册").click()
        expect(page.get_by_role("button", name="提交注册")).to_be_hidden()
        page.get_by_role("link", name="我的", exact=True).click()
        number = page.get_by_text("志愿者编号").inner_text().split()[-1]
        verify(open_town, number)
        visit.go(f"/volunteer/activities/{activity['activity_id']}")
        expect(page.get_by_role("button", name="报名 园丁")).to_be_visible()
        visit.picture("phone-activity")
        page.get_by_role("button", name="报名 园丁").click()
        expect(page.get_by_text("已报上")).to_be_visible()
        page.get_by_role("button", name="扫码签到").click()
        page.get_by_label("拍下签到码").set_input_files(
            {"name": "words.png", "mimeType": "image/png", "buffer": b"no picture"}
        )
        expect(page.get_by_role("alert")).to_contain_text("这个文件不是照片")
        page.get_by_label("拍下签到码").set_input_files(
            {"name": "code.png", "mimeType": "image/png", "buffer": photo(open_town, activity)}
        )
        expect(page.get_by_role("button", name="扫码签退")).to_be_visible()
        visit.picture("phone-shift")
        assert not visit.shuts_out()
        page.get_by_role("link", name="我的", exact=True).click()
        expect(page.get_by_text("社区花园浇水")).to_be_visible()
        expect(page.get_by_text("已确认的服务时间")).to_be_visible()


def test_a_minor_is_registered_once_the_guardian_says_so(open_town: Town, browser: Browser) -> None:
    serial = next(SERIALS)
    phone = f"13905870{serial}"
    with visiting(browser, open_town.suite.url, PHONE) as child:
        number = registered(child, open_town, phone, "沈小宝", "20110512", serial)
        expect(child.page.get_by_text("还要监护人")).to_be_visible()
        verify(open_town, number)
        with visiting(browser, open_town.suite.url, PHONE) as guardian:
            guardian.go("/volunteer/ward")
            sign_in(guardian, open_town, guardian_of(phone))
            guardian.page.get_by_label("孩子的志愿者编号").fill(number)
            guardian.page.get_by_role("button", name="查看").click()
            expect(guardian.page.get_by_text("未成年人参加志愿服务")).to_be_visible()
            assert not guardian.shuts_out()
            guardian.picture("phone-ward")
            guardian.page.get_by_role("button", name="同意", exact=True).click()
            expect(guardian.page.get_by_role("status")).to_contain_text("您已同意")
        manager = open_town.staff("manager.xian")
        eventually(
            lambda: manager.read(f"{VOLUNTEERS}/people/{number}")["status"],
            lambda status: status == "registered",
        )


def test_a_neighbour_is_helped(open_town: Town, browser: Browser) -> None:
    serial = next(SERIALS)
    phone = f"13905870{serial}"
    manager = open_town.staff("manager.xian")
    needed = {
        "community": XIAN,
        "category": "care",
        "times": ["weekends"],
        "minutes": 60,
        "name": "王桂芳",
        "phone": "13800138000",
        "address": "西安社区3幢201室",
        "details": "陪同去医院复诊",
        "consent": True,
    }
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        page = visit.page
        number = registered(visit, open_town, phone, "沈新苗", "19950513", serial)
        verify(open_town, number)
        need = open_town.staff("clerk.xian").made(f"{VOLUNTEERS}/needs", needed)
        path = f"{VOLUNTEERS}/needs/{need['need_id']}"
        manager.moved(f"{path}/offer", {"volunteer_no": number}, need["version"])
        visit.go("/volunteer/needs")
        expect(page.get_by_role("heading", name="养老助残")).to_be_visible()
        assert str(needed["address"]) not in page.content()
        page.get_by_role("button", name="我来帮").click()
        came = system_clock().astimezone(ZoneInfo("Asia/Shanghai"))
        page.get_by_role("button", name="看居民的联系方式").click()
        expect(page.get_by_text(str(needed["address"]))).to_be_visible()
        assert not visit.shuts_out()
        assert visit.sticks_out() == []
        visit.picture("phone-need")
        page.get_by_label("到达时间").fill((came - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
        page.get_by_label("离开时间").fill(came.strftime("%Y-%m-%dT%H:%M"))
        page.get_by_role("button", name="已经帮完").click()
        expect(page.get_by_role("alert")).to_contain_text("到达时间")
        page.get_by_role("button", name="去不了了").click()
        expect(page.get_by_text("现在没有请您帮忙的事")).to_be_visible()
    assert manager.read(path)["status"] == "open"


def test_a_code_read_without_network_is_told_later(
    open_town: Town, browser: Browser, activity: dict[str, Any]
) -> None:
    serial = next(SERIALS)
    phone = f"13905870{serial}"
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        page = visit.page
        verify(open_town, registered(visit, open_town, phone, "沈立新", "19950514", serial))
        visit.go(f"/volunteer/activities/{activity['activity_id']}")
        page.get_by_role("button", name="报名 园丁").click()
        page.get_by_role("button", name="扫码签到").click()
        page.context.set_offline(True)
        page.get_by_label("拍下签到码").set_input_files(
            {"name": "code.png", "mimeType": "image/png", "buffer": photo(open_town, activity)}
        )
        expect(page.get_by_text("联网后自动上传")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_role("button", name="扫码签退")).to_be_visible()
        assert page.evaluate("localStorage.getItem('readings')") == "[]"


def photo(town: Town, activity: dict[str, Any]) -> bytes:
    """The code at the place, as a phone's camera sees it."""
    shift = activity["shifts"][0]["shift_id"]
    code = town.staff("manager.xian").read(f"{VOLUNTEERS}/shifts/{shift}/code")["code"]
    taken = BytesIO()
    segno.make(code).save(taken, kind="png", scale=8, border=4)
    return taken.getvalue()


def test_the_code_at_the_place_is_shown_large(
    open_town: Town, browser: Browser, activity: dict[str, Any]
) -> None:
    with visiting(browser, open_town.suite.url, DESK) as visit:
        visit.go("/volunteer/me")
        visit.page.get_by_role("button", name="工作人员登录").click()
        visit.page.get_by_label("用户名").fill("manager.xian")
        visit.page.get_by_label("密码").fill(open_town.password)
        visit.page.keyboard.press("Enter")
        visit.page.get_by_role("link", name="找活动").click()
        visit.page.get_by_role("link", name="社区花园浇水").click()
        visit.page.get_by_role("link", name="显示签到码").click()
        expect(visit.page.get_by_role("img", name="签到二维码")).to_be_visible()
        visit.picture("phone-code")
        assert not visit.shuts_out()


@pytest.mark.parametrize(
    "display",
    [
        '{"language":"zh","size":"normal","scheme":"light"}',
        '{"language":"en","size":"largest","scheme":"contrast"}',
    ],
    ids=["zh", "en-largest-contrast"],
)
def test_no_view_shuts_anybody_out(
    open_town: Town, browser: Browser, activity: dict[str, Any], display: str
) -> None:
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        visit.page.add_init_script(f"localStorage.setItem('display', '{display}')")
        for path in ("", f"/activities/{activity['activity_id']}", "/places", "/needs", "/ward", "/me"):
            visit.go(f"/volunteer{path}")
            expect(visit.page.get_by_role("heading").first).to_be_visible()
            assert not visit.shuts_out(), path
            assert visit.sticks_out() == [], path


def test_what_a_first_view_weighs(open_town: Town, browser: Browser) -> None:
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        sizes: list[int] = []
        visit.page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
        visit.go("/volunteer")
        expect(visit.page.get_by_role("heading", name="找活动")).to_be_visible()
        assert 20_000 < sum(sizes) < 300_000
