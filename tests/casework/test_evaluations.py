"""A yearly round: both sides rate each other once, residents are heard, appeals are decided, results published."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import pytest
from httpx2 import Response

from casework.office import BASE, Headers, Office
from onewindow_casework.districts import service as districts
from onewindow_casework.evaluations import rounds, service
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.casework import DepartmentOut
from onewindow_shared.contracts.metrics import Metric
from testkit.api import DONGSHAN, KAIYUAN, XIAN

CHANGGUO = "330902002"
QUESTIONS = [
    {"code": "duties", "text": "依法协助政府工作", "about": "committee", "weight": 2},
    {"code": "residents", "text": "联系服务居民", "about": "committee", "weight": 3},
    {"code": "support", "text": "经费和工作条件到位", "about": "counterpart", "weight": 3},
    {"code": "burden", "text": "不下派清单外事项", "about": "counterpart", "weight": 2},
]
OF_COMMITTEE = {"answers": {"duties": 5, "residents": 4}}
OF_STREET = {"answers": {"support": 3, "burden": 2}, "comment": "表格仍偏多"}
PAIRS = [
    {"community": XIAN, "counterpart": CHANGGUO},
    {"community": XIAN, "counterpart": "civil_affairs"},
    {"community": KAIYUAN, "counterpart": CHANGGUO},
]


@pytest.fixture
def people(office: Office) -> dict[str, Headers]:
    office.api.system(
        lambda unit: districts.keep_department(
            unit,
            DepartmentOut(
                district="330902",
                code="civil_affairs",
                name="定海区民政局",
                name_en="Civil Affairs Bureau",
            ),
        )
    )
    made = office.api.people
    return {
        "committee": office.manager,
        "street": made.headers(Role.STREET_SUPERVISOR, CHANGGUO),
        "department": office.officer,
        "admin": office.admin,
        "auditor": made.headers(Role.AUDITOR, "330902"),
        "other_committee": made.headers(Role.COMMUNITY_MANAGER, KAIYUAN),
        "other_street": made.headers(Role.STREET_SUPERVISOR, DONGSHAN[:9]),
        "other_department": made.headers(Role.DEPARTMENT_OFFICER, "330902", department="health"),
    }


def create(office: Office, who: Headers, path: str, body: Any) -> Response:
    key = {"Idempotency-Key": f"evaluation-{next(office.serials)}"}
    response: Response = office.api.client.post(f"{BASE}/{path}", json=body, headers=who | key)
    return response


def move(office: Office, who: Headers, path: str, body: Any, version: int) -> Response:
    seen = {"If-Match": f'"{version}"'}
    response: Response = office.api.client.post(f"{BASE}/{path}", json=body, headers=who | seen)
    return response


def round_form(**more: Any) -> dict[str, Any]:
    return {
        "year": 2026,
        "title": "2026年度履职履约双向评价",
        "opens_on": "2026-11-23",
        "closes_on": "2026-11-27",
        "questions": QUESTIONS,
        "pairs": PAIRS,
    } | more


def opened(office: Office, people: dict[str, Headers], **more: Any) -> tuple[int, list[int]]:
    """Call a round that opens today; return it and its pairs."""
    called = create(office, people["admin"], "evaluation-rounds", round_form(**more))
    assert called.status_code == 201, called.text
    number = called.json()["round_id"]
    office.api.tick()
    pairs = office.read(f"evaluation-rounds/{number}/pairs", people["admin"])["items"]
    return number, [pair["pair_id"] for pair in pairs]


def rated(office: Office, people: dict[str, Headers], pair: int) -> None:
    for who, body in (("committee", OF_STREET), ("street", OF_COMMITTEE)):
        response = create(office, people[who], f"evaluation-pairs/{pair}/ratings", body)
        assert response.status_code == 201, response.text


def appraisal(about: str, **more: Any) -> dict[str, Any]:
    return {
        "about": about,
        "held_on": "2026-11-23",
        "people": 120,
        "awareness": 90,
        "participation": 60,
        "satisfaction": 90,
        "method": "居民代表会议民主评议",
    } | more


def appraised(office: Office, people: dict[str, Headers], pair: int) -> None:
    for about in ("committee", "counterpart"):
        response = create(office, people["admin"], f"evaluation-pairs/{pair}/appraisals", appraisal(about))
        assert response.status_code == 201, response.text


def round_of(office: Office, people: dict[str, Headers], number: int) -> Any:
    return office.read(f"evaluation-rounds/{number}", people["admin"])


def publish(office: Office, people: dict[str, Headers], number: int) -> Response:
    version = round_of(office, people, number)["version"]
    return move(office, people["admin"], f"evaluation-rounds/{number}/publication", {}, version)


def results(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.read("evaluation-results", {})["items"]
    return found


def test_both_sides_rate_residents_weigh_most_and_everybody_may_read_the_result(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people)
    rated(office, people, pairs[0])
    appraised(office, people, pairs[0])
    assert results(office) == []
    office.go_to(2026, 11, 27, 9)
    office.api.tick()
    assert round_of(office, people, number)["status"] == "closed"
    assert publish(office, people, number).json()["type"].endswith("appeals-open")
    office.go_to(2026, 12, 5, 1)
    assert publish(office, people, number).json()["status"] == "published"
    whole, *lacking = results(office)
    assert (whole["committee_score"], whole["counterpart_score"]) == (8320, 6880)
    assert (whole["community_name"], whole["residents_weight"]) == ("西安社区居委会", 60)
    assert all(one["committee_score"] is None and "rating_by_committee" in one["missing"] for one in lacking)


def test_what_the_other_side_said_is_hidden_until_both_have_spoken(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people)
    path = f"evaluation-rounds/{number}/pairs?community={XIAN}"
    assert (
        create(office, people["street"], f"evaluation-pairs/{pairs[0]}/ratings", OF_COMMITTEE).status_code
        == 201
    )
    for who, seen in (("street", 1), ("committee", 0), ("admin", 0), ("auditor", 0)):
        assert len(office.read(path, people[who])["items"][0]["ratings"]) == seen, who
    create(office, people["committee"], f"evaluation-pairs/{pairs[0]}/ratings", OF_STREET)
    for who in ("street", "committee", "admin", "auditor"):
        assert len(office.read(path, people[who])["items"][0]["ratings"]) == 2, who


def test_coverage_counts_pairs_with_both_directions_and_late_ones_are_listed(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people)
    rated(office, people, pairs[0])
    figures = office.figures()
    assert (figures[Metric.EVALUATION_PAIRS], figures[Metric.EVALUATION_PAIRS_BOTH]) == (3, 1)
    late = office.read(f"evaluation-rounds/{number}/pairs?late=true", people["auditor"])["items"]
    assert [pair["pair_id"] for pair in late] == pairs[1:]
    told = round_of(office, people, number)
    assert (told["pairs"], told["rated_by_both"]) == (3, 1)


@pytest.mark.parametrize("who", ["other_committee", "other_street", "other_department", "auditor", "admin"])
def test_nobody_rates_for_a_side_that_is_not_theirs(
    office: Office, people: dict[str, Headers], who: str
) -> None:
    _, pairs = opened(office, people)
    for pair in pairs[:2]:
        for body in (OF_COMMITTEE, OF_STREET):
            response = create(office, people[who], f"evaluation-pairs/{pair}/ratings", body)
            assert response.status_code in {403, 404}, response.text


def test_a_department_sees_and_rates_its_own_pairs_only(office: Office, people: dict[str, Headers]) -> None:
    number, pairs = opened(office, people)
    seen = office.read(f"evaluation-rounds/{number}/pairs", people["department"])["items"]
    assert [pair["pair_id"] for pair in seen] == [pairs[1]]
    assert (
        create(office, people["department"], f"evaluation-pairs/{pairs[1]}/ratings", OF_COMMITTEE).status_code
        == 201
    )
    street = create(office, people["street"], f"evaluation-pairs/{pairs[1]}/ratings", OF_COMMITTEE)
    assert street.json()["type"].endswith("not-your-side")


def test_a_side_rates_once_even_if_two_of_it_do_so_at_the_same_moment(
    office: Office, people: dict[str, Headers]
) -> None:
    _, pairs = opened(office, people)
    colleague = office.api.people.headers(Role.COMMUNITY_MANAGER, XIAN, subject="manager.two")

    def rate(who: Headers) -> int:
        return create(office, who, f"evaluation-pairs/{pairs[0]}/ratings", OF_STREET).status_code

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(rate, [people["committee"], colleague])) == [201, 409]


def test_answers_are_complete_and_about_the_other_side(office: Office, people: dict[str, Headers]) -> None:
    _, pairs = opened(office, people)
    body = {"answers": {"duties": 5, "support": 1}}
    response = create(office, people["street"], f"evaluation-pairs/{pairs[0]}/ratings", body)
    assert {error["loc"][-1] for error in response.json()["errors"]} == {"residents", "support"}


def test_nobody_enters_what_residents_said_of_themselves(office: Office, people: dict[str, Headers]) -> None:
    _, pairs = opened(office, people)
    path = f"evaluation-pairs/{pairs[0]}/appraisals"
    assert (
        create(office, people["street"], path, appraisal("counterpart"))
        .json()["type"]
        .endswith("not-your-side")
    )
    assert create(office, people["committee"], path, appraisal("committee")).status_code == 403
    assert create(office, people["street"], path, appraisal("committee")).status_code == 201
    assert (
        create(office, people["admin"], path, appraisal("committee"))
        .json()["type"]
        .endswith("already-appraised")
    )
    assert (
        create(office, people["admin"], path, appraisal("committee", held_on="2025-11-23")).status_code == 422
    )


def test_an_appeal_corrects_the_answers_before_publication_and_keeps_the_old_ones(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people)
    rated(office, people, pairs[0])
    path = f"evaluation-pairs/{pairs[0]}/appeals"
    assert create(office, people["street"], path, {"reason": "经费已于九月到账"}).status_code == 409
    office.go_to(2026, 11, 27, 9)
    office.api.tick()
    filed = create(office, people["street"], path, {"reason": "经费已于九月到账"}).json()
    assert create(office, people["street"], path, {"reason": "再次申诉"}).status_code == 409
    office.go_to(2026, 12, 5, 1)
    assert publish(office, people, number).json()["type"].endswith("appeals-open")
    decision = {"upheld": True, "reasons": "账目属实", "answers": {"support": 5, "burden": 2}}
    where = f"evaluation-appeals/{filed['appeal_id']}/decision"
    assert move(office, people["street"], where, decision, 1).status_code == 403
    assert move(office, people["admin"], where, decision | {"answers": None}, 1).status_code == 422
    assert move(office, people["admin"], where, decision, 1).json()["upheld"] is True
    assert move(office, people["admin"], where, decision, 1).status_code == 412
    listed = office.read(f"evaluation-rounds/{number}/appeals", people["committee"])["items"]
    assert [one["upheld"] for one in listed] == [True]
    pair = office.read(f"evaluation-rounds/{number}/pairs", people["committee"])["items"][0]
    said = next(one for one in pair["ratings"] if one["by"] == "committee")
    assert (said["score"], said["corrected"]) == (7600, True)
    assert publish(office, people, number).status_code == 200


def test_nobody_rates_before_a_round_opens_or_after_it_closes_however_late_the_timers_run(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people, opens_on="2026-11-25")
    path = f"evaluation-pairs/{pairs[0]}/ratings"
    assert create(office, people["street"], path, OF_COMMITTEE).json()["state"] == "draft"
    office.go_to(2027, 1, 4, 1)
    office.api.tick()
    assert round_of(office, people, number)["status"] == "closed"
    assert create(office, people["street"], path, OF_COMMITTEE).json()["state"] == "closed"
    assert office.figures()[Metric.EVALUATION_PAIRS] == 3


def test_a_round_ends_with_its_last_day_and_not_with_its_timer(
    office: Office, people: dict[str, Headers]
) -> None:
    number, pairs = opened(office, people)
    office.go_to(2026, 11, 27, 9)
    response = create(office, people["street"], f"evaluation-pairs/{pairs[0]}/ratings", OF_COMMITTEE)
    assert (response.status_code, response.json()["detail"]) == (409, "The last day is over.")
    assert round_of(office, people, number)["status"] == "open"


def test_a_cancelled_round_counts_for_nothing(office: Office, people: dict[str, Headers]) -> None:
    number, pairs = opened(office, people)
    rated(office, people, pairs[0])
    version = round_of(office, people, number)["version"]
    cancelled = move(office, people["admin"], f"evaluation-rounds/{number}/cancellation", {}, version)
    assert cancelled.json()["status"] == "cancelled"
    assert not {Metric.EVALUATION_PAIRS, Metric.EVALUATION_PAIRS_BOTH} & office.figures().keys()
    assert results(office) == []


def test_a_cancelled_round_does_not_take_the_year(office: Office, people: dict[str, Headers]) -> None:
    number, _ = opened(office, people)
    version = round_of(office, people, number)["version"]
    move(office, people["admin"], f"evaluation-rounds/{number}/cancellation", {}, version)
    again = create(office, people["admin"], "evaluation-rounds", round_form())
    assert again.status_code == 201, again.text
    third = create(office, people["admin"], "evaluation-rounds", round_form())
    assert third.json()["type"].endswith("round-of-that-year")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pairs": [{"community": KAIYUAN, "counterpart": DONGSHAN[:9]}]}, "counterpart"),
        ({"pairs": [{"community": KAIYUAN, "counterpart": "no_such_department"}]}, "counterpart"),
        ({"pairs": [{"community": "330903001001", "counterpart": CHANGGUO}]}, "community"),
        ({"pairs": [PAIRS[0], PAIRS[0]]}, "1"),
        ({"opens_on": "2026-11-20"}, "opens_on"),
        ({"closes_on": "2026-11-22"}, "closes_on"),
        ({"residents_weight": 50}, "residents_weight"),
        ({"questions": QUESTIONS[:2]}, "questions"),
    ],
)
def test_a_round_that_cannot_be_names_what_is_wrong(
    office: Office, people: dict[str, Headers], change: dict[str, Any], field: str
) -> None:
    response = create(office, people["admin"], "evaluation-rounds", round_form(**change))
    assert response.status_code == 422
    assert field in {error["loc"][-1] for error in response.json()["errors"]}


def test_there_is_one_round_a_year(office: Office, people: dict[str, Headers]) -> None:
    opened(office, people)
    again = create(office, people["admin"], "evaluation-rounds", round_form())
    assert again.json()["type"].endswith("round-of-that-year")
    assert len(office.read("evaluation-rounds", people["auditor"])["items"]) == 1


@pytest.mark.parametrize(
    ("slow", "step", "second"),
    [(rounds, "_settle", "appraisal"), (service, "_audit", "publication")],
    ids=["publication-first", "appraisal-first"],
)
def test_an_appraisal_that_meets_the_publication_counts_or_is_refused(
    office: Office,
    people: dict[str, Headers],
    monkeypatch: pytest.MonkeyPatch,
    slow: Any,
    step: str,
    second: str,
) -> None:
    number, pairs = opened(office, people, pairs=PAIRS[:1])
    rated(office, people, pairs[0])
    appraised(office, people, pairs[0])
    office.go_to(2026, 11, 27, 9)
    office.api.tick()
    office.go_to(2026, 12, 5, 1)
    done, go, work = Event(), Event(), getattr(slow, step)

    def slowly(*args: Any, **more: Any) -> None:
        work(*args, **more)
        done.set()
        go.wait(5)

    said = appraisal("committee", held_on="2026-11-24", people=1_000_000, satisfaction=0)
    path = f"evaluation-pairs/{pairs[0]}/appraisals"
    acts = {
        "publication": lambda: publish(office, people, number),
        "appraisal": lambda: create(office, people["street"], path, said | {"about": "committee"}),
    }
    monkeypatch.setattr(slow, step, slowly)
    with ThreadPoolExecutor(2) as pool:
        begun = pool.submit(next(act for name, act in acts.items() if name != second))
        assert done.wait(5)
        waiting = pool.submit(acts[second])
        assert wait([waiting], timeout=0.3).not_done
        go.set()
        assert begun.result().is_success
    (result,) = results(office)
    if second == "appraisal":
        assert (waiting.result().status_code, result["committee_score"]) == (409, 8320)
    else:
        assert waiting.result().is_success
        assert result["committee_score"] < 8320
