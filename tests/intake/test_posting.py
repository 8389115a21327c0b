"""Posting a case at the window and from home."""

import json
import re

import pytest
from sqlalchemy import select

from intake.window import ITEM, NO_PAPERS, Somebody, entrusted, form, on, person, somebody, wrong_fields
from onewindow_shared.contracts import numbers
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CaseAccepted
from onewindow_shared.plumbing.timers import Timer
from testkit.api import KAIYUAN, XIAN, Api

NEW = "330902002099"


def test_a_clerk_posts_a_case_and_hands_out_number_and_tracking_code(clerk: Somebody) -> None:
    answer = clerk.apply(form())
    case = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    assert numbers.parse(case["case_no"]).area == XIAN
    assert str(numbers.parse(case["case_no"]).day) == "2026-11-23"
    assert re.fullmatch(f"[{numbers.TRACKING_ALPHABET}]{{8}}", case["tracking_code"])
    assert (case["status"], case["version"], case["item_version"]) == ("received", 1, 1)
    assert case["notice_due_at"] == "2026-11-30T09:00:00Z"
    assert case["applicant"]["name"] == "王*芳"


def test_the_answer_shows_no_particulars_in_full(clerk: Somebody) -> None:
    text = clerk.apply(form(agent=entrusted())).text
    for secret in ("王桂芳", person(1)["id_document"]["number"], person(1)["mobile"], "李小明"):
        assert secret not in text


def test_the_clerk_is_the_first_contact_unless_somebody_else_is_named(clerk: Somebody) -> None:
    assert clerk.case(clerk.posted())["first_contact_officer"] == "clerk.xian"
    named = clerk.posted(first_contact_officer="agent.xian")
    assert clerk.case(named)["first_contact_officer"] == "agent.xian"


