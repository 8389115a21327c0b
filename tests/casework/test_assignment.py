"""Who is in charge: by rule, by hand, handed on and standing in; and nobody decides what they handled."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import BASE, DEPARTMENT, ITEM, Headers, Office
from casework.test_round_trips import asked
from onewindow_casework.assignment import leaving, rules
from onewindow_casework.assignment.rules import Candidate
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.contracts.lifecycle import CaseStatus
from testkit.api import DONGSHAN, KAIYUAN, XIAN

ENTRY: dict[str, Any] = {"area": XIAN, "most_open": 3}
WEEK = {"first": "2026-11-23", "last": "2026-11-29", "substitute": "agent.two"}


def told(office: Office, subject: str, role: Role = Role.AGENT_OFFICER, **more: Any) -> None:
    """Have the gateway tell of an account: of an agent of 西安社区, unless more is said."""
    said = {"name": f"姓名 {subject}", "roles": [role], "area": XIAN, "department": None, "active": True}
    event = OfficerChanged.model_validate(said | {"subject": subject} | more)
    office.api.receive(event, source="gateway")


class Roster:
    """An office with a roster, and a second agent."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.second = office.api.people.headers(Role.AGENT_OFFICER, XIAN, subject="agent.two")

    def put(self, who: Headers, subject: str, *, seen: int = 0, **more: Any) -> Any:
        return self.office.api.client.put(
            f"{BASE}/roster/{subject}", json=ENTRY | more, headers=who | {"If-Match": f'"{seen}"'}
        )

    def create(self, who: Headers, path: str, body: Any) -> Any:
        key = f"roster-{next(self.office.serials)}"
        return self.office.api.client.post(
            f"{BASE}/{path}", json=body, headers=who | {"Idempotency-Key": key}
        )

    def away(self, subject: str = "agent.xian", by: Headers | None = None, **more: Any) -> Any:
        answer = self.create(by or self.office.manager, f"roster/{subject}/absences", WEEK | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def settle(self, who: Headers, offer: Any, act: str, body: Any = None) -> Any:
        path = f"{BASE}/cases/{offer['case_no']}/handoffs/{offer['handoff_id']}/{act}"
        headers = who | {"If-Match": f'"{offer["version"]}"'}
        return self.office.api.client.post(path, json=body or {}, headers=headers)

    def handler(self, case_no: str) -> str | None:
        found = self.office.case(case_no)["handler"]
        return found and str(found["subject"])

    def given(self, **more: Any) -> str | None:
        """Have a case accepted, and return to whom the rule gives it."""
        case_no = self.office.accepted(**more)
        self.office.api.tick()
        return self.handler(case_no)


def another(office: Office, subject: str) -> Headers:
    return office.api.people.headers(
        Role.DEPARTMENT_OFFICER, "330902", department=DEPARTMENT, subject=subject
    )


def test_the_rule_gives_the_same_whoever_asks_for_it(roster: Roster) -> None:
    office = roster.office
    in_office: dict[str, Any] = {"department": DEPARTMENT, "area": "330902"}
    for subject in ("officer.two", "officer.three"):
        assert roster.put(office.admin, subject, **in_office).status_code == 200
    for _ in range(2):
        elsewhere = office.accepted(community=KAIYUAN)
        office.must(another(office, "officer.two"), "claim", elsewhere)
    given = [office.must(office.manager, "assignments", office.accepted(), {}) for _ in range(3)]
    assert [case["handler"]["subject"] for case in given] == ["officer.three", "officer.three", "officer.two"]


def test_who_looks_at_the_roster_waits_for_nobody_who_gives_a_case(
    roster: Roster,
) -> None:
    assert roster.put(roster.office.manager, "agent.xian").status_code == 200
    roster.away()
    with asked() as sent:
        roster.office.read("roster/agent.xian", roster.office.manager)
        roster.office.read("roster/agent.xian/absences", roster.office.manager)
    assert [one for one in sent if "roster" in one]
    assert not [one for one in sent if "FOR UPDATE" in one]


@pytest.fixture
def roster(office: Office) -> Roster:
    return Roster(office)


def test_a_case_is_given_to_whoever_is_there_knows_it_and_has_least(roster: Roster, noise: list[str]) -> None:
    office, keeper = roster.office, roster.office.manager
    assert roster.given() is None
    assert roster.put(keeper, "agent.xian", most_open=2).status_code == 200
    assert roster.put(keeper, "agent.two", items=["hous-rental"]).status_code == 200
    assert roster.put(keeper, "agent.three", active=False).status_code == 200
    assert [roster.given() for _ in range(3)] == ["agent.xian", "agent.xian", None]
    assert roster.given(item_code="hous-rental") == "agent.two"
    assert roster.put(keeper, "agent.two", seen=1, items=[ITEM]).status_code == 200
    assert roster.given() == "agent.two"
    assert roster.given(community=KAIYUAN) is None
    in_office: dict[str, Any] = {"department": DEPARTMENT, "area": "330902"}
    assert roster.put(office.admin, "officer.two", **in_office).status_code == 200
    assert roster.given(community=DONGSHAN) == "officer.two"
    assert roster.given(community=DONGSHAN, department="health") is None
    assert roster.given(status=CaseStatus.CLOSED) is None


def test_nobody_is_given_their_own_case_or_one_while_they_are_away(roster: Roster) -> None:
    roster.put(roster.office.manager, "agent.xian")
    assert roster.given(applicant_subject="agent.xian") is None
    absence = roster.away(substitute=None)
    case_no = roster.office.accepted()
    assert roster.office.do(roster.office.manager, "assignments", case_no, {}).status_code == 409
    named = {"officer": "agent.xian"}
    assert roster.office.do(roster.office.manager, "assignments", case_no, named).status_code == 422
    path = f"{BASE}/roster/agent.xian/absences/{absence['absence_id']}/ending"
    ended = roster.office.api.client.post(path, headers=roster.office.manager | {"If-Match": '"1"'})
    assert ended.json()["cancelled"] is True
    assert (
        roster.office.must(roster.office.manager, "assignments", case_no, {})["handler"]["subject"]
        == "agent.xian"
    )


def test_whoever_stands_in_answers_works_and_does_not_decide(roster: Roster) -> None:
    office = roster.office
    roster.put(office.admin, "officer.two", area="330902", department=DEPARTMENT)
    third = office.api.people.headers(
        Role.DEPARTMENT_OFFICER, "330902", department=DEPARTMENT, subject="officer.three"
    )
    case_no = office.accepted()
    assert office.case(case_no)["answerable"]["subject"] == "clerk.xian"
    office.must(office.colleague, "claim", case_no)
    roster.away("officer.two", office.admin, substitute="officer.three")
    assert (roster.handler(case_no), office.case(case_no)["answerable"]) == (
        "officer.two",
        {"subject": "officer.three", "name": "经办三"},
    )
    assert office.do(office.colleague, "start", case_no).status_code == 403
    assert office.read(f"cases/{case_no}/actions", office.colleague)["actions"] == []
    for who, theirs in ((third, [case_no]), (office.colleague, [])):
        assert office.read("queue", who)["mine"] == len(theirs)
        assert [row["case_no"] for row in office.read("cases?assignee=me", who)["items"]] == theirs
    office.must(third, "start", case_no)
    office.go_to(2026, 11, 30, 2)
    assert office.case(case_no)["answerable"]["subject"] == "officer.two"
    assert office.do(third, "decision", case_no, {"outcome": "grant"}).status_code == 403
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    rows = office.read(f"cases/{case_no}/charges", office.clerk)["items"]
    assert [(row["officer"], row["how"]) for row in rows] == [
        ("officer.two", "claimed"),
        ("officer.three", "stood_in"),
    ]


def test_a_case_stays_with_the_giver_until_the_taker_accepts(roster: Roster) -> None:
    office, second = roster.office, roster.second
    case_no = office.started()
    path = f"cases/{case_no}/handoffs"
    offered = roster.create(office.agent, path, {"taker": "agent.two", "note": "下周调岗"}).json()
    assert roster.create(office.agent, path, {"taker": "agent.three"}).json()["title"] == "Offered already"
    assert roster.handler(case_no) == "agent.xian"
    assert office.read("queue", second)["offered"] == 1
    assert [row["case_no"] for row in office.read("handoffs", second)["items"]] == [case_no]
    assert roster.settle(office.agent, offered, "acceptance").status_code == 403
    bounced = roster.settle(second, offered, "bounce", {"reason": "不熟悉这个事项"})
    assert bounced.json()["reason"] == "不熟悉这个事项"
    assert roster.handler(case_no) == "agent.xian"
    assert roster.settle(second, bounced.json(), "acceptance").status_code == 409
    again = roster.create(office.agent, path, {"taker": "agent.two"}).json()
    assert roster.settle(second, again, "acceptance").status_code == 200
    assert (roster.handler(case_no), office.read("queue", second)["offered"]) == ("agent.two", 0)
    assert [row["state"] for row in office.read(path, office.agent)["items"]] == ["bounced", "accepted"]
    hearing = {
        "procedure": "hearing",
        "days": 5,
        "reason": "听证",
        "notice": {"method": "post", "proof": "1"},
    }
    assert office.do(office.agent, "suspension", case_no, hearing).status_code == 403


@pytest.mark.parametrize("taker", ["agent.xian", "r-1", "agent.away"])
def test_a_case_is_not_offered_to_just_anybody(roster: Roster, taker: str) -> None:
    office = roster.office
    case_no = office.started(applicant_subject="r-1")
    roster.put(office.manager, "agent.away")
    roster.away("agent.away", substitute=None)
    refused = roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": taker})
    assert refused.json()["errors"][0]["loc"] == ["body", "taker"]
    assert (
        roster.create(roster.second, f"cases/{case_no}/handoffs", {"taker": "agent.four"}).status_code == 403
    )


def test_an_offer_ends_where_the_case_goes_elsewhere_or_is_decided(roster: Roster) -> None:
    office = roster.office
    moved, decided = office.started(), office.started()
    for case_no in (moved, decided):
        roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": "agent.two"})
    office.must(office.manager, "assignments", moved, {"officer": "agent.four"})
    assert office.read(f"cases/{moved}/handoffs", office.agent)["items"][0]["state"] == "withdrawn"
    office.must(office.officer, "decision", decided, {"outcome": "grant"})
    ended = office.read(f"cases/{decided}/handoffs", office.agent)["items"][0]
    assert (ended["state"], ended["settled_at"] is not None) == ("withdrawn", True)
    assert roster.settle(roster.second, ended, "acceptance").status_code == 409


def test_whoever_was_in_charge_before_does_not_decide(roster: Roster) -> None:
    office = roster.office
    case_no = office.accepted()
    office.must(office.officer, "claim", case_no)
    office.must(office.manager, "assignments", case_no, {"officer": "agent.xian"})
    office.must(office.agent, "start", case_no)
    assert office.do(office.officer, "decision", case_no, {"outcome": "grant"}).status_code == 403
    assert office.read(f"cases/{case_no}/actions", office.officer)["actions"] == []
    office.must(office.colleague, "decision", case_no, {"outcome": "grant"})


def test_supervisors_keep_the_roster_of_their_own_area(roster: Roster) -> None:
    office = roster.office
    there = office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert roster.put(there, "agent.xian").json()["errors"][0]["loc"] == ["body", "area"]
    assert roster.put(office.manager, "agent.xian").status_code == 200
    assert roster.put(office.manager, "agent.xian").status_code == 412
    told(office, "agent.xian", area="330902002")
    assert roster.put(there, "agent.xian", area=KAIYUAN).status_code == 409
    assert office.get("roster/agent.xian", there).status_code == 404
    assert office.read("roster", there)["items"] == []
    assert office.read("roster", office.admin)["items"][0]["subject"] == "agent.xian"
    assert roster.create(there, "roster/agent.xian/absences", WEEK).status_code == 404
    assert roster.put(office.clerk, "agent.xian").status_code == 403
    past = WEEK | {"first": "2026-11-01", "last": "2026-11-20"}
    assert roster.create(office.manager, "roster/agent.xian/absences", past).status_code == 422


def test_counts_stop_where_they_say(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onewindow_casework.assignment.queues.MOST", 2)
    for _ in range(3):
        roster.office.accepted(promised_days=0)
    queue = roster.office.read("queue", roster.office.agent)
    assert (queue["team"], queue["unassigned"], queue["due_today"], queue["most"]) == (2, 2, 2, 2)


people = st.sampled_from(["a", "b", "c"])


@given(st.none() | people, st.dictionaries(people, st.none() | people))
def test_one_person_answers_at_all_times_and_nobody_who_is_away_where_anybody_is_there(
    handler: str | None, away: Mapping[str, str | None]
) -> None:
    found = rules.answerable(handler, away)
    assert (found is None) == (handler is None)
    if handler is not None and handler not in away:
        assert found == handler
    if found != handler:
        assert found not in away


@pytest.mark.parametrize(("present", "knows", "room", "own"), list(product([True, False], repeat=4)))
def test_a_candidate_is_there_competent_with_room_and_no_applicant(
    present: bool, knows: bool, room: bool, own: bool
) -> None:
    one = Candidate("a", frozenset({"item"} if knows else {"other"}), 1, 2 if room else 1, present, None)
    assert one.takes("item", "category", "a" if own else None) == (present and knows and room and not own)
    assert (rules.chosen([one], "item", "category", "a" if own else None) == "a") == one.takes(
        "item", "category", "a" if own else None
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=6))
def test_the_one_with_least_who_waited_longest_is_chosen(loads: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 11, 23, tzinfo=UTC)
    those = [
        Candidate(str(n), frozenset(), load, 10, present=True, given_at=begin + timedelta(minutes=given_at))
        for n, (load, given_at) in enumerate(loads)
    ]
    chosen = rules.chosen(those, "item", "category", None)
    best = min(those, key=lambda one: (one.load, one.given_at, one.subject))
    assert chosen == best.subject


def test_the_roster_holds_only_officers_who_work_there_and_so_do_those_who_stand_in(roster: Roster) -> None:
    office = roster.office
    told(office, "agent.kaiyuan", area=KAIYUAN)
    told(office, "clerk", Role.WINDOW_CLERK)
    told(office, "gone", active=False)
    told(office, "civil", Role.DEPARTMENT_OFFICER, area="330902", department=DEPARTMENT)
    in_office: dict[str, Any] = {"area": "330902", "department": DEPARTMENT}
    for nobody in ("nobody", "agent.kaiyuan", "clerk", "gone", "civil"):
        answer = roster.put(office.manager, nobody)
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "subject"])
    assert roster.put(office.admin, "agent.xian", **in_office).status_code == 422
    assert roster.put(office.admin, "civil", **in_office).status_code == 200
    assert roster.put(office.manager, "agent.xian").status_code == 200
    for nobody in ("nobody", "agent.kaiyuan", "civil"):
        path = "roster/agent.xian/absences"
        answer = roster.create(office.manager, path, WEEK | {"substitute": nobody})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "substitute"])
    roster.away()
    told(office, "agent.xian", active=False)
    assert roster.put(office.manager, "agent.xian", seen=1).status_code == 422
    assert roster.put(office.manager, "agent.xian", seen=1, active=False).status_code == 200


