"""What the person at the terminal sees of the embedded run, and how that person ends it."""

import contextlib
import signal
import sys
from collections.abc import Iterator, Mapping
from threading import Event
from types import FrameType

import rich.console

from embedded_environment import SuiteError
from onewindow_gateway.demo import shown


class Console(rich.console.Console):
    """The terminal; plain lines where the output goes into a file."""

    def say(self, *words: str) -> None:
        self.print(*words, highlight=False, markup=False, soft_wrap=True)

    @contextlib.contextmanager
    def failures(self) -> Iterator[None]:
        """Show a `SuiteError` as its message and end with code 1, without a trace of calls."""
        try:
            yield
        except SuiteError as error:
            self.say(str(error))
            sys.exit(1)


@contextlib.contextmanager
def interruptible() -> Iterator[Event]:
    """Turn the first Ctrl-C or SIGTERM into an orderly end of the block; further ones do not disturb it."""
    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def demo_accounts(environment: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the demo accounts as the gateway knows them, with what is needed to sign in as each."""
    return shown(environment.get("ONEWINDOW_DEMO_PASSWORD"))


def account_lines(accounts: list[dict[str, object]]) -> list[str]:
    """One unbroken line per account: how it signs in, its roles, its area and department."""
    return [
        f"  {_cell(one.get('username') or one.get('phone')):<28}{_cell(one['roles']):<20}"
        f"{_cell(one.get('area')):<14}{_cell(one.get('department'))}".rstrip()
        for one in accounts
    ]


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def welcome(console: Console, url: str, environment: Mapping[str, str]) -> None:
    """Say where the suite is, who can sign in, and how to end it."""
    accounts = demo_accounts(environment)
    console.say("Demo accounts: staff by name and password, the others by phone and one-time code")
    for line in account_lines(accounts):
        console.say(line)
    console.say(f"Password of every account that has one: {accounts[0]['password']}")
    console.say()
    console.say(f"One window is open at {url}")
    console.say(f"  pages of the API  {url}/docs")
    console.say(f"  sign in           POST {url}/auth/token")
    console.say("Ctrl-C stops it.")
