"""Reviews of the handling through the gateway: a bad one to its follow-up, and residents without an account."""

from typing import Any

import pytest

from suite.test_outcomes import file_of
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, ITEM = "330902002001", "soc-temporary-shenyang"
REVIEWS, INVITED = f"{CASEWORK}/reviews", f"{CASEWORK}/review-invitations"
Case = dict[str, Any]


def closed(town: Town, serial: int) -> Case:
    """Have somebody's case taken in at the window, handled and closed; return the receipt."""
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    form = application(town.item(ITEM), XIAN, person(serial))
    case = clerk.made(f"{INTAKE}/cases", form | {"accept": True})
    version = file_of(agent, case, "accepted")["version"]
    path = f"{CASEWORK}/cases/{case['case_no']}"
    steps: list[tuple[Person, str, Any]] = [
        (agent, "claim", {}),
        (agent, "start", {}),
        (town.staff("officer.civil_affairs"), "decision", {"outcome": "grant"}),
        (clerk, "delivery", {"method": "pick_up", "proof": "本人签收"}),
        (clerk, "closure", {}),
    ]
    for who, step, body in steps:
        version = who.moved(f"{path}/{step}", body, version)["version"]
    return case


def invitation(town: Town, case: Case) -> Any:
    """Return what the public tracking of a case says of its review, once casework has told it."""

    def tracked() -> Any:
        asked = {"code": case["tracking_code"]}
        return town.anybody().ask("POST", f"{INTAKE}/tracking/{case['case_no']}", asked).json()["review"]

    return eventually(tracked, bool)


def work(town: Town, who: str, no: int, step: str, **body: Any) -> Any:
    """Take a step with a review as one who has just looked at it."""
    officer = town.staff(who)
    return officer.moved(f"{REVIEWS}/{no}/{step}", body, officer.read(f"{REVIEWS}/{no}")["version"])


def the_review(who: Person, case: Case) -> Any:
    rows = who.read(f"{REVIEWS}?area={XIAN}")["items"]
    return next(row for row in rows if row["case_no"] == case["case_no"])


def test_a_bad_review_is_followed_to_its_follow_up(town: Town) -> None:
    case = closed(town, 401)
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    path = f"{CASEWORK}/cases/{case['case_no']}/review"
    said = {"level": 1, "channel": "window", "comment": "跑了三趟才办成"}
    assert clerk.made(path, said)["status"] == "bad"
    assert clerk.create(path, said).status_code == 409
    review = the_review(agent, case)
    no, rated_due = review["review_no"], review["due_on"]
    assert agent.read(f"{REVIEWS}/{no}/actions")["actions"] == ["contact"]

    town.pass_(days=5)
    agent = town.staff("agent.xian")
    eventually(lambda: agent.read(f"{REVIEWS}/{no}"), lambda row: bool(row["overdue"]))
    assert [row["review_no"] for row in agent.read(f"{REVIEWS}?overdue=true")["items"]] == [no]
    called = work(town, "agent.xian", no, "contact", note="电话联系，本人说明材料清单不清楚")
    assert (called["status"], called["overdue"], called["due_on"] > rated_due) == ("contacted", False, True)
    contact = agent.read(f"{REVIEWS}/{no}")["steps"][-1]
    assert (contact["action"], contact["late"]) == ("contact", True)

    appeal = {"ground": "mistaken", "evidence": "当日仅来一次，取号记录为证"}
    work(town, "agent.xian", no, "appeal", **appeal)
    assert agent.read(f"{REVIEWS}/{no}/actions")["actions"] == []
    decided = {"excluded": False, "reasons": "取号记录显示来过三次"}
    assert work(town, "supervisor.changguo", no, "appeal-decision", **decided)["status"] == "returned"
    work(town, "agent.xian", no, "rectification", note="办事指南已改")
    answer = "对不起，材料清单已经更正。"
    assert work(town, "agent.xian", no, "feedback", note=answer)["status"] == "fed_back"
    assert clerk_reads(town, path)["answer"] == answer
    audited = work(town, "supervisor.changguo", no, "audit", passed=True, note="已核对")
    assert audited["status"] == "audited"

    assert eventually(lambda: invitation(town, case), lambda told: bool(told["follow_up"]))["until"]
    follow_up = town.staff("clerk.xian").made(f"{path}/follow-up", {"level": 4, "channel": "window"})
    assert (follow_up["status"], follow_up["follow_up"]["level"]) == ("followed_up", 4)
    assert "跑了三趟" not in str(
        town.anybody().read(f"{REVIEWS}/results/330902?by=officer&from=2026-01-01&to=2027-12-31")
    )


def clerk_reads(town: Town, path: str) -> Any:
    return town.staff("clerk.xian").read(path)


def test_a_resident_without_an_account_reviews_by_the_code_on_their_paper(town: Town) -> None:
    case = closed(town, 402)
    told = invitation(town, case)
    assert told["link"].endswith(f"/reviews#{case['case_no']}.{told['code']}")
    paper = town.staff("clerk.xian").get(f"{CASEWORK}/cases/{case['case_no']}/papers/review_invitation")
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    anybody, path = town.anybody(), f"{INVITED}/{case['case_no']}"
    assert anybody.ask("POST", path, {"code": "AAAA2222"}).status_code == 404
    seen = anybody.ask("POST", path, {"code": told["code"]}).json()
    assert (seen["open"], seen["until"], seen["review"]) == (True, told["until"], None)
    said = {"code": told["code"], "level": 2, "comment": "态度冷淡", "anonymous": True}
    given = anybody.made(f"{path}/review", said)
    assert (given["channel"], given["status"]) == ("link", "bad_unnamed")
    assert anybody.create(f"{path}/review", said).status_code == 409
    manager = town.staff("manager.xian")
    row = next(row for row in manager.read(f"{REVIEWS}?area={XIAN}")["items"] if row["anonymous"])
    assert (row["case_no"], row["comment"]) == (None, "态度冷淡")
    assert case["case_no"] not in manager.get(f"{REVIEWS}/{row['review_no']}").text
    assert manager.get(f"{CASEWORK}/cases/{case['case_no']}/review").status_code == 404


def test_a_resident_without_an_account_reviews_by_a_code_sent_to_their_phone(town: Town) -> None:
    case = closed(town, 403)
    invitation(town, case)
    phone = person(403)["mobile"]
    before = town.command("gateway", "accounts", "list")
    proved = town.holder(phone)
    assert town.command("gateway", "accounts", "list") == before
    assert proved.get("/auth/me").status_code == 403
    (invited,) = proved.ask("POST", f"{INTAKE}/review-invitations", {"phone": phone}).json()
    assert invited["case_no"] == case["case_no"]
    other = {"phone": person(404)["mobile"]}
    assert proved.ask("POST", f"{INTAKE}/review-invitations", other).status_code == 403
    path = f"{INVITED}/{case['case_no']}/review"
    given = town.anybody().made(path, {"code": invited["code"], "level": 5})
    assert (given["channel"], given["status"]) == ("phone", "good")
    left = eventually(
        lambda: proved.ask("POST", f"{INTAKE}/review-invitations", {"phone": phone}).json(),
        lambda rows: rows == [],
    )
    assert left == []
