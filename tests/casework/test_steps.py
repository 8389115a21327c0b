"""A case along the steps of its item: side by side and one after the other, two officers, publicity, objections."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework.office import BASE, HOLIDAYS_2027, Headers, Office
from onewindow_casework.steps import rules
from onewindow_casework.steps.models import CaseStep, Objection
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import PlannedStep, StepAction, StepKind, StepState
from onewindow_shared.plumbing.published_years import shipped_calendar

STREET = "330902002"
PROCEDURE = [
    PlannedStep(
        name="入户调查",
        kind=StepKind.WORK,
        stage=1,
        role=Role.AGENT_OFFICER,
        working_days=3,
        officers=2,
        paper="入户调查表",
    ),
    PlannedStep(name="信息核对", kind=StepKind.WORK, stage=1, role=Role.DEPARTMENT_OFFICER, working_days=3),
    PlannedStep(
        name="初审公示",
        kind=StepKind.PUBLICITY,
        stage=2,
        role=Role.STREET_SUPERVISOR,
        publicity_calendar_days=7,
    ),
    PlannedStep(name="审核确认", kind=StepKind.DECISION, stage=3, working_days=10),
    PlannedStep(name="书面告知", kind=StepKind.DELIVERY, stage=4, working_days=3),
]
SURVEYED = {"result": "家庭四口人，收入低于标准", "paper_no": "调-1"}
OBJECTION = {"name": "李建国", "mobile": "13900139000", "words": "他家有两套房子"}


class Hall:
    """An office whose cases have a procedure, and the people who take its steps."""

    def __init__(self, office: Office) -> None:
        self.office = office
        people = office.api.people
        self.street = people.headers(Role.STREET_SUPERVISOR, STREET)
        self.second = people.headers(Role.AGENT_OFFICER, "330902002001", subject="agent.two")
        self.case_no = office.started(steps=PROCEDURE, applicant_subject="r-1")

    def steps(self, who: Headers | None = None) -> dict[int, Any]:
        rows = self.office.read(f"cases/{self.case_no}/steps", who or self.office.admin)["items"]
        return {row["number"]: row for row in rows}

    def states(self) -> list[str]:
        return [row["state"] for row in self.steps().values()]

    def must(self, who: Headers, action: str, body: Any) -> Any:
        return self.office.must(who, action, self.case_no, body)

    def refused(self, who: Headers, action: str, body: Any) -> int:
        code: int = self.office.do(who, action, self.case_no, body).status_code
        return code

    def actions(self, who: Headers) -> list[str]:
        found: list[str] = self.office.read(f"cases/{self.case_no}/actions", who)["actions"]
        return [action for action in found if "/" in action]

    def surveyed(self, survey: int = 1) -> None:
        self.must(self.office.agent, f"steps/{survey}/completion", SURVEYED)
        self.must(self.second, f"steps/{survey}/check", {})
        self.must(self.office.officer, f"steps/{survey + 1}/completion", {"result": "核对一致"})

    def put_up(self) -> None:
        self.surveyed()
        self.must(self.street, "steps/3/publicity", {"place": "西安社区公告栏"})

    def object_(self, step: int = 3, **more: Any) -> Any:
        sent = self.street | {"Idempotency-Key": f"objection-{step}-{len(more)}-{self.office.api.clock()}"}
        path = f"{BASE}/cases/{self.case_no}/steps/{step}/objections"
        return self.office.api.client.post(path, json=OBJECTION | more, headers=sent)

    def settle(self, who: Headers, objection: Any, act: str, body: Any) -> Any:
        path = f"{BASE}/cases/{self.case_no}/objections/{objection['objection_id']}/{act}"
        return self.office.api.client.post(
            path, json=body, headers=who | {"If-Match": f'"{objection["version"]}"'}
        )


@pytest.fixture
def hall(office: Office) -> Hall:
    return Hall(office)


def test_a_case_goes_through_its_steps_to_the_decision(hall: Hall) -> None:
    office = hall.office
    assert hall.states() == ["running", "running", "waiting", "waiting", "waiting"]
    assert hall.refused(office.officer, "decision", {"outcome": "grant"}) == 409
    assert hall.refused(hall.street, "steps/3/publicity", {"place": "公告栏"}) == 409
    assert hall.actions(office.agent) == ["steps/1/completion"]
    assert hall.actions(office.clerk) == []
    assert hall.actions(office.officer) == ["steps/2/completion"]
    hall.put_up()
    assert hall.states() == ["done", "done", "put_up", "waiting", "waiting"]
    assert hall.steps()[3]["put_up_until"] == "2026-11-30"
    assert hall.actions(office.clerk) == ["steps/3/objections"]
    assert hall.actions(hall.street) == ["steps/3/objections"]
    assert hall.refused(hall.street, "steps/3/completion", {"result": "无异议"}) == 409
    office.go_to(2026, 12, 1, 2)
    hall.must(hall.street, "steps/3/completion", {"result": "无异议"})
    assert hall.states() == ["done", "done", "done", "running", "waiting"]
    assert "decision" in office.read(f"cases/{hall.case_no}/actions", office.officer)["actions"]
    hall.must(office.officer, "decision", {"outcome": "grant"})
    hall.must(office.clerk, "delivery", {"method": "pick_up", "proof": "本人签收"})
    assert set(hall.states()) == {"done"}


@pytest.mark.parametrize(
    ("own", "until"),
    [((), "2026-12-07"), ((5,), "2026-11-30"), ((None,), "2026-12-07"), ((30,), "2026-12-07")],
)
def test_an_outcome_is_delivered_in_the_days_of_the_law_or_in_fewer(
    office: Office, own: tuple[int | None, ...], until: str
) -> None:
    planned = [PlannedStep(name="送达", kind=StepKind.DELIVERY, stage=1, working_days=days) for days in own]
    case_no = office.started(steps=planned, promised_days=40, statutory_days=60)

    def delivery() -> Any:
        return office.read(f"cases/{case_no}/steps", office.admin)["items"][-1:]

    assert [step["started_on"] for step in delivery()] == [None for _ in own]
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    (step,) = delivery()
    assert (step["state"], step["kind"], step["due_on"]) == ("running", "delivery", until)
    day = date.fromisoformat(until)
    office.go_to(day.year, day.month, day.day, 12)
    office.api.tick()
    (asked,) = office.read("supervisions", office.admin)["items"]
    assert (asked["case_no"], asked["step"], asked["state"]) == (case_no, step["number"], "asked")
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "本人签收"})
    assert delivery()[0]["state"] == "done"
    assert office.read("supervisions", office.admin)["items"][0]["state"] == "closed"


def test_an_outcome_that_was_delivered_in_time_is_asked_after_by_nobody(office: Office) -> None:
    office.delivered(promised_days=40, statutory_days=60)
    office.go_to(2026, 12, 8, 12)
    office.api.tick()
    assert office.read("supervisions", office.admin)["items"] == []


def test_a_reopened_case_is_delivered_again_only_after_its_new_decision(office: Office) -> None:
    case_no = office.closed()
    office.must(office.admin, "reopening", case_no, {"reason": "申请人补充新事实"})

    def states() -> list[str]:
        return [step["state"] for step in office.read(f"cases/{case_no}/steps", office.admin)["items"]]

    assert states() == ["done", "waiting"]
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    assert states() == ["done", "running"]


def test_what_is_put_up_stays_up_for_its_days_when_a_year_becomes_known(office: Office) -> None:
    publicity = PlannedStep(
        name="公示", kind=StepKind.PUBLICITY, stage=1, role=Role.STREET_SUPERVISOR, publicity_working_days=5
    )
    case_no = office.started(steps=[publicity], statutory_days=60)
    street = office.api.people.headers(Role.STREET_SUPERVISOR, STREET)
    office.go_to(2026, 12, 30, 2)
    office.must(street, "steps/1/publicity", case_no, {"place": "公告栏"})

    def until() -> str:
        found: str = office.read(f"cases/{case_no}/steps", office.admin)["items"][0]["put_up_until"]
        return found

    assert until() == "2027-01-07"
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    assert until() == "2027-01-09"
    told = [entry["step"] for entry in office.read(f"cases/{case_no}/timeline", office.clerk)["items"]]
    assert told[-3:] == ["put_up", "put_up", "due_changed"]
    office.go_to(2027, 1, 8, 2)
    assert office.do(street, "steps/1/completion", case_no, {"result": "无异议"}).status_code == 409
    assert office.import_year(2027, HOLIDAYS_2027[:1]).status_code == 200
    assert until() == "2027-01-09"


def test_work_of_two_officers_is_checked_by_the_second_and_leaves_its_paper(hall: Hall) -> None:
    agent = hall.office.agent
    lacking = hall.office.do(agent, "steps/1/completion", hall.case_no, {"result": "已入户"})
    assert lacking.json()["errors"][0]["loc"] == ["body", "paper_no"]
    hall.must(agent, "steps/1/completion", SURVEYED)
    assert (hall.states()[0], hall.actions(agent)) == ("to_check", [])
    assert hall.refused(agent, "steps/1/check", {}) == 403
    assert hall.actions(hall.second) == ["steps/1/check", "steps/1/return"]
    hall.must(hall.second, "steps/1/return", {"reason": "缺少邻里走访"})
    assert hall.states()[0] == "running"
    assert hall.refused(hall.second, "steps/1/completion", SURVEYED) == 403
    hall.must(agent, "steps/1/completion", SURVEYED)
    hall.must(hall.second, "steps/1/check", {"remark": "已一同入户"})
    done = hall.steps()[1]
    assert (done["state"], done["remark"], done["paper_no"]) == ("done", "已一同入户", "调-1")
    assert done["done_by"] != done["checked_by"]


def test_an_upheld_objection_has_the_work_done_again(hall: Hall) -> None:
    hall.put_up()
    objection = hall.object_().json()
    assert (objection["name"], objection["mobile"]) == ("李*国", "139****9000")
    assert f"objections/{objection['objection_id']}/hearing" in hall.actions(hall.street)
    assert hall.actions(hall.office.agent) == ["steps/3/objections"]
    ruling = {"upheld": True, "reasons": "房产核对有误"}
    assert hall.settle(hall.street, objection, "ruling", ruling).status_code == 409
    heard = hall.settle(hall.street, objection, "hearing", {"record": "当面听取"}).json()
    assert hall.settle(hall.office.agent, heard, "ruling", ruling).status_code == 403
    assert hall.settle(hall.street, heard, "ruling", ruling | {"again_from": 4}).status_code == 422
    ruled = hall.settle(hall.street, heard, "ruling", ruling)
    assert (ruled.status_code, ruled.json()["state"]) == (200, "upheld")
    again = ["running", "running", "waiting", "waiting", "waiting"]
    assert hall.states() == ["done", "done", "set_aside", "set_aside", "set_aside", *again]
    assert hall.refused(hall.office.officer, "decision", {"outcome": "grant"}) == 409
    hall.surveyed(6)
    hall.must(hall.street, "steps/8/publicity", {"place": "西安社区公告栏"})
    hall.office.go_to(2026, 12, 1, 2)
    hall.must(hall.street, "steps/8/completion", {"result": "无异议"})
    hall.must(hall.office.officer, "decision", {"outcome": "grant"})


def test_nothing_is_decided_before_every_objection_is_ruled_on(hall: Hall) -> None:
    assert hall.object_().status_code == 409
    hall.put_up()
    objection = hall.object_().json()
    hall.office.go_to(2026, 12, 1, 2)
    assert hall.refused(hall.street, "steps/3/completion", {"result": "有异议"}) == 409
    heard = hall.settle(hall.street, objection, "hearing", {"record": "当面听取"}).json()
    hall.settle(hall.street, heard, "ruling", {"upheld": False, "reasons": "房产系租住"})
    hall.must(hall.street, "steps/3/completion", {"result": "异议不成立"})
    assert hall.object_(words="还有一套").status_code == 409
    hall.must(hall.office.officer, "decision", {"outcome": "grant"})


def test_an_objection_comes_while_the_outcome_is_up_and_nothing_is_offered_that_is_refused(
    hall: Hall,
) -> None:
    hall.put_up()
    assert hall.actions(hall.street) == ["steps/3/objections"]
    objection = hall.object_().json()
    hall.office.go_to(2026, 12, 1, 2)
    assert hall.object_(words="还有一套").json()["title"] == "Not possible in this state"
    assert hall.actions(hall.street) == [f"objections/{objection['objection_id']}/hearing"]
    heard = hall.settle(hall.street, objection, "hearing", {"record": "当面听取"}).json()
    hall.settle(hall.street, heard, "ruling", {"upheld": False, "reasons": "房产系租住"})
    assert hall.actions(hall.street) == ["steps/3/completion"]


def test_each_step_has_its_own_limit_beside_those_of_the_case(hall: Hall) -> None:
    office = hall.office

    def dues() -> list[str | None]:
        clock = office.read(f"cases/{hall.case_no}/clock", office.agent)
        return [step["due_on"] for step in clock["steps"]]

    assert dues() == ["2026-11-26", "2026-11-26", None, None, None]
    notice = {"method": "post", "proof": "EMS 1"}
    hearing = {"procedure": "hearing", "days": 5, "reason": "听证", "notice": notice}
    hall.must(office.agent, "suspension", hearing)
    assert hall.refused(office.agent, "steps/1/completion", SURVEYED) == 409
    assert hall.actions(office.agent) == []
    assert dues()[0] == "2026-12-03"
    hall.must(office.agent, "resumption", {"result": "结束"})
    assert dues()[0] == "2026-11-26"


def test_whoever_applied_sees_the_steps_and_neither_results_nor_objections(hall: Hall) -> None:
    hall.put_up()
    hall.object_()
    assert hall.steps()[1]["result"] == SURVEYED["result"]
    seen = hall.steps(hall.office.resident)
    assert (seen[1]["state"], seen[1]["result"], seen[1]["remark"]) == ("done", None, None)
    assert hall.office.get(f"cases/{hall.case_no}/objections", hall.office.resident).status_code == 403
    told = hall.office.get(f"cases/{hall.case_no}/timeline", hall.office.resident).text
    assert "objection_taken" in told
    assert not [word for word in ("李建国", "两套房子", "收入低于标准") if word in told]


def test_words_of_objections_and_results_lie_sealed(hall: Hall) -> None:
    hall.put_up()
    hall.object_()

    def kept(unit: Any) -> str:
        rows = [*unit.session.scalars(select(CaseStep)), *unit.session.scalars(select(Objection))]
        return str([vars(row) for row in rows])

    found = hall.office.api.system(kept)
    assert not [word for word in ("李建国", "13900139000", "两套房子", "收入低于标准") if word in found]


def test_an_objection_sent_twice_is_one(hall: Hall) -> None:
    hall.put_up()
    first, second = hall.object_(), hall.object_()
    assert first.json() == second.json()
    rows = hall.office.read(f"cases/{hall.case_no}/objections", hall.street)["items"]
    assert len(rows) == 1


@pytest.mark.parametrize(("kind", "state", "action"), list(product(StepKind, StepState, StepAction)))
def test_only_the_table_moves_a_step(kind: StepKind, state: StepState, action: StepAction) -> None:
    known = rules.MOVES.get((kind, state, action))
    assert rules.walk(kind, state, action) is known
    two = rules.walk(kind, state, action, officers=2)
    assert two is (
        StepState.TO_CHECK if kind is StepKind.WORK and action is StepAction.COMPLETE and known else known
    )
    offered = rules.moves(kind, state)
    assert (action in offered) == (known is not None and action not in {StepAction.UPHOLD, StepAction.MOVE})
    if state in rules.OVER or state is StepState.WAITING:
        assert not offered


@pytest.mark.parametrize(("role", "action"), list(product(Role, StepAction)))
def test_a_step_is_taken_by_its_role_alone_and_checked_by_somebody_else(
    role: Role, action: StepAction
) -> None:
    def bar(actor: str, own: Role = role) -> rules.StepBar | None:
        return rules.bar(role, action, actor=actor, roles={own}, in_charge="a", applicant="r", done_by="a")

    checks = action in {StepAction.CHECK, StepAction.RETURN}
    for own in set(Role) - {role}:
        assert {bar("a", own), bar("b", own), bar("r", own)} == {rules.StepBar.NOT_THE_ROLE}
    assert bar("r") is rules.StepBar.OWN_CASE
    assert (bar("a") is None) == (not checks)
    assert (bar("b") is None) == (checks or role is not Role.AGENT_OFFICER)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_a_publicity_lasts_its_days_and_ends_on_no_day_off(day: date, days: int) -> None:
    calendar = shipped_calendar()
    until = rules.last_day_up(calendar, day, None, days)
    assert until >= day + timedelta(days=days)
    assert calendar.is_workday(until)
    assert not any(
        calendar.is_workday(day + timedelta(days=days + n)) for n in range((until - day).days - days)
    )
    assert rules.last_day_up(calendar, day, days, None) == calendar.due(day, days).day


@pytest.mark.parametrize(("state", "status"), list(product(StepState, CaseStatus)))
def test_objections_are_taken_while_something_is_up(state: StepState, status: CaseStatus) -> None:
    today = date(2026, 11, 30)
    taken = {
        days for days in (-1, 0, 1) if rules.may_object(state, status, today + timedelta(days=days), today)
    }
    is_up = state is StepState.PUT_UP and status in {CaseStatus.HANDLING, CaseStatus.SUSPENDED}
    assert taken == ({0, 1} if is_up else set())
    assert not rules.may_object(state, status, None, today)
