"""Every view of the front desk as people read it: in both languages, with large letters, in colours, on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from suite.browsing import READERS, Reader, Visit, visiting
from suite.desk import Keys, found, open_case, sign_in, somebody, type_person
from town import CASEWORK, INTAKE, Town, application, eventually

pytestmark = [
    pytest.mark.suite,
    pytest.mark.usefixtures("built"),
    pytest.mark.parametrize("reader", READERS, ids=str),
]

XIAN, ITEM, DEFERRABLE = "330902002001", "soc-subsistence-national", "soc-old-age-xiangtan"


@contextmanager
def signed_in(browser: Browser, town: Town, reader: Reader, who: str) -> Iterator[Visit]:
    with visiting(browser, town.suite.url, reader.window) as visit:
        visit.page.add_init_script(reader.display)
        labels = (reader.says("用户名", "User name"), reader.says("密码", "Password"))
        sign_in(visit, who, town.password, labels=labels)
        yield visit


def begin(page: Page, town: Town, code: str, who: dict[str, Any]) -> Keys:
    """Find an item and type who applies and agrees."""
    keys = Keys(page)
    page.locator("input.finder").fill(town.item(code)["name"])
    expect(found(page)).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    type_person(keys, who)
    keys.press("Space")
    return keys


def unfold(within: Page | Locator) -> None:
    """Open what is folded up."""
    folded = within.locator("details:not([open]) > summary")
    for left in reversed(range(folded.count())):
        folded.first.click()
        expect(folded).to_have_count(left)


def test_taking_a_case_in(strict_town: Town, browser: Browser, reader: Reader) -> None:
    with signed_in(browser, strict_town, reader, "clerk.xian") as visit:
        page, applicant = visit.page, somebody()
        ready = page.locator(".wire").get_by_text(reader.says("可离线收件", "ready to work offline"))
        expect(ready).to_be_visible()
        page.locator("input.finder").fill("zdsh")
        expect(found(page)).to_be_visible()
        visit.expect_for_everybody(f"finder-{reader}")
        keys = begin(page, strict_town, ITEM, applicant)
        keys.press("Alt+w")
        expect(page.locator("#agent-name")).to_be_focused()
        keys.press("Alt+j")
        expect(page.locator("#guardian-name")).to_be_focused()
        keys.press("Alt+h")
        expect(page.locator("#member-0-name")).to_be_focused()
        unfold(page)
        visit.expect_for_everybody(f"form-{reader}")
        keys.press("Escape")
        keys = begin(page, strict_town, ITEM, applicant)
        keys.press("Alt+a", "Control+Enter")
        expect(page.locator("dd.big").first).to_be_visible()
        visit.expect_for_everybody(f"taken-{reader}")
        keys.press("Enter")
        page.context.set_offline(True)
        keys = begin(page, strict_town, ITEM, applicant | {"mobile": "1380000"})
        keys.press("Control+Enter")
        expect(
            page.get_by_role("heading", name=reader.says("等待上传", "Waiting to be sent"))
        ).to_be_visible()
        visit.expect_for_everybody(f"waits-{reader}")
        page.locator("nav a").last.click()
        expect(page.locator("tr[data-state=waiting]")).to_have_count(1)
        visit.expect_for_everybody(f"offline-{reader}")
        page.context.set_offline(False)
        expect(page.locator("tr[data-state=refused]")).to_have_count(1)
        visit.expect_for_everybody(f"refused-{reader}")


def test_an_earlier_case_of_somebody_alike(strict_town: Town, browser: Browser, reader: Reader) -> None:
    applicant = somebody()
    alike = somebody() | {"name": applicant["name"], "mobile": applicant["mobile"]}
    clerk = strict_town.staff("clerk.xian")
    earlier = clerk.made(f"{INTAKE}/cases", application(strict_town.item(ITEM), XIAN, applicant))["case_no"]
    with signed_in(browser, strict_town, reader, "clerk.xian") as visit:
        page = visit.page
        keys = begin(page, strict_town, ITEM, alike)
        expect(page.get_by_role("alert")).to_contain_text(earlier)
        why = reader.says("同一手机号、姓名相近", "same mobile, a name like it")
        for reason in why.split(reader.says("、", ", ")):
            expect(page.get_by_role("alert")).to_contain_text(reason)
        visit.expect_for_everybody(f"alike-{reader}")
        page.locator("#reason").fill("同名的另一位居民")
        keys.press("Control+Enter")
        expect(page.locator("dd.big").first).to_be_visible()


def test_a_case_at_the_window(open_town: Town, browser: Browser, reader: Reader) -> None:
    clerk = open_town.staff("clerk.xian")
    body = application(open_town.item(DEFERRABLE), XIAN, somebody())
    deferrable = [one["code"] for one in open_town.item(DEFERRABLE)["materials"] if one["deferrable"]]
    body["materials"] = [one for one in body["materials"] if one["code"] not in deferrable]
    case_no = clerk.made(f"{INTAKE}/cases", body)["case_no"]
    with signed_in(browser, open_town, reader, "clerk.xian") as visit:
        page = visit.page
        page.locator("nav a").nth(1).click()
        page.get_by_role("button", name=reader.says("待受理", "To be accepted")).click()
        expect(page.locator("tbody tr").first).to_be_visible()
        visit.expect_for_everybody(f"list-{reader}")
        open_case(page, case_no, reader.says("更多", "More"))
        case = page.get_by_role("region", name=reader.says("窗口办件", "Case at the window"))
        expect(case.locator("p.big")).to_be_visible()
        visit.expect_for_everybody(f"window-{reader}")
        for zh, en in (
            ("容缺受理", "Accept, papers to come"),
            ("不予受理", "Refuse to accept"),
            ("申请人撤回", "Taken back"),
            ("一次性告知补正", "Ask for corrections"),
        ):
            case.get_by_role("button", name=reader.says(zh, en), exact=True).click()
            form = case.locator("form.card")
            expect(form).to_be_visible()
            visit.expect_for_everybody(f"window-{zh}-{reader}")
            if zh != "一次性告知补正":
                form.get_by_role("button", name=reader.says("取消", "Cancel")).click()
        form.get_by_role("button", name=reader.says("发出告知书", "Give the notice")).click()
        expect(case.locator("ol.lines")).to_be_visible()
        visit.expect_for_everybody(f"corrections-{reader}")
        case.get_by_role("button", name=reader.says("不予受理", "Refuse to accept"), exact=True).click()
        expect(case.locator("form.card")).to_be_visible()
        visit.expect_for_everybody(f"not-conforming-{reader}")


ASKED = (
    ("特别程序（中止计时）", "Special procedure"),
    ("申请人撤回", "Taken back"),
    ("交接", "Hand over"),
)


def test_a_case_file(open_town: Town, browser: Browser, reader: Reader) -> None:
    clerk, agent = open_town.staff("clerk.xian"), open_town.staff("agent.xian")
    body = application(open_town.item(ITEM), XIAN, somebody()) | {"accept": True}
    path = f"{CASEWORK}/cases/{clerk.made(f'{INTAKE}/cases', body)['case_no']}"
    file = eventually(lambda: agent.get(path), lambda answer: answer.status_code == 200).json()
    version = agent.moved(f"{path}/claim", None, file["version"])["version"]
    agent.moved(f"{path}/start", None, version)
    with signed_in(browser, open_town, reader, "agent.xian") as visit:
        page = visit.page
        page.locator("nav a").nth(1).click()
        open_case(page, file["case_no"], reader.says("更多", "More"))
        case = page.get_by_role("region", name=reader.says("案卷", "Case file"))
        expect(case.locator("ol.steps li").first).to_be_visible()
        unfold(case)
        expect(case.locator("table.days")).to_be_visible()
        visit.expect_for_everybody(f"file-{reader}")
        done = reader.says("完成", "Done")
        case.locator("ol.steps").get_by_role("button", name=done).first.click()
        form = case.locator("form.card")
        expect(form).to_be_visible()
        visit.expect_for_everybody(f"step-{reader}")
        page.keyboard.press("Escape")
        for zh, en in ASKED:
            case.get_by_role("button", name=reader.says(zh, en), exact=True).click()
            expect(form).to_be_visible()
            visit.expect_for_everybody(f"file-{zh}-{reader}")
            page.keyboard.press("Escape")
            expect(form).to_be_hidden()
