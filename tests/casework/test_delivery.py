"""An outcome is delivered with what proves it; a try that failed leaves the case decided."""

from datetime import date
from typing import Any

import pytest

from casework.office import BASE, Office
from onewindow_casework.delivery import rules
from onewindow_shared.contracts.delivery import DeliveryIn
from onewindow_shared.contracts.events import CaseProgressed
from testkit.databases import everything

POST = {"method": "post", "carrier": "EMS", "tracking_no": "1234567890123"}
LEFT = {"method": "home_visit", "refused": True, "witness": "李建国"}
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"method": "pick_up", "proof": "领取登记第8号"}, set()),
        ({"method": "electronic"}, {"proof"}),
        (POST, set()),
        ({"method": "post", "proof": "已寄"}, {"carrier", "tracking_no"}),
        ({"method": "pick_up", "proof": "签收", "carrier": "EMS"}, {"carrier"}),
        (LEFT, set()),
        ({"method": "home_visit"}, {"proof"}),
        (LEFT | {"witness": None}, {"witness"}),
        (LEFT | {"receiver": "王小明"}, {"receiver"}),
        (POST | {"refused": True, "witness": "李建国"}, {"refused"}),
    ],
)
def test_each_kind_of_delivery_is_proved_by_its_own_parts(said: dict[str, Any], wrong: set[str]) -> None:
    assert set(rules.faults(DeliveryIn.model_validate(said))) == wrong


def test_nothing_is_delivered_before_its_decision_or_tomorrow() -> None:
    assert rules.fault_of_day(TODAY, TODAY, TODAY) is None
    assert rules.fault_of_day(date(2026, 11, 24), TODAY, TODAY)
    assert rules.fault_of_day(date(2026, 11, 22), TODAY, TODAY)


def fail(office: Office, case_no: str, key: str = "try-00000001", **more: Any) -> Any:
    body = POST | {"failure": "returned", "remark": "王小明说查无此人"} | more
    headers = office.clerk | {"Idempotency-Key": key}
    return office.api.client.post(f"{BASE}/cases/{case_no}/delivery-tries", json=body, headers=headers)


def test_what_came_back_is_delivered_again_and_the_case_is_not_closed_before(office: Office) -> None:
    case_no = office.decided(applicant_subject="r-1")
    path = f"cases/{case_no}/delivery-tries"
    assert office.read(f"cases/{case_no}/actions", office.clerk)["actions"] == [
        *("delivery", "delivery-tries", "agency")
    ]
    assert [fail(office, case_no).status_code for _ in range(2)] == [201, 201]
    assert fail(office, case_no, key="try-00000002", tried_on="2026-11-22").status_code == 422
    assert fail(office, case_no, key="try-00000003", method="home_visit").status_code == 422
    (tried,) = office.read(path, office.clerk)["items"]
    assert (tried["failure"], tried["tracking_no"], tried["tried_on"]) == (
        "returned",
        "1234567890123",
        "2026-11-23",
    )
    assert tried["remark"] == "王小明说查无此人"
    assert office.read(path, office.resident)["items"][0]["remark"] is None
    assert office.case(case_no)["status"] == "decided"
    assert office.do(office.clerk, "closure", case_no).status_code == 409

    office.api.clock.pass_(days=1)
    lacking = office.do(office.clerk, "delivery", case_no, {"method": "post", "delivered_on": "2026-11-25"})
    assert {error["loc"][-1] for error in lacking.json()["errors"]} == {
        "carrier",
        "tracking_no",
        "delivered_on",
    }
    done = office.must(office.clerk, "delivery", case_no, LEFT | {"delivered_on": "2026-11-23"})["delivery"]
    assert (done["refused"], done["witness"], done["delivered_on"]) == (True, "李*国", "2026-11-23")
    assert fail(office, case_no, key="try-00000004").status_code == 409
    assert office.must(office.clerk, "closure", case_no)["status"] == "closed"
    steps = [event.step for event in office.api.sent(CaseProgressed) if event.case_no == case_no]
    assert steps[-3:] == ["delivery_failed", "delivered", "closed"]


def test_who_took_it_or_saw_it_and_its_number_lie_open_nowhere(office: Office) -> None:
    left, posted = office.decided(), office.decided()
    office.must(office.clerk, "delivery", left, LEFT)
    assert fail(office, posted).status_code == 201
    office.must(office.clerk, "delivery", posted, POST | {"receiver": "王小明"})
    lying = everything(office.api.runtime.settings.database_url.get_secret_value())
    assert not [word for word in ("李建国", "王小明", "1234567890123") if word in lying]
