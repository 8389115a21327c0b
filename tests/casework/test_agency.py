"""代办: each state on its form, by the agent in charge alone, free of charge, its ways counted."""

from io import BytesIO
from itertools import product
from typing import Any

import pytest
from pypdf import PdfReader

from casework.office import BASE, Headers, Office
from onewindow_casework.agency import rules
from onewindow_casework.agency.models import Agency, AgencyStep, AgencyVisit
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.agency import AgencyAction, AgencyState
from onewindow_shared.contracts.metrics import Metric
from testkit.databases import everything

LETTER = {
    "matters": "代为领取并递交核对授权",
    "until": "2026-12-31",
    "papers": ["身份证复印件", "户口簿"],
    "signed_how": "by_hand",
}
WHY = {"reason": "申请人住院"}
VISIT = {"day": "2026-11-23", "place": "区民政局", "purpose": "递交王桂芳的材料"}


class Desk:
    """A case with an agent in charge."""

    def __init__(self, office: Office, **more: Any) -> None:
        self.office = office
        self.case_no = office.started(**({"agency_requested": True, "applicant_subject": "r-1"} | more))

    def do(self, who: Headers, action: str, body: Any = None) -> Any:
        seen = self.office.read(f"cases/{self.case_no}/agency", self.office.admin)["version"]
        path = f"{BASE}/cases/{self.case_no}/agency/{action}"
        return self.office.api.client.post(path, json=body or {}, headers=who | {"If-Match": f'"{seen}"'})

    def must(self, action: str, body: Any = None) -> Any:
        answer = self.do(self.office.agent, action, body)
        assert answer.status_code == 200, (action, answer.text)
        return answer.json()

    def create(self, who: Headers, path: str, body: Any) -> Any:
        key = {"Idempotency-Key": f"agency-{next(self.office.serials)}"}
        return self.office.api.client.post(
            f"{BASE}/cases/{self.case_no}/{path}", json=body, headers=who | key
        )

    def state(self) -> str:
        found: str = self.office.read(f"cases/{self.case_no}/agency", self.office.admin)["state"]
        return found

    def paper(self, kind: str, who: Headers | None = None, *, place: int | None = None) -> str:
        which = f"?place={place}" if place else ""
        answer = self.office.get(f"cases/{self.case_no}/papers/{kind}{which}", who or self.office.clerk)
        assert answer.status_code == 200, (kind, answer.text)
        return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_an_agency_goes_from_the_letter_to_the_end_each_step_on_its_form(office: Office) -> None:
    desk = Desk(office)
    assert desk.state() == "applied"
    desk.must("entrustment", LETTER)
    desk.must("start")
    assert desk.create(office.agent, "agency/visits", VISIT).status_code == 201
    desk.must("suspension", WHY)
    assert desk.create(office.agent, "agency/visits", VISIT).status_code == 409
    desk.must("resumption", {"reason": "申请人出院"})
    desk.create(office.agent, "agency/visits", VISIT | {"place": "街道办事处"})
    done = desk.must("completion", {"reason": "结果已代领"})
    assert (done["state"], done["visits"]) == ("done", 2)
    states = ["entrusted", "in_progress", "suspended", "resumed", "done"]
    assert [entry["state"] for entry in done["entries"]] == states
    forms = {"entrustment": "户口簿", "suspension": "申请人住院", "resumption": "申请人出院", "done": "2次"}
    for form, said in forms.items():
        text = desk.paper(f"agency_{form}")
        assert said in text
        assert "不收取任何费用" in text
    assert office.get(f"cases/{desk.case_no}/papers/agency_termination", office.clerk).status_code == 404
    assert desk.do(office.agent, "termination", WHY).status_code == 409


def test_only_the_agent_in_charge_acts_and_the_applicant_may_end_it(office: Office) -> None:
    desk = Desk(office)
    second = office.api.people.headers(Role.AGENT_OFFICER, "330902002001", subject="agent.two")
    for who in (office.officer, second):
        assert desk.do(who, "entrustment", LETTER).status_code == 403
    assert desk.do(office.clerk, "termination", WHY).status_code == 403
    assert desk.do(office.resident, "termination", {"reason": "改由本人办理"}).json()["state"] == "terminated"
    assert "改由本人办理" in desk.paper("agency_termination", office.resident)
    assert desk.create(office.resident, "agency", {}).status_code == 409


