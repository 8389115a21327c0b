"""An agent carries a case through at the front desk: each step on its form, its ways written down, its papers printed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from suite.browsing import DESK, READERS, Reader, Visit, visiting
from suite.desk import open_case, printed, sign_in, somebody
from town import CASEWORK, INTAKE, Town, application, eventually

XIAN, ITEM = "330902002001", "soc-subsistence-national"
AT_THE_DESK = Reader("zh", "normal", "light", DESK)

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]
by_readers = pytest.mark.parametrize("reader", [AT_THE_DESK, *READERS], ids=str)


@dataclass
class File:
    """The file of a case as its agent has it on the screen."""

    visit: Visit
    reader: Reader
    shown: Locator

    def agency(self) -> Locator:
        return self.shown.get_by_role("region", name=self.reader.says("全程代办", "Agency"))

    def button(self, zh: str, en: str) -> Locator:
        return self.shown.get_by_role("button", name=self.reader.says(zh, en), exact=True)

    def stands(self, zh: str, en: str) -> None:
        expect(self.agency().get_by_role("heading").first).to_contain_text(self.reader.says(zh, en))

    def press(self, zh: str, en: str) -> None:
        self.button(zh, en).focus()
        self.visit.page.keyboard.press("Enter")

    def fill_in(self, zh: str, en: str, said: Mapping[str, str]) -> None:
        """Open a form, fill it in, and send it, all with the keyboard."""
        self.press(zh, en)
        form = self.shown.locator("form.card")
        expect(form.locator("input, textarea").first).to_be_focused()
        for field, text in said.items():
            form.locator(f"#said-{field}").fill(text)
        self.visit.expect_for_everybody(f"agency-{zh}-{self.reader}")
        self.visit.page.keyboard.press("Control+Enter")
        expect(form).to_be_hidden()
        expect(self.shown).to_be_focused()

    def print(self, zh: str, en: str) -> list[str]:
        return printed(self.visit.page, self.button(f"打印 {zh}", f"Print the {en}").click)


def claimed(town: Town) -> str:
    """Return a fresh case that its agent has taken."""
    body = application(town.item(ITEM), XIAN, somebody()) | {"accept": True}
    case_no: str = town.staff("clerk.xian").made(f"{INTAKE}/cases", body)["case_no"]
    agent, path = town.staff("agent.xian"), f"{CASEWORK}/cases/{case_no}"
    file = eventually(lambda: agent.get(path), lambda answer: answer.status_code == 200).json()
    agent.moved(f"{path}/claim", None, file["version"])
    return case_no


def begun(town: Town, case_no: str, until: str) -> int:
    """Have the agency of a case asked for, entrusted until a day and begun; return its version."""
    agent, path = town.staff("agent.xian"), f"{CASEWORK}/cases/{case_no}/agency"
    letter = {"matters": "代为领取", "until": until, "papers": [], "signed_how": "fingerprint"}
    version = agent.moved(f"{path}/entrustment", letter, agent.made(path, {})["version"])["version"]
    begun: int = agent.moved(f"{path}/start", None, version)["version"]
    return begun


@contextmanager
def opened(
    browser: Browser, town: Town, reader: Reader, case_no: str, at: datetime | None = None
) -> Iterator[File]:
    """Their agent has signed in and opened the file, on a machine whose clock may show another time."""
    with visiting(browser, town.suite.url, reader.window) as visit:
        page = visit.page
        page.add_init_script(reader.display)
        if at:
            page.clock.set_fixed_time(at)
        labels = (reader.says("用户名", "User name"), reader.says("密码", "Password"))
        sign_in(visit, "agent.xian", town.password, labels=labels)
        page.locator("nav a").nth(1).click()
        open_case(page, case_no, reader.says("更多", "More"))
        yield File(visit, reader, page.get_by_role("region", name=reader.says("案卷", "Case file")))


@by_readers
def test_an_agency_is_entrusted_suspended_resumed_and_done(
    open_town: Town, browser: Browser, reader: Reader
) -> None:
    with opened(browser, open_town, reader, claimed(open_town)) as file:
        expect(file.button("申请全程代办", "Ask for an agent")).to_be_visible()
        expect(file.agency()).to_have_count(0)
        file.press("申请全程代办", "Ask for an agent")
        file.stands("已申请", "asked for")
        expect(file.button("开始代办", "Begin the agency")).to_have_count(0)
        letter = {"matters": "代为递交和领取", "until": "2099-06-30", "papers": "身份证复印件\n\n 户口簿 "}
        file.fill_in("签代办委托书", "Letter of entrustment", letter)
        file.stands("已委托", "entrusted")
        papers = f"身份证复印件{reader.says('、', ', ')}户口簿"
        for said in ("代为递交和领取", "2099-06-30", papers):
            expect(file.agency()).to_contain_text(said)
        file.press("开始代办", "Begin the agency")
        file.stands("代办中", "under way")
        visit = {"place": "区民政局", "purpose": "递交核对授权"}
        file.fill_in("登记代跑", "Write down a visit", visit)
        expect(file.agency().get_by_role("listitem").filter(has_text="区民政局")).to_contain_text(
            "递交核对授权"
        )
        file.visit.expect_for_everybody(f"agency-running-{reader}")
        file.fill_in("中止代办", "Suspend the agency", {"reason": "申请人住院"})
        file.stands("已中止", "suspended")
        expect(file.button("登记代跑", "Write down a visit")).to_have_count(0)
        file.fill_in("续办", "Resume the agency", {"reason": "申请人出院", "until": "2099-12-31"})
        file.stands("已续办", "resumed")
        expect(file.agency().locator("dl")).to_contain_text("2099-12-31")
        file.fill_in("代办办结", "The agency is done", {"reason": "结果已代领"})
        file.stands("已办结", "done")
        expect(file.button("终止代办", "End the agency")).to_have_count(0)
        for said in ("申请人住院", "申请人出院", "结果已代领", "2099-06-30"):
            expect(file.agency().get_by_role("listitem").filter(has_text=said)).to_be_visible()
        file.visit.expect_for_everybody(f"agency-{reader}")
        for zh, en in (
            ("代办委托书", "letter of entrustment"),
            ("代办中止单", "slip of the suspension"),
            ("续办委托书", "renewed letter"),
            ("代办办结单", "slip of what was done"),
        ):
            assert file.print(zh, en) == ["application/pdf"]


@by_readers
def test_what_a_visit_lacks_is_said_in_the_form_and_an_agency_is_ended_early(
    open_town: Town, browser: Browser, reader: Reader
) -> None:
    case_no = claimed(open_town)
    begun(open_town, case_no, "2099-06-30")
    with opened(browser, open_town, reader, case_no) as file:
        file.press("登记代跑", "Write down a visit")
        form = file.shown.locator("form.card")
        for field, text in {"day": "2001-01-01", "place": "区民政局", "purpose": "领取结果"}.items():
            form.locator(f"#said-{field}").fill(text)
        file.visit.page.keyboard.press("Control+Enter")
        expect(file.shown.get_by_role("alert")).to_contain_text(
            reader.says("早于代办开始的日期", "before the agency began")
        )
        expect(form.locator("#said-purpose")).to_have_value("领取结果")
        file.visit.expect_for_everybody(f"agency-refused-{reader}")
        file.visit.page.keyboard.press("Escape")
        file.fill_in("终止代办", "End the agency", {"reason": "改由本人办理"})
        file.stands("已终止", "ended early")
        expect(file.agency()).to_contain_text("改由本人办理")
        assert file.print("代办终止单", "slip of the end") == ["application/pdf"]


def test_a_letter_that_ended_is_renewed_before_the_agency_goes_on(own_town: Town, browser: Browser) -> None:
    now, case_no = own_town.now(), claimed(own_town)
    until = f"{now + timedelta(days=2):%Y-%m-%d}"
    version = begun(own_town, case_no, until)
    path = f"{CASEWORK}/cases/{case_no}/agency/suspension"
    own_town.staff("agent.xian").moved(path, {"reason": "申请人住院"}, version)
    with opened(browser, own_town, AT_THE_DESK, case_no) as file:
        expect(file.agency().locator("dl")).not_to_contain_text("已到期")
        file.press("续办", "Resume the agency")
        expect(file.shown.locator("#said-until")).not_to_have_attribute("required", "")
    own_town.pass_(days=4)
    with opened(browser, own_town, AT_THE_DESK, case_no, now + timedelta(days=4)) as file:
        expect(file.agency().locator("dl")).to_contain_text("已到期")
        renewed = f"{now + timedelta(days=30):%Y-%m-%d}"
        file.press("续办", "Resume the agency")
        expect(file.shown.locator("#said-until")).to_have_attribute("required", "")
        file.visit.page.keyboard.press("Escape")
        file.fill_in("续办", "Resume the agency", {"reason": "申请人出院", "until": renewed})
        file.stands("已续办", "resumed")
        expect(file.agency().locator("dl")).to_contain_text(renewed)
        expect(file.agency().locator("dl")).not_to_contain_text("已到期")
