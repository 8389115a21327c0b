"""A window also decides about the earlier case of somebody who is only like the applicant."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest

from intake.conftest import Open
from intake.window import ITEM, NO_PAPERS, Somebody, form, person, somebody
from onewindow_intake.cases import writing
from onewindow_intake.cases.rows import Filed
from onewindow_intake.cases.writing import Kept
from onewindow_intake.duplicates.posting import Earlier, write_undoubted
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.problems import Unavailable
from testkit.api import KAIYUAN, XIAN, Api

ADDRESS = "定海区昌国街道西安社区昌国路61号301室"
MISTYPED = person(5, "王桂方") | {"mobile": person()["mobile"]}
"""王桂芳 with another number of her document."""
TWO = {"decision": "go_on", "reason": "母女同名，各自申请"}


@pytest.fixture
def strict(open_furnished: Open) -> Iterator[Api]:
    """A district whose windows decide about earlier cases."""
    with open_furnished(duplicates_refused=True) as api:
        yield api


def window(api: Api, area: str = XIAN) -> Somebody:
    return somebody(api, Role.WINDOW_CLERK, area, subject=f"clerk-{area}")


def test_a_window_decides_about_somebody_alike_and_the_choice_is_kept(strict: Api) -> None:
    clerk = window(strict)
    case = clerk.posted()
    refused = clerk.apply(form(applicant=MISTYPED), key="a-mistyped-one")
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "urn:onewindow:problem:duplicate-undecided")
    assert told["earlier"] == case["case_no"]
    choice = {**TWO, "earlier": case["case_no"]}
    decided = form(applicant=MISTYPED, duplicate=choice)
    first, again = (clerk.apply(decided, key="a-mistyped-one") for _ in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    assert clerk.case(first.json())["duplicate"] == choice


def test_whoever_is_not_alike_enough_or_wants_another_thing_is_taken_in(strict: Api) -> None:
    clerk = window(strict)
    clerk.posted(applicant=person() | {"address": ADDRESS})
    same_home = person(5, "李小明") | {"address": ADDRESS, "mobile": "15957000888"}
    assert clerk.apply(form(applicant=same_home)).status_code == 201
    assert clerk.apply(form(applicant=person(7) | {"mobile": "15957000999"})).status_code == 201
    assert clerk.apply(form(applicant=MISTYPED, item=NO_PAPERS)).status_code == 201
    strict.clock.pass_(days=91)
    assert clerk.apply(form(applicant=MISTYPED)).status_code == 201


def test_what_the_look_up_tells_is_what_a_window_has_to_decide_about(strict: Api) -> None:
    """However many are like the applicant: any that is told will do, and one of these has to be named."""
    clerk = window(strict)
    for serial in range(1, 13):
        choice = {**TWO, "earlier": told(clerk, of_one_phone(serial))[0]["case_no"]} if serial > 1 else None
        clerk.posted(applicant=of_one_phone(serial), duplicate=choice)
    known = [one["case_no"] for one in told(clerk, of_one_phone(20))]
    assert len(known) == 10
    assert clerk.apply(form(applicant=of_one_phone(20))).json()["earlier"] in known
    clerk.posted(applicant=of_one_phone(20), duplicate={**TWO, "earlier": known[-1]})


def of_one_phone(serial: int) -> dict[str, Any]:
    """Somebody of the same name who is called at the same number."""
    return person(serial) | {"mobile": person()["mobile"]}


def told(who: Somebody, applicant: Any) -> list[dict[str, Any]]:
    body = {"item_code": ITEM, "community": XIAN, "applicant": applicant}
    found: list[dict[str, Any]] = who.post("cases/duplicates", body).json()["cases"]
    return found


def test_of_somebody_alike_elsewhere_a_window_learns_only_where(strict: Api) -> None:
    case = window(strict, KAIYUAN).posted(community=KAIYUAN)
    clerk = window(strict)
    refused = clerk.apply(form(applicant=MISTYPED))
    assert (refused.status_code, refused.json()["community"]) == (409, KAIYUAN)
    assert case["case_no"] not in refused.text
    assert clerk.apply(form(applicant=MISTYPED, duplicate=TWO)).status_code == 201


def test_of_people_alike_in_one_transaction_the_second_is_told_of_the_first(strict: Api) -> None:
    """Neither is there to be read when both are written."""
    clerk, ready = window(strict), list[Filed]()

    async def wait(one: Filed, *_: Any) -> Kept:
        ready.append(one)
        raise Unavailable(retry_after=1)

    with mock.patch.object(strict.app.state.desk, "write", wait):
        for applicant in (person(), MISTYPED, person(3, "李小明")):
            assert clerk.apply(form(applicant=applicant)).status_code == 503
    together = partial(write_undoubted, batch=ready, write=writing.write, window=timedelta(days=90))
    first, second, third = strict.system(together)
    assert isinstance(first, Kept)
    assert second == Earlier(ready[0].case["case_no"], XIAN)
    assert isinstance(third, Kept)


def test_a_resident_is_not_refused_because_of_somebody_alike(strict: Api) -> None:
    window(strict).posted()
    resident = somebody(strict, Role.RESIDENT, subject="r-1")
    assert resident.apply(form(channel="web", applicant=MISTYPED)).status_code == 201


def test_a_district_may_have_its_windows_decide_about_the_same_person_only(open_furnished: Open) -> None:
    with open_furnished(duplicates_refused=True, like_duplicates_refused=False) as api:
        clerk = window(api)
        clerk.posted()
        assert len(told(clerk, MISTYPED)) == 1
        assert clerk.apply(form(applicant=MISTYPED)).status_code == 201
        assert clerk.apply(form()).status_code == 409
