"""Tokens and rate limits at the door."""

import json

import pytest

from gateway.edge.conftest import OpenGateway, OpenService
from onewindow_gateway.edge import LimitPolicy

pytestmark = pytest.mark.anyio

PATH = "/api/intake/v1"


async def test_without_a_token_the_service_decides(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    assert (await gateway.ask("GET", PATH)).status == 200
    assert service.requests[0].header("authorization") is None


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (["Authorization: Bearer bad"], "expired"),
        (["Authorization: bearer good-dismissed"], "revoked"),
        (["Authorization: Basic YTpi"], "Bearer scheme expected"),
        (
            ["Authorization: Bearer good-a", "Authorization: Bearer good-b"],
            "more than one Authorization header",
        ),
        (["Authorization: Bearer"], "Bearer scheme expected"),
    ],
)
async def test_a_token_that_does_not_count_ends_here(
    open_service: OpenService, open_gateway: OpenGateway, headers: list[str], reason: str
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    reply = await gateway.ask("GET", PATH, *headers)
    assert reply.status == 401
    assert reply.header("www-authenticate") == f'Bearer error="invalid_token", error_description="{reason}"'
    assert json.loads(reply.body)["type"] == "urn:onewindow:problem:token-refused"
    assert not service.lines


async def test_the_gateways_own_routes_judge_tokens_themselves(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway({})
    reply = await gateway.ask("POST", "/auth/refresh", "Authorization: Bearer bad")
    assert reply.status == 200
    assert json.loads(reply.body)["headers"]["authorization"] == "Bearer bad"


DEFAULT = LimitPolicy("default", 2, 60)
ACCOUNT = LimitPolicy("account", 3, 60, key="account")


async def test_limits_are_announced_and_enforced(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, DEFAULT, ACCOUNT, clock=lambda: 1000.0)
    replies = [await gateway.ask("GET", PATH) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert [reply.header("ratelimit") for reply in replies] == [
        '"default";r=1;t=60',
        '"default";r=0;t=60',
        '"default";r=0;t=60',
    ]
    assert {reply.header("ratelimit-policy") for reply in replies} == {'"default";q=2;w=60'}
    assert replies[2].header("retry-after") == "60"
    assert json.loads(replies[2].body)["type"] == "urn:onewindow:problem:too-many-requests"
    assert len(service.requests) == 2


async def test_signed_in_requests_are_counted_by_account(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, DEFAULT, ACCOUNT)
    for name in ("a", "b"):
        statuses = [
            (await gateway.ask("GET", PATH, f"Authorization: Bearer good-{name}")).status for _ in range(4)
        ]
        assert statuses == [200, 200, 200, 429]


async def test_guessing_tokens_is_counted_by_address(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, DEFAULT, ACCOUNT)
    statuses = [(await gateway.ask("GET", PATH, f"Authorization: Bearer guess-{n}")).status for n in range(3)]
    assert statuses == [401, 401, 429]


async def test_invented_addresses_do_not_help(open_service: OpenService, open_gateway: OpenGateway) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, DEFAULT)
    statuses = [(await gateway.ask("GET", PATH, f"X-Forwarded-For: 198.51.100.{n}")).status for n in range(3)]
    assert statuses == [200, 200, 429]


async def test_another_spelling_of_a_path_is_counted_alike(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway({}, LimitPolicy("codes", 1, 60, prefix="/auth/otp"))
    assert (await gateway.ask("POST", "/auth/otp")).status == 200
    assert (await gateway.ask("POST", "/auth/%6ftp")).status == 429


async def test_the_gateways_own_routes_know_id_and_client_and_nothing_invented(
    open_gateway: OpenGateway,
) -> None:
    gateway = await open_gateway({}, DEFAULT)
    reply = await gateway.ask(
        "GET", "/auth/me", "X-Forwarded-For: 6.6.6.6", "X-Real-IP: 6.6.6.6", "X-Internal-A: 1"
    )
    told = json.loads(reply.body)
    assert told["id"] == reply.header("x-request-id") == told["headers"]["x-request-id"]
    assert told["client"] == "127.0.0.1"
    assert "6.6.6.6" not in reply.body.decode()
    assert "x-internal-a" not in told["headers"]
    assert reply.header("ratelimit") is not None


async def test_behind_our_load_balancer_own_routes_see_the_client(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway({}, trusted_proxies=("127.0.0.1/32",))
    reply = await gateway.ask("GET", "/auth/me", "X-Forwarded-For: 198.51.100.9", "X-Forwarded-Proto: https")
    told = json.loads(reply.body)
    assert (told["client"], told["scheme"]) == ("198.51.100.9", "https")
