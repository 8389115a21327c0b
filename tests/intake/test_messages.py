"""An applicant who has said nothing is reminded once, by the phone of the case, which no row and no log has."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from intake.conftest import Open
from intake.test_reviewing import invite
from intake.window import Somebody, person, somebody
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from testkit.api import XIAN, Api
from testkit.databases import everything
from testkit.provider import Provider, providing, send_all


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as found:
        yield found


@pytest.fixture
def api(open_furnished: Open, provider: Provider) -> Iterator[Api]:
    with open_furnished(**provider.settings) as api:
        yield api


@pytest.fixture
def clerk(api: Api) -> Somebody:
    return somebody(api, Role.WINDOW_CLERK, XIAN)


def remind(api: Api, case: Any, version: int = 8) -> CaseProgressed:
    event = CaseProgressed(
        case_no=case["case_no"],
        status=CaseStatus.CLOSED,
        step="review_reminded",
        at=api.clock(),
        version=version,
    )
    api.receive(event, source="casework")
    return event


def closed(api: Api, clerk: Somebody, until: date, serial: int = 1) -> dict[str, Any]:
    case = clerk.posted(serial=serial)
    invite(api, case, until)
    return case


def test_a_reminder_goes_out_once_with_the_way_to_follow_it(
    api: Api, clerk: Somebody, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    until = api.clock().date() + timedelta(days=2)
    case = closed(api, clerk, until)
    with caplog.at_level(logging.DEBUG):
        remind(api, case)
        assert send_all(api) == 1
    (message,) = provider.messages
    assert (message["kind"], message["to"]) == (
        "review_reminder",
        {"phone": f"+86{person(1)['mobile'][-11:]}"},
    )
    assert (message["case_no"], message["until"]) == (case["case_no"], until.isoformat())
    assert message["link"].startswith("https://issuer.test/reviews#")
    api.clock.pass_(days=1)
    assert send_all(api) == 0
    url = api.runtime.settings.database_url.get_secret_value()
    for told in (everything(url), caplog.text):
        assert person(1)["mobile"][-11:] not in told


def test_who_has_said_something_meanwhile_or_too_late_is_not_reminded(
    api: Api, clerk: Somebody, provider: Provider
) -> None:
    until = api.clock().date()
    said, late = closed(api, clerk, until), closed(api, clerk, until, serial=2)
    provider.broken = True
    for case in (said, late):
        remind(api, case)
    assert send_all(api) == 2
    provider.broken = False
    invite(api, said, None)
    provider.taken.clear()
    api.clock.pass_(days=1)
    send_all(api)
    assert provider.taken == []
    assert send_all(api) == 0
