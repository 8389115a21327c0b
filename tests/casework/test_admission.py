"""A department's application from draft to decision: checked at once, heard, decided, in time."""

from datetime import date
from typing import Any

import pytest

from casework.hall import DEMOLITION, MEETING, SURVEY, Hall
from casework.office import BASE
from casework.purse import Purse
from onewindow_shared.contracts.metrics import Metric
from testkit.api import DONGSHAN, KAIYUAN, XIAN

CHECK = {key: DEMOLITION[key] for key in ("name", "kind", "content", "role", "duty_of")}


def check(hall: Hall, **more: Any) -> Any:
    response = hall.office.api.client.post(
        f"{BASE}/admission/checks", json=CHECK | more, headers=hall.department
    )
    assert response.status_code == 200, response.text
    return response.json()


def test_what_must_not_be_asked_is_said_while_it_is_written_with_the_words_of_the_law(hall: Hall) -> None:
    found = check(hall)
    assert found["refused"]
    assert [one["matter"] for one in found["findings"]] == ["demolition", "statutory-duty"]
    demolition = found["findings"][0]
    assert demolition["wording"] == "拆迁"
    assert "不得将基层群众性自治组织作为行政执法、拆迁拆违" in demolition["basis"][0]["quote"]


def test_helping_with_a_forbidden_matter_is_said_and_not_refused(hall: Hall) -> None:
    found = check(hall, role="assisting", duty_of="government_assisted")
    assert not found["refused"]
    assert [(one["matter"], one["refused"]) for one in found["findings"]] == [("demolition", False)]


def test_a_draft_says_on_every_save_what_it_comes_upon(hall: Hall) -> None:
    code = hall.drafted()
    assert hall.item(code)["findings"] == []
    response = hall.office.api.client.put(
        f"{BASE}/admission/items/{code}",
        json=SURVEY | {"content": "对社区进行考核"},
        headers=hall.department | {"If-Match": '"1"'},
    )
    assert [one["matter"] for one in response.json()["findings"]] == ["separate-assessment"]


def test_demolition_work_with_the_community_as_main_body_is_rejected_as_it_is_handed_in(hall: Hall) -> None:
    response = hall.create(hall.department, "items", DEMOLITION)
    assert any(one["refused"] for one in response.json()["findings"])
    rejected = hall.must(hall.department, "submission", response.json()["code"])
    assert (rejected["status"], rejected["actions"]) == ("rejected", [])
    assert hall.office.figures()[Metric.ADMISSION_FORBIDDEN] == 2


def test_an_application_is_heard_decided_and_told_step_by_step(hall: Hall) -> None:
    code = hall.submitted()
    item = hall.must(hall.district, "review", code)
    assert item["opinions"] == {
        "asked": 3, "agree": 0, "disagree": 0, "conditions": 0, "answers_by": "2026-11-30",
    }  # fmt: skip
    for who, answer in ((hall.xian, "agree"), (hall.kaiyuan, "conditions"), (hall.street, "disagree")):
        body = {"answer": answer, "text": "年底人手不足"}
        assert hall.create(who, f"items/{code}/opinions", body).status_code == 201
    assert [hall.item(code)["opinions"][one] for one in ("agree", "conditions", "disagree")] == [1, 1, 1]
    decided = hall.must(hall.district, "decision", code, MEETING)
    assert (decided["status"], decided["matter_class"]) == ("approved", "assist")
    assert decided["meetings"][0]["on_time"]
    steps = hall.office.read(f"admission/items/{code}/steps", hall.department)["items"]
    assert [step["step"] for step in steps] == [
        "drafted", "submit", "review", "opinion", "opinion", "opinion", "approve",
    ]  # fmt: skip
    assert hall.office.figures()[Metric.ADMISSIONS_DECIDED_ON_TIME] == 1


def test_a_decision_waits_for_opinions_until_their_last_day_is_over(hall: Hall) -> None:
    code = hall.submitted()
    hall.must(hall.district, "review", code)
    early = hall.do(hall.district, "decision", code, MEETING)
    assert (early.status_code, early.json()["missing"]) == (409, 3)
    hall.go_to(date(2026, 12, 1))
    late = hall.create(hall.xian, f"items/{code}/opinions", {"answer": "agree"})
    assert late.status_code == 409
    hall.must(hall.district, "decision", code, MEETING)


