"""A person is forgotten on request; what they gave, and what others gave, still counts."""

from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from conftest import FreshDatabase
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.app import SERVICE
from testkit.api import XIAN, Api, running
from volunteers.conftest import REGISTER, Open
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import BASE, Citizen, post_form
from volunteers.test_batches import begun, outcomes, papers
from volunteers.test_certificates import code_on, confirmed, issued, paper, prove
from volunteers.test_life import mine, of_ones_own, of_staff, suspended
from volunteers.test_metrics import registered
from volunteers.test_privacy import everything
from volunteers.test_records import boss, move


def erase(api: Api, helper: Helper, **body: Any) -> Response:
    seen = mine(api, helper.citizen).json()["version"]
    return of_ones_own(api, helper.citizen, f"people/{helper.record['volunteer_no']}/erasure", body, seen)


def test_nothing_that_tells_who_it_was_stays(fresh_database: FreshDatabase) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")
        organiser, helper = Organiser(api), Helper.registered(api, 14)
        record = confirmed(organiser, helper)
        move(helper.ask, record, "dispute", {"minutes": 180, "evidence": "我住在西安路五号"})
        helper.joined(organiser.published(shifts=[shift(days=9)]))
        suspended(api, helper)
        assert helper.citizen.subject in everything(url)
        assert erase(api, helper).json()["certificates"] == 0
        kept = everything(url)
        left = [line for line in kept.splitlines() if helper.citizen.subject in line]
        assert {line.partition(":")[0] for line in left} <= {"audit", "idempotency_keys", "outbox"}
        assert mine(api, helper.citizen).status_code == 404
        for path in ("", "/hours"):
            answer = of_staff(
                api, Role.COMMUNITY_MANAGER, XIAN, f"people/{helper.record['volunteer_no']}{path}"
            )
            assert answer.status_code == 404
        assert helper.ask("GET", "records").json()["items"] == []
        assert helper.ask("GET", "certificates").json()["items"] == []


def test_figures_and_the_hours_of_others_stay_right(api: Api) -> None:
    organiser, helper, other = Organiser(api), Helper.registered(api, 14), Helper.registered(api, 15)
    activity = organiser.published(shifts=[shift(days=5, capacity=1)])
    helper.joined(activity)
    other.joined(activity, wait=True)
    given = [confirmed(organiser, one)["minutes"] for one in (helper, other)]
    before = registered(api, XIAN, to="2026-12-01")
    assert erase(api, helper).status_code == 200
    assert registered(api, XIAN, to="2026-12-01") == before - 1
    assert other.ask("GET", "people/me/hours").json()["confirmed_minutes"] == given[1]
    records = organiser.ask("GET", "records/area", None).json()
    assert records["items"] == []
    listed = organiser.ask("GET", "records/area?status=confirmed").json()["items"]
    assert sorted(one["minutes"] for one in listed) == sorted(given), "what was given was given"
    api.tick()
    assert other.told() == ["offered"], "the place that became free"


@pytest.mark.parametrize(("wish", "valid"), [("keep", True), ("revoke", False)])
def test_certificates_are_kept_verifiable_or_revoked(api: Api, wish: str, valid: bool) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    confirmed(organiser, helper)
    number = issued(helper)["certificate_no"]
    code = code_on(paper(helper, number))
    assert erase(api, helper, certificates=wish).json()["certificates"] == 1
    told = prove(api, number, code).json()
    assert (told["valid"], told["holder"], told["minutes"]) == (valid, "买**·艾*", 170)
    assert prove(api, number, "AAAAAAAA").status_code == 404
    printed = of_staff(api, Role.WINDOW_CLERK, XIAN, f"certificates/{number}/paper")
    assert printed.status_code == (404 if valid else 409)


def test_a_ruling_after_the_erasure_revokes_what_no_longer_holds(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 14)
    record = confirmed(organiser, helper)
    number = issued(helper)["certificate_no"]
    code = code_on(paper(helper, number))
    disputed = move(helper.ask, record, "dispute", {"minutes": 180, "evidence": "到最后"}).json()
    erase(api, helper)
    move(
        boss(api, Role.STREET_SUPERVISOR, XIAN[:9]),
        disputed,
        "ruling",
        {"minutes": 180, "reason": "双方一致"},
    )
    api.tick()
    assert prove(api, number, code).json()["status"] == "revoked"


def test_a_batch_leaves_out_who_was_erased(api: Api) -> None:
    organiser, helper, other = Organiser(api), Helper.registered(api, 14), Helper.registered(api, 15)
    for one in (helper, other):
        confirmed(organiser, one)
    made = begun(organiser)
    api.tick()
    assert len(papers(organiser, made)) == 2
    chosen = [one.record["volunteer_no"] for one in (helper, other)]
    waits = begun(organiser, "before-erasure", volunteer_nos=chosen)
    erase(api, helper)
    api.tick()
    assert len(papers(organiser, made)) == 1
    assert [outcomes(organiser, waits)[number][0] for number in chosen] == ["unknown", "certified"]
    later = begun(organiser, "after-erasure")
    api.tick()
    assert list(outcomes(organiser, later)) == chosen[1:]


