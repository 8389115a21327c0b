"""A clerk's morning through the gateway: from a resident's sentence to the receipt in their hand."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from town import INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN = "330902002001"
ALLOWANCE, CARD = "soc-old-age-xiangtan", "soc-senior-card-pubei"
Found = dict[str, Any]


def worked(who: Person, case: Found, code: str, **change: Any) -> Found:
    """Say more of one paper of the check-list."""
    path = f"{INTAKE}/cases/{case['case_no']}/materials/{code}"
    answer = who.ask("PATCH", path, change, If_Match=f'"{case["version"]}"')
    assert answer.status_code == 200, answer.text
    found: Found = answer.json()
    return found


def lacking(case: Found) -> list[str]:
    return [one["code"] for one in case["materials"] if one["required"] and not one["received"]]


def test_a_morning_at_the_desk(town: Town) -> None:
    clerk, mother = town.staff("clerk.xian"), person(301, "王桂芳", "19400307")
    last_week = application(town.item(CARD), XIAN, mother)
    last_week["consent"]["reuse"] = True
    earlier = clerk.made(f"{INTAKE}/cases", {**last_week, "accept": True})

    found = town.anybody().read(f"{INTAKE}/items?q=给我妈办高龄补贴&community={XIAN}")["items"]
    assert ALLOWANCE in [one["code"] for one in found[:3]]
    content = application(town.item(ALLOWANCE), XIAN, mother)
    del content["community"]
    begun = {**content, "materials": [], "applicant": {**mother, "mobile": "138"}}
    draft = clerk.made(f"{INTAKE}/drafts", {"community": XIAN, "content": begun})
    assert [one["field"] for one in draft["wrong"]] == ["applicant.mobile"]
    path = f"{INTAKE}/drafts/{draft['draft_id']}"
    mended = {"community": XIAN, "content": {**content, "materials": []}}
    saved = clerk.ask("PUT", path, mended, If_Match=f'"{draft["version"]}"').json()
    assert saved["wrong"] == []
    posted = clerk.move(f"{path}/submission", None, saved["version"])
    assert posted.status_code == 200, posted.text
    receipt = posted.json()

    here = f"{INTAKE}/cases/{receipt['case_no']}"
    case = clerk.read(here)
    assert lacking(case) == ["m1", "m2", "m3", "m4", "m5", "m7"]
    case = worked(clerk, case, "m1", originals=1)
    case = worked(clerk, case, "m2", originals=1, remark="审批表由社区代填，本人签字")
    case = worked(clerk, case, "m5", originals=1)
    (card,) = [one for one in case["materials"] if one["code"] == "m5"]
    assert (card["received"], card["lacks"]["originals"]) == (False, 1)
    refused = clerk.move(f"{here}/acceptance", None, case["version"])
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 4
    case = worked(clerk, case, "m5", originals=2)
    case = worked(clerk, case, "m7", received=True)

    offered = clerk.read(f"{here}/reusable-materials")["offers"]
    assert [(one["material"], one["origin"]["case_no"]) for one in offered] == [
        ("m3", earlier["case_no"]),
        ("m4", earlier["case_no"]),
    ]
    neighbour = town.staff("clerk.xiyuan")
    assert neighbour.get(f"{here}/reusable-materials").status_code == 404
    for one in offered:
        origin = {name: one["origin"][name] for name in ("case_no", "material")}
        case = clerk.moved(f"{here}/materials/{one['material']}/reuse", origin, case["version"])
    assert lacking(case) == []

    accepted = clerk.moved(f"{here}/acceptance", None, case["version"])
    assert accepted["status"] == "accepted"
    late = clerk.ask(
        "PATCH", f"{here}/materials/m1", {"received": False}, If_Match=f'"{accepted["version"]}"'
    )
    assert (late.status_code, late.json()["state"]) == (409, "accepted")
    answer = clerk.get(f"{here}/papers/receipt")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for told in (receipt["case_no"], "原件2份"):
        assert told in "".join(text.split())
    tracked = town.anybody().ask(
        "POST", f"{INTAKE}/tracking/{receipt['case_no']}", {"code": receipt["tracking_code"]}
    )
    assert tracked.json()["status_label"] == "已受理"
    assert "王桂芳" not in tracked.text


def test_a_case_is_handed_to_a_colleague_of_the_office_and_to_nobody_else(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    posted = clerk.made(
        f"{INTAKE}/cases", application(town.item(CARD), XIAN, person(302, "陈桂花", "19400307"))
    )
    path = f"{INTAKE}/cases/{posted['case_no']}/handoffs"

    def offered(taker: str) -> int:
        return clerk.create(path, {"taker": taker}).status_code

    assert eventually(lambda: offered("ghost"), lambda status: status == 422) == 422
    assert offered("clerk.xiyuan") == 422
    assert eventually(lambda: offered("agent.xian"), lambda status: status == 201) == 201
