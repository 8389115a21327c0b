"""People who act at the same moment: each application is decided once, each list published once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from httpx2 import Response
from sqlalchemy import func, select

from casework.hall import DISTRICT, MEETING, Hall
from onewindow_casework.admission.models import Meeting
from onewindow_casework.lists.models import ListEntry, ListVersion
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN


def at_once(*acts: Callable[[], Response]) -> list[Response]:
    with ThreadPoolExecutor(len(acts)) as people:
        return [act.result() for act in [people.submit(act) for act in acts]]


def statuses(answers: Iterable[Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def counted(hall: Hall, model: type) -> int:
    def count(unit: Unit) -> int:
        return unit.session.scalar(select(func.count()).select_from(model)) or 0

    return hall.office.api.system(count)


def test_of_two_reviewers_who_decide_at_the_same_moment_one_does(hall: Hall) -> None:
    code = hall.heard()
    colleague = hall.office.api.people.headers(Role.DISTRICT_ADMIN, DISTRICT, subject="admin.two")
    seen = hall.item(code)["version"]
    admitting = MEETING | {"reasons": "依法应当协助"}
    rejecting = MEETING | {"admit": False, "matter_class": None, "reasons": "社区无力承担"}
    answers = at_once(
        lambda: hall.do(hall.district, "decision", code, admitting, seen=seen),
        lambda: hall.do(colleague, "decision", code, rejecting, seen=seen),
    )
    assert statuses(answers) == [200, 412]
    (decided,) = (answer.json() for answer in answers if answer.status_code == 200)
    item = hall.item(code)
    assert (item["status"], len(item["meetings"])) == (decided["status"], 1)
    assert counted(hall, Meeting) == 1


def test_of_two_lists_published_at_the_same_moment_there_is_one(hall: Hall) -> None:
    hall.pay(hall.approved())
    body = {"title": "定海区社区工作事项清单", "effective_from": "2026-11-23"}
    answers = at_once(
        lambda: hall.create(hall.district, "lists", body, key="publish-at-once-1"),
        lambda: hall.create(hall.district, "lists", body, key="publish-at-once-2"),
    )
    assert statuses(answers) == [201, 409]
    assert counted(hall, ListVersion) == 2
    number = next(answer.json()["number"] for answer in answers if answer.status_code == 201)
    assert number == 2
    assert counted(hall, ListEntry) == 58 + 59


def test_one_list_sent_twice_at_the_same_moment_is_one_version(hall: Hall) -> None:
    hall.pay(hall.approved())
    body = {"title": "定海区社区工作事项清单", "effective_from": "2026-11-23"}

    def publish() -> Response:
        return hall.create(hall.district, "lists", body, key="publish-it-once")

    assert set(statuses(at_once(publish, publish, publish))) <= {201, 409}
    assert counted(hall, ListVersion) == 2


def test_an_opinion_given_while_it_is_decided_is_kept_or_refused_and_never_lost(hall: Hall) -> None:
    code = hall.submitted(areas=[XIAN])
    hall.must(hall.district, "review", code)
    hall.create(hall.street, f"items/{code}/opinions", {"answer": "agree"})
    seen = hall.item(code)["version"]
    opinion, decision = at_once(
        lambda: hall.create(hall.xian, f"items/{code}/opinions", {"answer": "agree"}),
        lambda: hall.do(hall.district, "decision", code, MEETING, seen=seen),
    )
    assert opinion.status_code == 201
    assert decision.status_code in {409, 412}, "it was awaited, or the item is another since"
    item = hall.item(code)
    assert (item["status"], item["opinions"]["agree"]) == ("under_review", 2)
    hall.must(hall.district, "decision", code, MEETING)


def test_an_opinion_whose_time_is_over_does_not_hold_up_the_decision_made_at_that_moment(hall: Hall) -> None:
    code = hall.submitted(areas=[XIAN])
    hall.must(hall.district, "review", code)
    hall.go_to(date(2026, 12, 2))
    seen = hall.item(code)["version"]
    opinion, decision = at_once(
        lambda: hall.create(hall.xian, f"items/{code}/opinions", {"answer": "agree"}),
        lambda: hall.do(hall.district, "decision", code, MEETING, seen=seen),
    )
    assert (opinion.status_code, decision.status_code) == (409, 200)
    assert hall.item(code)["opinions"]["agree"] == 0
