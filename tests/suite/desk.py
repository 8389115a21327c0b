"""A clerk at the front desk: signs in, finds the item, and types what a simple case needs."""

from collections.abc import Callable
from itertools import count
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from suite.browsing import Visit
from town import person

NAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何"
SERIALS = count(8001)
OF_A_SIGN = 4
"""Keys by which an input method is told a Chinese sign: some letters, and which it is."""


def sign_in(
    visit: Visit, username: str, password: str, *, labels: tuple[str, str] = ("用户名", "密码")
) -> None:
    visit.go("/desk")
    for label, text in zip(labels, (username, password), strict=True):
        visit.page.get_by_label(label).fill(text)
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("navigation")).to_be_visible()


def found(page: Page) -> Locator:
    """The first of the items that were found."""
    return page.get_by_role("listbox").get_by_role("option").first


class Keys:
    """A keyboard that counts every key, and is as slow as whoever types.

    A Chinese sign takes the keys of an input method; keys that are held together are counted each.
    """

    def __init__(self, page: Page, pause: float = 0) -> None:
        self.page = page
        self.pause = pause
        """Milliseconds from one key to the next."""
        self.pressed = 0

    def type(self, text: str) -> None:
        for sign in text:
            self.page.keyboard.type(sign)
            self._after(OF_A_SIGN if sign > "\u3000" else 1)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self._after(1 + key.count("+"))

    def _after(self, keys: int) -> None:
        self.pressed += keys
        if self.pause:
            self.page.wait_for_timeout(self.pause * keys)


def somebody() -> dict[str, Any]:
    """Somebody who is like nobody who came before."""
    serial = next(SERIALS)
    name = NAMES[serial % 20] + NAMES[serial // 20 % 20] + NAMES[serial % 7 + 3]
    return person(serial, name, f"19{30 + serial % 60}0{serial % 9 + 1}1{serial % 10}")


def begin(
    keys: Keys, words: str = "zdsh", name: str = "最低生活保障", who: dict[str, Any] | None = None
) -> None:
    """Find an item and type whose case it is; the applicant agrees, and the cursor stays there."""
    page, applicant = keys.page, who or somebody()
    expect(page.get_by_role("combobox", name="事项")).to_be_focused()
    keys.type(words)
    expect(found(page)).to_contain_text(name)
    keys.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    type_person(keys, applicant)
    keys.press("Space")


def type_person(keys: Keys, who: dict[str, Any]) -> None:
    """Type name, number and mobile, each followed by Enter."""
    for text in (who["name"], who["id_document"]["number"], who["mobile"]):
        keys.type(text)
        keys.press("Enter")


def open_case(page: Page, case_no: str, more: str = "更多") -> None:
    """Open a case from the list that is shown, however far down it stands."""
    one = page.get_by_role("button", name=case_no)
    next_ones = page.locator("button[aria-disabled=false]", has_text=more)
    expect(one.or_(next_ones).first).to_be_visible()
    while not one.is_visible():
        next_ones.click()
        expect(one.or_(next_ones).first).to_be_visible()
    one.click()


def take_in(page: Page, applicant: dict[str, Any] | None = None, pause: float = 0) -> Keys:
    """Take in a simple case with the keyboard alone, from the empty field for the item."""
    keys = Keys(page, pause)
    begin(keys, who=applicant)
    keys.press("Alt+a")
    expect(page.get_by_text("必需材料已齐")).to_be_visible()
    keys.press("Control+Enter")
    return keys


def printed(page: Page, press: Callable[[], None]) -> list[str]:
    """Return the media types of what is printed: the browser's own viewer and printer are left out."""
    kinds: list[str] = []
    page.add_init_script("window.print = () => undefined")

    def plain(route: Route) -> None:
        answer = route.fetch()
        kinds.append(answer.headers["content-type"])
        route.fulfill(status=answer.status, content_type="text/plain", body="paper")

    page.route("**/papers/*", plain)
    with page.expect_response("**/papers/*"):
        press()
    page.unroute("**/papers/*")
    return kinds
