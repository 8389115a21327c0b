"""What a volunteer said is corrected, by themselves or at the window; a phone and a consent change safely."""

from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.volunteers import Capacity, ConsentGiver, Purpose
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.corrections.service import forget_phone
from onewindow_volunteers.people.rules import agreed_from_now, told_by_others
from onewindow_volunteers.people.service import PHONE_FORGOTTEN
from testkit.api import DONGSHAN, XIAN, Api
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import BASE, Citizen, answer_ward, leave, post_form, sign_up, wrong_fields
from volunteers.test_certificates import confirmed, issued
from volunteers.test_erasure import erase
from volunteers.test_exports import own_file
from volunteers.test_life import CHILD, PARENT, child_of, mine, of_ones_own, of_staff
from volunteers.test_privacy import audited

NEW = Citizen(71)
REASON = "本人持身份证到窗口更正"


def put(api: Api, citizen: Citizen, path: str, body: Any, seen: int) -> Response:
    headers = {**citizen.headers(api), "If-Match": f'"{seen}"'}
    return api.client.put(f"{BASE}/{path}", json=body, headers=headers)


def state_phone(api: Api, headers: dict[str, str], number: str, phone: str, **more: Any) -> Response:
    key = {"Idempotency-Key": f"phone-{phone}-{len(more)}"}
    path = f"{BASE}/people/{number}/phone-changes"
    return api.client.post(path, json={"phone": phone, **more}, headers={**headers, **key})


def confirm_phone(api: Api, citizen: Citizen, number: str) -> Response:
    path = f"{BASE}/people/{number}/phone-changes/confirmation"
    return api.client.post(path, headers=citizen.headers(api))


def given(api: Api, citizen: Citizen) -> set[tuple[str, str]]:
    consents = mine(api, citizen).json()["particulars"]["consents"]
    return {(one["purpose"], one["given_by"]) for one in consents}


def test_a_volunteer_corrects_what_they_said_and_whoever_is_late_is_told(api: Api, wang: Citizen) -> None:
    path = f"people/{sign_up(api, wang)['volunteer_no']}/correction"
    answer = of_ones_own(api, wang, path, {"skills": ["心理疏导"], "availability": []}, 1)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["skills"], told["availability"], told["categories"]) == (["心理疏导"], [], ["care"])
    assert answer.headers["etag"] == '"2"'
    assert of_ones_own(api, wang, path, {"skills": []}, 1).status_code == 412
    assert wrong_fields(of_ones_own(api, wang, path, {}, 2)) == {"skills", "availability", "categories"}
    assert of_ones_own(api, Citizen(902), path, {"skills": []}, 2).status_code == 404
    (written,) = audited(api, "volunteer.corrected")
    assert written.detail == {"fields": ["skills", "availability"]}


def test_the_window_corrects_with_a_reason_within_its_area(api: Api, wang: Citizen) -> None:
    path = f"people/{sign_up(api, wang)['volunteer_no']}/correction"
    body: dict[str, Any] = {"skills": ["急救", "手语"]}
    assert wrong_fields(of_staff(api, Role.WINDOW_CLERK, XIAN, path, body, 1)) == {"reason"}
    body["reason"] = REASON
    assert of_staff(api, Role.WINDOW_CLERK, DONGSHAN, path, body, 1).status_code == 404
    assert of_staff(api, Role.AUDITOR, XIAN, path, body, 1).status_code == 403
    assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, body, 1).json()["skills"] == ["急救", "手语"]
    (written,) = audited(api, "volunteer.corrected")
    assert written.reason(api.runtime.vault) == REASON


def test_whoever_left_is_not_corrected(api: Api, wang: Citizen) -> None:
    volunteer = sign_up(api, wang)
    leave(api, wang, volunteer)
    path = f"people/{volunteer['volunteer_no']}/correction"
    assert of_ones_own(api, wang, path, {"skills": []}, 2).status_code == 409


