"""Cases are given, offered and stood in for by nobody whom the district does not know; names are the accounts'."""

from typing import Any

import pytest
from sqlalchemy import delete

from casework.office import DEPARTMENT, Office
from casework.test_assignment import WEEK, Roster, told
from onewindow_casework.officers.models import KnownOfficer
from onewindow_shared.contracts.access import Role
from testkit.api import KAIYUAN, XIAN

PERIOD = "from=2026-11-01&to=2026-12-31"
IN_OFFICE: dict[str, Any] = {"area": "330902", "department": DEPARTMENT}


@pytest.fixture
def roster(office: Office) -> Roster:
    return Roster(office)


@pytest.fixture
def own_issuer(roster: Roster) -> Roster:
    """A district whose staff sign in elsewhere: the gateway tells of no account."""
    roster.office.api.system(lambda unit: unit.session.execute(delete(KnownOfficer)))
    return roster


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["loc"][-1] for error in answer.json()["errors"]]


def assigned(office: Office, officer: str, **more: Any) -> Any:
    return office.do(office.manager, "assignments", office.accepted(), {"officer": officer} | more)


def test_nobody_names_an_officer_but_the_account(roster: Roster) -> None:
    office = roster.office
    assert faults(assigned(office, "agent.two", name="张三")) == ["name"]
    assert assigned(office, "agent.two").json()["handler"] == {"subject": "agent.two", "name": "代办员二"}
    assert faults(roster.put(office.manager, "agent.xian", name="张三")) == ["name"]
    assert roster.put(office.manager, "agent.xian", name="陈师傅").json()["name"] == "陈师傅"
    away = "roster/agent.xian/absences"
    assert faults(roster.create(office.manager, away, WEEK | {"substitute_name": "张三"})) == [
        "substitute_name"
    ]
    assert roster.away()["substitute_name"] == "代办员二"


def test_what_an_officer_is_called_is_told_and_stays_where_it_is_not(roster: Roster) -> None:
    office = roster.office
    told(office, "agent.two", name=None, active=True)
    assert assigned(office, "agent.two").json()["handler"]["name"] == "代办员二", (
        "told by a gateway of before"
    )
    told(office, "agent.two", name="周敏")
    assert assigned(office, "agent.two").json()["handler"]["name"] == "周敏"
    told(office, "agent.new", name=None)
    assert assigned(office, "agent.new").json()["handler"]["name"] == "agent.new", "until somebody tells"


def test_without_accounts_only_the_roster_says_who_works_here(own_issuer: Roster) -> None:
    office, manager = own_issuer.office, own_issuer.office.manager
    assert faults(assigned(office, "agent.two")) == ["officer"]
    assert faults(own_issuer.put(manager, "agent.two")) == ["name"]
    assert own_issuer.put(manager, "agent.two", name="周敏").status_code == 200
    assert assigned(office, "agent.two").json()["handler"] == {"subject": "agent.two", "name": "周敏"}
    assert own_issuer.put(office.admin, "civil", name="民政科员", **IN_OFFICE).status_code == 200
    assert assigned(office, "civil").json()["handler"]["name"] == "民政科员"
    there = office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert own_issuer.put(there, "agent.kaiyuan", name="朱琳", area=KAIYUAN).status_code == 200
    health: dict[str, Any] = {"area": "330902", "department": "health"}
    assert own_issuer.put(office.admin, "health", name="卫健科员", **health).status_code == 200
    assert own_issuer.put(manager, "agent.four", name="林", active=False).status_code == 200
    case_no = office.started()
    for nobody in ("nobody", "agent.kaiyuan", "health", "agent.four"):
        assert faults(assigned(office, nobody)) == ["officer"]
        assert faults(own_issuer.create(office.agent, f"cases/{case_no}/handoffs", {"taker": nobody})) == [
            "taker"
        ]
        away = WEEK | {"substitute": nobody}
        assert faults(own_issuer.create(manager, "roster/agent.two/absences", away)) == ["substitute"]
    for taker in ("agent.two", "civil"):
        offered = own_issuer.create(office.agent, f"cases/{case_no}/handoffs", {"taker": taker})
        assert offered.status_code == 201, offered.text
        assert own_issuer.settle(office.agent, offered.json(), "withdrawal").status_code == 200
    assert own_issuer.put(manager, "agent.xian", name="陈师傅").status_code == 200
    assert own_issuer.away()["substitute_name"] == "周敏"


def test_figures_of_officers_carry_their_names(roster: Roster) -> None:
    office = roster.office
    office.closed()
    path = f"metrics/areas/{XIAN}/parts?by=officer&{PERIOD}"
    (part,) = office.read(path, office.manager)["parts"]
    assert (part["key"], part["name"]) == ("agent.xian", "陈师傅")
    dashboard = office.api.people.headers(Role.SERVICE_CLIENT, "330902")
    refused = office.get(path, dashboard)
    assert (refused.status_code, "陈师傅" in refused.text) == (403, False)
