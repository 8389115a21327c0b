"""What an heir has of a community that ended: its money, the hours asked of it, its opinions and its reviews."""

import pytest

from casework.dispatching import Desk
from casework.hall import Hall
from casework.office import Office
from casework.purse import Purse
from casework.test_areas import merged
from onewindow_shared.contracts.access import Role
from testkit.api import DONGSHAN, KAIYUAN, XIAN

BOTH = [XIAN, KAIYUAN]


@pytest.fixture
def heir(office: Office) -> dict[str, str]:
    return office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)


def test_an_heir_spends_and_gives_back_the_money_of_whom_it_stands_for(
    office: Office, heir: dict[str, str]
) -> None:
    purse = Purse(office)
    purse.active(areas=BOTH)
    for community, fen in ((XIAN, 70_000), (KAIYUAN, 20_000)):
        purse.posted(
            purse.officer, "transfers", fen=fen, item="i-1", community=community, source="fee_with_task"
        )
    merged(office)
    refused = purse.post(heir, "uses", fen=80_000, item="i-1", community=KAIYUAN)
    assert refused.json()["title"] == "Not enough money", "no account holds it alone"
    purse.posted(heir, "uses", fen=60_000, item="i-1", community=KAIYUAN)
    purse.posted(heir, "uses", fen=20_000, item="i-1", community=KAIYUAN)
    purse.posted(purse.officer, "returns", fen=10_000, item="i-1", community=KAIYUAN)
    held = {code: fen for code, fen in purse.balances().items() if code.startswith("community/")}
    assert set(held.values()) == {0}
    assert len(held) == 2
    over = purse.post(heir, "uses", fen=1, item="i-1", community=KAIYUAN)
    assert over.status_code in {409, 422}
    assert purse.read("proof")["sound"] is True


def test_what_an_heir_gets_pays_what_was_owed_to_whom_it_stands_for(office: Office) -> None:
    purse = Purse(office)
    purse.active(areas=BOTH)
    office.api.quiet()
    owed = purse.read("instalments")["items"]
    assert {one["community"] for one in owed} == set(BOTH)
    merged(office)
    total = sum(one["fen"] for one in owed)
    purse.posted(purse.officer, "transfers", fen=total, item="i-1", community=KAIYUAN, source="fee_with_task")
    assert {one["paid"] for one in purse.read("instalments")["items"]} == {True}


def test_hours_that_were_asked_of_a_community_were_asked_of_its_heir(office: Office) -> None:
    desk = Desk(office)
    desk.active(areas=BOTH, hours_per_year=2)
    desk.sent(minutes=90, cases=3)
    assert desk.send(community=KAIYUAN, minutes=60).status_code == 201
    merged(office)
    barred = desk.send(community=KAIYUAN, minutes=60)
    assert barred.status_code == 409, barred.text
    assert "150 are asked for already" in barred.json()["detail"]


def test_an_heir_answers_for_whom_was_asked(hall: Hall) -> None:
    code = hall.submitted(areas=[XIAN])
    hall.must(hall.district, "review", code)
    merged(hall.office)
    heir = hall.office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    (asked,) = hall.office.read("admission/opinions", heir)["items"]
    answer = hall.create(heir, f"items/{code}/opinions", {"answer": "agree"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["area"] == asked["area"] == XIAN


def test_published_results_are_those_of_the_window_that_stands_there(office: Office) -> None:
    for serial in range(6):
        case_no = office.closed(applicant_subject=f"r-{serial}")
        who = office.api.people.headers(Role.RESIDENT, subject=f"r-{serial}")
        assert office.review(who, case_no, channel="web").status_code == 201
    asked = "reviews/results/330902?by=window&from=2026-11-01&to=2026-11-30"
    (before,) = office.read(asked, {})["results"]
    assert before["key"] == XIAN
    merged(office)
    (after,) = office.read(asked, {})["results"]
    assert after == before | {"key": KAIYUAN, "name": "开源社区居委会"}
    assert office.read(asked.replace("330902?", f"{DONGSHAN}?"), {})["results"] == []
