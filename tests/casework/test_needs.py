"""A need that came up in a case is seen on it, whichever of the two comes first."""

from casework.office import Office
from onewindow_shared.contracts.events import NeedProgressed
from onewindow_shared.contracts.needs import NeedStatus
from onewindow_shared.contracts.volunteers import ServiceCategory
from testkit.api import KAIYUAN, XIAN


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


def test_a_need_is_followed_on_its_case(office: Office) -> None:
    case_no = office.accepted()
    told(office, case_no, NeedStatus.OPEN, 1)
    told(office, case_no, NeedStatus.ACCEPTED, 3)
    told(office, case_no, NeedStatus.OFFERED, 2)
    assert seen(office, case_no) == [(7, "accepted")], "what is late changes nothing"
    steps = [one["step"] for one in office.read(f"cases/{case_no}/timeline", office.clerk)["items"]]
    assert steps[1:] == ["need_open", "need_accepted"]


def test_a_need_that_is_told_before_its_case_is_seen_when_the_case_comes(office: Office) -> None:
    event = office.event()
    told(office, event.case_no, NeedStatus.OPEN, 1)
    office.api.receive(event, source="intake")
    assert seen(office, event.case_no) == [(7, "open")]


def test_a_need_of_another_community_does_not_stand_on_the_case(office: Office) -> None:
    case_no = office.accepted()
    told(office, case_no, NeedStatus.OPEN, 1, community=KAIYUAN)
    assert seen(office, case_no) == []
    assert len(office.read(f"cases/{case_no}/timeline", office.clerk)["items"]) == 1
