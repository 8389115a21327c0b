"""Who may register, and the whole product of states and actions."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.identity import IdDocument, IdKind, Sex
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.volunteers import Capacity, ConsentGiver, Purpose, VolunteerStatus
from onewindow_shared.contracts.volunteers import RegistrationIn as Form
from onewindow_volunteers.people import rules
from onewindow_volunteers.people.rules import Ages, Person, VolunteerAction, capacity, judge, walk
from testkit.api import KAIYUAN, XIAN
from volunteers.signup import Citizen, citizen_number

TODAY = date(2026, 11, 20)
LAW = Ages()
ALLOWED = {
    ("registering", "verify"): "verified",
    ("verified", "register"): "registered",
    ("registered", "suspend"): "suspended",
    ("suspended", "resume"): "registered",
    ("registered", "rest"): "left",
    ("left", "return"): "verified",
    ("verified", "stay_suspended"): "suspended",
    **{(status, "lapse"): "left" for status in ("registering", "verified", "registered", "suspended")},
    **{(status, "leave"): "left" for status in ("registering", "verified", "registered", "suspended")},
    **{(status, "disprove"): "left" for status in ("registering", "verified", "registered", "suspended")},
}


@pytest.mark.parametrize(("status", "action"), list(product(VolunteerStatus, VolunteerAction)))
def test_every_state_and_action(status: VolunteerStatus, action: VolunteerAction) -> None:
    expected = ALLOWED.get((status.value, action.value))
    if expected is None:
        with pytest.raises(CannotMoveError) as refused:
            walk(status, action)
        assert (refused.value.status, refused.value.action) == (status, action)
    else:
        assert walk(status, action) == expected


@pytest.mark.parametrize(("source", "target"), list(product(VolunteerStatus, VolunteerStatus)))
def test_only_registered_volunteers_count(source: VolunteerStatus, target: VolunteerStatus) -> None:
    before, after = source == "registered", target == "registered"
    assert rules.counted(source, target) == after - before
    stayed = dict(rules.figures(rules.Change(source, target, XIAN)))
    assert stayed == ({XIAN: after - before} if after != before else {})


@pytest.mark.parametrize("status", VolunteerStatus)
def test_whoever_moves_counts_in_the_new_community(status: VolunteerStatus) -> None:
    moved = dict(rules.figures(rules.Change(status, status, KAIYUAN, moved_from=XIAN)))
    assert moved == ({XIAN: -1, KAIYUAN: 1} if status == "registered" else {})


@pytest.mark.parametrize(("ended_by", "before"), list(product([None, *VolunteerAction], (True, False))))
def test_only_who_left_by_themselves_or_rests_returns(ended_by: VolunteerAction | None, before: bool) -> None:
    returns = ended_by in {"leave", "rest"} and before
    assert rules.may_return(ended_by, registered_before=before) == returns


@pytest.mark.parametrize(
    ("before", "years", "expected"),
    [
        (Capacity.CHILD, 13, Capacity.CHILD),
        (Capacity.CHILD, 14, Capacity.YOUTH),
        (Capacity.YOUTH, 17, Capacity.YOUTH),
        (Capacity.YOUTH, 18, Capacity.ADULT),
        (Capacity.SELF_SUPPORTING, 17, Capacity.SELF_SUPPORTING),
        (Capacity.SELF_SUPPORTING, 18, Capacity.ADULT),
        (Capacity.ADULT, 40, Capacity.ADULT),
    ],
)
def test_who_returns_is_as_old_as_on_that_day(before: Capacity, years: int, expected: Capacity) -> None:
    assert rules.capacity_now(before, TODAY.replace(year=TODAY.year - years), LAW, TODAY) is expected


def form(birth: date = date(1990, 1, 1), **changes: Any) -> Form:
    return Form.model_validate(Citizen(7, birth).form(**changes))


GUARDIAN = Citizen(8).as_guardian()


def found(birth: date, today: date = TODAY, **changes: Any) -> Capacity | set[str]:
    person = judge(form(birth, **changes), LAW, today)
    return person.capacity if isinstance(person, Person) else set(person)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2018, 11, 21), {"id_document.number"}),  # 8 tomorrow
        (date(2018, 11, 20), Capacity.CHILD),  # 8 today
        (date(2012, 11, 21), Capacity.CHILD),  # 14 tomorrow
        (date(2012, 11, 20), Capacity.YOUTH),  # 14 today
        (date(2008, 11, 21), Capacity.YOUTH),  # 18 tomorrow
    ],
)
def test_minors_register_with_their_guardian(birth: date, expected: Capacity | set[str]) -> None:
    assert found(birth, guardian=GUARDIAN) == expected
    if isinstance(expected, Capacity):
        assert found(birth) == {"guardian"}


def test_an_adult_registers_from_the_eighteenth_birthday() -> None:
    assert found(date(2008, 11, 20)) is Capacity.ADULT
    assert found(date(2008, 11, 20), guardian=GUARDIAN) == {"guardian"}


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2010, 11, 21), {"guardian"}),  # 16 tomorrow
        (date(2010, 11, 20), Capacity.SELF_SUPPORTING),  # 16 today
        (date(2008, 11, 21), Capacity.SELF_SUPPORTING),  # 18 tomorrow
        (date(2008, 11, 20), Capacity.ADULT),
    ],
)
def test_living_on_ones_own_work_counts_from_sixteen(birth: date, expected: Capacity | set[str]) -> None:
    assert found(birth, self_supporting=True) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 27), {"guardian"}),
        (date(2026, 2, 28), Capacity.ADULT),  # no 29 February in 2026
        (date(2026, 3, 1), Capacity.ADULT),
    ],
)
def test_a_leap_day_child_comes_of_age_on_the_last_of_february(
    today: date, expected: Capacity | set[str]
) -> None:
    assert found(date(2008, 2, 29), today) == expected


def test_a_leap_day_child_is_eight_on_the_leap_day_itself() -> None:
    assert found(date(2016, 2, 29), date(2024, 2, 28), guardian=GUARDIAN) == {"id_document.number"}
    assert found(date(2016, 2, 29), date(2024, 2, 29), guardian=GUARDIAN) is Capacity.CHILD


PASSPORT = {"kind": "passport", "number": "E12345678"}


def test_a_document_without_birth_date_needs_a_statement() -> None:
    assert judge(form(id_document=PASSPORT), LAW, TODAY).keys() == {"birth_date"}  # type: ignore[union-attr]
    person = judge(form(id_document=PASSPORT, birth_date="1990-05-01", sex="2"), LAW, TODAY)
    assert person == Person(date(1990, 5, 1), Sex.FEMALE, Capacity.ADULT)


def test_what_the_document_says_needs_no_statement() -> None:
    assert judge(form(), LAW, TODAY) == Person(date(1990, 1, 1), Sex.MALE, Capacity.ADULT)
    assert judge(form(birth_date="1990-01-01", sex="1"), LAW, TODAY) == judge(form(), LAW, TODAY)
    assert found(date(1990, 1, 1), birth_date="1991-01-01") == {"birth_date"}
    assert found(date(1990, 1, 1), sex="2") == {"sex"}


@pytest.mark.parametrize("stated", ["2026-11-21", "2199-12-31"])
def test_nobody_is_born_tomorrow(stated: str) -> None:
    assert judge(form(id_document=PASSPORT, birth_date=stated), LAW, TODAY) == {
        "birth_date": "the birth date lies ahead"
    }
    assert found(date(2026, 11, 20), date(2026, 11, 19)) == {"id_document.number"}


@pytest.mark.parametrize(
    ("guardian", "wrong"),
    [
        (Citizen(8, date(2008, 11, 21)).as_guardian(), "guardian.id_document.number"),
        (Citizen(7, date(2014, 1, 1)).as_guardian(), "guardian.id_document.number"),
        (Citizen(8).as_guardian(id_document=PASSPORT), "guardian.birth_date"),
        (Citizen(8).as_guardian(id_document=PASSPORT, birth_date="2010-01-01"), "guardian.birth_date"),
        (Citizen(8).as_guardian(birth_date="1985-03-06"), "guardian.birth_date"),
    ],
)
def test_a_guardian_is_an_adult_and_somebody_else(guardian: dict[str, Any], wrong: str) -> None:
    assert found(date(2014, 1, 1), guardian=guardian) == {wrong}


def test_a_guardian_with_a_passport_states_the_birth_date() -> None:
    guardian = Citizen(8).as_guardian(id_document=PASSPORT, birth_date="1985-03-05")
    assert found(date(2014, 1, 1), guardian=guardian) is Capacity.CHILD


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = judge(form(date(2014, 1, 1), consent=["service_records"], sex="2"), LAW, TODAY)
    assert set(wrong) == {"consent", "sex", "guardian"}  # type: ignore[arg-type]


@given(age=st.integers(0, 120), flag=st.booleans())
def test_capacity_is_never_less_than_the_law_asks(age: int, flag: bool) -> None:
    got = capacity(age, LAW, self_supporting=flag)
    assert (got is None) == (age < 8)
    assert (got is Capacity.CHILD) == (8 <= age < 14)
    assert (got is Capacity.SELF_SUPPORTING) == (flag and 16 <= age < 18)
    assert (got is Capacity.ADULT) == (age >= 18)


dates = st.dates(date(1900, 1, 1), TODAY)


@given(
    birth=dates,
    stated=st.none() | dates,
    guardian=st.none() | dates,
    flag=st.booleans(),
    consent=st.lists(st.sampled_from(Purpose)),
    today=st.dates(TODAY, TODAY + timedelta(days=3650)),
)
def test_whatever_is_sent_is_judged_without_repeating_it(
    birth: date, stated: date | None, guardian: date | None, flag: bool, consent: list[Purpose], today: date
) -> None:
    sent = form(
        birth,
        birth_date=stated,
        self_supporting=flag,
        consent=consent,
        guardian=Citizen(8, guardian).as_guardian() if guardian else None,
    )
    person = judge(sent, LAW, today)
    if isinstance(person, Person):
        assert person.birth == birth
        assert Purpose.REGISTRATION in consent
        assert rules.needs_guardian(person.capacity) == (sent.guardian is not None)
    else:
        assert person
        said = " ".join(person.values())
        assert not any(secret in said for secret in Citizen(7, birth).secrets())


@given(purposes=st.lists(st.sampled_from(Purpose), unique=True), found=st.sampled_from(Capacity))
def test_consents_are_recorded_once_each_and_by_whom(purposes: list[Purpose], found: Capacity) -> None:
    given_ = list(rules.consents(purposes, found))
    assert len(given_) == len(set(given_))
    assert {purpose for purpose, _ in given_} >= set(purposes)
    givers = {giver for purpose, giver in given_ if purpose is not Purpose.PARTICIPATION}
    assert (ConsentGiver.GUARDIAN in givers) <= (found is Capacity.CHILD)
    taking_part = (Purpose.PARTICIPATION, ConsentGiver.GUARDIAN)
    assert (taking_part in given_) == (found in {Capacity.CHILD, Capacity.YOUTH})


def test_numbers_made_up_for_the_stories_are_valid() -> None:
    number = citizen_number(date(1990, 1, 1), 12)
    assert IdDocument(kind=IdKind.RESIDENT_ID, number=number).number == number
