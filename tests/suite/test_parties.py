"""Who acts for whom, through the gateway: an entrusted daughter, and a household with a child."""

from typing import Any

import pytest

from town import INTAKE, Town, application, person

pytestmark = pytest.mark.suite

XIAN, ITEM = "330902002001", "soc-subsistence-national"
DAUGHTER = {
    **person(31, "王小芳"),
    "entrustment": {
        "scope": ["submit", "collect"],
        "begins_on": "2020-01-01",
        "ends_on": "2099-12-31",
        "seen_by": "clerk.xian",
    },
}


def test_an_entrusted_daughter_submits_and_collects_but_may_not_withdraw(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    body = {**application(town.item(ITEM), XIAN, person(30)), "agent": DAUGHTER}
    answer = clerk.create(f"{INTAKE}/cases", body)
    assert answer.status_code == 201, answer.text
    case = f"{INTAKE}/cases/{answer.json()['case_no']}"

    taken = clerk.create(f"{case}/originals", {"material": "m1", "place": "西安社区窗口 2号柜"})
    assert taken.status_code == 201, taken.text
    version = clerk.read(case)["version"]
    refused = clerk.move(f"{case}/withdrawal", {"acting": "agent"}, version)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "acting"])

    original = taken.json()
    back = {"act": "returned", "returned_to": "王小芳", "signature": "代收签收", "acting": "agent"}
    path = f"{case}/originals/{original['original_id']}/steps"
    assert clerk.move(path, back, original["version"]).status_code == 200
    timeline = clerk.read(f"{case}/timeline")["items"]
    assert [entry["acting"] for entry in timeline] == ["agent", None, "agent"]
    assert "王小芳" not in clerk.get(case).text


def test_a_household_with_a_child_applies_and_each_member_is_found(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    child: dict[str, Any] = {
        **person(33, "王小宝", birth="20180401"),
        "relation": "grandchild",
        "consent": {"given": True},
    }
    body = {**application(town.item(ITEM), XIAN, person(32)), "household": [child]}
    refused = clerk.create(f"{INTAKE}/cases", body)
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    assert [str(part) for part in wrong["loc"]] == ["body", "household", "0", "consent", "by"]

    agreed = {**child, "consent": {"given": True, "by": "guardian"}}
    answer = clerk.create(f"{INTAKE}/cases", {**body, "household": [agreed]})
    assert answer.status_code == 201, answer.text
    asked = {"id_document": child["id_document"]}
    found = clerk.ask("POST", f"{INTAKE}/cases/lookup", asked).json()["items"]
    assert [one["case_no"] for one in found] == [answer.json()["case_no"]]
    assert "王小宝" not in clerk.get(f"{INTAKE}/cases/{answer.json()['case_no']}").text
