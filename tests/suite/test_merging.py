"""Two communities become one while cases are open: nobody loses a case, a figure or a helper."""

from typing import Any

import pytest

from suite.test_volunteers import CHINA, signed_up
from town import CASEWORK, INTAKE, VOLUNTEERS, Person, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, KAIYUAN, HEIR, STREET, DISTRICT = "330902002001", "330902002007", "330902002099", "330902002", "330902"
OF_THE_DAY = ("S6", "S11", "K1", "K2", "K3", "K8", "K.")
"""What is read off items and values of the day, and is no sum of what happened."""
ITEM = "soc-temporary-shenyang"


def posted(clerk: Person, town: Town, serial: int, community: str = XIAN, **more: Any) -> dict[str, Any]:
    form = {**application(town.item(ITEM), community, person(serial)), **more}
    return clerk.made(f"{INTAKE}/cases", form)


def figures(who: Person, area: str) -> dict[str, Any]:
    """Return what was counted in an area, once every service has said so."""
    path = f"/api/metrics/v1/areas/{area}"
    found = eventually(lambda: who.read(path), lambda answer: not answer["missing"])
    counted = [one for one in found["indicators"] if not one["id"].startswith(OF_THE_DAY)]
    return {one["id"]: one["numerator"] for one in counted}


def merged(admin: Person, day: str) -> None:
    decision = {
        "kind": "merge",
        "effective_on": day,
        "document_no": "定政发〔2026〕12号",
        "basis": "区人民政府决定",
        "predecessors": [{"code": code, "heir": HEIR} for code in (XIAN, KAIYUAN)],
        "successors": [{"code": HEIR, "name": "西源社区"}],
    }
    admin.made(f"{CASEWORK}/area-changes", decision)


def test_two_communities_become_one_with_open_cases(town: Town) -> None:
    clerk, agent, manager, admin = map(
        town.staff, ("clerk.xian", "agent.xian", "manager.xian", "admin.dinghai")
    )
    _, volunteer = signed_up(town, "+8613905800071", "林晓")
    waiting, accepted = posted(clerk, town, 1), posted(clerk, town, 2, accept=True)
    file = f"{CASEWORK}/cases/{accepted['case_no']}"
    opened = eventually(lambda: agent.get(file), lambda answer: answer.status_code == 200).json()
    agent.moved(f"{file}/claim", {}, opened["version"])
    clerk, agent, manager, admin = map(
        town.staff, ("clerk.xian", "agent.xian", "manager.xian", "admin.dinghai")
    )
    before = {area: figures(admin, area) for area in (XIAN, KAIYUAN, STREET, DISTRICT)}
    assert before[XIAN]["S1.received"] == 2
    assert before[XIAN]["V1"] == 1

    merged(admin, town.now().astimezone(CHINA).date().isoformat())
    eventually(lambda: admin.get(f"/api/metrics/v1/areas/{HEIR}"), lambda answer: answer.status_code == 200)
    both = {id_: _sum(before[XIAN][id_], before[KAIYUAN][id_]) for id_ in before[XIAN]}
    after = eventually(lambda: figures(admin, HEIR), lambda found: bool(found == both))
    assert after == both, "what was counted is the heir's"
    assert {area: figures(admin, area) for area in (STREET, DISTRICT)} == {
        area: before[area] for area in (STREET, DISTRICT)
    }, "and larger areas count as before"
    ended = f"/api/metrics/v1/areas/{XIAN}"
    gone = eventually(lambda: admin.get(ended), lambda answer: answer.status_code == 404)
    assert HEIR in gone.json()["detail"]

    refused = clerk.create(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(3)))
    assert refused.status_code == 422
    assert HEIR in refused.text
    posted(clerk, town, 3, HEIR)
    clerk.moved(f"{INTAKE}/cases/{waiting['case_no']}/acceptance", {}, waiting["version"])
    later = f"{CASEWORK}/cases/{waiting['case_no']}"
    eventually(lambda: agent.get(later), lambda answer: answer.status_code == 200)
    agent.moved(f"{file}/start", {}, agent.read(file)["version"])
    tracked = town.anybody().ask(
        "POST", f"{INTAKE}/tracking/{waiting['case_no']}", {"code": waiting["tracking_code"]}
    )
    assert tracked.status_code == 200
    helper = f"{VOLUNTEERS}/people/{volunteer['volunteer_no']}"
    assert manager.get(helper).status_code == 200

    stranger = town.staff("clerk.xiyuan")
    for path in (f"{INTAKE}/cases/{waiting['case_no']}", file, helper, f"/api/metrics/v1/areas/{HEIR}"):
        assert stranger.get(path).status_code in {403, 404}, path


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
