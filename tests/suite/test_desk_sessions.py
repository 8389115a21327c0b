"""Sessions of the front desk: shared by a tab and its double, and ending without taking along what was typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from suite.browsing import Visit, visiting
from suite.desk import Keys, begin, sign_in, somebody
from suite.towns import Towns
from town import Town

pytestmark = [pytest.mark.suite, pytest.mark.usefixtures("built")]

DOUBLE = "for (const [name, value] of {}) if (!sessionStorage.getItem('double')) sessionStorage.setItem(name, value)"
MARK = "sessionStorage.setItem('double', 'yes')"
REVOKE = """fetch("/auth/revoke", { method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ token: JSON.parse(sessionStorage.getItem("session")).refresh }) })"""


@pytest.fixture(scope="module")
def short_town(towns: Towns) -> Iterator[Town]:
    """A town where a refresh token works once."""
    with towns.opened("sqlite", "sessions", ONEWINDOW_REFRESH_GRACE_SECONDS="0") as town:
        yield town


@pytest.fixture
def desk(short_town: Town, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, short_town.suite.url) as visit:
        visit.page.clock.install()
        sign_in(visit, "clerk.xian", short_town.password)
        yield visit


def doubled(desk: Visit) -> Page:
    """Open the tab once more, as a browser doubles it: with what it keeps."""
    kept = desk.page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    other = desk.page.context.new_page()
    other.clock.install()
    other.add_init_script(f"{DOUBLE.replace('{}', kept)}; {MARK}")
    other.goto(f"{desk.home}/desk")
    return other


def works(page: Page) -> None:
    with page.expect_response("**/casework/v1/cases?*") as asked:
        page.get_by_role("link", name="我的办件").click()
    assert asked.value.ok
    page.get_by_role("link", name="收件", exact=True).click()


def test_a_tab_and_its_double_share_one_session(desk: Visit) -> None:
    page, other = desk.page, doubled(desk)
    for tab in (page, other, other, page):
        tab.clock.fast_forward("30:00")
        works(tab)
    other.get_by_role("button", name="退出").click()
    for tab in (other, page):
        expect(tab.get_by_label("用户名")).to_be_visible()


def half_typed(desk: Visit) -> str:
    """Type half a case; then the session is ended elsewhere, and the page notices."""
    applicant = somebody()
    begin(Keys(desk.page), who=applicant)
    desk.page.evaluate(REVOKE)
    desk.page.locator("#mobile").fill(somebody()["mobile"])
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("dialog")).to_contain_text("会话已结束，请重新登录")
    assert not desk.shuts_out()
    name: str = applicant["name"]
    return name


def enter(page: Page, who: str, password: str) -> None:
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_was_typed_waits_for_whoever_typed_it(short_town: Town, desk: Visit) -> None:
    name = half_typed(desk)
    enter(desk.page, "clerk.xian", short_town.password)
    expect(desk.page.locator("#name")).to_have_value(name)
    desk.page.keyboard.press("Alt+a")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_role("heading", name="已受理")).to_be_visible()


def test_nobody_else_is_shown_what_was_typed(short_town: Town, desk: Visit) -> None:
    name = half_typed(desk)
    enter(desk.page, "agent.xian", short_town.password)
    expect(desk.page.get_by_role("button", name="退出")).to_be_visible()
    expect(desk.page.locator("#name")).to_have_count(0)
    assert name not in desk.page.content()