@pytest.mark.parametrize("change", [{"active": False}, {"area": KAIYUAN}, {"role": Role.WINDOW_CLERK}])
def test_cases_of_an_officer_who_leaves_are_given_to_another(roster: Roster, change: dict[str, Any]) -> None:
    office = roster.office
    accepted, decided = office.started(), office.decided()
    office.must(office.agent, "claim", other := office.accepted(community=XIAN, department="health"))
    office.api.tick()
    assert roster.put(office.manager, "agent.two", most_open=1).status_code == 200
    told(office, "agent.xian", **change)
    office.api.tick()
    assert (roster.handler(accepted), roster.handler(decided)) == ("agent.two", "agent.xian")
    lying = office.case(other)
    assert (lying["handler"], lying["answerable"]["subject"]) == (None, "clerk.xian")
    assert lying["first_contact_released_at"] is None
    steps = [entry["step"] for entry in office.read(f"cases/{accepted}/timeline", office.clerk)["items"]]
    assert steps[-2:] == ["unassigned", "assigned"]
    told(office, "agent.xian", **change)
    office.api.tick()
    assert roster.handler(accepted) == "agent.two"


@pytest.mark.parametrize("change", [{"active": False}, {"area": KAIYUAN}])
def test_whoever_has_left_stands_in_for_nobody(roster: Roster, change: dict[str, Any]) -> None:
    office = roster.office
    assert roster.put(office.manager, "agent.xian").status_code == 200
    case_no = office.started()
    absence = roster.away()
    assert office.case(case_no)["answerable"]["subject"] == "agent.two"
    told(office, "agent.two", **change)
    office.api.tick()
    assert office.case(case_no)["answerable"]["subject"] == "agent.xian"
    [kept] = office.read("roster/agent.xian/absences", office.manager)["items"]
    assert (kept["substitute"], kept["version"]) == (None, absence["version"] + 1)


