"""The check-list as a clerk works it: paper by paper, with a colleague at the same case."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from intake.uploads import kept
from intake.window import Answer, Somebody, somebody, wrong_fields
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, Api

Found = dict[str, Any]
SCHOOL = "edu-enrolment-guchen"
"""Six papers, each as an original and a copy."""
NOTHING = {"originals": 0, "copies": 0, "electronic": False}


def work(who: Somebody, case: Found, code: str, **change: Any) -> Answer:
    path = f"cases/{case['case_no']}/materials/{code}"
    return who.ask("PATCH", path, change, **{"If-Match": f'"{case["version"]}"'})


def worked(who: Somebody, case: Found, code: str, **change: Any) -> Found:
    answer = work(who, case, code, **change)
    assert answer.status_code == 200, answer.text
    found: Found = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    return found


def paper(case: Found, code: str) -> Found:
    (found,) = [one for one in case["materials"] if one["code"] == code]
    return dict(found)


def test_a_list_is_worked_paper_by_paper_until_nothing_lacks(api: Api, clerk: Somebody) -> None:
    agent = somebody(api, Role.AGENT_OFFICER, XIAN)
    posted = agent.posted(item=SCHOOL, channel="home_visit", materials=clerk.papers(SCHOOL, without="m2"))
    case = agent.case(posted)
    assert {one["declared"] for one in case["materials"] if one["code"] != "m2"} == {True}
    for code in ("m3", "m4", "m5", "m6"):
        case = worked(clerk, case, code, received=True)
        assert paper(case, code)["pieces"] == {"originals": 1, "copies": 1, "electronic": False}

    remark = "王桂芳的户口簿，户主页已核"
    case = worked(clerk, case, "m1", originals=1, remark=remark)
    part = paper(case, "m1")
    assert (part["received"], part["remark"], part["seen_by"]) == (False, remark, "clerk.xian")
    assert part["lacks"] == {**NOTHING, "copies": 1}
    assert wrong_fields(clerk.move(case, "acceptance")) == {"materials.m1", "materials.m2"}
    receipt = clerk.get(f"cases/{case['case_no']}/issued-documents/receipt").json()
    assert receipt["missing"] == ["家庭户口本（缺少复印件1份）", paper(case, "m2")["name"]]
    case = worked(clerk, case, "m1", copies=1)
    whole = paper(case, "m1")
    assert (whole["received"], whole["lacks"], whole["remark"]) == (True, NOTHING, remark)

    photo = kept(clerk, case, material="m2")["document_id"]
    elsewhere = kept(clerk, case, material="m6")["document_id"]
    case = clerk.case(case)
    for document in (elsewhere, "0" * 32):
        assert wrong_fields(work(clerk, case, "m2", documents=[document])) == {"documents"}
    case = worked(clerk, case, "m2", documents=[photo])
    assert paper(case, "m2")["pieces"] == {**NOTHING, "electronic": True}
    accepted = clerk.moved(case, "acceptance")
    assert accepted["status"] == "accepted"
    assert paper(accepted, "m2")["documents"] == [photo]
    late = work(clerk, accepted, "m2", received=False)
    assert (late.status_code, late.json()["state"]) == (409, "accepted")

    def lying(unit: Unit) -> tuple[str, list[str]]:
        case_no = posted["case_no"]
        row = unit.session.scalars(select(Case).where(Case.case_no == case_no)).one()
        audits = unit.session.scalars(select(AuditRecord).where(AuditRecord.entity_id == case_no)).all()
        steps = [one for one in audits if one.action == "case.materials"]
        return f"{row.materials} {row.material_remarks_sealed}", [str(one.detail) for one in steps]

    columns, audited = api.system(lying)
    assert "王桂芳" not in columns
    assert len(audited) == 9, "the two files that came are steps of their own"
    assert "王桂芳" not in "".join(audited)


def test_two_clerks_at_one_case_lose_nothing_of_each_other(
    api: Api, clerk: Somebody, neighbour: Somebody, resident: Somebody
) -> None:
    colleagues = [somebody(api, Role.WINDOW_CLERK, XIAN, subject=f"clerk.xian.{n}") for n in range(4)]
    case = clerk.case(clerk.posted(item=SCHOOL))
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda n: work(colleagues[n], case, f"m{n + 1}", received=True), range(4)))
    assert sorted(answer.status_code for answer in said) == [200, 412, 412, 412]
    for n, answer in enumerate(said):
        if answer.status_code == 412:
            assert answer.json()["current"]["version"] == case["version"] + 1
            worked(colleagues[n], clerk.case(case), f"m{n + 1}", received=True)
    together = clerk.case(case)
    for n in range(4):
        assert (paper(together, f"m{n + 1}")["received"], paper(together, f"m{n + 1}")["seen_by"]) == (
            True,
            f"clerk.xian.{n}",
        )
    assert together["version"] == case["version"] + 4

    assert work(neighbour, together, "m1", received=False).status_code == 404
    assert work(resident, together, "m1", received=False).status_code == 404
    assert work(clerk, together, "m99", received=True).status_code == 404
    assert wrong_fields(work(clerk, together, "m1", received=False, copies=2)) == {"received"}
    assert work(clerk, together, "m1").status_code == 422
    path = f"cases/{case['case_no']}/materials/m1"
    assert clerk.ask("PATCH", path, {"received": True}).status_code == 428
    auditor = somebody(api, Role.AUDITOR, "330902")
    assert work(auditor, together, "m1", received=True).status_code == 403


def test_what_a_resident_says_of_papers_is_kept_beside_what_the_window_saw(
    clerk: Somebody, resident: Somebody
) -> None:
    case = resident.case(resident.posted(item=SCHOOL, channel="web"))
    case = worked(resident, case, "m1", electronic=True, remark="照片已上传")
    assert (paper(case, "m1")["received"], paper(case, "m1")["declared"]) == (False, True)
    case = worked(clerk, case, "m1", received=True)
    seen = paper(case, "m1")
    assert (seen["received"], seen["pieces"]) == (True, {**NOTHING, "electronic": True})
    said = worked(resident, case, "m1", received=False, remark="不算")
    assert paper(said, "m1")["pieces"] == seen["pieces"]
    assert paper(said, "m1")["remark"] == "照片已上传"
    case = worked(clerk, said, "m1", remark=None)
    assert (paper(case, "m1")["remark"], paper(case, "m1")["received"]) == (None, True)


def test_a_remark_on_a_paper_of_which_nothing_is_known_is_kept(clerk: Somebody, resident: Somebody) -> None:
    case = resident.posted(item=SCHOOL, channel="web")
    said = worked(resident, case, "m2", remark="下周补")
    assert (paper(said, "m2")["remark"], paper(said, "m2")["declared"]) == ("下周补", False)
    assert clerk.steps(said)[-1] == "materials_said"
