"""What a window took in while it was offline is written, and decided about afterwards."""

from collections.abc import Iterator

import pytest

from intake.conftest import Open
from intake.test_batches import answers, entry
from intake.window import NO_PAPERS, Somebody, person, somebody, wrong_fields
from onewindow_shared.contracts.access import Role
from testkit.api import KAIYUAN, XIAN, Api

MISTYPED = person(5, "王桂方") | {"mobile": person(1)["mobile"]}
TWO = {"decision": "go_on", "reason": "母女同名，各自申请"}


@pytest.fixture
def strict(open_furnished: Open) -> Iterator[Api]:
    """A district whose windows decide about earlier cases."""
    with open_furnished(duplicates_refused=True) as api:
        yield api


def window(api: Api, area: str = XIAN) -> Somebody:
    return somebody(api, Role.WINDOW_CLERK, area, subject=f"clerk-{area}")


def undecided(who: Somebody) -> list[str]:
    """Return what the view of open choices lists, which is as much as it counts."""
    views = {one["view"]: one for one in who.get("views/standard").json()["views"]}
    listed = [case["case_no"] for case in who.get("cases", undecided="true").json()["items"]]
    assert views["undecided"]["cases"]["count"] == len(listed)
    return listed


def test_a_batch_is_not_held_up_and_its_windows_decide_afterwards(strict: Api) -> None:
    clerk = window(strict)
    before = clerk.posted(item=NO_PAPERS)
    again = entry(1, applicant=person(1))
    alike = {**entry(2, applicant=MISTYPED), "client_id": "case-alike"}
    new = entry(3, applicant=person(9, "李小明"))
    found = answers(clerk, again, alike, new)
    assert [one["outcome"] for one in found] == ["created"] * 3
    assert [one["earlier"] and one["earlier"]["reasons"] for one in found] == [
        ["same_document"],
        ["similar_name", "same_mobile"],
        None,
    ]
    assert sorted(undecided(clerk)) == sorted(one["case_no"] for one in found[:2])
    assert [clerk.case(one)["undecided"] for one in (before, *found)] == [False, True, True, False]
    choice = {**TWO, "earlier": before["case_no"]}
    case = clerk.case(found[0])
    decided = clerk.moved(case, "duplicate-choice", choice)
    assert (decided["duplicate"], decided["undecided"]) == (choice, False)
    assert clerk.move(case, "duplicate-choice", choice).status_code == 412
    assert clerk.move(decided, "duplicate-choice", choice).status_code == 409
    assert undecided(clerk) == [found[1]["case_no"]]
    assert [one["earlier"] is None for one in answers(clerk, again, alike)] == [True, False]


def test_of_two_in_one_batch_the_second_is_the_one_to_decide_about(strict: Api) -> None:
    clerk = window(strict)
    first, second = answers(clerk, entry(1), {**entry(1), "client_id": "case-000002"})
    assert undecided(clerk) == [second["case_no"]]
    told = clerk.get(f"cases/{second['case_no']}/earlier-cases").json()["cases"]
    assert [one["case_no"] for one in told] == [first["case_no"]]
    assert clerk.get(f"cases/{first['case_no']}/earlier-cases").json()["cases"] == []


def test_a_choice_is_about_a_case_that_is_pointed_out(strict: Api) -> None:
    clerk = window(strict)
    same, other = clerk.posted(item=NO_PAPERS), clerk.posted(item=NO_PAPERS, applicant=person(9, "李小明"))
    alike = clerk.posted(item=NO_PAPERS, applicant=MISTYPED, duplicate={**TWO, "earlier": same["case_no"]})
    (found,) = answers(clerk, entry(1, applicant=person(1)))
    case = clerk.case(found)
    for number in (other["case_no"], alike["case_no"], found["case_no"], None):
        refused = clerk.move(case, "duplicate-choice", {**TWO, "earlier": number})
        assert wrong_fields(refused) == {"earlier"}, number
    assert clerk.move(same, "duplicate-choice", {**TWO, "earlier": None}).status_code == 409
    clerk.moved(case, "duplicate-choice", {**TWO, "earlier": same["case_no"]})


def test_what_came_to_nothing_since_can_still_be_decided_about(strict: Api) -> None:
    clerk = window(strict)
    before = clerk.posted(item=NO_PAPERS)
    (found,) = answers(clerk, entry(1, applicant=person(1)))
    clerk.moved(before, "withdrawal", {})
    told = clerk.get(f"cases/{found['case_no']}/earlier-cases").json()["cases"]
    assert [(one["case_no"], one["status"]) for one in told] == [(before["case_no"], "withdrawn")]
    clerk.moved(clerk.case(found), "duplicate-choice", {**TWO, "earlier": before["case_no"]})
    assert undecided(clerk) == []


def test_an_earlier_case_elsewhere_is_decided_about_without_its_number(strict: Api) -> None:
    theirs = window(strict, KAIYUAN).posted(item=NO_PAPERS, community=KAIYUAN)
    clerk = window(strict)
    (found,) = answers(clerk, entry(1, applicant=person(1)))
    answer = clerk.get(f"cases/{found['case_no']}/earlier-cases")
    assert [(one["community"], one["case_no"]) for one in answer.json()["cases"]] == [(KAIYUAN, None)]
    assert theirs["case_no"] not in answer.text
    case = clerk.case(found)
    assert wrong_fields(clerk.move(case, "duplicate-choice", {**TWO, "earlier": theirs["case_no"]})) == {
        "earlier"
    }
    assert clerk.moved(case, "duplicate-choice", TWO)["duplicate"] == {**TWO, "earlier": None}


def test_nobody_decides_about_another_areas_case_or_as_a_resident(strict: Api) -> None:
    clerk = window(strict)
    clerk.posted(item=NO_PAPERS)
    (found,) = answers(clerk, entry(1, applicant=person(1)))
    path, seen = f"cases/{found['case_no']}", {"If-Match": '"1"'}
    stranger, resident = window(strict, KAIYUAN), somebody(strict, Role.RESIDENT, subject="r-1")
    for who, status in ((stranger, 404), (resident, 403)):
        assert who.get(f"{path}/earlier-cases").status_code == status
        assert who.post(f"{path}/duplicate-choice", TWO, **seen).status_code == status
    assert undecided(stranger) == []


def test_where_windows_are_only_told_nothing_is_left_open(open_furnished: Open) -> None:
    with open_furnished() as api:
        clerk = window(api)
        clerk.posted(item=NO_PAPERS)
        (found,) = answers(clerk, entry(1, applicant=MISTYPED))
        assert found["earlier"] is None
        (same,) = answers(clerk, {**entry(1), "client_id": "case-again"})
        assert same["earlier"]["likeness"] == 1
        assert undecided(clerk) == []
