"""A resident's need is matched for reasons told, met by who accepted, confirmed by whoever was helped."""

from datetime import timedelta
from itertools import count, product
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import NeedProgressed
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.needs import MatchFactor, NeedStatus
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.contracts.volunteers import Availability, ServiceCategory
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.needs import queries, rules
from onewindow_volunteers.needs.models import Need
from onewindow_volunteers.needs.rules import Candidate, NeedAction, Wanted, Weights
from testkit.api import DONGSHAN, KAIYUAN, MONDAY, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser, trained
from volunteers.signup import BASE, leave
from volunteers.test_certificates import issued, paper
from volunteers.test_records import boss, hours, move

PATH, ELSEWHERE = "needs", "330903001001"
CASE_NO = case_number(XIAN, MONDAY.date(), 7)
TOLD = ["registration", "service_records", "activity_notices"]
_keys = count(1)
RESIDENT = {
    "name": "陈阿婆",
    "phone": "13705800001",
    "address": "西安社区3幢201室",
    "details": "行动不便，需要陪同去医院",
}
WEIGHTS = Weights(40, 30, 20, 10)
slots = st.lists(st.sampled_from(Availability), min_size=1, max_size=5, unique=True)
helpers = st.builds(
    Candidate,
    st.just("x"),
    st.sampled_from([XIAN, KAIYUAN, DONGSHAN, ELSEWHERE]),
    slots,
    st.lists(st.sampled_from(ServiceCategory), max_size=4, unique=True),
    st.integers(0, 9),
)
wishes = st.builds(Wanted, st.just(XIAN), st.sampled_from(ServiceCategory), slots)


def form(**changes: Any) -> dict[str, Any]:
    return {
        "community": XIAN,
        "category": "care",
        "times": ["weekends", "weekday_mornings"],
        "minutes": 90,
        "consent": True,
        **RESIDENT,
        **changes,
    }


def taken_down(api: Api, role: Role = Role.WINDOW_CLERK, area: str | None = XIAN, **changes: Any) -> Response:
    headers = {**api.people.headers(role, area), "Idempotency-Key": f"need-key-{next(_keys)}"}
    return api.client.post(f"{BASE}/{PATH}", json=form(**changes), headers=headers)


def need(api: Api, **changes: Any) -> dict[str, Any]:
    answer = taken_down(api, **changes)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def step(who: Any, told: dict[str, Any], to: str, body: Any = None) -> Response:
    seen = {"If-Match": f'"{told["version"]}"'}
    answer: Response = who("POST", f"{PATH}/{told['need_id']}/{to}", body, **seen)
    return answer


def went(who: Any, told: dict[str, Any], to: str, body: Any = None) -> dict[str, Any]:
    answer = step(who, told, to, body)
    assert answer.status_code == 200, answer.text
    return {"code": told.get("code"), **answer.json()}


def candidates(organiser: Organiser, told: dict[str, Any]) -> list[dict[str, Any]]:
    answer = organiser.ask("GET", f"{PATH}/{told['need_id']}/candidates")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["candidates"]
    return found


def by_resident(api: Api, told: dict[str, Any], to: str, code: str | None = None) -> Response:
    body = {"need_id": told["need_id"], "code": code or told["code"]}
    return api.client.post(f"{BASE}/{PATH}/{to}", json=body)


def accepted(organiser: Organiser, helper: Helper, **changes: Any) -> dict[str, Any]:
    told = need(organiser.api, **changes)
    told = went(organiser.ask, told, "offer", {"volunteer_no": helper.record["volunteer_no"]})
    return went(helper.ask, told, "acceptance")


def helped(api: Api, minutes: int = 95) -> dict[str, str]:
    came = api.clock.now
    api.clock.pass_(minutes=minutes)
    return {"came_at": came.isoformat(), "left_at": api.clock.now.isoformat()}


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.mark.parametrize(("status", "action"), list(product(NeedStatus, NeedAction)))
def test_a_need_moves_by_the_table_alone(status: NeedStatus, action: NeedAction) -> None:
    if (status, action) in rules.MOVES:
        assert rules.walk(status, action) is rules.MOVES[status, action]
        assert status not in {NeedStatus.CONFIRMED, NeedStatus.WITHDRAWN}, "these are ends"
    else:
        with pytest.raises(CannotMoveError):
            rules.walk(status, action)


@given(wishes, helpers)
def test_each_factor_has_a_figure_and_the_points_are_their_sum(wanted: Wanted, one: Candidate) -> None:
    figures = rules.figures(wanted, one)
    assert set(figures) == set(MatchFactor)
    assert all(0 <= figure <= 1 for figure in figures.values())
    assert rules.points(wanted, one, WEIGHTS) <= 100
    assert sum(WEIGHTS.of(f) * x for f, x in figures.items()) == rules.points(wanted, one, WEIGHTS)