def test_a_new_phone_counts_once_it_confirms_itself_and_all_goes_along(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 70)
    confirmed(organiser, helper)
    number, old = helper.record["volunteer_no"], helper.citizen
    certificate = issued(helper)["certificate_no"]
    clerk = api.people.headers(Role.WINDOW_CLERK, XIAN)
    assert wrong_fields(state_phone(api, clerk, number, NEW.phone)) == {"reason"}
    stated = state_phone(api, clerk, number, NEW.phone, reason=REASON)
    assert stated.status_code == 201, stated.text
    assert NEW.phone not in stated.text
    assert [one["phone"] for one in own_file(helper)["phone-changes.json"]] == [NEW.phone]
    assert confirm_phone(api, Citizen(72), number).status_code == 404
    assert confirm_phone(api, old, number).status_code == 404
    assert mine(api, old).json()["particulars"]["phone"] == old.phone, "nobody has confirmed it"
    assert confirm_phone(api, NEW, number).status_code == 200
    assert confirm_phone(api, NEW, number).status_code == 200, "said twice"
    assert mine(api, old).status_code == 404
    assert mine(api, NEW).json()["particulars"]["phone"] == NEW.phone
    here = Helper(api, NEW, helper.record)
    assert len(here.ask("GET", "records").json()["items"]) == 1
    assert here.ask("GET", f"certificates/{certificate}").status_code == 200
    assert here.ask("GET", "people/me/hours").json()["confirmed_minutes"] > 0
    assert helper.ask("GET", "records").json()["items"] == []
    assert api.sent(VolunteerRegistered)[-1].subject == NEW.subject, "the account gains the role"


def test_a_new_phone_is_nobody_elses_and_is_forgotten_in_time(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang)["volunteer_no"]
    assert wrong_fields(state_phone(api, wang.headers(api), number, wang.phone)) == {"phone"}
    taken = Citizen(901)
    assert state_phone(api, wang.headers(api), number, taken.phone).status_code == 201
    answer = confirm_phone(api, taken, number)
    assert answer.json()["type"].endswith("already-registered"), "it has a registration of its own"
    assert mine(api, wang).status_code == 200
    assert state_phone(api, wang.headers(api), number, NEW.phone).status_code == 201
    api.clock.pass_(days=14)
    assert confirm_phone(api, NEW, number).status_code == 404
    api.quiet()
    assert len(audited(api, "volunteer.phone_forgotten")) == 1


def test_a_new_number_is_forgotten_with_whoever_is_erased(api: Api) -> None:
    helper = Helper.registered(api, 14)
    number = helper.record["volunteer_no"]
    assert state_phone(api, helper.citizen.headers(api), number, NEW.phone).status_code == 201
    assert erase(api, helper).status_code == 200

    def waiting(unit: Unit) -> list[str]:
        return list(unit.session.scalars(select(Timer.kind).where(Timer.entity_id == number)))

    assert PHONE_FORGOTTEN not in api.system(waiting)
    api.system(forget_phone, number, api.clock())
    assert audited(api, "volunteer.phone_forgotten") == []


def test_a_single_consent_is_taken_back_and_given_again(api: Api, wang: Citizen) -> None:
    number = sign_up(api, wang, consent=["registration", "service_records", "activity_notices"])[
        "volunteer_no"
    ]
    path = f"people/{number}/consents"
    assert wrong_fields(put(api, wang, path, {"consent": ["service_records"]}, 1)) == {"consent"}
    assert put(api, wang, path, {"consent": ["registration", "service_records"]}, 1).status_code == 200
    assert given(api, wang) == {("registration", "volunteer"), ("service_records", "volunteer")}
    headers = {**api.people.headers(Role.COMMUNITY_MANAGER, XIAN), "If-Match": '"2"'}
    body = {"consent": ["registration", "national_system"], "reason": REASON}
    at_the_window = api.client.put(f"{BASE}/{path}", json=body, headers=headers)
    assert wrong_fields(at_the_window) == {"consent"}, "nobody agrees for somebody else"
    body["consent"] = ["registration"]
    assert api.client.put(f"{BASE}/{path}", json=body, headers=headers).status_code == 200
    everything = {"consent": ["registration", "service_records", "national_system"]}
    assert put(api, wang, path, everything, 2).status_code == 412
    assert put(api, wang, path, everything, 3).status_code == 200
    changes = [one.detail for one in audited(api, "volunteer.consents_changed")]
    assert [one["withdrawn"] for one in changes] == [["activity_notices"], ["service_records"], []]


