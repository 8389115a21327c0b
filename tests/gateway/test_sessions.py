"""A session goes on by refresh tokens, each of which works once, and ends for good."""

import asyncio
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.conftest import Open, held
from gateway.people import Phones, bearer, sign_in, sign_in_by_code, tokens, try_refresh, whoami
from gateway.test_password_sign_in import disable
from onewindow_gateway import deps
from onewindow_gateway.revocations import Revocations
from onewindow_gateway.sessions import service
from onewindow_gateway.sessions.models import RefreshToken, SignInSession
from onewindow_gateway.sessions.service import Refreshed
from onewindow_gateway.signing import SigningKeys, new_signing_keys
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import Api


def revoke(api: Api, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> int:
    return api.client.post("/auth/revoke", json=body, headers=headers).status_code


def unused(unit: Unit) -> int:
    query = select(func.count()).select_from(RefreshToken).where(RefreshToken.used_at.is_(None))
    return unit.session.scalar(query) or 0


def test_a_refresh_token_gives_new_tokens_of_the_same_session(api: Api) -> None:
    first = sign_in(api)
    api.clock.pass_(minutes=20)
    assert whoami(api, first).status_code == 401
    second = tokens(try_refresh(api, first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    assert whoami(api, second).status_code == 200
    assert second["session_expires_at"] == first["session_expires_at"]


def test_a_token_used_twice_ends_the_session_for_both(api: Api) -> None:
    stolen = sign_in(api)
    mine = tokens(try_refresh(api, stolen["refresh_token"]))
    api.clock.pass_(minutes=1)
    assert try_refresh(api, stolen["refresh_token"]).status_code == 401
    assert whoami(api, mine).status_code == 401
    assert try_refresh(api, mine["refresh_token"]).status_code == 401


def test_a_lost_answer_can_be_asked_for_again_for_a_moment(api: Api) -> None:
    first = sign_in(api)
    lost = tokens(try_refresh(api, first["refresh_token"]))
    api.clock.pass_(seconds=5)
    again = tokens(try_refresh(api, first["refresh_token"]))
    assert tokens(try_refresh(api, again["refresh_token"]))
    assert lost["refresh_token"] != again["refresh_token"]


def test_asking_again_ends_the_token_of_the_lost_answer(api: Api) -> None:
    first = sign_in(api)
    lost = tokens(try_refresh(api, first["refresh_token"]))
    again = tokens(try_refresh(api, first["refresh_token"]))
    assert try_refresh(api, lost["refresh_token"]).status_code == 401
    assert whoami(api, again).status_code == 401


def test_of_simultaneous_uses_one_token_is_left(api: Api) -> None:
    first = sign_in(api)["refresh_token"]
    settings = held(api).settings

    async def together() -> list[Refreshed]:
        uses = [api.runtime.system(service.refresh, first, settings) for _ in range(5)]
        return await asyncio.gather(*uses)

    assert api.client.portal is not None
    assert all(refreshed.opened for refreshed in api.client.portal.call(together))
    assert api.system(unused) == 1


def test_a_session_ends_after_its_time_however_often_it_was_refreshed(open_gateway: Open) -> None:
    with open_gateway(staff_session_seconds=3600) as api:
        token = sign_in(api)
        for _ in range(3):
            api.clock.pass_(minutes=19)
            token = tokens(try_refresh(api, token["refresh_token"]))
        api.clock.pass_(minutes=4)
        assert try_refresh(api, token["refresh_token"]).status_code == 401


def test_residents_stay_signed_in_for_weeks(api: Api, phones: Phones) -> None:
    token = sign_in_by_code(api, phones)
    api.clock.pass_(days=29)
    fresh = tokens(try_refresh(api, token["refresh_token"]))
    assert whoami(api, fresh).json()["name"] == "138****8000"


def test_a_disabled_account_cannot_go_on(api: Api) -> None:
    token = sign_in(api)
    api.system(disable)
    assert try_refresh(api, token["refresh_token"]).status_code == 401
    assert whoami(api, token).status_code == 401


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_either_token_ends_the_session_at_once(api: Api, kind: str) -> None:
    token, other = sign_in(api), sign_in(api)
    assert revoke(api, {"token": token[kind]}) == 204
    assert whoami(api, token).status_code == 401
    assert try_refresh(api, token["refresh_token"]).status_code == 401
    assert whoami(api, other).status_code == 200


def test_the_bearer_token_ends_its_own_session(api: Api) -> None:
    token = sign_in(api)
    assert revoke(api, headers=bearer(token)) == 204
    assert whoami(api, token).status_code == 401


def test_an_expired_access_token_still_ends_its_session(api: Api) -> None:
    mine = sign_in(api)
    api.clock.pass_(minutes=20)
    assert whoami(api, mine).status_code == 401
    assert revoke(api, headers=bearer(mine)) == 204
    assert try_refresh(api, mine["refresh_token"]).status_code == 401


def test_an_expired_token_of_another_issuer_ends_nothing(api: Api) -> None:
    mine = sign_in(api)
    forged = SigningKeys.parse(new_signing_keys()).sign(decoded(mine))
    assert revoke(api, {"token": forged}) == 204
    assert whoami(api, mine).status_code == 200


def test_a_restarted_gateway_knows_what_was_revoked_before_its_first_request(
    open_gateway: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_gateway() as api:
        mine = sign_in(api)
        assert revoke(api, headers=bearer(mine)) == 204
    monkeypatch.setattr(deps, "every", never)
    with open_gateway() as restarted:
        assert whoami(restarted, mine).status_code == 401


async def never(seconds: float, name: str, work: object) -> None:
    """Stand in for a job that has not had its turn yet."""


def decoded(held: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(urlsafe_b64decode(held["access_token"].split(".")[1] + "=="))
    return said


def test_revoking_says_nothing_of_what_there_was(api: Api) -> None:
    assert revoke(api, {"token": "never-issued"}) == 204
    assert revoke(api) == 422
    kind = {"content-type": "application/json"}
    half = api.client.post("/auth/revoke", content=b'{"token": "\\ud800"}', headers=kind)
    assert half.status_code == 422


def test_oauth_clients_give_a_token_back_by_form(api: Api) -> None:
    token = sign_in(api)
    form = {"token": token["refresh_token"], "token_type_hint": "refresh_token"}
    assert api.client.post("/auth/revoke", data=form).status_code == 204
    assert whoami(api, token).status_code == 401


def test_a_revocation_is_written_down_once(api: Api) -> None:
    token = sign_in(api)
    for _ in range(2):
        revoke(api, {"token": token["refresh_token"]})
    query = select(AuditRecord).where(AuditRecord.action == "session.revoked")
    (row,) = api.system(lambda unit: list(unit.session.scalars(query)))
    assert row.detail == {"why": "signed out", "account": "clerk.xian"}


def test_a_sister_process_learns_of_a_revocation(api: Api) -> None:
    token = sign_in(api)
    revoke(api, {"token": token["refresh_token"]})
    sister = Revocations(900)
    session_id = api.system(lambda unit: unit.session.scalar(select(SignInSession.id)))
    assert session_id not in sister
    assert api.client.portal is not None
    api.client.portal.call(sister.refresh, api.runtime)
    assert session_id in sister


def test_a_revocation_is_forgotten_when_its_access_tokens_have_expired(api: Api) -> None:
    sign_in(api)
    session_id = api.system(lambda unit: unit.session.scalar(select(SignInSession.id)))
    assert session_id is not None
    api.system(service.revoke_session, session_id)
    known = held(api).revocations
    known.add(session_id)
    assert api.client.portal is not None
    api.client.portal.call(known.refresh, api.runtime)
    assert session_id in known
    api.clock.pass_(minutes=20)
    api.client.portal.call(known.refresh, api.runtime)
    assert session_id not in known


def test_only_hashes_of_refresh_tokens_are_kept(api: Api) -> None:
    token = sign_in(api)["refresh_token"]
    kept = api.system(lambda unit: unit.session.scalars(select(RefreshToken.hash)).all())
    assert len(kept) == 1
    assert token not in kept


def test_the_discovery_document_points_at_this_issuer(api: Api) -> None:
    found = api.client.get("/.well-known/openid-configuration").json()
    assert found["issuer"] == "https://issuer.test"
    assert found["jwks_uri"] == "https://issuer.test/auth/jwks.json"
