"""What a volunteer has on the phone beside shifts: notices, stars and incentives, the time bank, organisations."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from suite.browsing import PHONE, READERS, Reader, Visit, visiting
from suite.phone import SERIALS, XIAN, registered, verify
from town import VOLUNTEERS, Town, eventually

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

ZONE = ZoneInfo("Asia/Shanghai")
NEED = {
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


def volunteer(visit: Visit, town: Town) -> str:
    """Register and be verified; the volunteer number."""
    serial = next(SERIALS)
    number = registered(visit, town, f"13905870{serial}", "沈新苗", "19950513", serial)
    verify(town, number)
    return number


def helped(visit: Visit, town: Town, volunteer_no: str) -> None:
    """Help a neighbour for an hour: they confirm it, and so does the community."""
    page = visit.page
    need = town.staff("clerk.xian").made(f"{VOLUNTEERS}/needs", NEED)
    path = f"{VOLUNTEERS}/needs/{need['need_id']}"
    town.staff("manager.xian").moved(f"{path}/offer", {"volunteer_no": volunteer_no}, need["version"])
    visit.go("/volunteer/notices")
    page.get_by_role("link", name="社区请您帮助邻居").click()
    page.get_by_role("button", name="我来帮").click()
    expect(page.get_by_role("button", name="看居民的联系方式")).to_be_visible()
    town.pass_(hours=3)
    visit.go("/volunteer/needs")
    page.get_by_role("button", name="看居民的联系方式").click()
    came = town.now().astimezone(ZONE) - timedelta(hours=2)
    page.get_by_label("到达时间").fill(came.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("离开时间").fill((came + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="已经帮完").click()
    expect(page.get_by_text("等居民确认")).to_be_visible()
    proof = {"need_id": need["need_id"], "code": need["code"]}
    told = town.anybody().ask("POST", f"{VOLUNTEERS}/needs/confirmations", proof)
    assert told.json()["status"] == "confirmed", told.text
    manager = town.staff("manager.xian")
    waiting = manager.read(f"{VOLUNTEERS}/records/area")["items"]
    (record,) = [one for one in waiting if one["volunteer_no"] == volunteer_no]
    manager.moved(f"{VOLUNTEERS}/records/{record['record_id']}/confirmation", None, record["version"])


def balance(visit: Visit) -> str:
    """Open the account anew, and read what it holds."""
    visit.go("/volunteer/time-bank")
    return visit.page.locator("p.big").inner_text()


def test_an_hour_of_help_is_kept_and_given_away(own_town: Town, browser: Browser) -> None:
    with visiting(browser, own_town.suite.url, PHONE) as visit:
        page = visit.page
        number = volunteer(visit, own_town)
        visit.go("/volunteer/time-bank")
        page.get_by_role("button", name="开立账户").click()
        expect(page.get_by_text("还没有收支")).to_be_visible()
        helped(visit, own_town, number)
        eventually(lambda: balance(visit), lambda held: held == "1 小时 0 分钟")
        gift = page.get_by_role("form", name="赠与社区")
        gift.get_by_label("分钟").fill("20")
        gift.get_by_role("button", name="赠与").click()
        expect(page.locator("p.big")).to_have_text("0 小时 40 分钟")
        expect(page.get_by_text("赠与社区 − 0 小时 20 分钟")).to_be_visible()
        to_another = page.get_by_role("form", name="转给志愿者")
        to_another.get_by_label("对方的志愿者编号").fill("3309020020010001")
        to_another.get_by_label("分钟").fill("10")
        to_another.get_by_role("button", name="转让").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("p.big")).to_have_text("0 小时 40 分钟")
        visit.expect_for_everybody("phone-time-bank")


def test_an_organisation_is_joined_and_left(open_town: Town, browser: Browser) -> None:
    name = f"西安社区银龄志愿服务队{next(SERIALS)}"
    team = {"community": XIAN, "name": name, "kind": "team", "contact": "0580-2020000"}
    open_town.staff("manager.xian").made(f"{VOLUNTEERS}/organisations", team)
    with visiting(browser, open_town.suite.url, PHONE) as visit:
        page = visit.page
        volunteer(visit, open_town)
        visit.go("/volunteer/organisations")
        page.get_by_role("button", name=f"加入 {name}").click()
        leave = page.get_by_role("button", name=f"退出 {name}")
        expect(leave).to_be_visible()
        expect(page.get_by_role("button", name=f"加入 {name}")).to_be_hidden()
        visit.expect_for_everybody("phone-organisations")
        leave.click()
        expect(page.get_by_role("button", name=f"加入 {name}")).to_be_visible()


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_no_view_shuts_anybody_out(open_town: Town, browser: Browser, reader: Reader) -> None:
    with visiting(browser, open_town.suite.url, reader.window) as visit:
        number = volunteer(visit, open_town)
        honour: dict[str, Any] = {
            "volunteer_no": number,
            "kind": "incentive",
            "title": "社区图书室优先借阅",
            "given_by": "西安社区居民委员会",
            "given_on": "2026-01-05",
        }
        open_town.staff("manager.xian").made(f"{VOLUNTEERS}/honours", honour)
        visit.page.add_init_script(reader.display)
        for path, zh, en in (
            ("me", "时间银行", "Time bank"),
            ("notices", "还没有通知", "There are none yet"),
            ("stars", "社区图书室优先借阅", "社区图书室优先借阅"),
            ("time-bank", "开立账户", "Open an account"),
            ("organisations", "还没有加入组织", "You belong to none yet"),
        ):
            visit.go(f"/volunteer/{path}")
            expect(visit.page.get_by_text(reader.says(zh, en)).first).to_be_visible()
            visit.expect_for_everybody(f"phone-{path}-{reader}")