def test_an_agent_can_be_asked_for_later_and_not_twice(office: Office) -> None:
    desk = Desk(office, agency_requested=False)
    assert office.get(f"cases/{desk.case_no}/agency", office.clerk).status_code == 404
    assert desk.create(office.resident, "agency", {}).status_code == 201
    assert desk.create(office.clerk, "agency", {}).status_code == 409
    past = desk.do(office.agent, "entrustment", LETTER | {"until": "2026-11-01"})
    assert past.json()["errors"][0]["loc"] == ["body", "until"]


@pytest.mark.parametrize(("running", "end"), [(True, "done"), (False, "terminated")])
def test_an_agency_ends_with_its_case(office: Office, running: bool, end: str) -> None:
    desk, taken_back = Desk(office), Desk(office)
    if running:
        desk.must("entrustment", LETTER)
        desk.must("start")
    office.must(office.officer, "decision", desk.case_no, {"outcome": "grant"})
    office.must(office.clerk, "delivery", desk.case_no, {"method": "pick_up", "proof": "签收"})
    office.must(office.clerk, "closure", desk.case_no)
    office.must(office.resident, "withdrawal", taken_back.case_no, {})
    assert (desk.state(), taken_back.state()) == (end, "terminated")


def test_no_fee_can_be_said_or_kept(office: Office) -> None:
    desk = Desk(office)
    assert desk.do(office.agent, "entrustment", LETTER | {"fee": 10}).status_code == 422
    money = ("fee", "fen", "price", "charge", "amount", "yuan")
    columns = [
        column.name for table in (Agency, AgencyStep, AgencyVisit) for column in table.__table__.columns
    ]
    schemas = office.api.app.openapi()["components"]["schemas"]
    told = [
        name
        for model, schema in schemas.items()
        if "Agency" in model
        for name in schema.get("properties", {})
    ]
    assert told
    assert not [name for name in (*columns, *told) if any(word in name for word in money)]


def test_what_an_agency_says_of_people_lies_sealed(office: Office) -> None:
    desk = Desk(office)
    desk.must("entrustment", LETTER)
    desk.must("start")
    desk.create(office.agent, "agency/visits", VISIT)
    desk.must("suspension", WHY)
    kept = everything(office.api.runtime.settings.database_url.get_secret_value())
    assert not [word for word in ("代为领取并递交", "王桂芳的材料", "申请人住院") if word in kept]


def verified(office: Office, paper: str, text: str, **more: str) -> Any:
    """Verify a paper by its number and the code that stands on it."""
    body = {"number": paper, "code": text.partition("核验码：")[2][:8]} | more
    return office.api.client.post(f"{BASE}/case-papers/proofs", json=body)


def test_decision_delivery_and_notices_are_papers_that_can_be_verified(office: Office) -> None:
    desk = Desk(office)
    notice = {"method": "post", "proof": "EMS 1"}
    hearing = {"procedure": "hearing", "days": 5, "reason": "利害关系人申请听证", "notice": notice}
    office.must(office.agent, "suspension", desk.case_no, hearing)
    assert "所需时间为5个工作日" in desk.paper("suspension")
    office.must(office.agent, "resumption", desk.case_no, {"result": "听证结束"})
    office.must(office.admin, "extension", desk.case_no, {"days": 5, "reason": "案情复杂", "notice": notice})
    assert "延长办理期限5个工作日" in desk.paper("extension")
    assert office.get(f"cases/{desk.case_no}/papers/decision", office.clerk).status_code == 404
    refusal = {"outcome": "refuse", "reasons": "收入超过标准", "remedies": "六十日内可申请复议"}
    office.must(office.officer, "decision", desk.case_no, refusal)
    text = desk.paper("decision", office.resident)
    assert [
        word
        for word in ("不予办理", "收入超过标准", "六十日内可申请复议", "王*芳")
        if word in text.replace("\n", "")
    ]
    assert desk.paper("decision", office.resident) == text
    delivery = {"method": "post", "carrier": "EMS", "tracking_no": "1234567890123", "receiver": "王小明"}
    office.must(office.clerk, "delivery", desk.case_no, delivery)
    proof = desk.paper("delivery")
    assert [word for word in ("王*明", "EMS", "1234567890123", "邮寄送达") if word not in proof] == []
    assert "王小明" not in proof
    number = f"{desk.case_no}-JD1"

    def proved(**more: str) -> Any:
        return verified(office, number, text, **more)

    found = proved()
    assert (found.status_code, found.json()["title"], found.json()["applicant"]) == (
        200,
        "办理结果决定书",
        "王*芳",
    )
    assert {proved(code="ACDEFGHJ").status_code, proved(number=f"{desk.case_no}-JD2").status_code} == {404}
    assert proved(number="nonsense").status_code == 404
    office.must(office.clerk, "closure", desk.case_no)
    office.must(office.admin, "reopening", desk.case_no, {"reason": "复核"})
    assert proved().status_code == 404
    office.must(office.officer, "decision", desk.case_no, {"outcome": "grant"})
    assert f"{desk.case_no}-JD2" in desk.paper("decision").replace("\n", "")


