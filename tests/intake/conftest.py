"""The running service with its register, its items and a calendar, and cases of other communities."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from conftest import FreshDatabase
from intake.window import Somebody, somebody
from onewindow_intake.app import SERVICE
from onewindow_intake.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged, DepartmentChanged
from onewindow_shared.plumbing.published_years import published
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api, running

REGISTERED = [
    AreaChanged(code="330902", name="定海区", kind=AreaKind.DISTRICT, population=500030),
    AreaChanged(code="330902002", name="昌国街道", kind=AreaKind.STREET, population=39644),
    AreaChanged(code="330902003", name="环南街道", kind=AreaKind.STREET, population=30049),
    AreaChanged(code=XIAN, name="西安社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None),
    AreaChanged(code=KAIYUAN, name="开源社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=4865),
    AreaChanged(code=DONGSHAN, name="东山社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None),
]
DEPARTMENTS = {
    "agriculture": "定海区农业农村局",
    "civil_affairs": "定海区民政局",
    "culture_tourism_sports": "定海区文化和广电旅游体育局",
    "disabled_federation": "定海区残疾人联合会",
    "education": "定海区教育局",
    "health": "定海区卫生健康局",
    "healthcare_security": "定海区医疗保障局",
    "housing": "定海区住房和城乡建设局",
    "human_resources": "定海区人力资源和社会保障局",
    "justice": "定海区司法局",
    "public_security": "舟山市公安局定海区分局",
    "veterans_affairs": "定海区退役军人事务局",
}
REGISTER = [
    *(DepartmentChanged(district="330902", code=code, name=name) for code, name in DEPARTMENTS.items()),
    *REGISTERED,
]
Open = Callable[..., AbstractContextManager[Api]]


def calendar(year: int) -> CalendarChanged:
    """The published holidays of a year, as casework tells of them."""
    days = [(day.day, str(day.kind), day.name) for day in published([year])]
    return CalendarChanged(year=year, days=days)


def furnished(url: str) -> None:
    """Put in the register, the calendar and the items."""
    with _running(url) as api:
        api.system(seed)
        api.receive(*REGISTER, calendar(2026), source="casework")


def furnished_with_noise(url: str) -> None:
    """Put in cases of other communities, too, and older ones of Xi'an's."""
    furnished(url)
    with _running(url) as api:
        for serial, community in enumerate((KAIYUAN, DONGSHAN, XIAN), start=900):
            clerk = somebody(api, Role.WINDOW_CLERK, community, subject=f"noise-{community}")
            clerk.posted(community=community, serial=serial)
            clerk.posted(community=community, serial=serial + 10, accept=True, materials=clerk.papers())


@contextmanager
def _running(url: str, **settings: Any) -> Iterator[Api]:
    """Run the service where one made-up person applies many times, so that windows are only told of it."""
    with running(SERVICE, url, **{"duplicates_refused": False, **settings}) as api:
        yield api


@pytest.fixture
def open_service(fresh_database: FreshDatabase) -> Open:
    """Return a function that runs the service with given settings on this test's database."""
    return partial(_running, fresh_database("intake"))


@pytest.fixture
def bare_api(open_service: Open) -> Iterator[Api]:
    """The service as it is before anything has arrived."""
    with open_service() as api:
        yield api


@pytest.fixture
def open_furnished(open_service: Open, fresh_database: FreshDatabase) -> Open:
    """Return that function, with register, calendar and items in the database."""
    fresh_database("intake", furnished)
    return open_service


@pytest.fixture
def quiet_api(open_furnished: Open) -> Iterator[Api]:
    """The service with its register, calendar and items, and no case in it."""
    with open_furnished() as api:
        yield api


@pytest.fixture
def api(open_service: Open, fresh_database: FreshDatabase) -> Iterator[Api]:
    """The service with noise: cases of other communities, and older ones of Xi'an's."""
    fresh_database("intake", furnished_with_noise)
    with open_service() as api:
        yield api


@pytest.fixture
def clerk(api: Api) -> Somebody:
    """The clerk of Xi'an's window."""
    return somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")


@pytest.fixture
def neighbour(api: Api) -> Somebody:
    """The clerk of another community in the same street."""
    return somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan")


@pytest.fixture
def resident(api: Api) -> Somebody:
    """A resident with an account."""
    return somebody(api, Role.RESIDENT, subject="r-1")


@pytest.fixture
def open_api_with_small_blocks(open_furnished: Open) -> Iterator[Api]:
    """The service where a process takes three serials at a time."""
    with open_furnished(serial_block=3) as api:
        yield api


@pytest.fixture
def elsewhere(bare_api: Api) -> Api:
    """A district of its own whose catalogue is empty."""
    bare_api.receive(*REGISTER, source="casework")
    return bare_api


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where documents are stored."""
    return tmp_path / "documents"
