"""A need that came up in a case is seen on it, whichever of the two comes first."""

from functools import partial

from casework.office import Office
from onewindow_shared.contracts.events import NeedProgressed
from onewindow_shared.contracts.needs import NeedStatus
from onewindow_shared.contracts.volunteers import ServiceCategory
from testkit.api import KAIYUAN, XIAN
from testkit.moments import at_once


def told(office: Office, case_no: str, status: NeedStatus, version: int, community: str = XIAN) -> None:
    event = NeedProgressed(
        need_id=7,
        case_no=case_no,
        community=community,
        category=ServiceCategory.CARE,
        status=status,
        at=office.api.clock(),
        version=version,
    )
    office.api.receive(event, source="volunteers")


def seen(office: Office, case_no: str) -> list[tuple[int, str]]:
    found = office.read(f"cases/{case_no}/needs", office.clerk)["items"]
    return [(one["need_id"], one["status"]) for one in found]


def steps_of(office: Office, case_no: str) -> list[str]:
    """Return what happened to a case after it was opened."""
    return [one["step"] for one in office.read(f"cases/{case_no}/timeline", office.clerk)["items"]][1:]


def test_a_need_is_followed_on_its_case(office: Office) -> None:
    case_no = office.accepted()
    told(office, case_no, NeedStatus.OPEN, 1)
    told(office, case_no, NeedStatus.ACCEPTED, 3)
    told(office, case_no, NeedStatus.OFFERED, 2)
    assert seen(office, case_no) == [(7, "accepted")], "what is late changes nothing"
    assert steps_of(office, case_no) == ["need_open", "need_accepted"]


def test_a_need_that_is_told_before_its_case_is_seen_when_the_case_comes(office: Office) -> None:
    event = office.event()
    told(office, event.case_no, NeedStatus.OPEN, 1)
    office.api.clock.pass_(minutes=3)
    office.api.tick()
    told(office, event.case_no, NeedStatus.OFFERED, 2)
    assert office.api.tick() == 0, "a case that is not there is asked for less and less often"
    office.api.receive(event, source="intake")
    assert seen(office, event.case_no) == [(7, "offered")]
    office.api.clock.pass_(minutes=6)
    office.api.quiet()
    assert steps_of(office, event.case_no) == ["need_open", "need_offered"]


def test_what_waited_for_the_case_comes_before_what_is_told_then(office: Office) -> None:
    event = office.event()
    told(office, event.case_no, NeedStatus.OPEN, 1)
    office.api.receive(event, source="intake")
    told(office, event.case_no, NeedStatus.OFFERED, 2)
    office.api.clock.pass_(days=1)
    office.api.quiet()
    assert steps_of(office, event.case_no) == ["need_open", "need_offered"]


def test_a_need_and_its_case_that_come_at_once_know_of_each_other(office: Office) -> None:
    event = office.event()
    comes = partial(office.api.receive, event, source="intake")
    at_once(office.api, "audit", comes, partial(told, office, event.case_no, NeedStatus.OPEN, 1))
    office.api.clock.pass_(seconds=5)
    office.api.quiet()
    assert steps_of(office, event.case_no) == ["need_open"]


def test_a_case_that_never_comes_is_not_waited_for_without_end(office: Office) -> None:
    told(office, office.event().case_no, NeedStatus.OPEN, 1)
    for _ in range(40):
        office.api.tick()
        office.api.clock.pass_(days=2)
    assert office.api.tick() == 0


def test_a_need_of_another_community_does_not_stand_on_the_case(office: Office) -> None:
    case_no = office.accepted()
    told(office, case_no, NeedStatus.OPEN, 1, community=KAIYUAN)
    assert seen(office, case_no) == []
    assert len(office.read(f"cases/{case_no}/timeline", office.clerk)["items"]) == 1


def test_a_need_for_a_number_that_no_case_had_does_not_stand_on_the_case_that_gets_it(office: Office) -> None:
    event = office.event()
    office.api.clock.pass_(days=-1)
    told(office, event.case_no, NeedStatus.OPEN, 1)
    office.api.clock.pass_(days=1)
    office.api.receive(event, source="intake")
    told(office, event.case_no, NeedStatus.OFFERED, 2)
    office.api.clock.pass_(days=1)
    office.api.quiet()
    assert seen(office, event.case_no) == []
    assert steps_of(office, event.case_no) == []
