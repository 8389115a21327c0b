"""One case from the window to the review, as its clerk, agent, officer and resident see it."""

from typing import Any

import pytest

from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN, DEPARTMENT_ITEM = "330902002001", "soc-temporary-shenyang"


def form(town: Town, serial: int = 1, **more: Any) -> dict[str, Any]:
    return {**application(town.item(DEPARTMENT_ITEM), XIAN, person(serial)), **more}


def post(clerk: Person, town: Town, serial: int = 1, **more: Any) -> dict[str, Any]:
    response = clerk.create(f"{INTAKE}/cases", form(town, serial, **more))
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def file_of(who: Person, case_no: str) -> dict[str, Any]:
    """Wait until casework has opened its file."""
    path = f"{CASEWORK}/cases/{case_no}"
    found: dict[str, Any] = eventually(lambda: who.get(path), lambda answer: answer.status_code == 200).json()
    return found


def track(town: Town, receipt: dict[str, Any]) -> dict[str, Any]:
    path = f"{INTAKE}/tracking/{receipt['case_no']}"
    response = town.anybody().ask("POST", path, {"code": receipt["tracking_code"]})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_case_is_taken_in_accepted_handled_decided_delivered_closed_and_reviewed(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    officer = town.staff("officer.civil_affairs")

    receipt = post(clerk, town)
    assert receipt["status"] == "received"
    accepted = clerk.move(f"{INTAKE}/cases/{receipt['case_no']}/acceptance", {}, receipt["version"])
    assert accepted.status_code == 200, accepted.text

    opened = file_of(agent, receipt["case_no"])
    assert opened["status"] == "accepted"
    path = f"{CASEWORK}/cases/{receipt['case_no']}"
    version = opened["version"]
    moves: list[tuple[Person, str, dict[str, Any], str]] = [
        (agent, "claim", {}, "accepted"),
        (agent, "start", {}, "handling"),
        (officer, "decision", {"outcome": "grant", "reasons": "符合条件"}, "decided"),
        (clerk, "delivery", {"method": "pick_up", "proof": "本人签收"}, "delivered"),
        (clerk, "closure", {}, "closed"),
    ]
    for who, action, body, status in moves:
        moved = who.move(f"{path}/{action}", body, version)
        assert moved.status_code == 200, (action, moved.text)
        assert moved.json()["status"] == status
        version = moved.json()["version"]
    rated = clerk.create(f"{path}/review", {"level": 5, "channel": "window"})
    assert rated.status_code == 201, rated.text

    seen = eventually(lambda: track(town, receipt), lambda answer: bool(answer["status"] == "closed"))
    assert [entry["step"] for entry in seen["timeline"]][-3:] == ["decided", "delivered", "closed"]
    assert "王桂芳" not in str(seen)


def test_the_clock_explains_every_day(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    receipt = post(clerk, town, accept=True)
    file_of(agent, receipt["case_no"])
    clock = agent.read(f"{CASEWORK}/cases/{receipt['case_no']}/clock")
    assert clock["promised"]["days"][0]["counted"] is False
    assert sum(day["counted"] for day in clock["promised"]["days"]) == clock["promised"]["limit"]


def test_the_same_post_sent_twice_makes_one_case_and_gives_the_same_answer(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    body = form(town, 77)
    first = clerk.create(f"{INTAKE}/cases", body, key="flaky-network-1")
    again = clerk.create(f"{INTAKE}/cases", body, key="flaky-network-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = clerk.create(f"{INTAKE}/cases", {**body, "remark": "another"}, key="flaky-network-1")
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"


def test_of_two_officers_who_decide_the_same_case_one_wins_and_the_other_sees_the_present_state(
    town: Town,
) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    officer = town.staff("officer.civil_affairs")
    receipt = post(clerk, town, serial=3, accept=True)
    path = f"{CASEWORK}/cases/{receipt['case_no']}"
    version = file_of(agent, receipt["case_no"])["version"]
    for action in ("claim", "start"):
        version = agent.move(f"{path}/{action}", {}, version).json()["version"]
    first = officer.move(f"{path}/decision", {"outcome": "grant", "reasons": "符合条件"}, version)
    second = officer.move(
        f"{path}/decision", {"outcome": "refuse", "reasons": "收入超标", "remedies": "复议"}, version
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["status"] == "decided"


def test_nobody_of_another_community_sees_the_case_by_any_route(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    receipt = post(clerk, town, serial=4, accept=True)
    number = receipt["case_no"]
    file_of(agent, number)
    for stranger in (
        town.staff("clerk.xiyuan"),
        town.staff("agent.benjin"),
        town.staff("supervisor.huannan"),
    ):
        for path in (f"{INTAKE}/cases/{number}", f"{CASEWORK}/cases/{number}"):
            for tail in ("", "/timeline", "/actions"):
                assert stranger.get(path + tail).status_code in {403, 404}, path + tail
        for path in (f"{INTAKE}/cases?limit=200", f"{CASEWORK}/cases?limit=200"):
            assert number not in stranger.get(path).text
    assert clerk.get(f"{INTAKE}/cases/{number}").status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"item_code": "no-such-item"}, 422),
        ({"community": "999999999999"}, 422),
        ({"community": "330902003005"}, 403),
        (
            {"applicant": {**person(5), "name": "😀"}},
            422,
        ),
        ({"applicant": {**person(5), "name": "Robert'); DROP TABLE cases;--"}}, 422),
        ({"received_at": "9999-12-31T23:59:59+08:00"}, 422),
        ({"remark": "'; DELETE FROM cases; -- 😀"}, 201),
    ],
)
def test_bad_input_gets_a_clear_problem(town: Town, change: dict[str, Any], status: int) -> None:
    clerk = town.staff("clerk.xian")
    response = clerk.create(f"{INTAKE}/cases", form(town, 9, **change))
    assert response.status_code == status, response.text
    if status != 201:
        assert response.headers["content-type"] == "application/problem+json"
        assert "title" in response.json()


def test_malformed_json_and_a_huge_body_are_refused_clearly(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "malformed-1"}
    url = f"{INTAKE}/cases"
    bad = town.http.post(url, content=b"{not json", headers=headers | {"content-type": "application/json"})
    assert bad.status_code == 422
    huge = town.http.post(url, content=b"x" * 50_000_000, headers=headers)
    assert huge.status_code == 413
    assert huge.headers["content-type"] == "application/problem+json"


def test_a_case_posted_while_casework_is_down_reaches_it_when_it_is_back(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    town.suite.kill("casework")
    try:
        receipt = post(clerk, town, serial=6, accept=True)
        down = agent.get(f"{CASEWORK}/cases/{receipt['case_no']}")
        assert down.status_code == 503
        assert int(down.headers["retry-after"]) >= 1
        assert track(town, receipt)["status"] == "accepted"
    finally:
        town.suite.start("casework")
        town.suite.wait_ready(["casework"])
    assert file_of(agent, receipt["case_no"])["status"] == "accepted"


def test_the_district_sees_its_figures(town: Town) -> None:
    clerk, admin = town.staff("clerk.xian"), town.staff("admin.dinghai")

    def received(answer: Any) -> int:
        found: int = next(i["numerator"] for i in answer["indicators"] if i["id"] == "S1.received")
        return found

    before = received(admin.read("/api/metrics/v1/areas/330902"))
    post(clerk, town, serial=8)
    eventually(
        lambda: received(admin.read("/api/metrics/v1/areas/330902")), lambda n: n == before + 1, patience=5
    )
    answer = admin.get("/api/metrics/v1/areas/330902")
    etag = answer.headers["etag"]
    assert admin.get("/api/metrics/v1/areas/330902", If_None_Match=etag).status_code == 304
    assert town.staff("clerk.xiyuan").get(f"/api/metrics/v1/areas/{XIAN}").status_code == 404
