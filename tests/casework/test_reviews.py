"""One review per case, from its resident or at the window, while it is fresh."""

from typing import Any

import pytest

from casework.office import Office, furnished, open_office
from conftest import FreshDatabase
from onewindow_shared.contracts.metrics import Metric


def test_a_resident_reviews_their_own_case_once(office: Office, noise: list[str]) -> None:
    case_no = office.closed(applicant_subject="r-1")
    given = office.review(office.resident, case_no, level=4, channel="web", comment="很快")
    assert (given.status_code, given.json()["satisfied"]) == (201, True)
    again = office.review(office.resident, case_no, level=1, channel="phone")
    assert (again.status_code, again.json()["type"]) == (409, "urn:onewindow:problem:already-reviewed")
    assert office.review(office.clerk, case_no).status_code == 409
    assert office.read(f"cases/{case_no}/review", office.clerk)["comment"] == "很快"
    figures = office.figures()
    assert (figures[Metric.REVIEWS_RATED], figures[Metric.REVIEWS_SATISFIED]) == (1, 1)


def test_a_review_sent_twice_gets_the_same_answer(office: Office) -> None:
    case_no = office.closed()
    first = office.review(office.clerk, case_no, key="flaky-network", level=2)
    again = office.review(office.clerk, case_no, key="flaky-network", level=2)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert office.review(office.clerk, case_no, key="flaky-network", level=3).status_code == 422
    assert Metric.REVIEWS_SATISFIED not in office.figures()


def test_a_case_is_reviewed_only_once_the_outcome_is_in_hand(office: Office) -> None:
    case_no = office.decided()
    assert office.review(office.clerk, case_no).json()["state"] == "decided"
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "签收"})
    assert office.review(office.clerk, case_no).status_code == 201


def test_refused_cases_are_reviewed_too(office: Office) -> None:
    assert office.review(office.clerk, office.closed("refuse"), level=1).status_code == 201


def test_reviews_are_taken_for_five_working_days(office: Office) -> None:
    last_minute, too_late = office.closed(), office.closed()
    office.go_to(2026, 11, 30, 15, 59)
    assert office.review(office.clerk, last_minute).status_code == 201
    office.go_to(2026, 11, 30, 16, 0)
    refused = office.review(office.clerk, too_late)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:onewindow:problem:review-too-late")


@pytest.mark.parametrize(("who", "channel"), [("resident", "window"), ("clerk", "web"), ("clerk", "phone")])
def test_a_channel_that_is_not_ones_own_is_named(office: Office, who: str, channel: str) -> None:
    case_no = office.closed(applicant_subject="r-1")
    response = office.review(getattr(office, who), case_no, channel=channel)
    assert response.json()["errors"][0]["loc"] == ["body", "channel"]


@pytest.mark.parametrize(
    "body", [{"level": 6}, {"level": 0}, {"level": None}, {"channel": "fax"}, {"stars": 5}]
)
def test_a_review_that_cannot_be_is_refused(office: Office, body: dict[str, Any]) -> None:
    assert office.review(office.clerk, office.closed(), **body).status_code == 422


def test_nobody_reviews_a_case_that_is_not_theirs(office: Office) -> None:
    case_no = office.closed(applicant_subject="r-2")
    assert office.review(office.resident, case_no, channel="web").status_code == 404
    assert office.get(f"cases/{case_no}/review", office.clerk).status_code == 404


def test_a_district_says_from_how_many_stars_a_review_is_a_good_one(fresh_database: FreshDatabase) -> None:
    with open_office(fresh_database("casework", furnished), satisfied_from=4) as office:
        given = office.review(office.clerk, office.delivered(), level=3)
        assert (given.status_code, given.json()["satisfied"]) == (201, False)
        assert Metric.REVIEWS_SATISFIED not in office.figures()
