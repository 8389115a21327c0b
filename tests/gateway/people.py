"""Those who sign in at the gateway, and what they hold."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from onewindow_gateway.signing import new_signing_keys
from onewindow_gateway.sms import NotDelivered
from testkit.api import Api

KEYS = new_signing_keys()
PASSWORD = "k7d2-56k6-36xm-r6p2"
CLERK, OFFICER, ADMIN = "clerk.xian", "officer.health", "admin.dinghai"
PHONE = "+8613800138000"
VOLUNTEERS_PHONE = "+8613900139000"


@dataclass
class Phones:
    """A sender that remembers what it was given, and can be out of order."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    works: bool = True

    async def send(self, phone: str, code: str, valid_seconds: int) -> None:
        assert valid_seconds > 0
        if not self.works:
            raise NotDelivered("out of order")
        self.sent.append((phone, code))

    def last(self, phone: str = PHONE) -> str:
        return [code for number, code in self.sent if number == phone][-1]


def sign_in(api: Api, username: str = CLERK, password: str = PASSWORD) -> dict[str, Any]:
    return tokens(try_password(api, username, password))


def tokens(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def try_password(api: Api, username: str, password: str) -> httpx2.Response:
    return api.client.post("/auth/token", json={"username": username, "password": password})


def try_refresh(api: Api, token: str) -> httpx2.Response:
    return api.client.post("/auth/token", json={"grant_type": "refresh_token", "refresh_token": token})


def ask_code(api: Api, phone: str = PHONE) -> httpx2.Response:
    return api.client.post("/auth/otp", json={"phone": phone})


def try_code(api: Api, code: str, phone: str = PHONE) -> httpx2.Response:
    return api.client.post("/auth/otp/verify", json={"phone": phone, "code": code})


def sign_in_by_code(api: Api, phones: Phones, phone: str = PHONE) -> dict[str, Any]:
    assert ask_code(api, phone).status_code == 202
    return tokens(try_code(api, phones.last(phone), phone))


def bearer(held: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {held['access_token']}"}


def whoami(api: Api, held: dict[str, Any]) -> httpx2.Response:
    return api.client.get("/auth/me", headers=bearer(held))