def test_whoever_does_not_simply_agree_says_why_and_nobody_answers_twice(hall: Hall) -> None:
    code = hall.submitted()
    hall.must(hall.district, "review", code)
    path = f"items/{code}/opinions"
    assert hall.create(hall.xian, path, {"answer": "disagree"}).status_code == 422
    assert hall.create(hall.xian, path, {"answer": "agree"}).status_code == 201
    assert hall.create(hall.xian, path, {"answer": "agree"}).status_code == 409


def test_an_application_that_is_returned_is_completed_and_its_time_begins_anew(hall: Hall) -> None:
    code = hall.submitted()
    assert hall.item(code)["decision_time"]["decide_by"] == "2026-12-14"
    hall.must(hall.district, "review", code)
    returned = hall.must(hall.district, "return", code, {"missing": "没有写明经费来源"})
    assert (returned["status"], returned["decision_time"]) == ("returned", None)
    unheard = hall.create(hall.xian, f"items/{code}/opinions", {"answer": "agree"})
    assert (unheard.status_code, unheard.json()["title"]) == (409, "No answer awaited")
    hall.go_to(date(2026, 11, 25))
    again = hall.must(hall.department, "submission", code)
    assert (again["status"], again["decision_time"]["decide_by"]) == ("submitted", "2026-12-16")


def test_a_late_decision_lights_a_lamp_and_is_counted(hall: Hall) -> None:
    code = hall.submitted(areas=[XIAN])
    hall.must(hall.district, "review", code)
    hall.go_to(date(2026, 12, 14), hour=8)
    assert not hall.item(code)["decision_time"]["late"]
    hall.go_to(date(2026, 12, 20))
    assert hall.item(code)["decision_time"]["late"]
    late = hall.office.read("admission/items?late=true", hall.district)["items"]
    assert [row["code"] for row in late] == [code]
    hall.must(hall.district, "decision", code, MEETING)
    figures = hall.office.figures()
    assert figures[Metric.ADMISSIONS_DECIDED] == 1
    assert Metric.ADMISSIONS_DECIDED_ON_TIME not in figures


def test_a_new_calendar_moves_the_day_of_the_decision(hall: Hall) -> None:
    hall.go_to(date(2026, 12, 18))
    code = hall.submitted(first_day="2027-06-01")
    before = hall.item(code)["decision_time"]
    assert before["provisional"]
    days = [{"day": f"2027-01-0{n}", "kind": "holiday", "name": "元旦"} for n in (1, 4, 5)]
    assert hall.office.import_year(2027, days).status_code == 200
    after = hall.item(code)["decision_time"]
    assert (before["decide_by"], after["decide_by"]) == ("2027-01-11", "2027-01-13")
    assert not after["provisional"]


def test_work_that_would_begin_too_soon_is_not_taken_in(hall: Hall) -> None:
    code = hall.drafted(first_day="2026-12-01")
    response = hall.do(hall.department, "submission", code)
    assert (response.status_code, response.json()["errors"][0]["loc"]) == (422, ["body", "first_day"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"areas": ["330903"]}, "areas.0"),
        ({"areas": ["330902999"]}, "areas.0"),
        ({"areas": [XIAN, XIAN]}, "areas"),
        ({"actions": []}, "actions"),
        ({"actions": ["visit", "visit"]}, "actions"),
        ({"role": "main"}, "actions"),
        ({"last_day": "2027-01-01"}, "last_day"),
        ({"money": {"fen": -1, "unit": "case", "period": "once"}}, "money.fen"),
        ({"workload": {"minutes_per_case": 0, "hours_per_year": 1}}, "workload.minutes_per_case"),
        ({"workload": {"minutes_per_case": 61, "hours_per_year": 1}}, "workload.minutes_per_case"),
        ({"name": "\u202e查调庭家"}, "name"),
        ({"basis": []}, "basis"),
    ],
)
def test_every_wrong_field_of_a_form_is_named(hall: Hall, change: dict[str, Any], field: str) -> None:
    response = hall.create(hall.department, "items", SURVEY | change)
    assert response.status_code == 422
    assert field in {".".join(map(str, one["loc"][1:])) for one in response.json()["errors"]}


