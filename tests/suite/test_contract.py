"""The whole API through the gateway: whatever is sent, the answer is one that the gateway's description has."""

from typing import Any

import pytest

from contracts.places import AREAS, Headers, Place
from contracts.playing import EXAMPLES, operations, play
from town import INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

BEHIND = {"intake", "casework", "volunteers"}
EXAMPLES_EACH = 3
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


def posted(clerk: Person, town: Town) -> list[str]:
    item = town.item(ITEM)
    forms = [{**application(item, XIAN, person(serial)), "accept": serial > 3} for serial in range(1, 6)]
    return [clerk.made(f"{INTAKE}/cases", form)["case_no"] for form in forms]


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
    known = {"case_no": posted(town.staff("clerk.xian"), town), "code": [ITEM], **AREAS}
    place = Place(town.http, town.suite.url, signed_in(town), known)
    for label, operation in operations(description(town)).items():
        if "/api/" in label:
            for mode in EXAMPLES:
                with subtests.test(label, mode=mode.name):
                    play(place, operation, mode, EXAMPLES_EACH)