def test_whoever_is_no_longer_to_be_recorded_gives_up_their_places(api: Api) -> None:
    organiser, (helper, other) = Organiser(api), (Helper.registered(api, n) for n in (401, 402))
    first, second = (organiser.published(shifts=[shift(capacity=1, starts=4 * n)]) for n in range(2))
    helper.joined(first)
    other.joined(second)
    helper.joined(second, wait=True)
    following = other.joined(first, wait=True)
    path = f"people/{helper.record['volunteer_no']}/consents"
    assert put(api, helper.citizen, path, {"consent": ["registration"]}, 1).status_code == 200
    api.quiet()
    assert {one["status"] for one in helper.places()} == {"cancelled"}
    offered = next(one for one in other.places() if one["signup_id"] == following["signup_id"])
    assert offered["status"] == "offered"
    assert helper.told() == ["given_up", "given_up"]
    assert refused(helper.join(organiser.published(shifts=[shift(days=5)])))


def test_who_agrees_again_before_it_is_noticed_keeps_their_place(api: Api) -> None:
    helper = Helper.registered(api, 403)
    helper.joined(Organiser(api).published(shifts=[shift(capacity=1)]))
    path = f"people/{helper.record['volunteer_no']}/consents"
    assert put(api, helper.citizen, path, {"consent": ["registration"]}, 1).status_code == 200
    both = {"consent": ["registration", "service_records"]}
    assert put(api, helper.citizen, path, both, 2).status_code == 200
    api.quiet()
    assert {one["status"] for one in helper.places()} == {"placed"}


def test_nobody_accepts_an_offer_who_does_not_agree_to_being_recorded(api: Api) -> None:
    activity = Organiser(api).published(shifts=[shift(capacity=1)])
    helper, other = (Helper.registered(api, n) for n in (404, 405))
    taken = other.joined(activity)
    helper.joined(activity, wait=True)
    assert other.move(taken, "cancellation").status_code == 200
    api.quiet()
    (offered,) = helper.places()
    path = f"people/{helper.record['volunteer_no']}/consents"
    assert put(api, helper.citizen, path, {"consent": ["registration"]}, 1).status_code == 200
    assert refused(helper.move(offered, "acceptance"))


def test_nobody_serves_who_does_not_agree_to_its_being_recorded(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 401)
    activity = organiser.published(shifts=[shift(capacity=1)])
    place = helper.joined(activity)
    path = f"people/{helper.record['volunteer_no']}/consents"
    api.clock.pass_(days=1, hours=4)
    assert put(api, helper.citizen, path, {"consent": ["registration"]}, 1).status_code == 200
    times = activity["shifts"][0]
    body = {"came_at": times["starts_at"], "left_at": times["ends_at"], "reason": "网络中断，现场签到表为准"}
    body |= {"volunteer_no": helper.record["volunteer_no"]}
    where = f"shifts/{place['shift_id']}/attendance"
    assert refused(organiser.ask("POST", where, body, **{"Idempotency-Key": "attendance-401"}))
    both = {"consent": ["registration", "service_records"]}
    assert put(api, helper.citizen, path, both, 2).status_code == 200
    written = organiser.ask("POST", where, body, **{"Idempotency-Key": "attendance-402"})
    assert written.status_code == 201, written.text
    assert put(api, helper.citizen, path, {"consent": ["registration"]}, 3).status_code == 200
    records = helper.ask("GET", "records").json()["items"]
    assert [one["record_id"] for one in records] == [written.json()["record_id"]], "what was recorded stays"


def refused(answer: Response) -> bool:
    kind: str = answer.json()["type"]
    return answer.status_code == 409 and kind.endswith(":recording-not-agreed-to")