@given(wishes, helpers, st.sampled_from([KAIYUAN, DONGSHAN, ELSEWHERE]), st.integers(1, 9))
def test_nearer_and_less_burdened_is_never_worse(
    wanted: Wanted, one: Candidate, farther: str, more: int
) -> None:
    near = Candidate("x", XIAN, one.availability, one.categories, one.load)
    far = Candidate("x", farther, one.availability, one.categories, one.load)
    busier = Candidate("x", XIAN, one.availability, one.categories, one.load + more)
    assert rules.points(wanted, near, WEIGHTS) > rules.points(wanted, far, WEIGHTS)
    assert rules.points(wanted, near, WEIGHTS) > rules.points(wanted, busier, WEIGHTS)


def left_out(organiser: Organiser, told: dict[str, Any]) -> dict[str, int]:
    found = organiser.ask("GET", f"{PATH}/{told['need_id']}/candidates").json()["left_out"]
    return {one["why"]: one["volunteers"] for one in found}


def test_whoever_looks_for_help_is_told_who_was_left_out_and_why(api: Api, organiser: Organiser) -> None:
    fits = Helper.registered(api, 51, consent=TOLD)
    Helper.registered(api, 52)
    Helper.registered(api, 53, consent=TOLD, skills=["理发"])
    told = need(api, skill="急救")
    assert [one["volunteer_no"] for one in candidates(organiser, told)] == [fits.record["volunteer_no"]]
    assert left_out(organiser, told) == {"not_told": 3}, "two of other communities, and one of this"
    told = went(organiser.ask, told, "offer", {"volunteer_no": fits.record["volunteer_no"]})
    went(fits.ask, told, "refusal")
    assert candidates(organiser, told) == []
    assert left_out(organiser, told) == {"not_told": 3, "asked": 1}


def test_a_need_that_asks_for_training_is_met_by_whoever_has_it_on_record(
    api: Api, organiser: Organiser
) -> None:
    said, held, over = (Helper.registered(api, n, consent=TOLD) for n in (51, 52, 53))
    assert trained(organiser, held, "急救", valid_until="2027-10-01").status_code == 201
    assert trained(organiser, over, "急救", valid_until="2026-11-01").status_code == 201
    told = need(api, skill="急救", trained=True)
    assert [one["volunteer_no"] for one in candidates(organiser, told)] == [held.record["volunteer_no"]]
    assert left_out(organiser, told) == {"not_trained": 4}
    for one in (said, over):
        refused = step(organiser.ask, told, "offer", {"volunteer_no": one.record["volunteer_no"]})
        assert refused.json()["type"].endswith("does-not-fit")
    assert taken_down(api, trained=True).status_code == 422, "trained in what"


def test_where_many_fit_the_nearest_are_weighed(open_service: Open) -> None:
    with open_service(match_pool=1) as api:
        near, far = ([Helper.registered(api, n, community=c, consent=TOLD) for n in ns] for ns, c in POOLS)
        told = candidates(Organiser(api), need(api))
        assert [one["volunteer_no"] for one in told] == [near[0].record["volunteer_no"]]
        told = candidates(Organiser(api, DONGSHAN), need(api, area=DONGSHAN, community=DONGSHAN))
        chosen = {one["volunteer_no"] for one in told}
        assert chosen == {near[0].record["volunteer_no"], far[0].record["volunteer_no"]}


POOLS = (((141, 142), XIAN), ((143, 144), DONGSHAN))


def test_the_statement_ranks_as_the_rules_do(api: Api, organiser: Organiser) -> None:
    places = (XIAN, KAIYUAN, DONGSHAN)
    free: tuple[list[str], ...] = (["weekends"], ["weekday_mornings", "weekends"], [])
    for n, (community, times, liked) in enumerate(product(places, free, (["care"], ["mediation"]))):
        Helper.registered(
            api, 100 + n, community=community, availability=times, categories=liked, consent=TOLD
        )
    busy = candidates(organiser, need(api))[0]["volunteer_no"]
    went(organiser.ask, need(api), "offer", {"volunteer_no": busy})
    told = need(api)

    def ranked(unit: Unit) -> list[tuple[str, float]]:
        row = queries.of(unit.session, told["need_id"])
        found = queries.fitting(unit, row, WEIGHTS, unit.now, 100)
        wanted = queries.wanted(unit, row)
        every = [one.candidate for one in found]
        return [(one.volunteer_no, round(rules.points(wanted, one, WEIGHTS), 6)) for one in every]

    found = api.system(ranked)
    assert len(found) == 18
    assert found == sorted(found, key=lambda one: (-one[1], one[0]))
    shown = candidates(organiser, told)
    assert [(one["volunteer_no"], round(one["points"], 6)) for one in shown] == found
    asked = next(one for one in shown if one["volunteer_no"] == busy)
    figures = {factor["factor"]: factor["figure"] for factor in asked["factors"]}
    assert figures == {"distance": 1, "time": 1, "category": 1, "load": 0.5}, "who is asked has less to give"
    assert shown[0]["name_masked"].count("*")


