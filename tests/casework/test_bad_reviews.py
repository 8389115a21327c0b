"""What follows a bad review: contact, answer, appeal, audit and follow-up, by whom and by when."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from httpx2 import Response

from casework.office import BASE, HOLIDAYS_2027, Headers, Office
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from testkit.api import KAIYUAN, XIAN

FROM_TO = "from=2026-01-01&to=2026-12-31"
KEYS: Iterator[int] = count(1)
NOTE: dict[str, Any] = {"note": "已经核实"}


@dataclass
class Complaint:
    """A case whose handling was reviewed badly, and the people who deal with that."""

    office: Office
    case_no: str
    no: int

    @property
    def supervisor(self) -> Headers:
        return self.office.api.people.headers(Role.STREET_SUPERVISOR, XIAN[:9])

    def read(self, who: Headers | None = None) -> Any:
        return self.office.read(f"reviews/{self.no}", who or self.office.manager)

    def do(self, who: Headers, step: str, seen: int | None = None, **body: Any) -> Response:
        version = self.read()["version"] if seen is None else seen
        answer: Response = self.office.api.client.post(
            f"{BASE}/reviews/{self.no}/{step}", json=body, headers=who | {"If-Match": f'"{version}"'}
        )
        return answer

    def must(self, who: Headers, step: str, **body: Any) -> Any:
        answer = self.do(who, step, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def actions(self, who: Headers) -> list[str]:
        offered: list[str] = self.office.read(f"reviews/{self.no}/actions", who)["actions"]
        return offered

    def answered(self) -> None:
        """Have it put right and told, by the agent who handled the case."""
        self.must(self.office.agent, "rectification", **NOTE)
        self.must(self.office.agent, "feedback", note="已经改正，向您致歉。")

    def follow_up(self, level: int, who: Headers | None = None) -> Response:
        answer: Response = self.office.api.client.post(
            f"{BASE}/cases/{self.case_no}/review/follow-up",
            json={"level": level, "channel": "web"},
            headers=(who or self.office.resident) | {"Idempotency-Key": f"follow-up-{next(KEYS)}"},
        )
        return answer


def complained(office: Office, **more: Any) -> Complaint:
    case_no = office.closed(applicant_subject="r-1")
    said: dict[str, Any] = {"level": 1, "channel": "web", "comment": "等了很久"} | more
    assert office.review(office.resident, case_no, **said).status_code == 201
    newest = office.read("reviews", office.manager)["items"][0]
    return Complaint(office, case_no, newest["review_no"])


@pytest.fixture
def complaint(office: Office) -> Complaint:
    return complained(office)


def test_it_ends_with_the_follow_up_of_the_reviewer(complaint: Complaint, office: Office) -> None:
    assert complaint.actions(office.agent) == ["contact"]
    complaint.must(office.agent, "contact", note="电话联系本人")
    complaint.answered()
    assert complaint.follow_up(5).status_code == 409
    complaint.must(complaint.supervisor, "audit", passed=True, note="已核对")
    followed = complaint.follow_up(4)
    assert (followed.status_code, followed.json()["follow_up"]["level"]) == (201, 4)
    assert complaint.follow_up(5).json()["type"].endswith("move-refused")
    steps = complaint.read()["steps"]
    assert [step["action"] for step in steps] == ["contact", "rectify", "feed_back", "pass", "follow_up"]
    assert not any(step["late"] for step in steps)
    counted = {Metric.REVIEWS_BAD, Metric.REVIEWS_BAD_NAMED, Metric.REVIEWS_CONTACTED}
    counted |= {Metric.REVIEWS_CONTACTED_IN_TIME, Metric.REVIEWS_ANSWERED_IN_TIME}
    counted |= {Metric.REVIEWS_RATED, Metric.REVIEWS_1, Metric.REVIEWS_OF_CLOSINGS}
    figures = office.figures()
    assert {metric for metric in figures if metric.startswith("reviews.")} == counted
    assert office.recounted() == figures


def test_what_is_missed_is_flagged_and_stays_written(complaint: Complaint, office: Office) -> None:
    first = complaint.read()
    assert (first["due_on"], first["overdue"]) == ("2026-11-24", False)
    office.go_to(2026, 11, 24, 9, 0)
    office.api.tick()
    assert complaint.read()["overdue"] is True
    assert [row["review_no"] for row in office.read("reviews?overdue=true", office.manager)["items"]] == [
        complaint.no
    ]
    contacted = complaint.must(office.agent, "contact", **NOTE)
    assert (contacted["overdue"], contacted["due_on"], contacted["steps"][0]["late"]) == (
        False,
        "2026-11-30",
        True,
    )
    office.go_to(2026, 12, 1)
    office.api.tick()
    assert complaint.read()["overdue"] is True
    assert complaint.must(office.agent, "rectification", **NOTE)["overdue"] is True
    answered = complaint.must(office.agent, "feedback", note="已经改正")
    assert (answered["overdue"], answered["steps"][-1]["late"]) == (False, True)
    figures = office.figures()
    assert figures[Metric.REVIEWS_CONTACTED] == 1
    assert Metric.REVIEWS_CONTACTED_IN_TIME not in figures
    assert Metric.REVIEWS_ANSWERED_IN_TIME not in figures
    assert office.recounted() == figures


def test_the_reviewed_officer_appeals_and_those_above_decide(complaint: Complaint, office: Office) -> None:
    complaint.must(office.agent, "contact", **NOTE)
    appeal: dict[str, Any] = {"ground": "mistaken", "evidence": "评价的是另一件事"}
    assert complaint.do(office.manager, "appeal", **appeal).json()["type"].endswith("not-yours")
    assert "appeal" not in complaint.actions(office.manager)
    complaint.must(office.agent, "appeal", **appeal)
    decision: dict[str, Any] = {"excluded": True, "reasons": "评价对象有误"}
    assert complaint.do(office.agent, "appeal-decision", **decision).status_code == 403
    own = office.api.people.headers(Role.STREET_SUPERVISOR, XIAN[:9], subject="agent.xian")
    assert complaint.do(own, "appeal-decision", **decision).json()["type"].endswith("not-yours")
    assert complaint.must(complaint.supervisor, "appeal-decision", **decision)["status"] == "excluded"
    told = office.read(f"cases/{complaint.case_no}/review", office.resident)
    assert (told["status"], told["answer"]) == ("excluded", "评价对象有误")
    assert not [metric for metric in office.figures() if metric.startswith("reviews.")]
    assert office.recounted() == office.figures()
    assert office.read(f"reviews/results/330902?by=item&{FROM_TO}", {})["results"] == []


def test_an_appeal_that_is_dismissed_is_answered_and_never_heard_again(
    complaint: Complaint, office: Office
) -> None:
    complaint.must(office.agent, "contact", **NOTE)
    complaint.must(office.agent, "appeal", ground="malicious", evidence="多次恶意差评")
    dismissed: dict[str, Any] = {"excluded": False, "reasons": "证据不足"}
    assert complaint.must(complaint.supervisor, "appeal-decision", **dismissed)["status"] == "returned"
    assert complaint.actions(office.agent) == ["rectify", "schedule", "explain"]


def test_who_answered_does_not_audit_and_a_bad_answer_comes_back(
    complaint: Complaint, office: Office
) -> None:
    complaint.must(office.agent, "contact", **NOTE)
    complaint.answered()
    audit: dict[str, Any] = {"passed": False, "note": "没有实际整改"}
    judge = office.api.people.headers(Role.DISTRICT_ADMIN, "330902", subject="agent.xian")
    assert complaint.do(judge, "audit", **audit).json()["type"].endswith("not-yours")
    assert complaint.must(complaint.supervisor, "audit", **audit)["status"] == "returned"
    assert complaint.must(office.manager, "explanation", **NOTE)["status"] == "explained"


def test_what_cannot_be_put_right_at_once_is_scheduled(complaint: Complaint, office: Office) -> None:
    complaint.must(office.agent, "contact", **NOTE)
    yesterday = complaint.do(office.agent, "schedule", note="待采购", until="2026-11-22")
    assert yesterday.json()["errors"][0]["loc"] == ["body", "until"]
    complaint.must(office.agent, "schedule", note="待采购设备", until="2026-12-31")
    assert complaint.actions(office.agent) == ["rectify", "feed_back"]
    assert complaint.must(office.agent, "feedback", note="年底前装好")["scheduled_for"] == "2026-12-31"


def test_nobody_learns_from_an_unnamed_review_whose_it_is(office: Office) -> None:
    complaint = complained(office, anonymous=True)
    seen = complaint.read()
    assert (seen["status"], seen["case_no"], seen["comment"]) == ("bad_unnamed", None, "等了很久")
    assert office.get(f"cases/{complaint.case_no}/review", office.clerk).status_code == 404
    assert office.read(f"cases/{complaint.case_no}/review", office.resident)["anonymous"] is True
    assert "contact" not in complaint.actions(office.agent)
    complaint.answered()
    assert Metric.REVIEWS_BAD_NAMED not in office.figures()


def test_a_review_is_seen_and_worked_on_within_ones_area(complaint: Complaint, office: Office) -> None:
    other = office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert office.read("reviews", other)["items"] == []
    assert office.get(f"reviews/{complaint.no}", other).status_code == 404
    assert complaint.do(other, "contact", **NOTE).status_code == 404
    health = office.api.people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health")
    assert office.get(f"reviews/{complaint.no}", health).status_code == 404
    assert office.get("reviews", office.resident).status_code == 403


def test_a_step_needs_what_was_seen(complaint: Complaint, office: Office) -> None:
    assert complaint.do(office.agent, "contact", seen=0, **NOTE).status_code == 412
    assert complaint.read()["steps"] == []


def test_what_was_written_lies_sealed_and_is_not_published(complaint: Complaint, office: Office) -> None:
    complaint.must(office.agent, "contact", note="住在三号楼")
    page = office.get(f"reviews/results/330902?by=officer&{FROM_TO}", {})
    assert page.status_code == 200
    for word in ("等了很久", "三号楼", "agent.xian", complaint.case_no):
        assert word not in page.text
    assert page.json()["results"] == []


@pytest.mark.parametrize("by", ["item", "window", "officer", "office"])
def test_one_review_more_or_an_unnamed_one_shows_on_no_published_result(office: Office, by: str) -> None:
    path = f"reviews/results/330902?by={by}&{FROM_TO}"
    assert office.review(office.clerk, office.delivered(), level=1, anonymous=True).status_code == 201
    assert office.read(path, {})["results"] == []
    for _ in range(5):
        assert office.review(office.clerk, office.delivered(), level=5).status_code == 201
    (row,) = office.read(path, {})["results"]
    assert row["satisfied"] == {"numerator": 5, "denominator": 5}
    untold = {"numerator": None, "denominator": None}
    assert row["contacted"] == row["contacted_in_time"] == row["answered_in_time"] == untold
    assert row["levels"] == {"1": None, "2": None, "3": None, "4": None, "5": 5}


def test_results_are_published_with_both_parts_once_they_are_enough(office: Office) -> None:
    for level in (5, 5, 5, 5, 4, 1):
        assert office.review(office.clerk, office.delivered(), level=level).status_code == 201
    for by, key in (
        ("item", "soc-subsistence-zhejiang"),
        ("window", XIAN),
        ("office", "civil_affairs"),
        ("officer", None),
    ):
        page = office.read(f"reviews/results/330902?by={by}&{FROM_TO}", {})
        (row,) = page["results"]
        assert key in (row["key"], None)
        assert row["satisfied"] == {"numerator": 5, "denominator": 5}
        assert row["contacted"]["denominator"] is None
        assert set(row["levels"].values()) == {None}
        assert {one["figure"] for one in page["definitions"]} <= set(row)
    nothing = office.read(f"reviews/results/330902?by=item&{FROM_TO.replace('2026', '2025')}", {})
    assert nothing["results"] == []


def test_of_published_results_nobody_subtracts_who_said_what(office: Office) -> None:
    """Of six that are told as five, and of five without one, the difference is nobody."""
    items = [*["item-1"] * 5, "item-2"]
    for item_code in items:
        assert office.review(office.clerk, office.delivered(item_code=item_code), level=5).status_code == 201
    (window,) = office.read(f"reviews/results/330902?by=window&{FROM_TO}", {})["results"]
    told = {
        row["key"]: row for row in office.read(f"reviews/results/330902?by=item&{FROM_TO}", {})["results"]
    }
    assert window["satisfied"] == told["item-1"]["satisfied"] == {"numerator": 5, "denominator": 5}
    assert set(told) == {"item-1"}
    for days in ("from=2026-11-23&to=2026-11-30", "from=2026-11-01&to=2026-11-23"):
        refused = office.get(f"reviews/results/330902?by=item&{days}", {})
        assert refused.status_code == 422, refused.text


@pytest.mark.parametrize("by", ["item", "officer"])
def test_results_come_in_pages_that_name_no_officer(office: Office, by: str) -> None:
    for n in range(15):
        office.agent = office.api.people.headers(Role.AGENT_OFFICER, XIAN, subject=f"agent.{n % 3}")
        delivered = office.delivered(item_code=f"item-{n % 3}")
        assert office.review(office.clerk, delivered, level=5).status_code == 201
    path = f"reviews/results/330902?by={by}&{FROM_TO}"
    whole = office.read(path, {})
    assert (len(whole["results"]), whole["next"]) == (3, None)
    keys, cursor, pages = [], "", 0
    while cursor is not None:
        page = office.read(f"{path}&limit=1{cursor and f'&cursor={cursor}'}", {})
        keys += [row["key"] for row in page["results"]]
        cursor, pages = page["next"], pages + 1
        assert cursor is None or b"agent" not in base64.urlsafe_b64decode(cursor + "==")
    assert (pages, sorted(keys)) == (3, [row["key"] for row in whole["results"]])
    other = path.replace("330902?", f"{XIAN}?")
    first = office.read(f"{path}&limit=2", {})["next"]
    assert office.get(f"{other}&cursor={first}", {}).status_code == 422


def test_of_many_reviews_at_once_one_counts(office: Office) -> None:
    case_no = office.closed(applicant_subject="r-1")

    def rate(level: int) -> int:
        return office.review(office.resident, case_no, level=level, channel="web").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(rate, [1, 2, 3, 4]))
    assert answers == [201, 409, 409, 409]
    assert office.figures()[Metric.REVIEWS_RATED] == 1


def test_each_handling_of_a_case_has_its_own_review(complaint: Complaint, office: Office) -> None:
    office.must(office.admin, "reopening", complaint.case_no, {"reason": "原决定有误"})
    assert office.review(office.resident, complaint.case_no, channel="web").status_code == 409
    assert office.review(office.clerk, complaint.case_no).json()["state"] == "handling"
    office.must(office.officer, "decision", complaint.case_no, {"outcome": "grant"})
    office.must(office.clerk, "delivery", complaint.case_no, {"method": "pick_up", "proof": "签收"})
    second = office.review(office.resident, complaint.case_no, channel="web", level=5)
    assert (second.status_code, second.json()["handling"]) == (201, 2)
    complaint.must(office.agent, "contact", **NOTE)
    assert office.recounted() == office.figures()


def test_days_are_counted_again_when_the_calendar_changes(office: Office) -> None:
    office.go_to(2026, 12, 31, 1, 0)
    complaint = complained(office)
    estimated = complaint.read()
    assert (estimated["due_on"], estimated["provisional"]) == ("2027-01-04", True)
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    known = complaint.read()
    assert (known["due_on"], known["provisional"], known["overdue"]) == ("2027-01-06", False, False)
    office.go_to(2027, 1, 5, 10, 0)
    office.api.tick()
    assert complaint.read()["overdue"] is False
    office.go_to(2027, 1, 6, 10, 0)
    office.api.tick()
    assert complaint.read()["overdue"] is True
