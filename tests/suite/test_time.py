"""What time does to a case, through the gateway: its clock over Spring Festival, and what it decides by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from demo import play
from suite.test_outcomes import SLOW, TOLERANT, ended, file_of, moved, papers, taken_in
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, ITEM = "330902002001", "soc-subsistence-national"
BEFORE_THE_HOLIDAYS = datetime(2027, 1, 28, 2, tzinfo=UTC)
A_SEASON = 90
"""Days after which every limit of a story is over."""
NOTICE = {
    "notice": "国办发明电〔2026〕9号",
    "source": "https://www.gov.cn/",
    "days": [
        {"day": "2027-01-01", "kind": "holiday", "name": "元旦"},
        {"day": "2027-01-30", "kind": "makeup", "name": "春节"},
        *({"day": f"2027-02-{day:02}", "kind": "holiday", "name": "春节"} for day in range(5, 13)),
        {"day": "2027-02-20", "kind": "makeup", "name": "春节"},
    ],
}
"""A made-up notice for 2027: eight days off from New Year's Eve on, and two Saturdays worked for them."""


def promised(who: Person, path: str) -> tuple[str, dict[str, str]]:
    """Return the last day and why each day was counted or not, once both limits sum to what is kept."""
    clock, case = who.read(f"{path}/clock"), who.read(path)
    assert clock["calendar_version"] == case["calendar_version"]
    for name in ("promised", "statutory"):
        limit = clock[name]
        assert sum(day["counted"] for day in limit["days"]) == limit["limit"]
        assert limit["days"][-1]["day"] == limit["due_on"] == case[f"{name}_due_on"]
    return clock["promised"]["due_on"], {day["day"]: day["why"] for day in clock["promised"]["days"]}


def test_the_demonstration_plays_weeks_that_were_before_the_suite(town: Town) -> None:
    acts: list[str] = []
    play(town, 15, 1, lambda name, _: acts.append(name))
    assert (acts.count("weeks before"), acts.count("the day"), acts.count("volunteers")) == (1, 15, 1)


def test_a_suspended_and_extended_case_is_right_to_the_day_over_spring_festival(town: Town) -> None:
    town.go_to(BEFORE_THE_HOLIDAYS)
    clerk, agent, admin = (town.staff(name) for name in ("clerk.xian", "agent.xian", "admin.dinghai"))
    case = clerk.made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(300)) | {"accept": True})
    path = f"{CASEWORK}/cases/{case['case_no']}"
    opened: dict[str, Any] = eventually(lambda: agent.get(path), lambda got: got.status_code == 200).json()
    assert opened["provisional"] is True
    estimated, _ = promised(agent, path)

    tag = admin.get(f"{CASEWORK}/calendar/2027").headers["ETag"]
    imported = admin.ask("PUT", f"{CASEWORK}/calendar/2027", NOTICE, If_Match=tag)
    assert imported.status_code == 200, imported.text
    known, days = promised(agent, path)
    assert known > estimated
    assert (days["2027-01-30"], days["2027-02-05"], days["2027-02-20"]) == ("makeup", "holiday", "makeup")

    version = agent.moved(f"{path}/claim", {}, agent.read(path)["version"])["version"]
    version = agent.moved(f"{path}/start", {}, version)["version"]
    notice = {"method": "pick_up", "proof": "本人签收"}
    hearing = {"procedure": "hearing", "days": 10, "reason": "利害关系人申请听证", "notice": notice}
    version = agent.moved(f"{path}/suspension", hearing, version)["version"]
    suspended, days = promised(agent, path)
    assert suspended > known
    assert agent.read(f"{path}/actions")["actions"] == [*("handoffs", "resumption", "withdrawal", "agency")]
    assert agent.read(f"{path}/clock")["pauses"][0]["told_until"] == "2027-02-18"
    assert {why for day, why in days.items() if "2027-01-28" < day <= "2027-02-18"} == {"paused"}

    town.pass_(days=7)
    clerk, agent, admin = (town.staff(name) for name in ("clerk.xian", "agent.xian", "admin.dinghai"))
    version = agent.moved(f"{path}/resumption", {"result": "听证笔录已收"}, version)["version"]
    resumed, days = promised(agent, path)
    assert known < resumed < suspended
    assert (days["2027-02-04"], days["2027-02-05"], days["2027-02-13"]) == ("paused", "holiday", "weekend")
    assert "extension" in admin.read(f"{path}/actions")["actions"]
    longer = {"days": 10, "reason": "需要异地核对家庭财产", "notice": notice}
    assert agent.move(f"{path}/extension", longer, version).status_code == 403
    version = admin.moved(f"{path}/extension", longer, version)["version"]
    extended, _ = promised(agent, path)
    assert extended > resumed
    assert admin.move(f"{path}/extension", longer, version).status_code == 409

    told = eventually(
        lambda: clerk.read(f"{INTAKE}/cases/{case['case_no']}"), lambda seen: bool(seen["due_on"] == extended)
    )
    assert told["provisional"] is False
    steps = [entry["step"] for entry in agent.read(f"{path}/timeline")["items"]]
    assert [step for step in steps if step not in {"assigned", "started"}] == [
        *("opened", "due_changed", "suspended", "resumed", "extended")
    ]


