"""A volunteer with a phone: signs in by its code, registers, and is verified by the community."""

import json
from itertools import count

from playwright.sync_api import expect

from suite.browsing import Visit
from town import VOLUNTEERS, Town, eventually, resident_id

XIAN = "330902002001"
SERIALS = count(701)


def code_for(town: Town, phone: str) -> str:
    def latest() -> str:
        if not town.otp_file.exists():
            return ""
        codes: dict[str, str] = json.loads(town.otp_file.read_text(encoding="utf-8") or "{}")
        return next((code for number, code in codes.items() if number.endswith(phone)), "")

    return eventually(latest, bool)


def sign_in(visit: Visit, town: Town, phone: str) -> None:
    visit.page.get_by_label("手机号码").fill(phone)
    visit.page.get_by_role("button", name="发送验证码").click()
    expect(visit.page.get_by_label("短信验证码")).to_be_visible()
    visit.page.get_by_label("短信验证码").fill(code_for(town, phone))
    visit.page.get_by_role("button", name="登录", exact=True).click()


def verify(town: Town, volunteer_no: str) -> None:
    """Let the community look at somebody who has just registered, where nothing else did."""
    manager = town.staff("manager.xian")
    seen = manager.read(f"{VOLUNTEERS}/people/{volunteer_no}")
    if seen["status"] == "registering":
        manager.moved(
            f"{VOLUNTEERS}/people/{volunteer_no}/verification", {"outcome": "confirmed"}, seen["version"]
        )


def registered(visit: Visit, town: Town, phone: str, name: str, birth: str, serial: int) -> str:
    """Register on the phone; the volunteer number."""
    page = visit.page
    visit.go("/volunteer/me")
    sign_in(visit, town, phone)
    page.get_by_label("姓名", exact=True).fill(name)
    page.get_by_label("身份证号码", exact=True).fill(resident_id(birth, serial))
    page.get_by_label("手机号码（登录用的）").fill(phone)
    page.get_by_label("所在社区").select_option(XIAN)
    for purpose in ("为实名注册处理", "记录志愿服务时间"):
        page.get_by_role("checkbox", name=purpose).check()
    page.get_by_role("checkbox", name="发送活动通知").check()
    page.get_by_text("我能帮什么").click()
    page.get_by_role("checkbox", name="周末").check()
    page.get_by_role("checkbox", name="养老助残").check()
    if birth > "2009":
        page.get_by_role("checkbox", name="我未满十八周岁").check()
        page.get_by_label("监护人姓名").fill("沈建国")
        page.get_by_label("监护人身份证号码").fill(resident_id("19800512", serial))
        page.get_by_label("监护人手机号码").fill(guardian_of(phone))
        page.get_by_role("checkbox", name="监护人知道并同意").check()
        assert not visit.shuts_out()
    page.get_by_role("button", name="提交注册").click()
    return page.get_by_text("志愿者编号").inner_text().split()[-1]


def guardian_of(phone: str) -> str:
    return f"139058699{phone[-2:]}"