def test_who_leaves_many_cases_leaves_none(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    office = roster.office
    cases = [office.started() for _ in range(5)]
    told(office, "agent.xian", active=False)
    for _ in range(3):
        office.api.tick()
    assert [roster.handler(case_no) for case_no in cases] == [None] * 5


def test_nobody_who_has_left_is_given_a_case_by_rule(roster: Roster) -> None:
    office = roster.office
    roster.put(office.manager, "agent.xian")
    roster.put(office.manager, "agent.two", most_open=1)
    told(office, "agent.xian", active=False)
    assert [roster.given() for _ in range(2)] == ["agent.two", None]


def test_a_case_is_given_and_offered_only_to_officers_who_work_on_such_cases(roster: Roster) -> None:
    office = roster.office
    told(office, "agent.kaiyuan", area=KAIYUAN)
    told(office, "gone", active=False)
    told(office, "clerk", Role.WINDOW_CLERK)
    told(office, "health", Role.DEPARTMENT_OFFICER, area="330902", department="health")
    told(office, "civil", Role.DEPARTMENT_OFFICER, area="330902", department=DEPARTMENT)
    case_no = office.started()
    version = office.case(case_no)["version"]
    for nobody in ("nobody", "agent.kaiyuan", "gone", "clerk", "health"):
        for answer, field in (
            (
                office.do(office.manager, "assignments", case_no, {"officer": nobody}),
                "officer",
            ),
            (roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": nobody}), "taker"),
        ):
            assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", field])
    assert office.case(case_no)["version"] == version
    assert roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": "agent.two"}).status_code == 201
    office.must(office.manager, "assignments", case_no, {"officer": "civil"})
    told(office, "agent.two", active=False)
    again = {"officer": "agent.two"}
    assert office.do(office.manager, "assignments", case_no, again).status_code == 422
