"""Staff who are asked why something is late, or ordered to see to it, are told once, and by nobody's name."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from casework.office import Office, furnished, open_office
from casework.street import Street
from conftest import FreshDatabase
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import OfficerChanged
from testkit.api import DONGSHAN, XIAN
from testkit.provider import Provider, providing, send_all

STREET, DISTRICT = XIAN[:9], XIAN[:6]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as found:
        yield found


@pytest.fixture
def street(fresh_database: FreshDatabase, provider: Provider) -> Iterator[Street]:
    with open_office(fresh_database("casework", furnished), **provider.settings) as office:
        yield Street(office)


def account(office: Office, subject: str, role: Role, area: str, **more: Any) -> None:
    told = {"area": area, "department": None, "active": True} | more
    office.api.receive(OfficerChanged(subject=subject, roles=[role], **told), source="gateway")


def told(provider: Provider) -> list[tuple[str, Any]]:
    """Return kind and addressee of what was sent, in the order of sending, and forget it."""
    found = [
        (message["kind"], message["to"].get("account") or message["to"]["area"])
        for message in provider.messages
    ]
    provider.taken.clear()
    return found


def test_what_is_late_is_told_to_whoever_answers_then_level_by_level_each_once(
    street: Street, provider: Provider
) -> None:
    office = street.office
    account(office, "agent.xian", Role.AGENT_OFFICER, XIAN)
    account(office, "manager.xian", Role.COMMUNITY_MANAGER, XIAN)
    account(office, "manager.dongshan", Role.COMMUNITY_MANAGER, DONGSHAN)
    account(office, "gone.xian", Role.COMMUNITY_MANAGER, XIAN, active=False)
    case_no = office.started(promised_days=2)
    office.go_to(2026, 11, 25, 10)
    office.api.quiet()
    assert send_all(office.api) == 1
    (message,) = provider.messages
    assert message == {
        "kind": "overdue",
        "to": {"account": "agent.xian"},
        "case_no": case_no,
        "supervision": street.of(case_no)[0]["supervision_id"],
        "step": None,
        "level": "officer",
        "area": XIAN,
        "answer_by": "2026-11-26",
    }
    provider.taken.clear()
    office.api.quiet()
    assert send_all(office.api) == 0, "once"
    office.go_to(2026, 11, 26, 10)
    office.api.quiet()
    send_all(office.api)
    assert told(provider) == [("escalation", "manager.xian")]
    office.go_to(2026, 11, 30, 10)
    office.api.quiet()
    send_all(office.api)
    assert told(provider) == [("escalation", STREET)], "nobody is known who stands there: level and area"


def test_after_a_downtime_the_officer_and_the_level_that_it_has_come_to_are_told(
    street: Street, provider: Provider
) -> None:
    office = street.office
    office.started(promised_days=2)
    office.api.clock.pass_(days=40)
    office.api.quiet()
    send_all(office.api)
    assert sorted(told(provider)) == [("escalation", DISTRICT), ("overdue", "agent.xian")]


def test_an_order_is_told_to_whoever_answers_or_stands_in_and_so_is_the_second_one(
    street: Street, provider: Provider
) -> None:
    office = street.office
    case_no = office.started()
    order = street.order(street.street, case_no).json()
    send_all(office.api)
    (message,) = provider.messages
    assert message["to"] == {"account": "agent.xian"}
    assert "text" not in message
    kind = message["kind"]
    assert kind in {"urge", "supervision_order"}
    provider.taken.clear()
    answered = street.must(office.agent, case_no, order, "answer", {"text": "正在办理"})
    again = street.do(street.street, case_no, answered, "second-order", {"text": "请尽快"})
    assert again.status_code == 200, again.text
    send_all(office.api)
    assert told(provider) == [(kind, "agent.xian")]


def test_what_was_closed_meanwhile_is_told_to_nobody(street: Street, provider: Provider) -> None:
    office = street.office
    case_no = office.started()
    order = street.order(street.street, case_no).json()
    street.must(street.street, case_no, order, "closure", {})
    send_all(office.api)
    assert provider.taken == []


def test_what_is_not_taken_over_waits_and_keeps_its_number(
    street: Street, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    office = street.office
    case_no = office.started()
    street.order(street.street, case_no)
    provider.broken = True
    with caplog.at_level(logging.DEBUG):
        assert send_all(office.api) == 1
        assert send_all(office.api) == 0, "it waits"
        provider.broken = False
        office.api.clock.pass_(minutes=1)
        assert send_all(office.api) == 1
    assert len(set(provider.numbers)) == 1
    office.api.clock.pass_(days=1)
    assert send_all(office.api) == 0
    assert case_no not in caplog.text


def test_where_nothing_can_be_sent_nothing_is_kept(fresh_database: FreshDatabase) -> None:
    with open_office(fresh_database("casework", furnished), embedded=False) as office:
        street = Street(office)
        street.order(street.street, office.started())
        assert send_all(office.api) == 0


def test_the_embedded_run_tells_its_log(office: Office) -> None:
    street = Street(office)
    street.order(street.street, office.started())
    assert send_all(office.api) == 1
    office.api.clock.now += timedelta(days=1)
    assert send_all(office.api) == 0
