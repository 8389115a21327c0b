"""The running suite as its users see it: everything goes through the gateway, over HTTP."""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, Self, TypeVar

import httpx2
from stdnum.cn import ric

from embedded import Suite
from onewindow_shared.contracts.identity import IdKind

T = TypeVar("T")
PATIENCE = 30.0


def resident_id(birth: str = "19610307", serial: int = 1, region: str = "330902") -> str:
    """Make a number of the right form for a made-up person."""
    body = f"{region}{birth}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


def eventually(ask: Callable[[], T], right: Callable[[T], bool], *, patience: float = PATIENCE) -> T:
    """Ask again until the answer is right; for what other processes do in their own time."""
    deadline = time.monotonic() + patience
    while not right(answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still not right after {patience:.0f} s: {answer!r}")
        Event().wait(0.02)
    return answer


@dataclass
class Person:
    """Somebody with a token, talking to the gateway."""

    http: httpx2.Client
    token: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Send one request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        return self.http.request(method, path, json=body, headers=sent | self.extra)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.ask("GET", path, **headers)

    def read(self, path: str) -> Any:
        """Get what must be there."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def create(self, path: str, body: Mapping[str, Any], key: str | None = None) -> httpx2.Response:
        """Post something new under an idempotency key."""
        return self.ask("POST", path, body, Idempotency_Key=key or str(uuid.uuid4()))

    def move(self, path: str, body: Mapping[str, Any] | None, version: int) -> httpx2.Response:
        """Post a move of something that was seen at this version."""
        return self.ask("POST", path, body, If_Match=f'"{version}"')


@dataclass
class Town:
    """The demo district on a running suite."""

    suite: Suite
    password: str
    otp_file: Path
    http: httpx2.Client

    @classmethod
    def open(cls, suite: Suite, otp_file: Path) -> Self:
        environment = suite.environment("gateway")
        http = httpx2.Client(base_url=suite.url, timeout=30)
        return cls(suite, environment["ONEWINDOW_DEMO_PASSWORD"], otp_file, http)

    def anybody(self) -> Person:
        return Person(self.http)

    def staff(self, username: str) -> Person:
        """Sign in one of the demo accounts."""
        answer = self.http.post("/auth/token", json={"username": username, "password": self.password})
        assert answer.status_code == 200, answer.text
        return Person(self.http, answer.json()["access_token"])

    def resident(self, phone: str) -> Person:
        """Sign in with a one-time code."""
        assert self.http.post("/auth/otp", json={"phone": phone}).status_code == 202
        code = eventually(lambda: self._code(phone), bool)
        answer = self.http.post("/auth/otp/verify", json={"phone": phone, "code": code})
        assert answer.status_code == 200, answer.text
        return Person(self.http, answer.json()["access_token"])

    def _code(self, phone: str) -> str | None:
        if not self.otp_file.exists():
            return None
        lines = [json.loads(line) for line in self.otp_file.read_text(encoding="utf-8").splitlines()]
        mine = [line["code"] for line in lines if line["phone"].endswith(phone[-11:])]
        return mine[-1] if mine else None

    def command(self, service: str, *words: str) -> Any:
        """Run a command of a service as its operator would; return the JSON it prints."""
        done = subprocess.run(
            [sys.executable, "-m", f"onewindow_{service}", *words],
            env=self.suite.environment(service),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.strip().splitlines()[-1])


def person(serial: int = 1, name: str = "王桂芳") -> dict[str, Any]:
    """Return the particulars of a made-up applicant."""
    return {
        "name": name,
        "document": {"kind": IdKind.RESIDENT_ID, "number": resident_id(serial=serial % 999 + 1)},
        "phone": f"138{serial % 10**8:08d}",
    }
