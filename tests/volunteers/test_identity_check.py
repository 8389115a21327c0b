"""A site's own real-name service in place of the embedded check."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_volunteers.people.rules import IdentityCheck, Verdict
from testkit.api import Api
from volunteers.conftest import Open
from volunteers.signup import Citizen, post_form, sign_up, wrong_fields

PARENT, CHILD = Citizen(30), Citizen(20, Citizen(20).birth.replace(year=2014))


class Registry:
    """A real-name service that knows a few people; `verdict` None stands for one that breaks."""

    def __init__(self, known: dict[str, Verdict | None], seconds: float = 0) -> None:
        self.known, self.seconds, self.asked, self.closed = known, seconds, [], False  # type: ignore[var-annotated]

    async def compare(self, name: str, document: IdDocument) -> Verdict:
        self.asked.append(name)
        await asyncio.sleep(self.seconds)
        verdict = self.known.get(name, Verdict.MATCHES)
        if verdict is None:
            raise OSError(f"no route to the registry for {document.number}")
        return verdict

    @asynccontextmanager
    async def opened(self, settings: ServiceSettings) -> AsyncIterator[IdentityCheck]:
        yield self
        self.closed = True


def settings(registry: Registry, **more: Any) -> dict[str, Any]:
    return {"identity_check": registry.opened, **more}


def test_a_match_registers_at_once(open_service: Open, wang: Citizen) -> None:
    registry = Registry({wang.name: Verdict.MATCHES})
    with open_service(**settings(registry)) as api:
        assert sign_up(api, wang)["status"] == "registered"
        assert registry.asked == [wang.name]
    assert registry.closed


def test_another_name_on_the_document_is_refused(open_service: Open, wang: Citizen) -> None:
    with open_service(**settings(Registry({wang.name: Verdict.DIFFERS}))) as api:
        assert wrong_fields(post_form(api, wang)) == {"id_document"}


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "+8613800000099"},
        {"community": "330902002999"},
        {"consent": ["service_records"]},
        {"id_document": CHILD.id_document},
        {"id_document": Citizen(7, Citizen(7).birth.replace(year=2022)).id_document},
    ],
)
def test_nobody_is_asked_about_a_form_that_is_wrong(
    open_service: Open, wang: Citizen, changes: dict[str, Any]
) -> None:
    registry = Registry({})
    with open_service(**settings(registry)) as api:
        assert wrong_fields(post_form(api, wang, **changes))
    assert registry.asked == []


def test_nobody_is_asked_for_a_repeated_request_or_another_one_under_its_key(
    open_service: Open, wang: Citizen
) -> None:
    registry = Registry({})
    with open_service(**settings(registry)) as api:
        sign_up(api, wang)
        assert post_form(api, wang).headers["Idempotency-Replayed"] == "true"
        assert post_form(api, wang, name="别人").status_code == 422
        assert post_form(api, wang, name="别人", key="another-key").status_code == 409
    assert registry.asked == [wang.name]


def guesses(api: Api, citizen: Citizen, names: list[str]) -> list[int]:
    return [
        post_form(api, citizen, name=name, key=f"guess-no-{n}").status_code for n, name in enumerate(names)
    ]


def test_an_account_cannot_try_out_whose_number_it_is(open_service: Open, wang: Citizen) -> None:
    registry = Registry({"张三": Verdict.DIFFERS, "李四": Verdict.DIFFERS})
    with open_service(**settings(registry, identity_checks_per_day=2)) as api:
        assert guesses(api, wang, ["张三", "李四", "王五"]) == [422, 422, 429]
        assert int(post_form(api, wang).headers["Retry-After"]) == 86400
        assert registry.asked == ["张三", "李四"]
        assert sign_up(api, Citizen(8))["status"] == "registered"
        api.clock.pass_(days=1)
        assert sign_up(api, wang, key="next-day")["status"] == "registered"


def test_what_was_refused_is_written_down_without_particulars(open_service: Open, wang: Citizen) -> None:
    with open_service(**settings(Registry({wang.name: Verdict.DIFFERS}))) as api:
        post_form(api, wang)
        rows = api.system(lambda unit: unit.session.scalars(select(AuditRecord)).all())
        assert [(row.action, row.entity_id, row.detail) for row in rows] == [
            ("identity.asked", wang.subject, {}),
            ("identity.differed", wang.subject, {}),
        ]


def test_a_guardian_is_checked_too(open_service: Open) -> None:
    with open_service(**settings(Registry({PARENT.name: Verdict.DIFFERS}))) as api:
        answer = post_form(api, CHILD, guardian=PARENT.as_guardian())
        assert wrong_fields(answer) == {"id_document"}


@pytest.mark.parametrize(
    ("registry", "seconds"),
    [
        (Registry({Citizen(7).name: Verdict.UNSURE}), 5.0),
        (Registry({Citizen(7).name: None}), 5.0),
        (Registry({}, seconds=30), 0.01),
    ],
)
def test_without_an_answer_the_community_verifies(
    open_service: Open,
    wang: Citizen,
    registry: Registry,
    seconds: float,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with open_service(**settings(registry, identity_check_seconds=seconds)) as api:
        assert sign_up(api, wang)["status"] == "registering"
    logged = capsys.readouterr().out
    assert not any(secret in logged for secret in wang.secrets())


def test_where_the_community_verifies_nobody_else_is_told(open_service: Open, wang: Citizen) -> None:
    registry = Registry({})
    with open_service(**settings(registry, verification="community")) as api:
        assert sign_up(api, wang)["status"] == "registering"
    assert registry.asked == []


def test_a_repeated_request_gets_the_first_answer_whatever_the_check_says_now(
    open_service: Open, wang: Citizen
) -> None:
    registry = Registry({wang.name: Verdict.MATCHES})
    with open_service(**settings(registry)) as api:
        first = post_form(api, wang)
        registry.known[wang.name] = Verdict.DIFFERS
        assert post_form(api, wang).content == first.content


def test_outside_the_embedded_run_a_number_alone_verifies_nobody(open_service: Open, wang: Citizen) -> None:
    with open_service(embedded=False) as api:
        assert sign_up(api, wang)["status"] == "registering"


def test_the_embedded_check_trusts_the_number(api: Api, wang: Citizen) -> None:
    assert sign_up(api, wang)["status"] == "registered"