def test_a_complete_case_is_accepted_at_once_and_casework_is_told(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(accept=True, materials=clerk.papers(), agency_requested=True)
    assert (case["status"], case["accepted_on"], case["notice_due_at"]) == ("accepted", "2026-11-23", None)
    told = api.sent(CaseAccepted)[-1]
    assert (told.case_no, told.item_code, told.item_version) == (case["case_no"], ITEM, 1)
    assert (told.community, told.first_contact_officer) == (XIAN, "clerk.xian")
    assert (told.applicant_masked, told.applicant_subject) == ("王*芳", None)
    assert (told.agency_requested, told.extension_days) == (True, 15)
    assert clerk.steps(case) == ["received", "accepted"]


def test_accepting_at_once_names_every_paper_that_is_missing(clerk: Somebody) -> None:
    required = {f"materials.{paper['code']}" for paper in clerk.papers()}
    assert len(required) > 1
    assert wrong_fields(clerk.apply(form(accept=True))) == required


def test_a_case_that_is_told_twice_is_not_taken_by_its_last_word(clerk: Somebody) -> None:
    told = json.dumps(form())
    body = f'{told[:-1]}, "item_code": "{NO_PAPERS}", "consent": {{"given": true, "given": false}}}}'
    headers = {**clerk.headers, "Idempotency-Key": "told-twice-01", "Content-Type": "application/json"}
    answer = clerk.api.client.post("/api/intake/v1/cases", content=body, headers=headers)
    assert answer.status_code == 422
    assert wrong_fields(answer) == {"item_code", "consent", "consent.given"}


def test_an_item_without_papers_is_accepted_on_word_of_mouth(clerk: Somebody) -> None:
    assert clerk.posted(item=NO_PAPERS, accept=True)["status"] == "accepted"


def test_a_case_is_accepted_while_casework_is_away(api: Api, clerk: Somebody) -> None:
    before = len(api.sent(CaseAccepted))
    clerk.posted(item=NO_PAPERS, accept=True)
    assert len(api.sent(CaseAccepted)) == before + 1


def test_a_limit_that_reaches_an_unpublished_year_is_provisional_and_no_error(
    api: Api, clerk: Somebody
) -> None:
    api.clock.now = on("2026-12-25T10:00:00")
    case = clerk.posted(accept=True, materials=clerk.papers())
    assert case["provisional"]
    assert case["due_on"] > "2027-01-01"


def test_papers_taken_while_the_window_was_offline_count_from_the_day_they_came(clerk: Somebody) -> None:
    case = clerk.posted(received_at="2026-11-20T15:00:00+08:00")
    assert str(numbers.parse(case["case_no"]).day) == "2026-11-20"
    assert case["notice_due_at"] == "2026-11-27T09:00:00Z"


def test_a_resident_posts_from_home_and_sees_the_case(api: Api, resident: Somebody, clerk: Somebody) -> None:
    case = resident.posted(channel="web", community=KAIYUAN)
    assert resident.case(case)["first_contact_officer"] is None
    assert [row["case_no"] for row in resident.get("cases").json()["items"]] == [case["case_no"]]
    assert resident.get(f"cases/{case['case_no']}/timeline").json()["items"][0]["by"] == "applicant"


def test_whoever_accepts_a_case_from_home_becomes_its_first_contact(
    resident: Somebody, clerk: Somebody
) -> None:
    case = resident.posted(channel="mobile", item=NO_PAPERS)
    assert clerk.moved(case, "acceptance")["first_contact_officer"] == "clerk.xian"


def test_a_resident_cannot_accept(resident: Somebody) -> None:
    assert resident.apply(form(NO_PAPERS, channel="web", accept=True)).status_code == 403


def test_an_agent_officer_posts_but_does_not_accept(api: Api) -> None:
    agent = somebody(api, Role.AGENT_OFFICER, XIAN)
    assert agent.apply(form(NO_PAPERS, channel="home_visit")).status_code == 201
    assert agent.apply(form(NO_PAPERS, accept=True)).status_code == 403


def test_the_channels_of_an_item_are_shown_and_hold_nobody_to_one(
    clerk: Somebody, resident: Somebody
) -> None:
    """The applicant chooses (优化营商环境条例 art. 37)."""
    by_phone, at_window = "cult-library-venue-xinyu", "edu-enrolment-guchen"
    assert clerk.get(f"items/{by_phone}").json()["channels"] == ["phone"]
    assert clerk.apply(form(by_phone)).status_code == 201
    assert clerk.get(f"items/{at_window}").json()["channels"] == ["window"]
    assert resident.apply(form(at_window, channel="web", serial=2)).status_code == 201


def test_a_resident_settles_neither_channel_nor_officer_nor_time(resident: Somebody) -> None:
    body = form(first_contact_officer="clerk.xian", received_at="2026-11-23T09:00:00+08:00")
    assert wrong_fields(resident.apply(body)) == {"channel", "first_contact_officer", "received_at"}


def test_whoever_may_not_post_is_told_so(api: Api) -> None:
    assert somebody(api, Role.AUDITOR, "330902").apply(form()).status_code == 403
    assert Somebody(api, {}).apply(form()).status_code == 401


def test_a_case_of_another_area_is_refused(clerk: Somebody) -> None:
    answer = clerk.apply(form(community=KAIYUAN))
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:onewindow:problem:outside-area"


def test_all_wrong_fields_are_named_together(clerk: Somebody) -> None:
    materials = [
        {"code": "m1", "received": True},
        {"code": "nonsense", "received": True},
        {"code": "m1", "received": False},
    ]
    answer = clerk.apply(form(community="330902999999", materials=materials))
    assert wrong_fields(answer) == {"community", "materials.0.code", "materials.1.code", "materials.2.code"}


CONSENT = {"purpose": "case_handling", "given": True}
REFUSED: list[tuple[dict[str, object], str]] = [
    ({"item_code": "no-such-item"}, "item_code"),
    ({"applicant": person() | {"name": "😀"}}, "applicant.name"),
    ({"applicant": person() | {"name": "Robert'); DROP TABLE cases;--"}}, "applicant.name"),
    ({"applicant": person() | {"name": "王" * 100_000}}, "applicant.name"),
    ({"applicant": person() | {"mobile": "0580-2020202"}}, "applicant.mobile"),
    (
        {"applicant": person() | {"id_document": {"kind": "resident_id", "number": "330902196504010011"}}},
        "applicant.id_document.number",
    ),
    ({"consent": {"purpose": "case_handling", "given": False}}, "consent.given"),
    ({"consent": None}, "consent"),
    ({"consent": CONSENT | {"given_at": "9999-12-31T23:59:59-12:00"}}, "consent.given_at"),
    ({"consent": CONSENT | {"given_at": "0001-01-01T00:00:00+14:00"}}, "consent.given_at"),
    ({"remark": "\u0000"}, "remark"),
    ({"remark": "x" * 1_000_000}, "remark"),
    ({"surprise": 1}, "surprise"),
    ({"channel": "pigeon"}, "channel"),
    ({"received_at": "2026-11-23T09:00:00"}, "received_at"),
    ({"received_at": "2026-11-24T10:00:00+08:00"}, "received_at"),
    ({"received_at": "2026-11-10T10:00:00+08:00"}, "received_at"),
    ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at"),
    ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
    ({"community": "330902002000"}, "community"),
    ({"community": "330902002"}, "community"),
    ({"community": "999999999999"}, "community"),
    ({"materials": [{"code": "m1", "received": True}] * 101}, "materials"),
    ({"first_contact_officer": "<script>"}, "first_contact_officer"),
]


def test_bad_input_is_refused_by_field_without_repeating_it(
    clerk: Somebody, subtests: pytest.Subtests, capfd: pytest.CaptureFixture[str]
) -> None:
    for number, (change, field) in enumerate(REFUSED):
        with subtests.test(field, number=number):
            answer = clerk.apply(form() | change)
            assert wrong_fields(answer) == {field}
            assert answer.headers["content-type"] == "application/problem+json"
            for particular in ("330902196504", "DROP TABLE", "138000000"):
                assert particular not in answer.text
    assert "330902196504" not in capfd.readouterr().out


def test_a_body_that_is_no_application_is_refused(clerk: Somebody, subtests: pytest.Subtests) -> None:
    headers = {**clerk.headers, "Idempotency-Key": "malformed-1", "content-type": "application/json"}
    for content in (b"{not json", b"", b"[]", b'"\\ud800"', b'{"remark": "\\ud800"}', b"\xff\xfe"):
        with subtests.test(content=content):
            answer = clerk.api.client.post("/api/intake/v1/cases", content=content, headers=headers)
            assert answer.status_code == 422
            assert answer.headers["content-type"] == "application/problem+json"


def test_names_of_every_kind_and_free_text_with_sql_are_kept_as_written(clerk: Somebody) -> None:
    remark = "'; DELETE FROM cases; -- 😀"
    case = clerk.posted(applicant=person(5, "买买提·艾力"), remark=remark)
    assert clerk.case(case)["remark"] == remark
    assert clerk.case(case)["applicant"]["name"] == "买**·艾*"


def test_a_community_is_known_the_moment_they_arrive(api: Api, clerk: Somebody) -> None:
    clerk.posted()
    api.receive(AreaChanged(code=NEW, name="新设社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None))
    officer = somebody(api, Role.WINDOW_CLERK, NEW)
    assert officer.apply(form(community=NEW)).status_code == 201


def test_a_case_that_waits_has_a_timer_and_an_accepted_one_has_none(api: Api, clerk: Somebody) -> None:
    waiting = clerk.posted()
    accepted = clerk.posted(item=NO_PAPERS, accept=True)
    timers = api.system(lambda unit: set(unit.session.scalars(select(Timer.entity_id))))
    assert waiting["case_no"] in timers
    assert accepted["case_no"] not in timers
