"""Organisations, teams and stations: joining, leading, the six haves, and papers that run out."""

from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.organisations import OrganisationKind, PaperKind, PaperStanding
from onewindow_volunteers.organisations import rules
from onewindow_volunteers.organisations.rules import Period
from testkit.api import KAIYUAN, MONDAY, XIAN, Api
from testkit.moments import at_once
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE, wrong_fields
from volunteers.test_erasure import erase
from volunteers.test_life import suspended

_keys = count(1)
DAY, WINDOW = timedelta(days=1), timedelta(days=60)
FIRST = date(2026, 1, 1)
DAYS = st.integers(min_value=0, max_value=800).map(lambda n: FIRST + n * DAY)
PERIODS = st.tuples(DAYS, DAYS).map(lambda days: Period(min(days), max(days)))


@given(period=PERIODS, today=DAYS)
def test_a_paper_turns_on_the_days_that_are_awaited(period: Period, today: date) -> None:
    now = rules.standing(period, today, WINDOW)
    assert (now is PaperStanding.EXPIRED) == (today > period.last)
    assert (now is PaperStanding.TO_COME) == (today < period.first)
    renewable, expired = rules.turns(period, WINDOW)
    assert (now is PaperStanding.RENEWABLE) == (renewable <= today < expired)


@given(
    kind=st.sampled_from(OrganisationKind),
    papers=st.lists(st.tuples(st.sampled_from(PaperKind), PERIODS)),
    span=PERIODS,
)
def test_only_registered_organisations_need_a_qualification(
    kind: OrganisationKind, papers: list[tuple[PaperKind, Period]], span: Period
) -> None:
    covered = any(
        known is PaperKind.QUALIFICATION and term.first <= span.first and span.last <= term.last
        for known, term in papers
    )
    lacks = rules.lacking(kind, papers, span.first, span.last)
    assert lacks == (kind is OrganisationKind.ORGANISATION and not covered)


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def create(who: Any, path: str, body: Any = None) -> Response:
    answer: Response = who.ask("POST", path, body, **{"Idempotency-Key": f"organisation-{next(_keys)}"})
    return answer


