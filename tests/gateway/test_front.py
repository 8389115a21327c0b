"""The edge around the gateway's own routes: tokens, revocation, limits, and the way to the services."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest
from starlette.types import ASGIApp

from gateway.conftest import Open, held
from gateway.people import KEYS, bearer, sign_in
from onewindow_gateway.app import SERVICE
from onewindow_gateway.edge import Edge, EdgeSettings
from onewindow_gateway.forwardlog import ForwardLog
from onewindow_gateway.front import UPLOADS, front, policies
from onewindow_gateway.settings import BEHIND, Settings
from onewindow_gateway.signing import SigningKeys, new_signing_keys
from testkit.api import Api

DEAD = dict.fromkeys(BEHIND, "http://127.0.0.1:9")


@dataclass
class Outside:
    """A client of the edge, in the event loop of the application that stands behind it."""

    api: Api
    edge: ASGIApp

    def request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.edge)
            async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
                return await client.request(method, path, **more)

        assert self.api.client.portal is not None
        return self.api.client.portal.call(ask)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, body: dict[str, str]) -> httpx2.Response:
        return self.request("POST", path, json=body)


@contextmanager
def behind_the_edge(api: Api) -> Iterator[Outside]:
    logged = front(api.app, api.runtime.settings)
    assert isinstance(logged, ForwardLog)
    edge = logged._edge
    assert isinstance(edge, Edge)
    yield Outside(api, logged)
    assert api.client.portal is not None
    api.client.portal.call(edge.shutdown)


def test_a_service_that_is_down_is_said_to_be(open_gateway: Open) -> None:
    with open_gateway(upstreams=DEAD) as api, behind_the_edge(api) as client:
        answer = client.get("/api/intake/v1/cases", headers=bearer(sign_in(api)))
        assert answer.status_code in {503, 504}
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.get("/healthz").status_code == 200


def test_a_token_of_an_ended_session_goes_nowhere(open_gateway: Open) -> None:
    with open_gateway(upstreams=DEAD) as api, behind_the_edge(api) as client:
        token = sign_in(api)
        client.post("/auth/revoke", {"token": token["refresh_token"]})
        answer = client.get("/api/intake/v1/cases", headers=bearer(token))
        assert (answer.status_code, answer.json()["title"]) == (401, "Token refused")


def test_a_token_of_another_issuer_goes_nowhere(open_gateway: Open) -> None:
    foreign = SigningKeys.parse(new_signing_keys()).sign({"sub": "x", "exp": 4_000_000_000})
    with open_gateway(upstreams=DEAD) as api, behind_the_edge(api) as client:
        headers = {"Authorization": f"Bearer {foreign}"}
        assert client.get("/api/intake/v1/cases", headers=headers).status_code == 401


def test_the_gateways_own_figures_are_not_forwarded(open_gateway: Open) -> None:
    with open_gateway(upstreams=DEAD) as api, behind_the_edge(api) as client:
        answer = client.get("/api/metrics/v1/definitions")
        assert answer.status_code == 200
        assert answer.headers.get_list("x-request-id") == [answer.headers["x-request-id"]]


def test_signing_in_is_limited_by_client(open_gateway: Open) -> None:
    with open_gateway(limit_auth=3) as api, behind_the_edge(api) as client:
        body = {"username": "nobody", "password": "no"}
        codes = [client.post("/auth/token", body).status_code for _ in range(4)]
        assert codes == [401, 401, 401, 429]
        assert client.get("/auth/jwks.json").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_a_limit_of_0_is_none(open_gateway: Open) -> None:
    limits = {"limit_client": 0, "limit_account": 0, "limit_polls": 0, "limit_auth": 0, "limit_tracking": 5}
    with open_gateway(**limits) as api:
        found = policies(cast("Settings", api.runtime.settings))
        assert [(policy.name, policy.amount, policy.prefix) for policy in found] == [
            ("tracking", 5, "/api/intake/v1/tracking/"),
            ("paper-checks", 5, "/api/intake/v1/paper-checks"),
            ("reviews", 5, "/api/casework/v1/review-invitations/"),
            ("page-tracking", 5, "/tracking"),
            ("page-papers", 5, "/papers"),
            ("page-certificates", 5, "/certificates"),
            ("page-service-certificates", 5, "/service-certificates"),
            ("page-reviews", 5, "/reviews"),
        ]


def test_keys_rotate_by_a_new_first_one(open_gateway: Open) -> None:
    both = json.dumps({"keys": [json.loads(text)["keys"][0] for text in (new_signing_keys(), KEYS)]})
    with open_gateway() as api:
        old = sign_in(api)
    with open_gateway(signing_keys=both) as api:
        published = api.client.get("/auth/jwks.json").json()["keys"]
        assert [key["kid"] for key in published] == [key.kid for key in held(api).keys.keys]
        assert not any("d" in key for key in published)
        assert api.client.get("/auth/me", headers=bearer(old)).status_code == 200
        assert api.client.get("/auth/me", headers=bearer(sign_in(api))).status_code == 200


@pytest.mark.parametrize(
    "text", ["", "{}", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "[]"]
)
def test_keys_that_cannot_sign_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValueError, match="signing keys") as refused:
        SigningKeys.parse(text)
    assert "c2VjcmV0" not in str(refused.value)


def test_uploads_may_be_larger_than_any_other_body() -> None:
    edge = EdgeSettings(max_body_bytes=4, larger_bodies=((UPLOADS, 20),))
    assert edge.most_bytes(f"{UPLOADS}0123/parts/1") == 20
    for path in (
        "/api/intake/v1/uploads",
        "/api/intake/v1/cases/1/uploads",
        "/api/casework/v1/uploads/1",
        "/",
    ):
        assert edge.most_bytes(path) == 4


@pytest.mark.parametrize("address", ["https://intake.test", "intake:8101", "http://"])
def test_a_service_without_a_plain_address_is_a_wrong_setting(open_gateway: Open, address: str) -> None:
    with open_gateway(upstreams={"intake": address}) as api, pytest.raises(ValueError, match="of intake"):
        front(api.app, api.runtime.settings)


def test_the_gateway_serves_its_front() -> None:
    assert SERVICE.front is front
