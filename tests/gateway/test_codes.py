"""Residents and volunteers sign in by a one-time code."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from gateway.conftest import Open, held
from gateway.people import (
    KEYS,
    PHONE,
    VOLUNTEERS_PHONE,
    Phones,
    ask_code,
    sign_in_by_code,
    tokens,
    try_code,
    try_refresh,
    whoami,
)
from onewindow_gateway.accounts.models import ResidentAccount
from onewindow_gateway.codes import service
from onewindow_gateway.codes.models import OneTimeCode
from onewindow_gateway.deps import _tidy
from onewindow_gateway.sessions.models import SignInSession
from onewindow_gateway.sessions.service import Opened
from onewindow_gateway.settings import Settings
from onewindow_gateway.sms import ConsoleSender, NotDelivered, WebhookSender, sender_from
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.tokens import claims_of
from testkit.api import SECRETS, XIAN, Api

NEW_PHONE = "+8613700137000"


def roles(api: Api, held_tokens: dict[str, Any]) -> set[str]:
    return set(whoami(api, held_tokens).json()["roles"])


def test_the_first_sign_in_makes_the_account(api: Api, phones: Phones) -> None:
    first = whoami(api, sign_in_by_code(api, phones, NEW_PHONE)).json()
    assert first["subject"].startswith("r-")
    assert (first["roles"], first["area"], first["name"]) == ([Role.RESIDENT], None, "137****7000")
    api.clock.pass_(minutes=2)
    assert whoami(api, sign_in_by_code(api, phones, NEW_PHONE)).json() == first


def test_the_token_proves_the_phone_without_carrying_it(api: Api, phones: Phones) -> None:
    token = sign_in_by_code(api, phones)["access_token"]
    keys, now = held(api).keys.key_set, int(api.clock().timestamp())
    claims = claims_of(token, keys, "https://issuer.test", now)
    assert claims.phone_proof == phone_proof(SECRETS["events_secret"], PHONE)


def prove(api: Api, phones: Phones, code: str | None = None) -> httpx2.Response:
    assert ask_code(api, NEW_PHONE).status_code == 202
    said = {"phone": NEW_PHONE, "code": code or phones.last(NEW_PHONE)}
    return api.client.post("/auth/otp/proof", json=said)


def test_a_phone_is_proved_without_an_account(api: Api, phones: Phones) -> None:
    proved = prove(api, phones)
    assert proved.headers["cache-control"] == "no-store"
    keys, now = held(api).keys.key_set, int(api.clock().timestamp())
    claims = claims_of(proved.json()["access_token"], keys, "https://issuer.test", now)
    assert claims.phone_proof == phone_proof(SECRETS["events_secret"], NEW_PHONE)
    assert (claims.roles, claims.area) == (frozenset(), None)
    assert whoami(api, proved.json()).status_code == 403
    accounts = select(ResidentAccount).where(ResidentAccount.subject.startswith("r-"))
    before = api.system(lambda unit: len(unit.session.scalars(accounts).all()))
    api.clock.pass_(minutes=2)
    sign_in_by_code(api, phones, NEW_PHONE)
    assert api.system(lambda unit: len(unit.session.scalars(accounts).all())) == before + 1


def test_a_code_proves_once_or_signs_in_once(api: Api, phones: Phones) -> None:
    assert prove(api, phones).status_code == 200
    assert try_code(api, phones.last(NEW_PHONE), NEW_PHONE).status_code == 401
    again = api.client.post("/auth/otp/proof", json={"phone": NEW_PHONE, "code": phones.last(NEW_PHONE)})
    assert (again.status_code, again.json()["type"]) == (401, "urn:onewindow:problem:sign-in-refused")


def test_wrong_codes_prove_nothing_and_are_counted(api: Api, phones: Phones) -> None:
    ask_code(api, NEW_PHONE)
    right = phones.last(NEW_PHONE)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = api.client.post("/auth/otp/proof", json={"phone": NEW_PHONE, "code": wrong})
        assert answer.status_code == 401
    assert api.client.post("/auth/otp/proof", json={"phone": NEW_PHONE, "code": right}).status_code == 401


def test_a_number_is_taken_in_any_usual_writing(api: Api, phones: Phones) -> None:
    assert ask_code(api, "138-0013 8000").status_code == 202
    assert try_code(api, phones.last(), " +86 138 0013 8000").status_code == 200


def test_every_phone_gets_the_same_answer(api: Api, phones: Phones) -> None:
    answers = [ask_code(api, PHONE), ask_code(api, NEW_PHONE), ask_code(api, PHONE)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.text for answer in answers}) == 1
    assert [phone for phone, _ in phones.sent] == [PHONE, NEW_PHONE]


def test_another_code_is_sent_after_a_pause_and_replaces_the_first(api: Api, phones: Phones) -> None:
    ask_code(api)
    first = phones.last()
    api.clock.pass_(seconds=61)
    ask_code(api)
    assert len(phones.sent) == 2
    assert phones.last() == first or try_code(api, first).status_code == 401
    assert try_code(api, phones.last()).status_code == 200


def test_a_phone_gets_so_many_codes_a_day(open_gateway: Open, phones: Phones) -> None:
    with open_gateway(otp_per_day=2) as api:
        for _ in range(4):
            assert ask_code(api).status_code == 202
            api.clock.pass_(minutes=2)
        assert len(phones.sent) == 2


def test_a_code_expires(api: Api, phones: Phones) -> None:
    ask_code(api)
    api.clock.pass_(minutes=5)
    assert try_code(api, phones.last()).status_code == 401


def test_a_code_works_once(api: Api, phones: Phones) -> None:
    sign_in_by_code(api, phones)
    assert try_code(api, phones.last()).status_code == 401


def test_a_code_is_for_its_own_phone(api: Api, phones: Phones) -> None:
    ask_code(api, PHONE)
    ask_code(api, NEW_PHONE)
    if phones.last(PHONE) != phones.last(NEW_PHONE):
        assert try_code(api, phones.last(PHONE), NEW_PHONE).status_code == 401


def test_after_some_wrong_guesses_the_right_code_is_worth_nothing(open_gateway: Open, phones: Phones) -> None:
    with open_gateway(otp_tries=3) as api:
        ask_code(api)
        wrong = f"{(int(phones.last()) + 1) % 10**6:06}"
        refused = [try_code(api, wrong) for _ in range(3)]
        assert [answer.status_code for answer in refused] == [401, 401, 401]
        assert try_code(api, phones.last()).json() == refused[0].json()


def test_of_simultaneous_sign_ins_one_succeeds(api: Api, phones: Phones) -> None:
    ask_code(api, NEW_PHONE)
    code, settings = phones.last(NEW_PHONE), held(api).settings

    async def together() -> list[Opened | None]:
        uses = [api.runtime.system(service.redeem, NEW_PHONE, code, settings) for _ in range(8)]
        return await asyncio.gather(*uses)

    assert api.client.portal is not None
    opened = api.client.portal.call(together)
    assert sum(one is not None for one in opened) == 1


def test_simultaneous_guesses_are_all_counted(open_gateway: Open, phones: Phones) -> None:
    with open_gateway(otp_tries=3) as api:
        ask_code(api)
        settings, wrong = held(api).settings, f"{(int(phones.last()) + 1) % 10**6:06}"

        async def together() -> None:
            guesses = [api.runtime.system(service.redeem, PHONE, wrong, settings) for _ in range(6)]
            await asyncio.gather(*guesses)

        assert api.client.portal is not None
        api.client.portal.call(together)
        assert api.system(lambda unit: unit.session.scalar(select(OneTimeCode.tries))) == 3


def test_a_code_that_cannot_be_sent_can_be_asked_for_again_at_once(api: Api, phones: Phones) -> None:
    phones.works = False
    failed = ask_code(api)
    assert (failed.status_code, failed.headers["retry-after"]) == (503, "5")
    phones.works = True
    sign_in_by_code(api, phones)


def test_neither_phone_nor_code_is_kept_in_the_open(api: Api, phones: Phones) -> None:
    sign_in_by_code(api, phones, NEW_PHONE)
    tables = (ResidentAccount, OneTimeCode)
    rows = api.system(
        lambda unit: [vars(row) for table in tables for row in unit.session.scalars(select(table))]
    )
    assert NEW_PHONE[3:] not in str(rows)
    assert f"'{phones.last(NEW_PHONE)}'" not in str(rows)


def test_a_phone_is_not_repeated_in_an_error(api: Api) -> None:
    answer = ask_code(api, "010-88886666")
    assert answer.status_code == 422
    assert "8888" not in answer.text


def test_a_registered_volunteer_gains_the_role_with_the_next_token(api: Api, phones: Phones) -> None:
    token = sign_in_by_code(api, phones)
    subject = whoami(api, token).json()["subject"]
    event = VolunteerRegistered(volunteer_no="3309022600000017", subject=subject, community=XIAN)
    api.receive(event, source="volunteers")
    api.receive(event, source="volunteers")
    assert roles(api, tokens(try_refresh(api, token["refresh_token"]))) == {Role.RESIDENT, Role.VOLUNTEER}


def test_a_volunteer_unknown_here_does_no_harm(api: Api) -> None:
    api.receive(VolunteerRegistered(volunteer_no="3309022600000017", subject="r-gone", community=XIAN))


def test_the_demo_volunteer_is_one(api: Api, phones: Phones) -> None:
    assert roles(api, sign_in_by_code(api, phones, VOLUNTEERS_PHONE)) == {Role.RESIDENT, Role.VOLUNTEER}


def test_what_is_over_is_forgotten_after_a_day(api: Api, phones: Phones) -> None:
    sign_in_by_code(api, phones)
    api.clock.pass_(days=32)
    api.system(_tidy)
    for table in (OneTimeCode, SignInSession):
        assert api.system(lambda unit, rows=table: unit.session.scalars(select(rows)).all()) == []


# --- senders


def settings(**more: Any) -> Settings:
    told: dict[str, Any] = {
        "database_url": "sqlite:////nowhere",
        "signing_keys": KEYS,
        "issuer": "https://issuer.test",
        "jwks_url": "https://issuer.test/auth/jwks.json",
    }
    return Settings(**{**told, **SECRETS, **more})


def test_outside_the_embedded_run_somebody_has_to_send() -> None:
    with pytest.raises(RuntimeError, match="sms_webhook_url"):
        sender_from(settings(), httpx2.AsyncClient())
    webhook = {"sms_webhook_url": "https://sms.test/", "sms_webhook_secret": SECRETS["events_secret"]}
    assert isinstance(sender_from(settings(**webhook), httpx2.AsyncClient()), WebhookSender)
    assert isinstance(sender_from(settings(embedded=True), httpx2.AsyncClient()), ConsoleSender)


@pytest.mark.parametrize("name", ["demo_password", "otp_file"])
def test_what_is_for_demonstrations_is_refused_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is for the embedded run only"):
        settings(**{name: "x"})


async def test_the_file_keeps_the_latest_code_of_each_phone(tmp_path: Path) -> None:
    sender = ConsoleSender(tmp_path / "codes")
    for phone, code in ((PHONE, "111111"), (NEW_PHONE, "222222"), (PHONE, "333333")):
        await sender.send(phone, code, 300)
    kept = json.loads((tmp_path / "codes").read_text(encoding="utf-8"))
    assert kept == {PHONE: "333333", NEW_PHONE: "222222"}


async def test_the_provider_gets_a_signed_code() -> None:
    seen: list[httpx2.Request] = []

    def provider(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(202 if len(seen) == 1 else 500)

    secret = SECRETS["events_secret"]
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(provider)) as client:
        sender = WebhookSender(client, "https://sms.test/codes", SecretStr(secret))
        await sender.send(PHONE, "123456", 300)
        with pytest.raises(NotDelivered):
            await sender.send(PHONE, "123456", 300)
    Webhook(secret).verify(seen[0].content, dict(seen[0].headers))
    assert json.loads(seen[0].content) == {"phone": PHONE, "code": "123456", "valid_seconds": 300}
    assert "138" not in str(seen[0].url)
