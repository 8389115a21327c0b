"""Fixtures of casework's tests: an office in a small district, on each database in turn."""

from collections.abc import Iterator

import pytest

from casework.dispatching import Desk
from casework.hall import Hall, furnished_with_lists
from casework.office import Office, furnished, open_office
from conftest import FreshDatabase
from testkit.api import DONGSHAN, KAIYUAN


@pytest.fixture
def office(fresh_database: FreshDatabase) -> Iterator[Office]:
    with open_office(fresh_database("casework", furnished)) as opened:
        yield opened


@pytest.fixture
def hall(fresh_database: FreshDatabase) -> Iterator[Hall]:
    """An office of a district that has put up its first lists."""
    with open_office(fresh_database("casework", furnished_with_lists)) as opened:
        yield Hall(opened)


@pytest.fixture
def desk(office: Office) -> Desk:
    """An office with an item that is on the lists and paid for."""
    made = Desk(office)
    made.active()
    return made


@pytest.fixture
def noise(office: Office) -> list[str]:
    """Cases that nobody asks for: of other communities, departments and residents."""
    return [
        office.accepted(community=KAIYUAN),
        office.accepted(community=DONGSHAN, applicant_subject="r-2"),
        office.accepted(department="health"),
        office.accepted(applicant_subject="r-3", promised_days=1),
    ]