def test_what_nobody_answers_corrects_or_supplements_in_time_time_itself_decides(town: Town) -> None:
    """Deemed acceptance (T5), deemed withdrawal (T9), revoked acceptance (T12)."""
    clerk = town.staff("clerk.xian")
    unanswered = taken_in(town, clerk, SLOW, 209)
    slow, tolerant = (
        moved(clerk, taken_in(town, clerk, item, serial), "acceptance", {})
        for item, serial in ((SLOW, 210), (TOLERANT, 211))
    )
    notice = {"defects": [{"material": "m1", "problem": "复印件不清晰"}], "deadline": slow["due_on"]}
    uncorrected = moved(clerk, taken_in(town, clerk, SLOW, 212), "corrections", notice)
    promise = {
        "deferred": [{"material": "m4", "due_on": tolerant["due_on"]}],
        "promise": {"signed_by": "applicant", "signed_how": "by_hand"},
        "no_discredit_record": True,
    }
    received = taken_in(town, clerk, TOLERANT, 213, without="m4")
    unkept = moved(clerk, received, "tolerant-acceptance", promise)
    town.pass_(days=A_SEASON)
    clerk = town.staff("clerk.xian")
    for case, status, kinds in (
        (unanswered, "accepted", ["receipt", "deemed_acceptance"]),
        (uncorrected, "deemed_withdrawn", ["receipt", "correction_notice", "deemed_withdrawal"]),
        (unkept, "acceptance_revoked", ["receipt", "acceptance", "tolerant_promise", "revocation"]),
    ):
        ended(clerk, case, status)
        assert papers(town, clerk, case) == kinds
    deemed = clerk.read(f"{INTAKE}/cases/{unanswered['case_no']}")
    assert deemed["accepted_on"] == slow["accepted_on"], "dated to the receipt, not to the day it was noticed"
    file_of(clerk, unkept, "acceptance_revoked")


def test_a_subsistence_case_is_surveyed_put_up_objected_to_and_decided(town: Town) -> None:
    clerk, agent, second = (town.staff(name) for name in ("clerk.xian", "agent.xian", "agent2.xian"))
    officer, street = town.staff("officer.civil_affairs"), town.staff("supervisor.changguo")
    form = application(town.item(ITEM), XIAN, person(301)) | {"accept": True, "agency_requested": True}
    path = f"{CASEWORK}/cases/{clerk.made(f'{INTAKE}/cases', form)['case_no']}"
    eventually(lambda: agent.get(path).status_code, lambda status: status == 200)

    def now(who: Person, action: str, body: Any = None) -> dict[str, Any]:
        return who.moved(f"{path}/{action}", body or {}, who.read(path)["version"])

    def agency(action: str, body: Any = None) -> dict[str, Any]:
        return agent.moved(f"{path}/agency/{action}", body, agent.read(f"{path}/agency")["version"])

    def settled(objection: dict[str, Any], act: str, body: Any) -> dict[str, Any]:
        return street.moved(
            f"{path}/objections/{objection['objection_id']}/{act}", body, objection["version"]
        )

    def surveyed(survey: int, paper: str) -> None:
        now(agent, f"steps/{survey}/completion", {"result": "已入户走访", "paper_no": paper})
        now(second, f"steps/{survey}/check", {"remark": "一同入户"})
        now(officer, f"steps/{survey + 1}/completion", {"result": "信息核对一致"})
        now(street, f"steps/{survey + 2}/publicity", {"place": "西安社区公告栏"})

    now(agent, "claim")
    letter = {
        "matters": "代为递交和领取",
        "until": "2028-12-31",
        "papers": ["核对授权"],
        "signed_how": "by_hand",
    }
    agency("entrustment", letter)
    agency("start")
    now(agent, "start")
    assert (
        officer.move(f"{path}/decision", {"outcome": "grant"}, officer.read(path)["version"]).status_code
        == 409
    )
    surveyed(1, "调-1")
    objection = clerk.made(f"{path}/steps/3/objections", {"name": "李建国", "words": "他家另有住房"})
    heard = settled(objection, "hearing", {"record": "当面听取"})
    settled(heard, "ruling", {"upheld": True, "reasons": "需重新核查房产", "again_from": 1})
    states = [row["state"] for row in agent.read(f"{path}/steps")["items"]]
    assert states == ["done", "done", "set_aside", "set_aside", "set_aside", "running", *["waiting"] * 4]
    surveyed(6, "调-2")

    town.pass_(days=12)
    clerk, agent, officer, street = (
        town.staff(name)
        for name in ("clerk.xian", "agent.xian", "officer.civil_affairs", "supervisor.changguo")
    )
    now(street, "steps/8/completion", {"result": "公示期满无异议"})
    assert now(officer, "decision", {"outcome": "grant", "reasons": "符合条件"})["status"] == "decided"
    now(clerk, "delivery", {"method": "home_visit", "proof": "签收单1号"})
    assert now(clerk, "closure")["status"] == "closed"
    assert agent.read(f"{path}/agency")["state"] == "done"
    for kind in ("decision", "delivery", "agency_entrustment", "agency_done"):
        assert clerk.get(f"{path}/papers/{kind}").content.startswith(b"%PDF")
