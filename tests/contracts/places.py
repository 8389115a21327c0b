"""Each service at work: with people, records that exist, and addresses that lead to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from casework.office import open_office
from gateway.people import KEYS, PASSWORD
from intake.conftest import REGISTER, calendar
from intake.window import somebody
from onewindow_gateway.app import SERVICE as GATEWAY
from onewindow_gateway.demo import demo
from onewindow_gateway.seed import load
from onewindow_intake.app import SERVICE as INTAKE
from onewindow_intake.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_volunteers.app import SERVICE as VOLUNTEERS
from testkit.api import XIAN, Api, running
from volunteers.signup import Citizen, sign_up

DISTRICT, DEPARTMENT = XIAN[:6], "civil_affairs"
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where requests are sent to, what its records are called, and who may come."""

    client: Any
    url: str
    people: Sequence[Headers]
    known: Mapping[str, list[str]]
    """Values of path parameters that lead somewhere."""


def at_service(api: Api, known: Mapping[str, list[str]]) -> Place:
    """Meet a service as it is behind the gateway: somebody of every role, and nobody."""
    headers = api.people.headers
    people: list[Headers] = [
        headers(Role.WINDOW_CLERK, XIAN),
        headers(Role.AGENT_OFFICER, XIAN, subject="agent.xian"),
        headers(Role.DEPARTMENT_OFFICER, DISTRICT, department=DEPARTMENT),
        headers(Role.COMMUNITY_MANAGER, XIAN),
        headers(Role.STREET_SUPERVISOR, XIAN[:9]),
        headers(Role.DISTRICT_ADMIN, DISTRICT),
        headers(Role.AUDITOR, DISTRICT),
        headers(Role.SERVICE_CLIENT, DISTRICT),
        headers(Role.RESIDENT, subject="r-1"),
        {},
    ]
    return Place(api.client, "http://testserver", people, known)


AREAS = {"area_code": [XIAN, XIAN[:9], DISTRICT, "330902000000"]}


@contextmanager
def intake(url: str) -> Iterator[Place]:
    with running(INTAKE, url) as api:
        api.system(seed)
        api.receive(*REGISTER, calendar(2026), source="casework")
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
        posted = [clerk.posted(serial=serial)["case_no"] for serial in range(1, 6)]
        posted.append(clerk.posted(serial=9, accept=True, materials=clerk.papers())["case_no"])
        items = [item["code"] for item in clerk.get("items").json()["items"][:3]]
        yield at_service(api, {"case_no": posted, "code": items, **AREAS})


@contextmanager
def casework(url: str) -> Iterator[Place]:
    with open_office(url) as office:
        cases = [office.accepted(applicant_subject=subject) for subject in (None, "r-1", "r-1", None)]
        yield at_service(office.api, {"case_no": cases, "year": ["2026", "2027"], **AREAS})


@contextmanager
def volunteers(url: str) -> Iterator[Place]:
    with running(VOLUNTEERS, url) as api:
        api.receive(*REGISTER, source="casework")
        people = [sign_up(api, Citizen(serial), community=XIAN)["volunteer_no"] for serial in (1, 2)]
        yield at_service(api, {"volunteer_no": people, **AREAS})


@contextmanager
def gateway(url: str) -> Iterator[Place]:
    told: dict[str, Any] = {"signing_keys": KEYS, "demo_password": PASSWORD, "metrics_budget_seconds": 0.05}
    with running(GATEWAY, url, **told) as api:
        api.system(lambda unit: load(unit, demo(), SecretStr(PASSWORD)))
        yield at_service(api, AREAS)


PLACES: Mapping[str, Callable[[str], AbstractContextManager[Place]]] = {
    "intake": intake,
    "casework": casework,
    "volunteers": volunteers,
    "gateway": gateway,
}
