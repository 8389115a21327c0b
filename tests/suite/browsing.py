"""A real browser in front of the running suite: what it may ask for, what it must not say, and whom it shuts out."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "services/gateway/web/node_modules/axe-core/axe.min.js"
PICTURES = os.environ.get("ONEWINDOW_PICTURES")
"""Folder for pictures of the pages, where somebody wants them."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDER = """document.documentElement.scrollWidth <= innerWidth ? [] :
  [`the page is ${document.documentElement.scrollWidth} wide`].concat([...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().left + one.scrollWidth > innerWidth && !one.closest(".scroll, .unseen"))
    .map((one) => one.outerHTML.slice(0, 160)))"""
OF_THE_BROWSER = ("chrome:", "chrome-extension:")
"""What its viewer of printed papers is made of."""
PATIENCE = 30_000
"""Milliseconds that anything may take to appear: machines that run tests are slow, and wrong only if it never does."""
DESK, PHONE, WALL = (1280, 800), (390, 844), (1920, 1080)

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Reader:
    """How somebody reads the pages, and on what."""

    language: str
    size: str
    scheme: str
    window: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.language}-{self.size}-{self.scheme}-{self.window[0]}"

    @property
    def display(self) -> str:
        """What the pages keep of it, as a script that runs before them."""
        kept = {"language": self.language, "size": self.size, "scheme": self.scheme}
        return f"localStorage.setItem('display', {json.dumps(json.dumps(kept))})"

    def says(self, chinese: str, english: str) -> str:
        """Return what is called so."""
        return chinese if self.language == "zh" else english


READERS = (
    Reader("zh", "largest", "light", PHONE),
    Reader("en", "largest", "contrast", PHONE),
    Reader("en", "normal", "dark", DESK),
)


def need(there: bool, why: str) -> None:
    """Skip by name what this machine has not, unless this run must not skip it."""
    if there:
        return
    if os.environ.get("ONEWINDOW_REQUIRE_PAGES"):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the machine's browser."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    need(program is not None, "no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """One visitor's page, and what went wrong on it."""

    page: Page
    home: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", *OF_THE_BROWSER)):
            self.elsewhere.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        refused = "Failed to load resource"
        if message.type == "error" and refused not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        """Open a page of the suite."""
        self.page.goto(f"{self.home}{path}")
        self.page.wait_for_load_state("load")

    def shuts_out(self) -> list[str]:
        """Return what keeps somebody from using the page as it stands, as axe finds it."""
        need(AXE.exists(), "axe-core is not installed: make pages")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run()")
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]

    def sticks_out(self) -> list[str]:
        """Return what makes the page wider than its window, so that it has to be moved to and fro."""
        found: list[str] = self.page.evaluate(WIDER)
        return found

    def expect_for_everybody(self, view: str) -> None:
        """Nobody is shut out by the page as it stands, and nobody has to move it to and fro."""
        self.picture(view, whole=True)
        wrong = self.shuts_out() + self.sticks_out()
        assert not wrong, f"{view}: {wrong}"

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture where somebody wants one."""
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=whole)

    def expect_quiet(self) -> None:
        """Nothing left the host, and nothing was complained of."""
        assert self.elsewhere == []
        assert self.complaints == []


@contextmanager
def visiting(
    browser: Browser, home: str, window: tuple[int, int] = DESK, *, script: bool = True, **more: Any
) -> Iterator[Visit]:
    """Come to the suite as somebody new; whatever leaves the host or fails on the way is a fault."""
    size: Any = {"width": window[0], "height": window[1]}
    context = browser.new_context(viewport=size, java_script_enabled=script, locale="zh-CN", **more)
    context.set_default_timeout(PATIENCE)
    visit = Visit(context.new_page(), home)
    try:
        yield visit
    except BaseException:
        visit.picture("failed")
        raise
    finally:
        context.close()
    visit.expect_quiet()
