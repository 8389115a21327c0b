"""The running service with its register of areas, and other people whom no story is about."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest

from conftest import FreshDatabase
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_volunteers.app import SERVICE
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api, running
from volunteers.signup import Citizen, leave, sign_up

REGISTER = [
    AreaChanged(code="330902", name="定海区", kind=AreaKind.DISTRICT, population=500030),
    AreaChanged(code="330902002", name="昌国街道", kind=AreaKind.STREET, population=39644),
    AreaChanged(code="330902003", name="环南街道", kind=AreaKind.STREET, population=30049),
    AreaChanged(code=XIAN, name="西安社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None),
    AreaChanged(code=KAIYUAN, name="开源社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=4865),
    AreaChanged(code=DONGSHAN, name="东山社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None),
]
OTHERS = [Citizen(901), Citizen(902), Citizen(903)]

Open = Callable[..., AbstractContextManager[Api]]


def furnished(url: str) -> None:
    """Put in the register."""
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")


@pytest.fixture
def open_service(fresh_database: FreshDatabase) -> Open:
    """Return a function that runs the service with given settings on this test's database."""
    return partial(running, SERVICE, fresh_database("volunteers", furnished))


@pytest.fixture
def quiet_api(open_service: Open) -> Iterator[Api]:
    """The service with its register and nobody in it."""
    with open_service() as api:
        yield api


@pytest.fixture
def api(quiet_api: Api) -> Api:
    """The service with noise: volunteers of other communities, and one of Xi'an who left."""
    sign_up(quiet_api, OTHERS[0], community=KAIYUAN)
    sign_up(quiet_api, OTHERS[1], community=DONGSHAN)
    gone = sign_up(quiet_api, OTHERS[2], community=XIAN)
    assert leave(quiet_api, OTHERS[2], gone).status_code == 200
    return quiet_api


@pytest.fixture
def wang() -> Citizen:
    return Citizen(7)
