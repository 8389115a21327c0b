"""Signing up on the phone."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.identity import IdKind
from onewindow_shared.contracts.numbers import parse_volunteer
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.models import Volunteer
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.signup import BASE, Citizen, leave, post_form, sign_up, wrong_fields

CHILD = Citizen(20, date(2014, 6, 1))
YOUTH = Citizen(21, date(2011, 6, 1))
WORKER = Citizen(22, date(2009, 6, 1))
PARENT = Citizen(30)


def count(api: Api) -> int:
    """Count everybody who has not left."""

    def staying(unit: Unit) -> int:
        return (
            unit.session.scalar(select(func.count()).select_from(Volunteer).where(Volunteer.status != "left"))
            or 0
        )

    return api.system(staying)


def test_a_resident_becomes_a_volunteer_at_once(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    assert volunteer["status"] == "registered"
    assert volunteer["registered_at"] == volunteer["status_since"] == "2026-11-23T01:30:00Z"
    assert volunteer["capacity"] == "adult"
    assert volunteer["name_masked"] == "李*"
    assert volunteer["id_number_masked"].startswith("330***")
    assert volunteer["phone_masked"] == "138****0007"
    assert volunteer["national_volunteer_no"] is None
    assert [event.subject for event in api.sent(VolunteerRegistered)][-1] == wang.subject
    assert api.sent(VolunteerRegistered)[-1].volunteer_no == volunteer["volunteer_no"]


def test_numbers_run_by_district_and_year_and_say_nothing_of_the_person(quiet_api: Api) -> None:
    numbers = [parse_volunteer(sign_up(quiet_api, Citizen(n))["volunteer_no"]) for n in (1, 2)]
    assert [(number.district, number.year, number.serial) for number in numbers] == [
        ("330902", 26, 1),
        ("330902", 26, 2),
    ]
    quiet_api.clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    new_year = parse_volunteer(sign_up(quiet_api, Citizen(3))["volunteer_no"])
    assert (new_year.year, new_year.serial) == (27, 1), "half past midnight in Shanghai"


def test_the_same_request_twice_makes_one_volunteer(api: Api, wang: Citizen) -> None:
    first, again = post_form(api, wang), post_form(api, wang)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(api) == 3


def test_a_key_used_for_another_form_is_refused(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    answer = post_form(api, wang, skills=["摄影"])
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:onewindow:problem:idempotency-key-reused"


def test_a_person_registers_once_whatever_the_account(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    other = Citizen(8)
    answer = post_form(api, other, id_document=wang.id_document, community=DONGSHAN)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:onewindow:problem:already-registered"


def test_a_number_typed_under_another_kind_is_still_the_same_person(api: Api) -> None:
    first, second = Citizen(40), Citizen(41)
    number = "810000199408230021"
    sign_up(api, first, id_document={"kind": "hmt_residence_permit", "number": number})
    spaced = {"kind": "resident_id", "number": "８１００００ 19940823 0021"}
    assert post_form(api, second, id_document=spaced).status_code == 409


def test_an_account_registers_once_whatever_the_document(api: Api, wang: Citizen) -> None:
    sign_up(api, wang)
    answer = post_form(api, wang, key="another-key", id_document=Citizen(9).id_document)
    assert answer.status_code == 409


def test_of_simultaneous_twins_exactly_one_registers(api: Api) -> None:
    twins = [Citizen(50 + n) for n in range(8)]
    document, start = Citizen(99).id_document, Barrier(len(twins))
    headers = [{**twin.headers(api), "Idempotency-Key": f"twin-{twin.n}-key"} for twin in twins]

    def run(n: int) -> int:
        start.wait()
        form = twins[n].form(id_document=document)
        return api.client.post(f"{BASE}/registrations", json=form, headers=headers[n]).status_code

    with ThreadPoolExecutor(len(twins)) as pool:
        answers = Counter(pool.map(run, range(len(twins))))
    assert answers == {201: 1, 409: len(twins) - 1}
    assert count(api) == 3


def test_simultaneous_strangers_all_register_under_numbers_of_their_own(api: Api) -> None:
    strangers, start = [Citizen(60 + n) for n in range(8)], Barrier(8)

    def run(citizen: Citizen) -> str:
        start.wait()
        number: str = sign_up(api, citizen)["volunteer_no"]
        return number

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(run, strangers))
    assert {parse_volunteer(number).serial for number in numbers} == set(range(4, 12))


DOCUMENTS = [
    ("resident_id", "11010519491231002X", None),
    ("hk_macao_permit", "H12345678", "1990-05-01"),
    ("hk_macao_permit", "M1234567801", "1990-05-01"),
    ("taiwan_permit", "12345678", "1990-05-01"),
    ("hmt_residence_permit", "810000199408230021", None),
    ("foreign_permanent_resident", "CHN110019900501", "1990-05-01"),
    ("passport", "E12345678", "1990-05-01"),
]


def test_every_kind_of_document_is_accepted(api: Api) -> None:
    assert {kind for kind, _, _ in DOCUMENTS} == set(IdKind)
    for n, (kind, number, stated) in enumerate(DOCUMENTS, start=100):
        document = {"kind": kind, "number": number}
        if stated:
            assert wrong_fields(post_form(api, Citizen(n), id_document=document)) == {"birth_date"}
        volunteer = sign_up(api, Citizen(n), id_document=document, birth_date=stated)
        assert volunteer["id_kind"] == kind
        assert number not in str(volunteer)


def test_the_phone_has_to_be_the_one_signed_in_with(api: Api, wang: Citizen) -> None:
    assert wrong_fields(post_form(api, wang, phone="+8613900000000")) == {"phone"}
    headers = {**api.people.headers(Role.RESIDENT, subject="r-passwordonly"), "Idempotency-Key": "any-key-1"}
    answer = api.client.post(f"{BASE}/registrations", json=wang.form(), headers=headers)
    assert wrong_fields(answer) == {"phone"}
    assert sign_up(api, wang, phone="0086 138-0000-0007")["phone_masked"] == "138****0007"


def test_an_unknown_community_or_a_street_is_refused(api: Api, wang: Citizen) -> None:
    for community in ("330902009999", "110101001001", "330902002000"):
        assert wrong_fields(post_form(api, wang, community=community)) == {"community"}


def test_all_wrong_fields_are_named_together(api: Api) -> None:
    answer = post_form(
        api, CHILD, community="330902009999", phone="+8613900000000", consent=["activity_notices"]
    )
    assert wrong_fields(answer) == {"community", "phone", "consent", "guardian"}


NONSENSE: list[tuple[str, Any]] = [
    ("name", "😀"),
    ("name", "Robert'); DROP TABLE volunteers;--"),
    ("id_document", {"kind": "resident_id", "number": "330902198503050071"}),
    ("phone", "12345"),
    ("skills", ["x" * 51]),
    ("categories", ["dancing"]),
    ("birth_date", "9999-12-32"),
    ("surprise", "field"),
]


def test_nonsense_is_refused_by_name(api: Api, wang: Citizen) -> None:
    for field, value in NONSENSE:
        named = wrong_fields(post_form(api, wang, **{field: value}))
        assert {name.split(".")[0] for name in named} == {field}


def test_nobody_is_registered_who_was_born_in_another_century_than_the_last_two(api: Api) -> None:
    assert wrong_fields(post_form(api, Citizen(7, date(1850, 1, 1)))) == {"id_document.number"}


def test_consent_to_registration_is_needed(api: Api, wang: Citizen) -> None:
    assert wrong_fields(post_form(api, wang, consent=[])) == {"consent"}
    assert wrong_fields(post_form(api, wang, consent=None)) == {"consent"}


@pytest.mark.parametrize("minor", [CHILD, YOUTH, WORKER])
def test_a_minor_needs_a_guardian_who_agrees(api: Api, minor: Citizen) -> None:
    assert wrong_fields(post_form(api, minor)) == {"guardian"}
    unwilling = PARENT.as_guardian(consent=False)
    assert wrong_fields(post_form(api, minor, guardian=unwilling)) == {"guardian.consent"}
    volunteer = sign_up(api, minor, guardian=PARENT.as_guardian())
    assert volunteer["capacity"] == ("child" if minor is CHILD else "youth")
    assert volunteer["status"] == "verified", "the guardian's own word is to come"


def test_a_worker_of_seventeen_registers_alone(api: Api) -> None:
    worker = sign_up(api, WORKER, self_supporting=True)
    assert (worker["capacity"], worker["status"]) == ("self_supporting", "registering")
    path = f"{BASE}/people/{worker['volunteer_no']}/verification"
    clerk = {**api.people.headers(Role.WINDOW_CLERK, XIAN), "If-Match": f'"{worker["version"]}"'}
    seen = api.client.post(path, json={"outcome": "confirmed"}, headers=clerk).json()
    assert seen["status"] == "registered", "by the community, which looked at what they live on"


def test_a_child_under_eight_is_refused_even_with_a_guardian(api: Api) -> None:
    toddler = Citizen(23, date(2018, 11, 24))
    answer = post_form(api, toddler, guardian=PARENT.as_guardian())
    assert wrong_fields(answer) == {"id_document.number"}
    api.clock.pass_(hours=14, minutes=31)
    assert sign_up(api, toddler, guardian=PARENT.as_guardian())["capacity"] == "child", (
        "a minute past midnight"
    )


def test_a_stricter_district_sets_its_own_ages(open_service: Any) -> None:
    with open_service(youngest_age=14) as api:
        answer = post_form(api, CHILD, guardian=PARENT.as_guardian())
        assert wrong_fields(answer) == {"id_document.number"}


@pytest.mark.parametrize("ages", [{"adult_age": 17}, {"youngest_age": 7}, {"data_consent_age": 17}])
def test_ages_milder_than_the_law_or_out_of_order_are_refused(open_service: Any, ages: Any) -> None:
    with pytest.raises(ValueError, match=r"_age|ascend"), open_service(**ages):
        pass


def test_who_left_may_come_back_under_a_new_number(api: Api, wang: Citizen) -> None:
    before = sign_up(api, wang)
    assert leave(api, wang, before).status_code == 200
    after = sign_up(api, wang, key="coming-back", community=KAIYUAN)
    assert after["volunteer_no"] != before["volunteer_no"]
    mine = api.client.get(f"{BASE}/people/me", headers=wang.headers(api)).json()
    assert mine["volunteer_no"] == after["volunteer_no"]


def test_nobody_signs_up_others(api: Api, wang: Citizen) -> None:
    for role in set(Role) - {Role.RESIDENT, Role.VOLUNTEER}:
        headers = {**api.people.headers(role, XIAN), "Idempotency-Key": "somebody-else"}
        answer = api.client.post(f"{BASE}/registrations", json=wang.form(), headers=headers)
        assert answer.status_code == 403, role


def test_signing_up_needs_a_token_and_a_key(api: Api, wang: Citizen) -> None:
    form, key = wang.form(), {"Idempotency-Key": "some-key-1"}
    assert api.client.post(f"{BASE}/registrations", json=form, headers=key).status_code == 401
    without = api.client.post(f"{BASE}/registrations", json=form, headers=wang.headers(api))
    assert wrong_fields(without) == {"Idempotency-Key"}
