"""Reviewing without an account: who is invited until when, by which code, and what guessing comes to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from httpx2 import Response

from casework.office import BASE, HOLIDAYS_2027, Office
from casework.test_bad_reviews import NOTE, Complaint, complained
from onewindow_casework.clocks import recounting
from onewindow_shared.contracts.events import CaseProgressed, ReviewInvited
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.reviewcodes import CodeSent, review_code

KEYS: Iterator[int] = count(1)


def code_of(office: Office, case_no: str, sent: CodeSent = CodeSent.ON_PAPER) -> str:
    return review_code(office.api.runtime.settings.events_secret.get_secret_value(), case_no, sent)


def ask(office: Office, case_no: str, what: str = "", *, key: str = "", **body: Any) -> Response:
    """Send something as anybody, with the code of the case's paper unless another is given."""
    said = {"code": code_of(office, case_no.replace(" ", ""))} | body
    headers = {"Idempotency-Key": key or f"anybody-{next(KEYS)}"}
    path = f"{BASE}/review-invitations/{case_no}{what}"
    answer: Response = office.api.client.post(path, json=said, headers=headers)
    return answer


def told(office: Office, case_no: str) -> list[tuple[str | None, bool]]:
    events = [event for event in office.api.sent(ReviewInvited) if event.case_no == case_no]
    return [(event.until and event.until.isoformat(), event.follow_up) for event in events]


def test_a_handled_case_is_open_for_review_until_its_last_day(office: Office) -> None:
    case_no = office.closed()
    assert told(office, case_no) == [("2026-11-30", False)]
    shown = ask(office, f"{case_no[:12]} {case_no[12:]}").json()
    assert (shown["open"], shown["until"], shown["review"]) == (True, "2026-11-30", None)
    office.go_to(2026, 11, 30, 16, 0)
    assert ask(office, case_no).json()["open"] is False
    assert ask(office, case_no, "/review", level=5).json()["type"].endswith("review-too-late")


def test_the_day_that_was_told_moves_with_the_calendar_unless_it_was_reviewed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "SLICE", 1)
    office.go_to(2026, 12, 31, 2)
    closed, instant = office.closed(), office.accepted(status=CaseStatus.CLOSED)
    reviewed, open_ = office.closed(), office.started()
    assert ask(office, reviewed, "/review", level=5).status_code == 201
    office.import_year(2027, HOLIDAYS_2027)
    office.api.quiet()
    for case_no in (closed, instant):
        assert told(office, case_no) == [("2027-01-08", False), ("2027-01-11", False)]
        assert ask(office, case_no).json()["until"] == "2027-01-11"
    assert told(office, reviewed) == [("2027-01-08", False), (None, False)]
    assert told(office, open_) == []


def test_the_day_told_for_a_follow_up_moves_with_the_calendar(office: Office) -> None:
    office.go_to(2026, 12, 31, 2)
    complaint = complained(office)
    complaint.must(office.agent, "contact", note="电话联系本人")
    complaint.answered()
    complaint.must(complaint.supervisor, "audit", passed=True, note="已核对")
    before = told(office, complaint.case_no)[-1]
    office.import_year(2027, HOLIDAYS_2027)
    after = told(office, complaint.case_no)[-1]
    assert (before[1], after[1]) == (True, True)
    assert after[0] == complaint.read()["due_on"] != before[0]


def test_an_instant_case_is_open_for_review_too(office: Office) -> None:
    case_no = office.accepted(status=CaseStatus.CLOSED)
    assert told(office, case_no) == [("2026-11-30", False)]
    given = ask(office, case_no, "/review", level=4)
    assert (given.status_code, given.json()["channel"]) == (201, "link")
    assert told(office, case_no)[-1] == (None, False)


def test_a_case_that_is_not_handled_yet_is_not_reviewed_by_code_either(office: Office) -> None:
    case_no = office.decided()
    assert ask(office, case_no).json()["open"] is False
    assert ask(office, case_no, "/review", level=5).status_code == 409


@pytest.mark.parametrize(("sent", "channel"), [(CodeSent.ON_PAPER, "link"), (CodeSent.TO_PHONE, "phone")])
def test_the_way_of_a_review_follows_from_its_code(office: Office, sent: CodeSent, channel: str) -> None:
    case_no = office.closed()
    given = ask(office, case_no, "/review", code=code_of(office, case_no, sent).lower(), level=5)
    assert given.json()["channel"] == channel


def test_a_review_that_is_sent_again_gets_the_same_answer(office: Office) -> None:
    case_no = office.closed()
    first = ask(office, case_no, "/review", key="lost-answer", level=3)
    again = ask(office, case_no, "/review", key="lost-answer", level=3)
    assert (first.content, again.headers["idempotency-replayed"]) == (again.content, "true")
    other = office.closed()
    assert ask(office, other, "/review", key="lost-answer", level=3).json()["case_no"] == other


def test_of_holders_at_once_one_reviews(office: Office) -> None:
    case_no = office.closed()

    def rate(level: int) -> int:
        return ask(office, case_no, "/review", level=level).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(rate, [1, 2, 4, 5]))
    assert answers == [201, 409, 409, 409]


def test_wrong_codes_are_counted_and_a_code_opens_one_case_only(office: Office) -> None:
    case_no, other = office.closed(), office.closed()
    unknown = ask(office, case_no[:-1] + "0", code="AAAA2222")
    wrong = ask(office, case_no, code=code_of(office, other))
    assert (unknown.status_code, wrong.status_code) == (404, 404)
    assert unknown.json()["detail"] == wrong.json()["detail"]
    for _ in range(4):
        assert ask(office, case_no, "/review", code="AAAA2222", level=5).status_code == 404
    refused = ask(office, case_no, "/review", level=5)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:onewindow:problem:too-many-codes")
    assert ask(office, other, "/review", level=5).status_code == 201
    office.api.clock.pass_(minutes=16)
    assert ask(office, case_no, "/review", level=5).status_code == 201