def test_of_a_child_the_guardian_takes_a_consent_back(api: Api) -> None:
    child = child_of(api)
    number = child["volunteer_no"]
    answer_ward(api, PARENT, child)
    seen = mine(api, CHILD).json()["version"]
    path, body = f"people/{number}/consents", {"consent": ["registration"]}
    assert wrong_fields(put(api, CHILD, path, body, seen)) == {"consent"}
    path = f"wards/{number}/consents"
    assert wrong_fields(put(api, PARENT, path, body, seen)) == {"consent"}, "who is against it refuses"
    body = {"consent": ["registration", "participation"]}
    assert put(api, Citizen(33), path, body, seen).status_code == 404
    assert put(api, PARENT, path, body, seen).json()["purposes"] == body["consent"]
    assert given(api, CHILD) == {("registration", "guardian"), ("participation", "guardian")}


def test_the_same_person_under_another_account_has_all_that_they_had(api: Api) -> None:
    organiser, helper = Organiser(api), Helper.registered(api, 70)
    confirmed(organiser, helper)
    leave(api, helper.citizen, mine(api, helper.citizen).json())
    answer = post_form(api, NEW, id_document=helper.citizen.id_document, name=helper.citizen.name)
    assert answer.status_code == 201, answer.text
    api.quiet()
    here = Helper(api, NEW, answer.json())
    assert len(own_file(here)["registrations.json"]) == 2
    assert len(own_file(here)["service-records.json"]) == 1
    assert erase(api, here).status_code == 200
    old = of_staff(api, Role.AUDITOR, XIAN, f"people/{helper.record['volunteer_no']}")
    assert old.status_code == 404, "erased with it"


def test_a_disproved_registration_is_not_the_persons(api: Api) -> None:
    stranger = Helper.registered(api, 70)
    path = f"people/{stranger.record['volunteer_no']}/verification"
    body = {"outcome": "disproved", "reason": "证件为他人所有"}
    assert of_staff(api, Role.WINDOW_CLERK, XIAN, path, body, 1).status_code == 200
    owner = post_form(api, NEW, id_document=stranger.citizen.id_document)
    assert owner.status_code == 201
    api.quiet()
    assert len(own_file(Helper(api, NEW, owner.json()))["registrations.json"]) == 1


ADULT = {Purpose.REGISTRATION, Purpose.SERVICE_RECORDS}


@pytest.mark.parametrize(
    ("wanted", "others", "found"),
    [
        (ADULT, set(), (set(), set())),
        ({Purpose.REGISTRATION}, set(), (set(), {Purpose.SERVICE_RECORDS})),
        (ADULT | {Purpose.NATIONAL_SYSTEM}, set(), ({Purpose.NATIONAL_SYSTEM}, set())),
        ({Purpose.SERVICE_RECORDS}, set(), None),
        (ADULT | {Purpose.PARTICIPATION}, {Purpose.PARTICIPATION}, None),
    ],
)
def test_what_somebody_agrees_to_from_now_on(wanted: Any, others: Any, found: Any) -> None:
    got = agreed_from_now(ADULT, wanted, others=others)
    assert (set(got) == {"consent"}) if found is None else (got == found)


@pytest.mark.parametrize("capacity", Capacity)
def test_every_purpose_is_told_by_one_of_the_two(capacity: Capacity) -> None:
    volunteer = set(Purpose) - told_by_others(capacity, ConsentGiver.VOLUNTEER)
    guardian = set(Purpose) - told_by_others(capacity, ConsentGiver.GUARDIAN)
    assert not volunteer & guardian
    assert volunteer | guardian >= set(Purpose) - {Purpose.PARTICIPATION}


def test_a_youth_says_what_is_theirs_to_say(api: Api) -> None:
    youth = Citizen(26, date(2010, 6, 1))
    child = sign_up(api, youth, guardian=PARENT.as_guardian())
    answer_ward(api, PARENT, child)
    seen = mine(api, youth).json()["version"]
    answer = put(api, youth, f"people/{child['volunteer_no']}/consents", {"consent": ["registration"]}, seen)
    assert answer.status_code == 200, answer.text
    assert given(api, youth) == {("registration", "volunteer"), ("participation", "guardian")}
