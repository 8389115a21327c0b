"""Staff sign in with their password."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc.jwk import KeySet
from sqlalchemy import select

from gateway.conftest import Open
from gateway.people import ADMIN, CLERK, OFFICER, PASSWORD, bearer, sign_in, try_password, whoami
from onewindow_gateway.accounts.models import StaffAccount
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.tokens import claims_of
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, Api


def audited(api: Api, action: str) -> list[AuditRecord]:
    query = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)
    return api.system(lambda unit: list(unit.session.scalars(query)))


def disable(unit: Unit) -> None:
    account = unit.session.get(StaffAccount, CLERK)
    assert account is not None
    account.disabled = True


def test_a_token_says_who_somebody_is_and_verifies_with_the_published_keys(api: Api) -> None:
    held = sign_in(api, OFFICER)
    keys = KeySet.import_key_set(api.client.get("/auth/jwks.json").json())
    now = int(api.clock().timestamp())
    claims = claims_of(held["access_token"], keys, "https://issuer.test", now)
    assert (claims.subject, *claims.roles) == (OFFICER, Role.DEPARTMENT_OFFICER)
    assert (claims.area, claims.department, claims.phone_proof) == ("330902", "health", None)
    assert claims.expires_at == now + 900 == now + held["expires_in"]
    assert claims.session


def test_tokens_are_never_stored_by_caches(api: Api) -> None:
    answer = try_password(api, CLERK, PASSWORD)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/auth/token", "/auth/revoke", "/auth/otp"])
def test_a_key_that_a_body_has_twice_is_refused_by_name(api: Api, path: str) -> None:
    twice = '{"username": "a", "token": "t", "token": "u", "username": "b", "phone": "1", "phone": "2"}'
    answer = api.client.post(path, content=twice, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    told = [(one["loc"], one["type"]) for one in answer.json()["errors"]]
    assert told == [(["body", name], "repeated") for name in ("username", "token", "phone")]


def test_a_body_that_is_too_deep_is_refused(api: Api) -> None:
    answer = api.client.post(
        "/auth/token", content="[" * 100_000, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


def test_oauth_clients_send_a_form(api: Api) -> None:
    form = {"grant_type": "password", "username": CLERK, "password": PASSWORD, "scope": "", "client_id": "x"}
    answer = api.client.post("/auth/token", data=form)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"


def test_a_user_name_is_read_in_any_case(api: Api) -> None:
    assert whoami(api, sign_in(api, "  Clerk.Xian ")).json()["subject"] == CLERK


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(api: Api) -> None:
    wrong, unknown = try_password(api, CLERK, "no"), try_password(api, "nobody", "no")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"] == "invalid_grant"


def test_what_was_typed_as_an_unknown_name_is_not_written_down(api: Api) -> None:
    try_password(api, "hunter2", "no")
    try_password(api, CLERK, "no")
    assert [row.entity_id for row in audited(api, "sign_in.refused")] == ["unknown", CLERK]
    assert "hunter2" not in json.dumps([row.detail for row in audited(api, "sign_in.refused")])


def test_a_sign_in_is_written_down_as_the_accounts_own_deed(api: Api) -> None:
    sign_in(api)
    (row,) = audited(api, "sign_in.accepted")
    assert (row.actor, row.roles, row.area) == (CLERK, [Role.WINDOW_CLERK], XIAN)


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(open_gateway: Open) -> None:
    with open_gateway(sign_in_tries=3) as api:
        for _ in range(3):
            assert try_password(api, CLERK, "no").status_code == 401
        waits = try_password(api, CLERK, PASSWORD)
        assert waits.status_code == 429
        assert 0 < int(waits.headers["retry-after"]) <= 900
        assert try_password(api, ADMIN, PASSWORD).status_code == 200


def test_unknown_names_have_to_wait_all_the_same(open_gateway: Open) -> None:
    with open_gateway(sign_in_tries=1) as api:
        assert [try_password(api, "nobody", "no").status_code for _ in range(2)] == [401, 429]


def test_the_right_password_forgives_the_wrong_ones(open_gateway: Open) -> None:
    with open_gateway(sign_in_tries=2) as api:
        for _ in range(3):
            assert try_password(api, CLERK, "no").status_code == 401
            sign_in(api)


def test_right_passwords_at_once_are_none_too_many(open_gateway: Open) -> None:
    with open_gateway(sign_in_tries=2) as api, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: try_password(api, CLERK, PASSWORD).status_code, range(8)))
        assert answers == [200] * 8


def test_wrong_passwords_at_once_are_judged_no_more_often_than_one_by_one(open_gateway: Open) -> None:
    with open_gateway(sign_in_tries=3) as api, ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(lambda _: try_password(api, CLERK, "no").status_code, range(8)))
        assert answers == [401] * 3 + [429] * 5


def test_a_disabled_account_is_refused_like_any(api: Api) -> None:
    api.system(disable)
    assert try_password(api, CLERK, PASSWORD).json() == try_password(api, CLERK, "no").json()
    assert audited(api, "sign_in.refused")[0].detail == {"why": "disabled"}


def test_a_token_that_has_expired_does_not_hinder_signing_in_again(api: Api) -> None:
    old = bearer(sign_in(api))
    api.clock.pass_(hours=1)
    assert api.client.get("/auth/me", headers=old).status_code == 401
    body = {"username": CLERK, "password": PASSWORD}
    assert api.client.post("/auth/token", json=body, headers=old).status_code == 200


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"{", [["body"]]),
        (b"[1]", [["body"]]),
        (b'"x"', [["body"]]),
        (b"\xff\xfe", [["body"]]),
        (b'{"grant_type": "magic"}', [["body"]]),
        (b'{"username": "a b", "x": 1}', [["body", "username"], ["body", "password"], ["body", "x"]]),
        (b'{"username": "a", "password": "\\ud800"}', [["body", "password"]]),
        (b'{"grant_type": "refresh_token", "refresh_token": "\\ud800"}', [["body", "refresh_token"]]),
        (b'{"username": "\\u0000", "password": "x"}', [["body", "username"]]),
    ],
)
def test_nonsense_is_refused_by_field(api: Api, content: bytes, named: list[Any]) -> None:
    answer = api.client.post("/auth/token", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [wrong["loc"] for wrong in answer.json()["errors"]] == named


def test_a_password_is_never_repeated(api: Api) -> None:
    answer = api.client.post("/auth/token", json={"username": "x y", "password": "s3cret", "more": "s3cret"})
    assert "s3cret" not in answer.text


def test_a_form_with_files_is_no_nonsense_to_fall_over(api: Api) -> None:
    files = {"username": ("a.txt", b"x")}
    assert api.client.post("/auth/token", files=files).status_code == 422