def test_who_has_said_nothing_is_reminded_once_and_silence_is_no_review(office: Office) -> None:
    silent, given = office.closed(), office.closed()
    assert ask(office, given, "/review", level=5).status_code == 201
    office.go_to(2026, 11, 26, 9, 0)
    office.api.tick()
    office.api.tick()
    reminded = [event.case_no for event in office.api.sent(CaseProgressed) if event.step == "review_reminded"]
    assert reminded == [silent]
    office.go_to(2026, 12, 31)
    office.api.tick()
    assert office.figures()[Metric.REVIEWS_RATED] == 1


def test_a_case_that_is_taken_up_again_is_not_reviewed_before_it_is_handled(office: Office) -> None:
    case_no = office.closed()
    office.must(office.admin, "reopening", case_no, {"reason": "原决定有误"})
    assert told(office, case_no)[-1] == (None, False)
    assert ask(office, case_no).json()["open"] is False


def test_the_holder_of_a_code_reads_the_answer_and_follows_up(office: Office) -> None:
    case_no = office.closed()
    assert ask(office, case_no, "/review", level=1, anonymous=True, comment="太慢").status_code == 201
    complaint = Complaint(office, case_no, office.read("reviews", office.manager)["items"][0]["review_no"])
    complaint.answered()
    assert ask(office, case_no).json()["review"]["answer"] == "已经改正，向您致歉。"
    assert ask(office, case_no, "/follow-up", level=4).status_code == 409
    complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    assert told(office, case_no)[-1] == ("2026-12-21", True)
    assert ask(office, case_no).json()["follow_up_open"] is True
    assert ask(office, case_no, "/follow-up", level=4).json()["status"] == "followed_up"
    assert told(office, case_no)[-1] == (None, False)


def test_a_follow_up_that_comes_too_late_changes_nothing(office: Office) -> None:
    case_no = office.closed()
    ask(office, case_no, "/review", level=1, anonymous=True)
    complaint = Complaint(office, case_no, office.read("reviews", office.manager)["items"][0]["review_no"])
    complaint.answered()
    complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    office.go_to(2026, 12, 21, 16, 0)
    assert ask(office, case_no, "/follow-up", level=4).json()["type"].endswith("review-too-late")
    assert complaint.read()["status"] == "audited"


def test_the_invitation_is_a_paper_of_the_handled_case(office: Office) -> None:
    case_no = office.decided()
    path = f"cases/{case_no}/papers/review_invitation"
    assert office.get(path, office.clerk).status_code == 404
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "签收"})
    office.must(office.clerk, "closure", case_no)
    assert office.get(path, office.clerk).headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("audited_first", [True, False])
def test_a_bad_review_is_followed_up_although_its_case_was_taken_up_again(
    office: Office, audited_first: bool
) -> None:
    complaint = complained(office)
    complaint.must(office.agent, "contact", **NOTE)
    complaint.answered()
    steps = [
        lambda: complaint.must(complaint.supervisor, "audit", passed=True, **NOTE),
        lambda: office.must(office.admin, "reopening", complaint.case_no, {"reason": "复核"}),
    ]
    for step in steps if audited_first else reversed(steps):
        step()
    assert told(office, complaint.case_no)[-1] == (complaint.read()["due_on"], True)
    shown = ask(office, complaint.case_no).json()
    assert (shown["open"], shown["follow_up_open"], shown["review"]["handling"]) == (False, True, 1)
    offered = office.read(f"cases/{complaint.case_no}/actions", office.resident)["actions"]
    assert "review/follow-up" in offered
    followed = complaint.follow_up(4)
    assert (followed.status_code, followed.json()["handling"]) == (201, 1)
    assert complaint.follow_up(5).status_code == 409
    assert told(office, complaint.case_no)[-1] == (None, False)


def closed_again(office: Office, case_no: str) -> None:
    office.must(office.admin, "reopening", case_no, {"reason": "复核"})
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "本人签收"})
    office.must(office.clerk, "closure", case_no)


def test_each_handling_is_reviewed_and_followed_up_by_itself(office: Office) -> None:
    first = complained(office)
    closed_again(office, first.case_no)
    again = ask(office, first.case_no, "/review", level=2).json()
    newest = office.read("reviews", office.manager)["items"][0]["review_no"]
    second = Complaint(office, first.case_no, newest)
    for complaint in (first, second):
        complaint.must(office.agent, "contact", **NOTE)
        complaint.answered()
        complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    followed = [ask(office, first.case_no, "/follow-up", level=level) for level in (3, 4, 5)]
    assert [answer.status_code for answer in followed] == [201, 201, 409]
    assert [answer.json()["handling"] for answer in followed[:2]] == [1, again["handling"]]
    assert [one.read()["follow_up"]["level"] for one in (first, second)] == [3, 4]


def test_a_handling_that_can_be_reviewed_stays_told_beside_the_follow_up_of_the_former(
    office: Office,
) -> None:
    complaint = complained(office)
    closed_again(office, complaint.case_no)
    to_review = told(office, complaint.case_no)[-1]
    complaint.must(office.agent, "contact", **NOTE)
    complaint.answered()
    complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    shown = ask(office, complaint.case_no).json()
    assert (shown["open"], shown["follow_up_open"]) == (True, True)
    assert told(office, complaint.case_no)[-1] == to_review
    assert ask(office, complaint.case_no, "/review", level=5).status_code == 201
    assert told(office, complaint.case_no)[-1] == (complaint.read()["due_on"], True)