def founded(organiser: Organiser, kind: str = "team", **changes: Any) -> dict[str, Any]:
    body = {"kind": kind, "community": XIAN, "name": "红马甲志愿服务队", "contact": "社区服务窗口", **changes}
    answer = create(organiser, "organisations", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def path_of(one: dict[str, Any], *more: str) -> str:
    return "/".join(["organisations", str(one["organisation_id"]), *more])


def change(
    organiser: Organiser, one: dict[str, Any], to: str, body: Any, seen: int = 1, way: str = "POST"
) -> Response:
    return organiser.ask(way, path_of(one, to), body, **{"If-Match": f'"{seen}"'})


def paper(organiser: Organiser, one: dict[str, Any], kind: str, first: str, last: str) -> Response:
    body = {"kind": kind, "issuer": "定海区民政局", "number": "A-1", "valid_from": first, "valid_until": last}
    return create(organiser, path_of(one, "papers"), body)


def test_everybody_sees_who_is_there_and_names_are_unique_in_a_community(
    api: Api, organiser: Organiser
) -> None:
    team = founded(organiser)
    body = {"kind": "team", "community": XIAN, "name": team["name"], "contact": "另一个"}
    assert create(organiser, "organisations", body).json()["type"].endswith("organisation-exists")
    elsewhere = {**body, "community": KAIYUAN}
    assert wrong_fields(create(organiser, "organisations", elsewhere)) == {"community"}
    founded(Organiser(api, KAIYUAN), community=KAIYUAN)
    assert len(api.client.get(f"{BASE}/organisations").json()["items"]) == 2
    [found] = api.client.get(f"{BASE}/organisations?community={XIAN}&kind=team").json()["items"]
    assert found["organisation_id"] == team["organisation_id"]
    assert api.client.get(f"{BASE}/{path_of(team)}").json() == team


def test_people_join_lead_and_leave_of_their_own_will(api: Api, organiser: Organiser) -> None:
    team, helper = founded(organiser), Helper.registered(api, 14)
    led = {"volunteer_no": helper.record["volunteer_no"]}
    assert wrong_fields(change(organiser, team, "leader", led)) == {"volunteer_no"}
    assert create(helper, path_of(team, "members")).status_code == 201
    assert create(helper, path_of(team, "members")).json()["type"].endswith("member-already")
    assert change(organiser, team, "leader", led).json()["leader"] == led["volunteer_no"]
    assert change(Organiser(api, KAIYUAN), team, "leader", led, 2).status_code == 404
    [member] = organiser.ask("GET", path_of(team, "members")).json()["items"]
    assert (member["volunteer_no"], member["left_at"]) == (led["volunteer_no"], None)
    assert helper.ask("POST", path_of(team, "departure")).json()["left_at"] is not None
    assert api.client.get(f"{BASE}/{path_of(team)}").json()["leader"] is None, "who left leads no more"
    assert helper.ask("POST", path_of(team, "departure")).status_code == 404
    assert create(helper, path_of(team, "members")).status_code == 201, "and again"
    assert len(helper.ask("GET", "memberships").json()["items"]) == 2
    seen = api.client.get(f"{BASE}/{path_of(team)}").json()["version"]
    assert change(organiser, team, "leader", led, seen).status_code == 200
    erase(api, helper)
    assert api.client.get(f"{BASE}/{path_of(team)}").json()["leader"] is None
    assert all(one["left_at"] for one in organiser.ask("GET", path_of(team, "members")).json()["items"])


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01"])
def test_a_paper_ends_within_reach(organiser: Organiser, until: str) -> None:
    answer = paper(organiser, founded(organiser), "qualification", "2026-01-01", until)
    assert "valid_until" in wrong_fields(answer)


def test_nobody_joins_what_is_closed_or_while_suspended(api: Api, organiser: Organiser) -> None:
    team, helper = founded(organiser), Helper.registered(api, 14)
    suspended(api, helper)
    assert create(helper, path_of(team, "members")).status_code == 409
    closed = change(organiser, team, "closure", {"reason": "队伍合并"}).json()
    assert closed["closed"] is True
    assert create(Helper.registered(api, 15), path_of(team, "members")).status_code == 409
    assert change(organiser, team, "closure", {"reason": "再来一次"}, 2).status_code == 409


def test_a_station_has_six_things_checked_with_dates(organiser: Organiser) -> None:
    station = founded(organiser, "station", name="西安社区志愿服务站")
    assert station["haves"] == []
    ahead = change(organiser, station, "haves/premises", {"met": True, "checked_on": "2026-11-24"}, way="PUT")
    assert wrong_fields(ahead) == {"checked_on"}
    for seen, (have, met) in enumerate((("signs", False), ("premises", True), ("signs", True)), start=1):
        body = {"met": met, "checked_on": f"2026-11-{20 + seen}"}
        answer = change(organiser, station, f"haves/{have}", body, seen, way="PUT")
        assert answer.status_code == 200, answer.text
    assert [(one["have"], one["met"], one["checked_on"]) for one in answer.json()["haves"]] == [
        ("premises", True, "2026-11-22"),
        ("signs", True, "2026-11-23"),
    ]
    team = founded(organiser)
    body = {"met": True, "checked_on": "2026-11-23"}
    assert change(organiser, team, "haves/signs", body, way="PUT").status_code == 409


def told(organiser: Organiser) -> list[str]:
    return [one["kind"] for one in organiser.ask("GET", "organisation-notices").json()["items"]]


def test_renewal_and_end_of_a_paper_are_told_once_each(api: Api, organiser: Organiser) -> None:
    one = founded(organiser, "organisation")
    paper(organiser, one, "qualification", "2025-01-01", "2027-01-31")
    api.tick()
    assert told(organiser) == []
    api.clock.now = MONDAY + 10 * DAY
    for _ in range(2):
        api.tick()
    assert told(organiser) == ["renewable"]
    assert told(Organiser(api, KAIYUAN)) == []
    api.clock.now = MONDAY + 71 * DAY
    for _ in range(2):
        api.tick()
    assert told(organiser) == ["expired", "renewable"]
    [shown] = organiser.ask("GET", path_of(one, "papers")).json()["items"]
    assert shown["standing"] == "expired"


def test_what_is_renewed_is_not_told(api: Api, organiser: Organiser) -> None:
    one = founded(organiser, "organisation")
    paper(organiser, one, "qualification", "2025-01-01", "2027-01-31")
    paper(organiser, one, "qualification", "2027-02-01", "2029-01-31")
    api.clock.now = MONDAY + 100 * DAY
    for _ in range(2):
        api.tick()
    assert told(organiser) == []


def test_an_activity_stands_on_the_papers_of_its_organisation(organiser: Organiser) -> None:
    one = founded(organiser, "organisation")
    by = {"organisation_id": one["organisation_id"], "organisation": None}
    drafted = organiser.drafted(**by, hazardous=True)
    assert wrong_fields(organiser.move(drafted, "publication")) == {"organisation_id", "insurance"}
    paper(organiser, one, "qualification", "2026-01-01", "2026-12-31")
    paper(organiser, one, "insurance", "2026-11-24", "2026-11-30")
    published = organiser.move(drafted, "publication").json()
    assert published["insurance"] == {
        "insurer": "定海区民政局",
        "policy_no": "A-1",
        "valid_from": "2026-11-24",
        "valid_until": "2026-11-30",
    }
    assert wrong_fields(organiser.draft(organisation_id=9999, organisation=None)) == {"organisation_id"}
    drafted = organiser.drafted(**by)
    change(organiser, one, "closure", {"reason": "注销登记"})
    assert wrong_fields(organiser.draft(**by)) == {"organisation_id"}
    assert wrong_fields(organiser.move(drafted, "publication")) == {"organisation_id"}, "it ended meanwhile"


def test_who_organises_is_called_as_registered_and_named_by_number(api: Api, organiser: Organiser) -> None:
    one = founded(organiser, "organisation", name="定海区蓝天救援队")
    elsewhere = Organiser(api, KAIYUAN)
    founded(elsewhere, "team", name="党员志愿服务队", community=KAIYUAN)
    assert wrong_fields(organiser.draft(organisation=None)) == {"organisation"}
    by = {"organisation_id": one["organisation_id"]}
    assert wrong_fields(organiser.draft(**by, organisation="别的名字")) == {"organisation"}
    assert organiser.drafted(**by, organisation=None)["organisation"] == one["name"]
    for who, community in ((organiser, XIAN), (elsewhere, KAIYUAN)):
        named = who.draft(organisation=one["name"], community=community)
        assert wrong_fields(named) == {"organisation_id"}, "its papers are asked for"
    assert organiser.drafted(organisation="党员志愿服务队")["organisation_id"] is None, "another team's name"
    drafted = organiser.drafted(organisation="后来登记的社会组织")
    founded(organiser, "organisation", name="后来登记的社会组织")
    assert wrong_fields(organiser.move(drafted, "publication")) == {"organisation_id"}


def test_an_organisation_that_ends_while_its_activity_is_published(api: Api, organiser: Organiser) -> None:
    one = founded(organiser)
    drafted = organiser.drafted(organisation_id=one["organisation_id"], organisation=None)
    publishes = partial(organiser.move, drafted, "publication")
    ends = partial(change, organiser, one, "closure", {"reason": "注销登记"})
    ended, published = at_once(api, "audit", ends, publishes)
    assert ended.status_code == 200
    if api.runtime.database.dialect == "postgresql":
        assert wrong_fields(published) == {"organisation_id"}


def test_a_paper_that_is_to_be_renewed_already_is_told_at_once(api: Api, organiser: Organiser) -> None:
    one = founded(organiser, "organisation")
    assert (
        paper(organiser, one, "qualification", "2025-01-01", "2026-12-20").json()["standing"] == "renewable"
    )
    assert told(organiser) == ["renewable"]
    api.quiet()
    assert told(organiser) == ["renewable"], "once"
    later = founded(organiser, "organisation", name="另一个社会组织")
    paper(organiser, later, "qualification", "2026-12-21", "2029-12-20")
    paper(organiser, later, "qualification", "2025-01-01", "2026-12-20")
    api.clock.now = MONDAY + 30 * DAY
    api.quiet()
    assert told(organiser) == ["expired", "renewable"], "where a later one is there nothing is told"


def test_the_same_paper_is_one_paper(api: Api, organiser: Organiser) -> None:
    one, other = founded(organiser, "organisation"), founded(organiser, "organisation", name="另一个社会组织")
    period = ("qualification", "2025-01-01", "2027-01-31")
    answers = at_once(api, "audit", *[partial(paper, organiser, one, *period)] * 2)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    again = paper(organiser, one, *period)
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "paper-there")
    assert paper(organiser, other, *period).status_code == 201
