"""The demo district as its people use it: everything goes through the gateway, over HTTP.

Used by `make demo` and by the tests over the running suite.
"""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any, Self, TypeVar

import httpx2
from stdnum.cn import ric
from typer.testing import CliRunner

from embedded import Suite
from embedded_environment import SuiteError
from onewindow_shared.plumbing.clock import ShiftedClock, system_clock

T = TypeVar("T")
PATIENCE = 30.0
UNLIMITED = {
    f"ONEWINDOW_LIMIT_{name}": "0" for name in ("CLIENT", "ACCOUNT", "POLLS", "AUTH", "TRACKING")
} | {"ONEWINDOW_DUPLICATES_REFUSED": "false"}
"""Settings of a suite that one address may ask as often as it likes, and one person for the same again."""
INTAKE, CASEWORK, VOLUNTEERS = "/api/intake/v1", "/api/casework/v1", "/api/volunteers/v1"


def resident_id(birth: str = "19610307", serial: int = 1, region: str = "330902") -> str:
    """Make a number of the right form for a made-up person."""
    body = f"{region}{birth}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


def person(serial: int = 1, name: str = "王桂芳", birth: str = "19610307") -> dict[str, Any]:
    """Return the particulars of a made-up applicant."""
    number = resident_id(birth, serial % 999 + 1)
    return {
        "name": name,
        "id_document": {"kind": "resident_id", "number": number},
        "mobile": f"138{serial % 10**8:08d}",
    }


def eventually(ask: Callable[[], T], right: Callable[[T], bool], *, patience: float = PATIENCE) -> T:
    """Ask again until the answer is right; for what other processes do in their own time."""
    deadline = time.monotonic() + patience
    while not right(answer := ask()):
        if time.monotonic() > deadline:
            raise Unexpected(f"still not right after {patience:.0f} s: {answer!r}")
        Event().wait(0.02)
    return answer


class Unexpected(AssertionError):
    """The suite answered something else than the story needs."""


def _expect(response: httpx2.Response, status: int) -> httpx2.Response:
    if response.status_code != status:
        raise Unexpected(f"{response.request.url.path}: {response.status_code} {response.text}")
    return response


@dataclass
class Person:
    """Somebody with a token, talking to the gateway."""

    http: httpx2.Client
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Send one request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        return self.http.request(method, path, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.ask("GET", path, **headers)

    def read(self, path: str) -> Any:
        """Get what must be there."""
        return _expect(self.get(path), 200).json()

    def create(self, path: str, body: Mapping[str, Any], key: str | None = None) -> httpx2.Response:
        """Post something new under an idempotency key."""
        return self.ask("POST", path, body, Idempotency_Key=key or str(uuid.uuid4()))

    def made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post something new that must succeed; return it."""
        new: dict[str, Any] = _expect(self.create(path, body), 201).json()
        return new

    def move(self, path: str, body: Mapping[str, Any] | None, version: int) -> httpx2.Response:
        """Post a move of something that was seen at this version."""
        return self.ask("POST", path, body, If_Match=f'"{version}"')

    def moved(self, path: str, body: Mapping[str, Any] | None, version: int) -> dict[str, Any]:
        """Make a move that must succeed; return how the thing stands now."""
        now: dict[str, Any] = _expect(self.move(path, body, version), 200).json()
        return now


@dataclass
class Town:
    """The demo district on a running suite."""

    suite: Suite
    password: str
    otp_file: Path
    http: httpx2.Client

    @classmethod
    def open(cls, suite: Suite, otp_file: Path) -> Self:
        """Come to a suite whose gateway writes its one-time codes into `otp_file`."""
        environment = suite.environment("gateway")
        http = httpx2.Client(base_url=suite.url, timeout=30)
        return cls(suite, environment["ONEWINDOW_DEMO_PASSWORD"], otp_file, http)

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()

    def now(self) -> datetime:
        """Return what time the services believe it is."""
        return ShiftedClock(self._clock)()

    def go_to(self, moment: datetime) -> None:
        """Let the services believe that it is `moment`."""
        draft = self._clock.with_suffix(".draft")
        draft.write_text(str((moment - system_clock()).total_seconds()), encoding="utf-8")
        draft.replace(self._clock)

    def pass_(self, **amount: float) -> None:
        """Let so much time pass for the services: days, hours, as of a `timedelta`."""
        self.go_to(self.now() + timedelta(**amount))

    @property
    def _clock(self) -> Path:
        if self.suite.plan.clock_file is None:
            raise SuiteError("The clock of this suite cannot be moved.")
        return self.suite.plan.clock_file

    def anybody(self) -> Person:
        return Person(self.http)

    def staff(self, username: str) -> Person:
        """Sign in one of the demo accounts."""
        answer = self.http.post("/auth/token", json={"username": username, "password": self.password})
        return Person(self.http, _expect(answer, 200).json()["access_token"])

    def resident(self, phone: str) -> Person:
        """Sign in with a one-time code."""
        return self._by_code(phone, "/auth/otp/verify")

    def holder(self, phone: str) -> Person:
        """Prove a phone with a one-time code, without an account."""
        return self._by_code(phone, "/auth/otp/proof")

    def _by_code(self, phone: str, path: str) -> Person:
        _expect(self.http.post("/auth/otp", json={"phone": phone}), 202)
        code = eventually(lambda: self._code(phone), bool)
        answer = self.http.post(path, json={"phone": phone, "code": code})
        return Person(self.http, _expect(answer, 200).json()["access_token"])

    def _code(self, phone: str) -> str | None:
        if not self.otp_file.exists():
            return None
        latest: dict[str, str] = json.loads(self.otp_file.read_text(encoding="utf-8") or "{}")
        return next((code for number, code in latest.items() if number.endswith(phone[-11:])), None)

    def item(self, code: str) -> dict[str, Any]:
        """Return the service guide of an item."""
        guide: dict[str, Any] = self.anybody().read(f"{INTAKE}/items/{code}")
        return guide

    def command(self, service: str, *words: str) -> Any:
        """Run a command of a service as its operator would, in this process; return the JSON it prints."""
        main = import_module(f"onewindow_{service}.__main__").main
        done = CliRunner().invoke(main, words, env=self.suite.environment(service))
        if done.exit_code:
            raise SuiteError(f"{service} {' '.join(words)}: {done.output}")
        return json.loads(done.stdout.strip().splitlines()[-1])


def application(item: Mapping[str, Any], community: str, applicant: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the form for an item, with every required paper handed in."""
    papers = [paper["code"] for paper in item["materials"] if paper["required"]]
    return {
        "item_code": item["code"],
        "community": community,
        "channel": "window",
        "applicant": dict(applicant),
        "materials": [{"code": code, "received": True} for code in papers],
        "consent": {"purpose": "case_handling", "given": True},
    }
