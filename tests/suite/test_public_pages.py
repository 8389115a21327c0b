"""What residents read, in a real browser: without script, with large letters, in two languages."""

from io import BytesIO

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from suite.browsing import DESK, PHONE, visiting
from town import INTAKE, Town, application, person

pytestmark = pytest.mark.suite

XIAN, ITEM = "330902002001", "soc-subsistence-national"
PAGES = ("/", "/tracking", "/papers", "/reviews", "/lists", f"/lists?community={XIAN}")


@pytest.fixture(scope="module")
def receipt(open_town: Town) -> dict[str, str]:
    """A case, and what stands on its receipt."""
    clerk = open_town.staff("clerk.xian")
    case = clerk.made(f"{INTAKE}/cases", application(open_town.item(ITEM), XIAN, person(7001)))
    pdf = clerk.get(f"{INTAKE}/cases/{case['case_no']}/papers/receipt").content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return {
        "case_no": case["case_no"],
        "tracking_code": case["tracking_code"],
        "number": f"{case['case_no']}-SJ1",
        "code": text.partition("核验码：")[2][:8],
    }


def test_a_case_is_followed_without_script_and_with_nothing_in_the_address(
    open_town: Town, browser: Browser, receipt: dict[str, str]
) -> None:
    with visiting(browser, open_town.suite.url, PHONE, script=False) as visit:
        visit.go("/")
        visit.page.get_by_role("link", name="查办件进度").click()
        visit.page.get_by_label("编号").fill(receipt["case_no"])
        visit.page.get_by_label("查询码").fill(receipt["tracking_code"].lower())
        visit.page.get_by_role("button", name="查询").click()
        expect(visit.page.get_by_text("已收件").first).to_be_visible()
        expect(visit.page.get_by_text("王*芳")).to_be_visible()
        assert visit.page.url == f"{open_town.suite.url}/tracking"
        visit.picture("tracking")


def test_a_case_is_read_on_a_phone_in_the_largest_letters_and_in_english(
    open_town: Town, browser: Browser, receipt: dict[str, str]
) -> None:
    home = open_town.suite.url
    with visiting(browser, home, PHONE) as visit:
        visit.page.context.add_cookies([{"name": "display", "value": "en.largest.light", "url": home}])
        visit.go(f"/tracking#{receipt['case_no']}.{receipt['tracking_code']}")
        visit.page.keyboard.press("Enter")
        expect(visit.page.get_by_text("The window has your application")).to_be_visible()
        for fact in visit.page.locator("dd").all():
            assert (fact.bounding_box() or {"width": 0})["width"] > PHONE[0] * 0.6
        assert not visit.shuts_out()
        assert visit.sticks_out() == []


def test_a_wrong_code_is_told_in_words(open_town: Town, browser: Browser, receipt: dict[str, str]) -> None:
    with visiting(browser, open_town.suite.url, script=False) as visit:
        visit.go("/tracking")
        visit.page.get_by_label("编号").fill(receipt["case_no"])
        visit.page.get_by_label("查询码").fill("AAAAAAAA")
        visit.page.get_by_role("button", name="查询").click()
        expect(visit.page.get_by_role("alert")).to_contain_text("不匹配")
        assert visit.page.get_by_label("编号").input_value() == receipt["case_no"]


def test_a_paper_is_checked_by_number_and_code(
    open_town: Town, browser: Browser, receipt: dict[str, str]
) -> None:
    with visiting(browser, open_town.suite.url) as visit:
        visit.go(f"/papers#{receipt['number']}.{receipt['code']}")
        assert visit.page.url == f"{open_town.suite.url}/papers"
        visit.page.keyboard.press("Enter")
        expect(visit.page.get_by_text("真实有效")).to_be_visible()
        assert not visit.shuts_out()
        visit.picture("paper")


def test_the_same_in_english_large_letters_and_high_contrast(open_town: Town, browser: Browser) -> None:
    with visiting(browser, open_town.suite.url, script=False) as visit:
        visit.go("/lists")
        for choice in ("English", "Largest", "High contrast"):
            visit.page.get_by_role("button", name=choice).click()
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("What may be asked of a community")
        page = visit.page.locator("html")
        expect(page).to_have_attribute("lang", "en")
        expect(page).to_have_attribute("data-size", "largest")
        expect(page).to_have_attribute("data-scheme", "contrast")
        visit.page.get_by_label("Community").select_option(XIAN)
        visit.page.get_by_role("button", name="Show the list").click()
        expect(visit.page.get_by_text("Must not be asked of a community").first).to_be_visible()
        visit.picture("list")


@pytest.mark.parametrize(
    ("display", "window"),
    [("zh.normal.light", DESK), ("en.largest.dark", PHONE), ("zh.large.contrast", PHONE)],
)
def test_no_page_shuts_anybody_out(
    open_town: Town, browser: Browser, display: str, window: tuple[int, int]
) -> None:
    home = open_town.suite.url
    with visiting(browser, home, window) as visit:
        visit.page.context.add_cookies([{"name": "display", "value": display, "url": home}])
        for path in PAGES:
            visit.go(path)
            assert not visit.shuts_out(), path
            assert visit.sticks_out() == [], path
