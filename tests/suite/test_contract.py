"""The whole API through the gateway: whatever is sent, the answer is one that the gateway's description has."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from casework.hall import DISTRICT, SURVEY
from contracts.places import AREAS, Headers, Place, Record
from contracts.playing import EXAMPLES, operations, play
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person
from volunteers.organiser import announcement
from volunteers.signup import BASE as VOLUNTEERS

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

BEHIND = {"intake", "casework", "volunteers"}
EXAMPLES_EACH = 1
XIAN, ITEM = "330902002001", "soc-subsistence-national"
STAFF = (
    "clerk.xian",
    "agent.xian",
    "officer.civil_affairs",
    "manager.xian",
    "supervisor.changguo",
    "admin.dinghai",
)


def signed_in(town: Town) -> list[Headers]:
    people: list[Person] = [*map(town.staff, STAFF), town.resident("13800138000")]
    return [*({"Authorization": f"Bearer {someone.token}"} for someone in people), {}]


def posted(clerk: Person, town: Town) -> Iterator[Record]:
    """Cases, and an item that one of them is about."""
    item = town.item(ITEM)
    for serial in range(1, 6):
        form = {**application(item, XIAN, person(serial)), "accept": serial > 3}
        yield {"case_no": clerk.made(f"{INTAKE}/cases", form)["case_no"]}
    yield {"code": ITEM, "number": 1}


def applied(officer: Person) -> Iterator[Record]:
    """An application for work of communities, and the first published list."""
    yield {"code": officer.made(f"{CASEWORK}/admission/items", SURVEY)["code"]}
    yield {"district": DISTRICT, "number": 1}


def announced(manager: Person) -> Iterator[Record]:
    """An activity in nine days, and its shift."""
    today = manager.read(f"{CASEWORK}/admission/lists/{DISTRICT}/1")["effective_from"]
    day = date.fromisoformat(today) + timedelta(days=9)
    shift = {
        "starts_at": f"{day}T09:00:00+08:00",
        "ends_at": f"{day}T12:00:00+08:00",
        "roles": [{"name": "陪伴员", "capacity": 2}],
    }
    activity = manager.made(f"{VOLUNTEERS}/activities", announcement(shifts=[shift]))
    yield {"activity_id": activity["activity_id"]}
    yield {"shift_id": activity["shifts"][0]["shift_id"]}


def description(town: Town) -> dict[str, Any]:
    """Return the gateway's description once every service has told its part."""
    found: dict[str, Any] = eventually(
        lambda: town.anybody().read("/openapi.json"),
        lambda told: {path.split("/")[2] for path in told["paths"] if path.startswith("/api/")} >= BEHIND,
    )
    return found


def test_no_request_to_any_service_is_answered_otherwise_than_described(
    town: Town, subtests: pytest.Subtests
) -> None:
    known = [
        *AREAS,
        *posted(town.staff("clerk.xian"), town),
        *applied(town.staff("officer.civil_affairs")),
        *announced(town.staff("manager.xian")),
    ]
    place = Place(town.http, town.suite.url, signed_in(town), known)
    for label, operation in operations(description(town)).items():
        if "/api/" in label:
            for mode in EXAMPLES:
                with subtests.test(label, mode=mode.name):
                    play(place, operation, mode, EXAMPLES_EACH)
