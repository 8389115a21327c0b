"""A token is believed if the issuer signed it, for us, and it is not over; the issuer is asked seldom."""

import asyncio
import base64
import json
from types import SimpleNamespace
from typing import Any
from unittest import mock

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing import tokens
from onewindow_shared.plumbing.problems import Unauthorized, Unavailable
from onewindow_shared.plumbing.tokens import AUDIENCE, REFRESH_SECONDS, Remembered, TokenVerifier
from testkit.api import XIAN, FrozenClock

ISSUER, URL = "https://issuer.test", "https://issuer.test/auth/jwks.json"
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "ed-1", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
NEWER = OKPKey.generate_key("Ed25519", {"kid": "ed-2", "use": "sig"})
NOW = int(FrozenClock().now.timestamp())


def claims(**changed: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "clerk",
        "name": "王小明",
        "roles": ["window_clerk"],
        "area": XIAN,
        "sid": "session",
        "iat": NOW,
        "exp": NOW + 600,
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


def signed(key: Any = EDWARDS, algorithm: str = "Ed25519", kid: str | None = None, **changed: Any) -> str:
    header = {"alg": algorithm, "kid": kid or key.kid}
    return jwt.encode(header, claims(**changed), key, algorithms=["EdDSA", "Ed25519", "ES256", "HS256"])


class Issuer:
    """Publishes keys, counts who asks, and can be down."""

    def __init__(self, *keys: Any) -> None:
        self.keys, self.asked, self.down = list(keys), 0, False

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self.down:
            raise httpx2.ConnectError("refused")
        return httpx2.Response(200, json=KeySet(self.keys).as_dict(private=False))


class Passing:
    """A monotonic clock that tests move."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(EDWARDS, CURVE)


@pytest.fixture
def passing() -> Any:
    moved = Passing()
    with mock.patch.object(tokens, "time", SimpleNamespace(monotonic=moved)):
        yield moved


@pytest.fixture
async def verifier(issuer: Issuer, clock: FrozenClock, passing: Passing) -> Any:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(issuer.answer)) as client:
        yield TokenVerifier(ISSUER, URL, clock, client)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(("key", "algorithm"), [(EDWARDS, "EdDSA"), (EDWARDS, "Ed25519"), (CURVE, "ES256")])
async def test_a_token_of_the_issuer_is_believed(verifier: TokenVerifier, key: Any, algorithm: str) -> None:
    found = await verifier.verify(signed(key, algorithm))
    assert (found.subject, found.roles, found.area) == ("clerk", frozenset({Role.WINDOW_CLERK}), XIAN)
    assert (found.session, found.expires_at) == ("session", NOW + 600)


def unsigned() -> str:
    parts = ({"alg": "none", "kid": EDWARDS.kid}, claims())
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
    )


def with_public_key_as_secret() -> str:
    public = EDWARDS.as_dict(private=False)["x"]
    return signed(OctKey.import_key(str(public)), "HS256", kid=EDWARDS.kid)


def changed_payload() -> str:
    head, _, signature = signed().split(".")
    _, payload, _ = signed(roles=["district_admin"]).split(".")
    return f"{head}.{payload}.{signature}"


FORGED = {
    "over": signed(exp=NOW - 1),
    "over this second": signed(exp=NOW),
    "not yet begun": signed(nbf=NOW + 60),
    "of another issuer": signed(iss="https://elsewhere.test"),
    "for another audience": signed(aud="somebody-else"),
    "for nobody": signed(aud=None),
    "without end": signed(exp=None),
    "with a strange end": signed(exp="soon"),
    "with an end for ever": signed(exp=True),
    "without subject": signed(sub=None),
    "with a numbered subject": signed(sub=7),
    "with an unknown role": signed(roles=["emperor"]),
    "with roles as a text": signed(roles="district_admin"),
    "of an unknown key under a known name": signed(NEWER, kid=EDWARDS.kid),
    "not signed": unsigned(),
    "signed with the public key": with_public_key_as_secret(),
    "changed": changed_payload(),
    "nonsense": "nonsense",
    "empty parts": "..",
    "not ascii": "é.é.é",
    "a list": ".".join([signed().split(".")[0], base64.urlsafe_b64encode(b"[]").decode(), "AAAA"]),
}


@pytest.mark.parametrize("what", FORGED)
async def test_any_other_token_is_refused(verifier: TokenVerifier, issuer: Issuer, what: str) -> None:
    with pytest.raises(Unauthorized):
        await verifier.verify(FORGED[what])
    assert issuer.asked == 1, "a bad token of a known key is no reason to ask the issuer again"


async def test_a_believed_token_is_refused_once_it_is_over(
    verifier: TokenVerifier, clock: FrozenClock
) -> None:
    token = signed()
    await verifier.verify(token)
    clock.pass_(seconds=599)
    await verifier.verify(token)
    clock.pass_(seconds=1)
    with pytest.raises(Unauthorized):
        await verifier.verify(token)


async def test_the_issuer_is_asked_once_for_many_tokens(verifier: TokenVerifier, issuer: Issuer) -> None:
    for number in range(20):
        await verifier.verify(signed(sub=f"clerk-{number}"))
    assert issuer.asked == 1


async def test_a_new_key_is_fetched_when_it_shows_up(
    verifier: TokenVerifier, issuer: Issuer, passing: Passing
) -> None:
    await verifier.verify(signed())
    issuer.keys.append(NEWER)
    passing.seconds += REFRESH_SECONDS
    assert (await verifier.verify(signed(NEWER))).subject == "clerk"
    assert issuer.asked == 2


async def test_made_up_keys_make_the_issuer_asked_seldom(
    verifier: TokenVerifier, issuer: Issuer, passing: Passing
) -> None:
    for number in range(20):
        with pytest.raises(Unauthorized):
            await verifier.verify(signed(NEWER, kid=f"made-up-{number}"))
    assert issuer.asked == 1
    passing.seconds += REFRESH_SECONDS
    for number in range(20):
        with pytest.raises(Unauthorized):
            await verifier.verify(signed(NEWER, kid=f"made-up-{number}"))
    assert issuer.asked == 2


async def test_an_issuer_that_never_answered_is_an_outage(
    verifier: TokenVerifier, issuer: Issuer, passing: Passing
) -> None:
    issuer.down = True
    for _ in range(3):
        with pytest.raises(Unavailable) as refused:
            await verifier.verify(signed())
        assert refused.value.retry_after == 1
    assert issuer.asked == 1, "while it is down it is not asked for every request"
    issuer.down = False
    passing.seconds += REFRESH_SECONDS
    await verifier.verify(signed())


async def test_an_issuer_that_went_down_later_hurts_nobody_it_let_in(
    verifier: TokenVerifier, issuer: Issuer, passing: Passing
) -> None:
    await verifier.verify(signed())
    issuer.down = True
    passing.seconds += REFRESH_SECONDS
    await verifier.verify(signed(sub="another"))
    with pytest.raises(Unauthorized):
        await verifier.verify(signed(exp=NOW - 1))
    with pytest.raises(Unavailable):
        await verifier.verify(signed(NEWER))


async def test_an_issuer_that_hangs_keeps_only_tokens_of_unknown_keys_waiting(
    clock: FrozenClock, passing: Passing
) -> None:
    issuer, let_go = Issuer(EDWARDS), asyncio.Event()
    let_go.set()

    async def answer(request: httpx2.Request) -> httpx2.Response:
        await let_go.wait()
        return issuer.answer(request)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        verifier = TokenVerifier(ISSUER, URL, clock, client)
        await verifier.verify(signed())
        let_go.clear()
        passing.seconds += REFRESH_SECONDS
        issuer.keys.append(NEWER)
        waiting = [asyncio.create_task(verifier.verify(signed(NEWER, sub=f"{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        async with asyncio.timeout(1):
            assert (await verifier.verify(signed(sub="another"))).subject == "another"
        let_go.set()
        assert [found.subject for found in await asyncio.gather(*waiting)] == ["0", "1", "2"]
    assert issuer.asked == 2


@pytest.mark.parametrize("body", ["", "[]", '{"keys": 7}', '{"keys": [{"kty": "??"}]}', "<html>"])
async def test_keys_that_make_no_sense_are_an_outage(clock: FrozenClock, body: str) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=body))
    async with httpx2.AsyncClient(transport=transport) as client:
        with pytest.raises(Unavailable):
            await TokenVerifier(ISSUER, URL, clock, client).verify(signed())


async def test_the_memory_of_tokens_is_bounded(verifier: TokenVerifier, clock: FrozenClock) -> None:
    with mock.patch.object(tokens, "REMEMBERED", 3):
        memory, one = Remembered(clock), await verifier.verify(signed())
        for name in "abcd":
            memory.put(name, one)
        assert [memory.get(name) for name in "abcd"] == [None, one, one, one]
