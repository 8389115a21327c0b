"""A client that polls figures: with the tag of what it has, through restarts, until the gateway refuses."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

FIGURES = "/api/metrics/v1"
SOON = 30
"""Seconds before a token ends in which it is replaced."""
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 401, 403, 404, 429


class Refused(Exception):
    """Asking again leads nowhere; the message is for the person at the terminal."""


class Unanswered(Exception):
    """Nobody answered; asking again may help."""


@dataclass
class Session:
    """Signs in, and again before its token ends or when the gateway does not know it any more."""

    client: httpx2.Client
    username: str
    password: str
    _token: str = ""
    _until: float = 0.0

    def get(self, path: str, tag: str | None = None) -> httpx2.Response:
        """Ask with a token that is good; raise `Refused` or `Unanswered` for want of an answer."""
        if time.monotonic() > self._until:
            self._sign_in()
        answer = self._asked(path, tag)
        if answer.status_code == UNAUTHORIZED:
            self._sign_in()
            answer = self._asked(path, tag)
        return answer

    def _asked(self, path: str, tag: str | None) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token}"} | ({"If-None-Match": tag} if tag else {})
        return _answered(lambda: self.client.get(path, headers=headers))

    def _sign_in(self) -> None:
        form = {"username": self.username, "password": self.password}
        answer = _answered(lambda: self.client.post("/auth/token", json=form))
        if answer.status_code == UNAUTHORIZED:
            raise Refused(f"{self.username} cannot sign in: no such account, or another password.")
        if not answer.is_success or "json" not in answer.headers.get("content-type", ""):
            raise Refused(f"{self.username} cannot sign in at {self.client.base_url}: {_reason(answer)}")
        self._token = answer.json()["access_token"]
        self._until = time.monotonic() + answer.json()["expires_in"] - SOON


@dataclass
class Poll:
    """One address, asked again and again: what it said last, and what asking cost."""

    path: str
    tag: str | None = None
    said: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    unchanged: int = 0
    milliseconds: float = 0.0

    def ask(self, session: Session) -> None:
        """Ask once more; what nobody answers keeps its last answer."""
        began = time.perf_counter()
        answer = session.get(self.path, self.tag)
        self.milliseconds = (time.perf_counter() - began) * 1000
        self.asked += 1
        if answer.status_code == httpx2.codes.NOT_MODIFIED:
            self.unchanged += 1
            return
        if answer.is_error:
            raise Refused(_why(answer, session.username))
        self.tag, self.said = answer.headers["etag"], answer.json()


def _answered(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    try:
        answer = ask()
    except httpx2.TransportError as error:
        raise Unanswered(f"the gateway does not answer ({type(error).__name__})") from error
    if answer.is_server_error or answer.status_code == TOO_MANY:
        raise Unanswered(f"the gateway answers {answer.status_code}: {_reason(answer)}")
    return answer


def _why(answer: httpx2.Response, username: str) -> str:
    area = answer.url.path.removeprefix(f"{FIGURES}/areas/").partition("/")[0]
    if answer.status_code == NOT_FOUND:
        why = answer.json().get("detail") or f"It is unknown, or outside of what {username} may see."
        return f"No figures of the area {area}. {why}"
    if answer.status_code == FORBIDDEN:
        return f"{username} may not read these figures: {_reason(answer)}"
    return f"The gateway does not tell figures of {area} ({answer.status_code}): {_reason(answer)}"


def _reason(answer: httpx2.Response) -> str:
    """Return the words of a problem (RFC 9457), with every field that is wrong."""
    try:
        told = answer.json()
    except ValueError:
        return answer.reason_phrase
    wrong = "; ".join(f"{one['loc'][-1]}: {one['detail']}" for one in told.get("errors", ()))
    return wrong or told.get("detail") or told.get("title") or answer.reason_phrase