def test_a_text_that_is_too_long_is_told_in_characters(hall: Hall) -> None:
    answer = hall.create(hall.department, "items", SURVEY | {"name": "长" * 201})
    assert "at most 200 characters" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"matter_class": None}, "matter_class"),
        ({"matter_class": "forbidden"}, "matter_class"),
        ({"matter_class": "autonomy"}, "matter_class"),
        ({"admit": False}, "matter_class"),
        ({"held_on": "2026-11-24"}, "held_on"),
        ({"held_on": "2026-11-22"}, "held_on"),
        ({"members": [{"body": "区民政局", "vote": "against"}]}, "members"),
        ({"members": [{"body": "区民政局", "vote": "for"}] * 2}, "members"),
    ],
)
def test_a_decision_that_contradicts_itself_is_not_written_down(
    hall: Hall, change: dict[str, Any], field: str
) -> None:
    code = hall.heard()
    response = hall.do(hall.district, "decision", code, MEETING | change)
    assert (response.status_code, response.json()["errors"][0]["loc"]) == (422, ["body", field])
    assert hall.item(code)["status"] == "under_review"


def test_what_a_district_forbids_while_it_is_under_review_is_not_admitted(hall: Hall) -> None:
    code = hall.heard()
    forbidden = {
        "code": "own-surveys",
        "name": "助餐需求调查",
        "phrases": ["助餐需求"],
        "kind": "survey",
        "matter_class": "forbidden",
        "basis": SURVEY["basis"],
    }
    assert hall.create(hall.district, "matters", forbidden).status_code == 201
    refused = hall.do(hall.district, "decision", code, MEETING)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "admit"])
    rejected = MEETING | {"admit": False, "matter_class": None}
    assert hall.must(hall.district, "decision", code, rejected)["status"] == "rejected"


def test_money_and_conditions_that_were_there_before_the_decision_count_with_it(hall: Hall) -> None:
    code, purse = hall.heard(), Purse(hall.office)
    purse.allotted(code, 500_000)
    paper = {"delivered_on": "2026-11-23", "document_no": "交接单1号"}
    assert purse.put("conditions", code, **paper).status_code == 200
    assert hall.must(hall.district, "decision", code, MEETING)["status"] == "approved"
    hall.office.api.tick()
    assert hall.item(code)["status"] == "funded"


@pytest.mark.parametrize(("day", "status"), [("1990-01-01", 422), ("2026-11-22", 422), ("2026-11-23", 200)])
def test_conditions_are_delivered_within_the_life_of_the_item(hall: Hall, day: str, status: int) -> None:
    code = hall.approved()
    answer = Purse(hall.office).put("conditions", code, document_no="交接单1号", delivered_on=day)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["errors"][0]["loc"] == ["body", "delivered_on"]


def test_of_two_reviewers_one_decides_and_the_other_sees_the_present_state(hall: Hall) -> None:
    code = hall.heard()
    seen = hall.item(code)["version"]
    first = hall.do(hall.district, "decision", code, MEETING, seen=seen)
    second = hall.do(hall.district, "return", code, {"missing": "经费"}, seen=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["status"] == "approved"


def test_the_same_draft_sent_twice_is_one_item(hall: Hall) -> None:
    answers = [hall.create(hall.department, "items", SURVEY, key="flaky-line-1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(hall.office.read("admission/items", hall.district)["items"]) == 1


def test_a_department_sees_its_own_applications_and_a_community_what_it_was_asked(hall: Hall) -> None:
    own = hall.submitted(areas=[XIAN])
    other = hall.submitted(hall.health, areas=[KAIYUAN])
    for code in (own, other):
        hall.must(hall.district, "review", code)

    def seen(who: dict[str, str]) -> set[str]:
        items = {row["code"] for row in hall.office.read("admission/items", who)["items"]}
        asked = {row["item"] for row in hall.office.read("admission/opinions", who)["items"]}
        assert items == asked
        for code in (own, other):
            for tail in ("", "/steps"):
                response = hall.office.get(f"admission/items/{code}{tail}", who)
                assert response.status_code == (200 if code in items else 404)
        return items

    assert seen(hall.department) == {own}
    assert seen(hall.health) == {other}
    assert seen(hall.xian) == {own}
    assert seen(hall.kaiyuan) == {other}
    assert seen(hall.street) == {own, other}
    assert seen(hall.district) == {own, other}
    refused = hall.create(hall.kaiyuan, f"items/{own}/opinions", {"answer": "agree"})
    assert refused.status_code == 404
    assert hall.do(hall.health, "withdrawal", own).status_code == 404


def test_only_who_may_takes_a_step(hall: Hall) -> None:
    code = hall.submitted(areas=[DONGSHAN])
    for who, step in ((hall.department, "review"), (hall.street, "decision"), (hall.xian, "submission")):
        assert hall.do(who, step, code, {}).status_code == 403
    assert hall.create(hall.xian, "items", SURVEY).status_code == 403
    assert hall.create({}, "items", SURVEY).status_code == 401
