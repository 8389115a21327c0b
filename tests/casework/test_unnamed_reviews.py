"""Nothing that staff may read leads from an unnamed review to its case, or from a case to its review."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from casework.office import BASE, Headers, Office
from casework.test_bad_reviews import NOTE, Complaint
from casework.test_review_invitations import ask, told
from onewindow_casework.handling.queries import find
from onewindow_casework.timeline.models import Entry
from onewindow_shared.contracts.case_papers import CasePaper
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.unit import Unit
from testkit.api import environment

OF_CASES = f"{BASE}/cases/{{case_no}}"


def unnamed(office: Office, case_no: str, level: int = 1) -> Complaint:
    assert ask(office, case_no, "/review", level=level, anonymous=True, comment="太慢").status_code == 201
    return Complaint(office, case_no, office.read("reviews", office.manager)["items"][0]["review_no"])


def followed_up(office: Office, case_no: str) -> Complaint:
    """Have an unnamed review answered, audited and followed up."""
    complaint = unnamed(office, case_no)
    complaint.answered()
    complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    office.api.clock.pass_(minutes=7)
    assert ask(office, case_no, "/follow-up", level=4).status_code == 201
    return complaint


def routes_of_a_case(office: Office) -> Iterator[str]:
    """Every address at which something of a case is read."""
    for path, methods in office.api.client.get("/openapi.json").json()["paths"].items():
        if "get" in methods and path.startswith(OF_CASES):
            for kind in (CasePaper.DELIVERY, CasePaper.REVIEW_INVITATION) if "{kind}" in path else [""]:
                yield path.replace("{kind}", kind)


def read_of(office: Office, case_no: str, who: Headers) -> dict[str, Any]:
    """Everything that somebody reads of a case, without its number; of papers whether there is one."""
    found = {}
    for path in routes_of_a_case(office):
        answer = office.api.client.get(path.format(case_no=case_no), headers=who)
        words = "" if "/papers/" in path else answer.text.replace(case_no, "")
        found[path] = (answer.status_code, words)
    (row,) = [row for row in office.read("cases", who)["items"] if row["case_no"] == case_no]
    return found | {"row": json.dumps(row).replace(case_no, "")}


def test_staff_read_the_same_of_a_case_whether_or_not_it_was_reviewed_unnamed(office: Office) -> None:
    reviewed, silent = office.closed(), office.closed()
    assert len(list(routes_of_a_case(office))) > 10
    office.api.clock.pass_(minutes=3)
    followed_up(office, reviewed)
    for days in (0, 3):
        office.api.clock.pass_(days=days)
        office.api.tick()
        for who in (office.agent, office.clerk):
            assert read_of(office, reviewed, who) == read_of(office, silent, who)


def test_the_office_learns_the_day_of_an_unnamed_review_and_no_more(office: Office) -> None:
    complaint = followed_up(office, office.closed())
    seen = complaint.read(office.agent)
    assert (seen["rated_at"], seen["rated_on"]) == (None, "2026-11-23")
    assert seen["follow_up"] == {"level": 4, "comment": None, "rated_on": "2026-11-23"}
    last = seen["steps"][-1]
    assert (last["at"], last["on"], last["by"]) == (None, "2026-11-23", "applicant")
    assert seen["steps"][0]["at"] is not None, "what the office did itself"


def test_at_the_window_nobody_is_told_how_an_unnamed_review_stands(office: Office) -> None:
    reviewed, silent = office.closed(), office.closed()
    unnamed(office, reviewed)
    body = {"level": 4, "channel": "window"}
    for case_no in (reviewed, silent):
        answer = office.api.client.post(
            f"{BASE}/cases/{case_no}/review/follow-up",
            json=body,
            headers=office.clerk | {"Idempotency-Key": f"window-{case_no}"},
        )
        assert answer.status_code == 404


def test_a_review_and_its_follow_up_are_offered_to_whoever_may_give_them(office: Office) -> None:
    case_no = office.closed(applicant_subject="r-1")

    def offered(who: Headers) -> list[str]:
        found: list[str] = office.read(f"cases/{case_no}/actions", who)["actions"]
        return [action for action in found if action.startswith("review")]

    assert (offered(office.resident), offered(office.agent)) == (["review"], [])
    complaint = unnamed(office, case_no)
    assert (offered(office.resident), offered(office.clerk)) == ([], ["review"]), "no clerk learns of it"
    complaint.answered()
    complaint.must(complaint.supervisor, "audit", passed=True, **NOTE)
    assert (offered(office.resident), offered(office.clerk)) == (["review/follow-up"], ["review"])


def test_the_reminder_stands_on_a_case_that_was_reviewed_unnamed_and_is_sent_to_nobody(
    office: Office,
) -> None:
    unnamed_, named, silent = (office.closed() for _ in range(3))
    unnamed(office, unnamed_)
    assert ask(office, named, "/review", level=5).status_code == 201
    office.go_to(2026, 11, 26, 9, 0)
    office.api.tick()
    reminded = [one.case_no for one in office.api.sent(CaseProgressed) if one.step == "review_reminded"]
    assert sorted(reminded) == sorted([unnamed_, silent])
    assert told(office, unnamed_)[-1] == (None, False), "there is no invitation that it could be sent with"


def test_nobody_is_invited_who_reviewed_before_the_closing(office: Office) -> None:
    case_no = office.delivered()
    unnamed(office, case_no)
    office.must(office.clerk, "closure", case_no)
    assert told(office, case_no)[-1] == (None, False)


def test_what_told_of_unnamed_reviews_is_taken_out_of_timelines(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed, named = office.closed(), office.closed()
    unnamed(office, reviewed)
    assert ask(office, named, "/review", level=5).status_code == 201
    settings = office.api.runtime.settings
    url = settings.database_url.get_secret_value()
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def as_before(unit: Unit) -> None:
        case = find(unit, reviewed)
        row = {"at": unit.now, "step": "reviewed", "status": case.status, "by": "applicant"}
        unit.session.add(Entry(case_id=case.id, note_sealed=None, **row))

    office.api.system(as_before)
    migrate("casework", url, down_to="0045_populations_told")
    migrate("casework", url)
    assert "reviewed" not in steps(office, reviewed)
    assert "reviewed" in steps(office, named)


def steps(office: Office, case_no: str) -> list[str]:
    return [one["step"] for one in office.read(f"cases/{case_no}/timeline", office.agent)["items"]]