def test_what_becomes_of_agencies_and_the_ways_of_agents_are_counted(office: Office) -> None:
    desk = Desk(office)
    desk.must("entrustment", LETTER)
    desk.must("start")
    for _ in range(2):
        assert desk.create(office.agent, "agency/visits", VISIT).status_code == 201
    desk.must("suspension", {"reason": "申请人住院"})
    desk.must("resumption", {"reason": "申请人出院"})
    office.must(office.clerk, "withdrawal", desk.case_no, {})
    found = {
        Metric.CASES_WITH_AGENCY: 1,
        Metric.AGENCIES_ENTRUSTED: 1,
        Metric.AGENCIES_SUSPENDED: 1,
        Metric.AGENCIES_RESUMED: 1,
        Metric.AGENCIES_TERMINATED: 1,
        Metric.AGENCY_VISITS: 2,
    }
    assert office.figures() == found
    assert office.recounted() == found


@pytest.mark.parametrize(("state", "action"), list(product(AgencyState, AgencyAction)))
def test_every_state_leads_to_an_end_and_none_out_of_it(state: AgencyState, action: AgencyAction) -> None:
    to = rules.MOVES.get((state, action))
    assert (action is AgencyAction.TERMINATE) <= ((to is not None) == (state not in rules.ENDS))
    if state in rules.ENDS:
        assert to is None


@pytest.mark.parametrize(("role", "action"), list(product(Role, AgencyAction)))
def test_the_agent_in_charge_alone_acts(role: Role, action: AgencyAction) -> None:
    personal = role in {Role.RESIDENT, Role.VOLUNTEER} and action is AgencyAction.TERMINATE
    for actor in ("a", "b"):
        bar = rules.bar(action, actor=actor, roles={role}, in_charge="a")
        assert (bar is None) == (personal or (role is Role.AGENT_OFFICER and actor == "a"))


def test_a_visit_lies_between_the_beginning_of_the_agency_and_today(office: Office) -> None:
    desk = Desk(office)
    desk.must("entrustment", LETTER)
    office.api.clock.pass_(days=1)
    desk.must("start")
    office.api.clock.pass_(days=1)
    for day, code in (("2026-11-23", 422), ("2026-11-24", 201), ("2026-11-25", 201), ("2026-11-26", 422)):
        answer = desk.create(office.agent, "agency/visits", VISIT | {"day": day})
        assert answer.status_code == code, answer.text
    assert office.figures()[Metric.AGENCY_VISITS] == 2


def offered(office: Office, case_no: str, who: Headers) -> list[str]:
    found: list[str] = office.read(f"cases/{case_no}/actions", who)["actions"]
    return [action for action in found if action.startswith("agency")]