def test_only_who_has_the_skill_is_of_age_and_agreed_is_asked(api: Api, organiser: Organiser) -> None:
    able = Helper.registered(api, 121, consent=TOLD, skills=["急救", '引号"和\\'])
    unskilled = Helper.registered(api, 122, consent=TOLD, skills=["理发"])
    silent = Helper.registered(api, 123)
    told = need(api, skill="急救")
    assert [one["volunteer_no"] for one in candidates(organiser, told)] == [able.record["volunteer_no"]]
    assert (
        candidates(organiser, need(api, skill='引号"和\\'))[0]["volunteer_no"] == able.record["volunteer_no"]
    )
    for one in (unskilled, silent):
        body = {"volunteer_no": one.record["volunteer_no"]}
        assert step(organiser.ask, told, "offer", body).json()["type"].endswith("does-not-fit")
    told = went(organiser.ask, told, "offer", {"volunteer_no": able.record["volunteer_no"]})
    told = went(able.ask, told, "refusal")
    assert (told["status"], told["volunteer_no"]) == ("open", None)
    assert candidates(organiser, told) == [], "nobody is asked twice"
    again = {"volunteer_no": able.record["volunteer_no"]}
    told = organiser.ask("GET", f"{PATH}/{told['need_id']}").json()
    assert step(organiser.ask, told, "offer", again).status_code == 409


def test_nobody_is_asked_for_a_need_that_they_took_down_themselves(api: Api, organiser: Organiser) -> None:
    one, other = (Helper.registered(api, n, consent=TOLD) for n in (124, 125))
    headers = {**one.citizen.headers(api), "Idempotency-Key": "a-need-of-ones-own"}
    told = api.client.post(f"{BASE}/{PATH}", json=form(phone=one.citizen.phone), headers=headers).json()
    assert [who["volunteer_no"] for who in candidates(organiser, told)] == [other.record["volunteer_no"]]
    body = {"volunteer_no": one.record["volunteer_no"]}
    assert step(organiser.ask, told, "offer", body).json()["type"].endswith("does-not-fit")


def test_a_need_from_a_case_becomes_hours(api: Api, organiser: Organiser) -> None:
    helper, other = Helper.registered(api, 131, consent=TOLD), Helper.registered(api, 132, consent=TOLD)
    told = need(api, case_no=CASE_NO)
    path = f"{PATH}/{told['need_id']}"
    assert helper.ask("GET", path).status_code == 404
    told = went(organiser.ask, told, "offer", {"volunteer_no": helper.record["volunteer_no"]})
    assert helper.ask("GET", PATH).json()["items"][0]["need_id"] == told["need_id"]
    assert helper.ask("POST", f"{path}/contact").json()["type"].endswith("not-accepted")
    assert by_resident(api, told, "proofs").json()["helper_masked"] is None
    told = went(helper.ask, told, "acceptance")
    shown = helper.ask("POST", f"{path}/contact")
    assert shown.json() == {**RESIDENT, "phone": "+8613705800001"}
    for who in (other.ask, organiser.ask, boss(api, Role.COMMUNITY_MANAGER, KAIYUAN)):
        assert who("POST", f"{path}/contact").status_code in {403, 404}
    assert by_resident(api, told, "confirmations").status_code == 409, "nothing was done yet"
    future = {"came_at": api.clock().isoformat(), "left_at": (api.clock() + timedelta(hours=1)).isoformat()}
    assert step(helper.ask, told, "completion", future).status_code == 422
    told = went(helper.ask, told, "completion", helped(api))
    assert helper.ask("POST", f"{path}/contact").status_code == 409, "it is no longer needed"
    assert hours(helper) == (0, 0)

    assert by_resident(api, told, "confirmations", "AAAAAAAA").status_code == 404
    seen = by_resident(api, told, "proofs").json()
    assert (seen["status"], seen["helper_masked"]) == ("done", "李*")
    assert by_resident(api, told, "confirmations").json()["status"] == "confirmed"
    assert by_resident(api, told, "confirmations").status_code == 409, "once"
    assert hours(helper) == (0, 95)
    record = helper.ask("GET", "records").json()["items"][0]
    assert (record["activity"], record["came_proof"]) == ("居民需求：养老助残", "resident")
    assert move(organiser.ask, record, "confirmation").status_code == 200
    assert hours(helper) == (95, 0)
    text = paper(helper, issued(helper)["certificate_no"]).replace("\n", "")
    assert "居民需求：养老助残" in text

    sent = [event.status for event in api.sent(NeedProgressed) if event.case_no == CASE_NO]
    assert sent == ["open", "offered", "accepted", "done", "confirmed"]

    def left_lying(unit: Unit) -> str:
        rows = [
            vars(row)
            for table in (Need, AuditRecord, OutboxRecord)
            for row in unit.session.scalars(select(table))
        ]
        return str(rows)

    kept = api.system(left_lying)
    assert not any(secret in kept for secret in RESIDENT.values())

    def disclosures(unit: Unit) -> list[str]:
        query = select(AuditRecord.actor).where(AuditRecord.action == "need.disclosed")
        return list(unit.session.scalars(query))

    assert api.system(disclosures) == [helper.citizen.subject]