def test_neither_a_form_sent_late_nor_anybody_else_brings_somebody_back(api: Api) -> None:
    helper = Helper.registered(api, 14)
    erase(api, helper)
    late = post_form(api, helper.citizen, key="sent-late")
    assert late.json()["type"].endswith("erased-before")
    again = post_form(api, helper.citizen, key="by-themselves", after_erasure=True)
    assert again.status_code == 201
    assert again.json()["volunteer_no"] != helper.record["volunteer_no"]
    path = f"{BASE}/people/{again.json()['volunteer_no']}/departure"
    headers = {**helper.citizen.headers(api), "If-Match": '"1"'}
    assert api.client.post(path, headers=headers).status_code == 200
    assert post_form(api, helper.citizen, key="third-form").status_code == 201, "no longer forgotten"


def test_earlier_registrations_are_forgotten_too(api: Api) -> None:
    helper = Helper.registered(api, 14)
    headers = {**helper.citizen.headers(api), "If-Match": '"1"'}
    number = helper.record["volunteer_no"]
    api.client.post(f"{BASE}/people/{number}/departure", headers=headers)
    helper.record = post_form(api, helper.citizen, key="form-anew").json()
    erase(api, helper)
    assert of_staff(api, Role.AUDITOR, XIAN, f"people/{number}").status_code == 404
    listed = of_staff(api, Role.AUDITOR, XIAN, "people?status=left").json()["items"]
    assert number not in {one["volunteer_no"] for one in listed}


def test_no_words_by_or_about_whoever_is_erased_stay(quiet_api: Api) -> None:
    api, organiser = quiet_api, Organiser(quiet_api)
    helper, other = Helper.registered(api, 14), Helper.registered(api, 15)
    need = {
        "community": XIAN,
        "category": "care",
        "times": ["weekends"],
        "minutes": 90,
        "consent": True,
        "name": helper.citizen.name,
        "phone": helper.citizen.phone,
        "address": "西安路五号",
        "details": "需要陪同",
    }
    headers = {**helper.citizen.headers(api), "Idempotency-Key": "a-need-of-ones-own"}
    assert api.client.post(f"{BASE}/needs", json=need, headers=headers).status_code == 201
    record = confirmed(organiser, helper)
    move(organiser.ask, record, "contest", {"evidence": "有人说他早退了"})
    confirmed(organiser, other)
    number = issued(other)["certificate_no"]
    revoked = {"reason": "姓名有误，当面核实"}
    manager = boss(api, Role.COMMUNITY_MANAGER, XIAN)
    assert manager("POST", f"certificates/{number}/revocation", revoked, **{"If-Match": '"1"'}).is_success
    suspended(api, helper)
    for one in (helper, other):
        assert erase(api, one).status_code == 200
    api.quiet()
    assert {text for text in opened_texts(api) if text} == set()
    told = api.client.get(f"{BASE}/certificates/{number}", headers=api.people.headers(Role.AUDITOR, XIAN))
    assert (told.json()["status"], told.json()["reason"]) == ("revoked", None)


def opened_texts(api: Api) -> list[str]:
    """Open all that lies sealed of people, records and what hangs on them."""

    def texts(unit: Unit) -> list[str]:
        return [
            unit.vault.open(sealed, purpose=one.purpose)
            for one in SERVICE.sealed
            for sealed in unit.session.scalars(select(one.column))
            if sealed is not None
        ]

    return api.system(texts)


def test_a_document_that_nobody_compared_forgets_nobody_else(open_service: Open) -> None:
    with open_service(verification="community") as api:
        owner, stranger = Citizen(14), Citizen(15)
        card, name = owner.id_document, owner.name
        helper = Helper(api, stranger, post_form(api, stranger, id_document=card, name=name).json())
        assert erase(api, helper).status_code == 200
        mine_now = Helper(api, owner, post_form(api, owner).json())
        assert mine_now.record["status"] == "registering", "nobody had erased the owner"
        path = f"people/{mine_now.record['volunteer_no']}/verification"
        found = {"outcome": "confirmed"}
        assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, found, 1).json()["status"] == "registered"
        assert erase(api, mine_now).status_code == 200
        again = post_form(api, stranger, key="once-more", after_erasure=True, id_document=card, name=name)
        assert again.status_code == 201
        assert erase(api, Helper(api, stranger, again.json())).status_code == 200
        late = post_form(api, owner, key="sent-late")
        assert late.json()["type"].endswith("erased-before"), "a stranger's form brings nobody back"
