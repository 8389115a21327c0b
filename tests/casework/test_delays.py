"""A delay: owed a reason, explained by whoever answers, told in plain words, and counted for everybody."""

import pytest

from casework.office import BASE, HOLIDAYS_2027, Office, furnished, open_office
from casework.street import Street
from conftest import FreshDatabase
from onewindow_shared.contracts.events import CaseProgressed


@pytest.fixture
def street(office: Office) -> Street:
    return Street(office)


def test_a_delay_is_explained_by_whoever_answers_and_told_in_plain_words(street: Street) -> None:
    office = street.office
    case_no = office.started(promised_days=1, applicant_subject="r-1")
    body = {"kind": "awaiting_others", "words": "区民政局核对王桂芳家庭财产"}
    assert office.do(office.agent, "delay-reason", case_no, body).status_code == 409
    office.go_to(2026, 11, 24, 9)
    office.api.quiet()
    owed = office.read("delays?stated=false", street.street)["items"]
    assert [(row["case_no"], row["reason_by"], row["kind"]) for row in owed] == [
        (case_no, "2026-11-25", None)
    ]
    assert office.do(office.manager, "delay-reason", case_no, body).status_code == 403
    wrong = office.do(office.agent, "delay-reason", case_no, {"kind": "weather"})
    assert (wrong.status_code, wrong.json()["errors"][0]["loc"]) == (422, ["body", "kind"])
    stated = office.must(office.agent, "delay-reason", case_no, body)
    assert stated["delay"]["words"] == body["words"]
    assert "delay-reason" not in street.actions(office.agent, case_no)
    seen = office.read(f"cases/{case_no}", office.resident)["delay"]
    assert (seen["kind"], seen["told"], seen["words"]) == (
        *("awaiting_others", "等待其他单位核查、会商或者出具结果"),
        None,
    )
    told = office.api.sent(CaseProgressed)[-1]
    assert (told.step, told.told) == ("delay_explained", seen["told"])
    assert office.read("delays?stated=false", street.street)["items"] == []
    assert office.read("delays", street.elsewhere)["items"] == []


def test_reasons_are_published_by_kind_and_item_and_small_counts_are_not(
    fresh_database: FreshDatabase,
) -> None:
    with open_office(fresh_database("casework", furnished), small_cell=2) as office:
        for item, cases in (("a", 3), ("b", 1), ("c", 1)):
            for _ in range(cases):
                case_no = office.started(promised_days=1, item_code=item)
                office.api.clock.pass_(days=0)
                assert case_no
        alone = office.started(promised_days=1, item_code="d")
        office.go_to(2026, 11, 24, 9)
        office.api.quiet()
        office.must(office.agent, "delay-reason", alone, {"kind": "own_fault"})
        found = office.api.client.get(f"{BASE}/delays/330902?period=2026Q4").json()
        lines = [(line["item_code"], line["kind"], line["count"]) for line in found["lines"]]
        assert lines == [("a", None, 2), (None, None, 2), (None, "own_fault", None)]
        assert office.api.client.get(f"{BASE}/delays/330902?period=2026Q3").json()["lines"] == []
        assert office.api.client.get(f"{BASE}/delays/330902?period=0000Q1").status_code == 422


def test_the_day_by_which_a_reason_is_owed_moves_with_the_calendar(street: Street) -> None:
    office = street.office
    office.go_to(2026, 12, 30, 2)
    owed, stated = (office.started(promised_days=1) for _ in range(2))
    office.go_to(2026, 12, 31, 10)
    office.api.quiet()
    office.must(office.agent, "delay-reason", stated, {"kind": "own_fault"})
    before = {case_no: office.case(case_no)["delay"]["reason_by"] for case_no in (owed, stated)}
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    assert before[owed] == "2027-01-04"
    assert office.case(owed)["delay"]["reason_by"] == "2027-01-06"
    assert office.case(stated)["delay"]["reason_by"] == before[stated]