def test_an_offer_lapses_and_what_was_accepted_can_be_given_back(api: Api, organiser: Organiser) -> None:
    first, second = Helper.registered(api, 141, consent=TOLD), Helper.registered(api, 142, consent=TOLD)
    told = need(api)
    told = went(organiser.ask, told, "offer", {"volunteer_no": first.record["volunteer_no"]})
    api.clock.pass_(hours=24)
    api.tick()
    told = {**told, **organiser.ask("GET", f"{PATH}/{told['need_id']}").json()}
    assert (told["status"], told["offered_until"]) == ("open", None)
    assert first.ask("GET", PATH).json()["items"] == []
    told = went(organiser.ask, told, "offer", {"volunteer_no": second.record["volunteer_no"]})
    api.clock.pass_(hours=1)
    told = went(second.ask, told, "acceptance")
    api.clock.pass_(hours=48)
    api.tick()
    assert second.ask("GET", f"{PATH}/{told['need_id']}").json()["status"] == "accepted"
    told = went(second.ask, told, "return")
    assert told["status"] == "open"
    told = went(organiser.ask, told, "withdrawal", {"reason": "居民已自行解决"})
    assert step(organiser.ask, told, "withdrawal", {"reason": "再次撤回"}).status_code == 409


def test_who_leaves_gives_their_needs_back(api: Api, organiser: Organiser) -> None:
    asked, at_work = Helper.registered(api, 143, consent=TOLD), Helper.registered(api, 144, consent=TOLD)
    taken = accepted(organiser, at_work)
    offered = went(organiser.ask, need(api), "offer", {"volunteer_no": asked.record["volunteer_no"]})
    for helper in (asked, at_work):
        assert leave(api, helper.citizen, helper.record).status_code == 200
    api.tick()
    for told in (taken, offered):
        now = organiser.ask("GET", f"{PATH}/{told['need_id']}").json()
        assert (now["status"], now["volunteer_no"]) == ("open", None)


def test_help_that_did_not_come_is_no_service(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 151, consent=TOLD)
    told = went(helper.ask, accepted(organiser, helper), "completion", helped(api))
    told = went(organiser.ask, told, "withdrawal", {"reason": "居民说没有人来"})
    assert by_resident(api, told, "confirmations").status_code == 409
    assert hours(helper) == (0, 0)


def test_needs_are_of_ones_area_and_wrong_codes_close_them(api: Api, organiser: Organiser) -> None:
    told = need(api)
    elsewhere = boss(api, Role.COMMUNITY_MANAGER, KAIYUAN)
    for way in ("", "/candidates"):
        assert elsewhere("GET", f"{PATH}/{told['need_id']}{way}").status_code == 404
    assert elsewhere("GET", PATH).json()["items"] == []
    assert taken_down(api, area=KAIYUAN).status_code == 403
    assert taken_down(api, role=Role.RESIDENT, area=None).status_code == 201, "residents ask themselves"
    assert taken_down(api, consent=False).status_code == 422
    assert taken_down(api, times=[]).status_code == 422
    assert [by_resident(api, told, "proofs", "AAAAAAAA").status_code for _ in range(6)] == [404] * 5 + [429]
    assert [one["need_id"] for one in organiser.ask("GET", f"{PATH}?status=open").json()["items"]] != []