def test_nobody_acts_on_a_letter_that_has_ended_until_it_is_renewed(office: Office) -> None:
    desk = Desk(office)
    desk.must("entrustment", LETTER | {"until": "2026-11-25"})
    desk.must("start")
    desk.must("suspension", WHY)
    office.go_to(2026, 11, 26, 2)
    for renewed in ({}, {"until": "2026-11-25"}):
        answer = desk.do(office.agent, "resumption", {"reason": "申请人出院"} | renewed)
        assert answer.json()["errors"][0]["loc"] == ["body", "until"]
    resumed = desk.must("resumption", {"reason": "申请人出院", "until": "2026-11-27"})
    assert [entry["until"] for entry in resumed["entries"]] == ["2026-11-25", None, None, "2026-11-27"]
    assert "至2026年11月27日" in desk.paper("agency_resumption")
    assert "至2026年11月25日" in desk.paper("agency_entrustment")
    office.go_to(2026, 11, 28, 2)
    for day, code in (("2026-11-27", 201), ("2026-11-28", 422)):
        assert desk.create(office.agent, "agency/visits", VISIT | {"day": day}).status_code == code
    desk.must("completion", {"reason": "结果已代领"})


def test_a_letter_that_ended_unused_is_signed_anew_and_no_other(office: Office) -> None:
    desk = Desk(office)
    desk.must("entrustment", LETTER | {"until": "2026-11-25"})
    assert offered(office, desk.case_no, office.agent) == ["agency/start", "agency/termination"]
    assert desk.do(office.agent, "entrustment", LETTER).status_code == 409
    office.go_to(2026, 11, 26, 2)
    assert desk.do(office.agent, "start").status_code == 409
    assert offered(office, desk.case_no, office.agent) == ["agency/entrustment", "agency/termination"]
    desk.must("entrustment", LETTER | {"matters": "只代为领取证件", "papers": ["居住证"]})
    desk.must("start")
    first, anew = desk.paper("agency_entrustment", place=1), desk.paper("agency_entrustment")
    for word in ("只代为领取证件", "居住证"):
        assert (word in first, word in anew) == (False, True), "no letter says what another one did"
    assert "至2026年11月25日" in first


def test_it_is_offered_what_one_may_do_with_an_agency(office: Office) -> None:
    without = office.started(applicant_subject="r-1")
    assert [offered(office, without, who) for who in (office.agent, office.resident, office.officer)] == [
        ["agency"],
        ["agency"],
        [],
    ]
    desk = Desk(office)
    assert offered(office, desk.case_no, office.agent) == ["agency/entrustment", "agency/termination"]
    assert offered(office, desk.case_no, office.resident) == ["agency/termination"]
    desk.must("entrustment", LETTER)
    desk.must("start")
    assert offered(office, desk.case_no, office.agent) == [
        "agency/suspension",
        "agency/completion",
        "agency/termination",
        "agency/visits",
    ]
    desk.must("completion", {"reason": "办结"})
    assert offered(office, desk.case_no, office.agent) == []


def test_what_was_printed_first_is_genuine_after_a_second_of_its_kind(office: Office) -> None:
    desk = Desk(office)
    notice = {"method": "post", "proof": "EMS 1"}
    desk.must("entrustment", LETTER)
    desk.must("start")
    for days, reason in ((5, "第一次听证"), (7, "第二次听证")):
        hearing = {"procedure": "hearing", "days": days, "reason": reason, "notice": notice}
        office.must(office.agent, "suspension", desk.case_no, hearing)
        office.must(office.agent, "resumption", desk.case_no, {"result": "听证结束"})
        desk.must("suspension", {"reason": reason})
        desk.must("resumption", {"reason": "继续"})
        office.api.clock.pass_(days=1)
    for kind, letters in (("suspension", "ZZ"), ("agency_suspension", "DZ")):
        first, last = desk.paper(kind, place=1), desk.paper(kind)
        assert ("第一次听证" in first, "第二次听证" in last) == (True, True)
        for text, number, day in (
            (first, f"{desk.case_no}-{letters}1", "2026-11-23"),
            (last, f"{desk.case_no}-{letters}2", "2026-11-24"),
        ):
            proof = verified(office, number, text)
            assert (proof.status_code, proof.json()["issued_on"]) == (200, day)
        for place in (3, 999):
            missing = office.get(f"cases/{desk.case_no}/papers/{kind}?place={place}", office.clerk)
            assert missing.status_code == 404
    assert office.get(f"cases/{desk.case_no}/papers/suspension?place=0", office.clerk).status_code == 422
