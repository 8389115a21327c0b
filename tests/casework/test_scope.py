"""Nobody reaches a case of another community, by any route, and nobody gets in without a token."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from casework.office import BASE, Office
from onewindow_casework.app import SERVICE
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.service import create_app
from testkit.api import DONGSHAN, KAIYUAN, XIAN

NOTICE = {"method": "pick_up", "proof": "本人签收"}
BODIES = {
    "agency": {},
    "agency/visits": {"day": "2026-11-23", "place": "区民政局", "purpose": "递交材料"},
    "agency/entrustment": {
        "matters": "代为办理",
        "until": "2026-12-31",
        "papers": [],
        "signed_how": "by_hand",
    },
    "agency/suspension": {"reason": "申请人住院"},
    "agency/resumption": {"reason": "申请人出院"},
    "agency/completion": {"reason": "已领取结果"},
    "agency/termination": {"reason": "申请人自办"},
    "reopening": {"reason": "发现新的证据"},
    "handoffs": {"taker": "agent.two"},
    "handoffs/{handoff_id}/bounce": {"reason": "不熟悉这个事项"},
    "steps/{number}/completion": {"result": "已入户"},
    "steps/{number}/check": {},
    "steps/{number}/return": {"reason": "缺少走访"},
    "steps/{number}/publicity": {"place": "公告栏"},
    "steps/{number}/objections": {"name": "李建国", "words": "有异议"},
    "objections/{objection_id}/hearing": {"record": "当面听取"},
    "objections/{objection_id}/ruling": {"upheld": False, "reasons": "不成立"},
    "suspension": {"procedure": "hearing", "days": 5, "reason": "依法听证", "notice": NOTICE},
    "resumption": {"result": "听证结束"},
    "extension": {"days": 5, "reason": "案情复杂", "notice": NOTICE},
    "assignments": {"officer": "agent.two"},
    "decision": {"outcome": "grant"},
    "delivery": {"method": "pick_up", "proof": "签收"},
    "delivery-tries": {"method": "post", "failure": "returned"},
    "withdrawal": {},
    "review": {"level": 5, "channel": "window"},
    "review/follow-up": {"level": 5, "channel": "window"},
    "supervisions": {"kind": "urge", "text": "请尽快办理"},
    "supervisions/{supervision_id}/answer": {"text": "三日内办结"},
    "supervisions/{supervision_id}/second-order": {"text": "请尽快办理"},
    "supervisions/{supervision_id}/closure": {"remark": "已经办结"},
    "delay-reason": {"kind": "many_cases"},
}
PERMITTED = {
    "papers/{kind}": Role.WINDOW_CLERK,
    "agency": Role.WINDOW_CLERK,
    "agency/visits": Role.AGENT_OFFICER,
    "agency/entrustment": Role.AGENT_OFFICER,
    "agency/start": Role.AGENT_OFFICER,
    "agency/suspension": Role.AGENT_OFFICER,
    "agency/resumption": Role.AGENT_OFFICER,
    "agency/completion": Role.AGENT_OFFICER,
    "agency/termination": Role.WINDOW_CLERK,
    "reopening": Role.STREET_SUPERVISOR,
    "reopenings": Role.WINDOW_CLERK,
    "charges": Role.WINDOW_CLERK,
    "handoffs": Role.AGENT_OFFICER,
    "handoffs/{handoff_id}/acceptance": Role.AGENT_OFFICER,
    "handoffs/{handoff_id}/bounce": Role.AGENT_OFFICER,
    "handoffs/{handoff_id}/withdrawal": Role.AGENT_OFFICER,
    "steps": Role.AGENT_OFFICER,
    "steps/{number}/completion": Role.AGENT_OFFICER,
    "steps/{number}/check": Role.AGENT_OFFICER,
    "steps/{number}/return": Role.AGENT_OFFICER,
    "steps/{number}/publicity": Role.STREET_SUPERVISOR,
    "steps/{number}/objections": Role.WINDOW_CLERK,
    "objections": Role.WINDOW_CLERK,
    "objections/{objection_id}/hearing": Role.STREET_SUPERVISOR,
    "objections/{objection_id}/ruling": Role.STREET_SUPERVISOR,
    "suspension": Role.DEPARTMENT_OFFICER,
    "resumption": Role.DEPARTMENT_OFFICER,
    "extension": Role.STREET_SUPERVISOR,
    "": Role.WINDOW_CLERK,
    "timeline": Role.WINDOW_CLERK,
    "actions": Role.WINDOW_CLERK,
    "clock": Role.WINDOW_CLERK,
    "needs": Role.WINDOW_CLERK,
    "claim": Role.AGENT_OFFICER,
    "assignments": Role.COMMUNITY_MANAGER,
    "start": Role.AGENT_OFFICER,
    "decision": Role.DEPARTMENT_OFFICER,
    "delivery": Role.WINDOW_CLERK,
    "delivery-tries": Role.WINDOW_CLERK,
    "closure": Role.WINDOW_CLERK,
    "withdrawal": Role.WINDOW_CLERK,
    "review": Role.WINDOW_CLERK,
    "review/follow-up": Role.WINDOW_CLERK,
    "supervisions": Role.COMMUNITY_MANAGER,
    "supervisions/{supervision_id}/answer": Role.AGENT_OFFICER,
    "supervisions/{supervision_id}/second-order": Role.COMMUNITY_MANAGER,
    "supervisions/{supervision_id}/closure": Role.COMMUNITY_MANAGER,
    "delay-reason": Role.AGENT_OFFICER,
}


def routes_of_a_case() -> list[tuple[str, str]]:
    found = iter_route_contexts(create_app(SERVICE).routes)
    return sorted(
        (method, str(route.path_format).rpartition("{case_no}")[2].strip("/"))
        for route in found
        if isinstance(route.original_route, APIRoute)
        and str(route.path_format).startswith(f"{BASE}/cases/{{case_no}}")
        for method in route.methods or ()
    )


@pytest.mark.parametrize(("method", "tail"), routes_of_a_case())
def test_a_case_of_another_community_is_not_there_by_any_route(
    office: Office, method: str, tail: str
) -> None:
    role = PERMITTED[tail]
    department = "civil_affairs" if role is Role.DEPARTMENT_OFFICER else None
    abroad = office.accepted(community=KAIYUAN, applicant_subject="r-2")
    never = case_number(XIAN, office.api.clock().date(), 99)
    who = office.api.people.headers(role, XIAN, department=department)
    for number in (abroad, never):
        there = tail.format(number=1, objection_id=1, handoff_id=1, supervision_id=1, kind="decision")
        path = f"{BASE}/cases/{number}/{there}".rstrip("/")
        headers = who | {"If-Match": '"1"', "Idempotency-Key": f"key-{number}"}
        response = office.api.client.request(method, path, json=BODIES.get(tail), headers=headers)
        assert (response.status_code, response.json()["title"]) == (404, "Not found")
    assert office.case(abroad)["version"] == 1


def test_every_list_and_count_shows_ones_own_area_only(office: Office, noise: list[str]) -> None:
    here = {office.accepted(), noise[2], noise[3]}
    everywhere = {*here, noise[0], noise[1]}
    street = office.api.people.headers(Role.STREET_SUPERVISOR, "330902002")
    other_district = office.api.people.headers(Role.AUDITOR, "330903")

    def found(who: dict[str, str], query: str = "") -> set[str]:
        return {row["case_no"] for row in office.read(f"cases?limit=200{query}", who)["items"]}

    assert found(office.clerk) == here
    assert found(office.clerk, f"&community={KAIYUAN}") == set()
    assert found(street) == {*here, noise[0]}
    assert found(office.admin) == everywhere
    assert found(other_district) == set()
    assert office.read("queue", office.clerk)["unassigned"] == 3
    assert office.read("queue", other_district)["unassigned"] == 0


def test_residents_reach_their_own_cases_wherever_they_are(office: Office, noise: list[str]) -> None:
    own = office.accepted(community=DONGSHAN, applicant_subject="r-1")
    assert [row["case_no"] for row in office.read("cases", office.resident)["items"]] == [own]
    assert office.read(f"cases/{own}/timeline", office.resident)["items"][0]["step"] == "opened"
    assert office.get(f"cases/{noise[1]}", office.resident).status_code == 404


def test_a_cursor_of_one_person_opens_nothing_for_another(office: Office, noise: list[str]) -> None:
    cursor = office.read("cases?limit=1", office.admin)["next"]
    assert office.get(f"cases?limit=1&cursor={cursor}", office.clerk).status_code == 422


def test_without_a_token_or_the_permission_nothing_opens(office: Office) -> None:
    case_no = office.accepted()
    assert office.get(f"cases/{case_no}", {}).status_code == 401
    assert office.get("queue", {"Authorization": "Bearer unknown"}).status_code == 401
    assert office.do(office.resident, "decision", case_no, BODIES["decision"]).status_code == 403
    assert office.do(office.clerk, "claim", case_no).status_code == 403
    client = office.api.people.headers(Role.SERVICE_CLIENT, "330902")
    assert office.get("cases", client).status_code == 403


def test_figures_of_an_area_beyond_ones_own_are_not_there(office: Office) -> None:
    for area in (KAIYUAN, "330902002", "330902"):
        assert (
            office.get(f"metrics/areas/{area}?from=2026-01-01&to=2026-12-31", office.clerk).status_code == 404
        )


def test_who_reaches_only_a_department_s_cases_reads_no_figures_of_an_area(office: Office) -> None:
    path = "metrics/areas/330902?from=2026-01-01&to=2026-12-31"
    assert office.get(path, office.officer).status_code == 403
    assert office.get(path, office.admin).status_code == 200
