"""Who acts for whom: letters of entrustment, guardians, households, and consent."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from intake.test_custody import BACK, follow, take
from intake.test_papers import printed, text_of
from intake.uploads import PDF, begun, complete, send
from intake.window import NO_PAPERS, PATH, Somebody, born, entrusted, form, on, person, wrong_fields
from onewindow_intake.cases.channels import WAYS, Sight, wrong_forms
from onewindow_intake.cases.models import Entry
from onewindow_intake.parties import rules
from onewindow_intake.parties.rules import Side
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AccountEnded, CaseProgressed, OfficerChanged
from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.contracts.intake import Channel, MaterialIn
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting, EntrustmentIn, PersonIn, Power
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, XIAN, Api

DAYS = st.dates(date(1940, 1, 1), date(2008, 12, 31))
PARENT = {**person(5, "王建国"), "relation": "parent"}
SON = {
    "name": "王小宝",
    "id_document": born("2015-04-01")["id_document"],
    "relation": "child",
    "consent": {"given": True, "by": "guardian"},
}
WIFE = {
    "name": "李秀英",
    "id_document": person(6)["id_document"],
    "relation": "spouse",
    "consent": {"given": True},
}


def test_both_identities_are_kept_masked_with_what_the_letter_allows(clerk: Somebody) -> None:
    case = clerk.case(clerk.posted(agent=entrusted(scope=["submit", "collect"])))
    assert (case["applicant"]["name"], case["agent"]["name"]) == ("王*芳", "李*明")
    assert case["agent"]["entrustment"]["scope"] == ["submit", "collect"]
    assert case["posted_as"] == "agent"
    assert clerk.get(f"cases/{case['case_no']}/timeline").json()["items"][0]["acting"] == "agent"


def test_a_letter_is_read_on_the_day_of_the_posting_and_its_bearer_is_of_age_and_somebody_else(
    clerk: Somebody,
) -> None:
    letters: list[tuple[dict[str, Any], str]] = [
        ({"begins_on": "2026-11-24"}, "begins_on"),
        ({"ends_on": "2026-11-22"}, "ends_on"),
        ({"begins_on": "2026-12-31", "ends_on": "2026-11-23"}, "ends_on"),
        ({"scope": ["collect"]}, "scope"),
        ({"scope": ["submit", "submit"]}, "scope"),
        ({"seen_by": None}, "document"),
    ]
    for change, field in letters:
        assert f"agent.entrustment.{field}" in wrong_fields(clerk.apply(form(agent=entrusted(**change))))
    for bearer in (born("2010-01-01"), person(1)):
        answer = clerk.apply(form(agent={**entrusted(), **bearer}))
        assert wrong_fields(answer) == {"agent.id_document"}


def test_a_letter_was_seen_by_somebody_who_works_here(clerk: Somebody) -> None:
    seen_by_another = form(serial=3, agent=entrusted(seen_by="clerk.else"))
    assert clerk.apply(seen_by_another).status_code == 201, "no account is known yet"
    for subject, area, active in (
        ("clerk.known", XIAN, True),
        ("clerk.dongshan", DONGSHAN, True),
        ("clerk.gone", XIAN, False),
    ):
        told = OfficerChanged(
            subject=subject, roles=[Role.WINDOW_CLERK], area=area, department=None, active=active
        )
        clerk.api.receive(told, source="gateway")
    for stranger in ("clerk.else", "clerk.dongshan", "clerk.gone"):
        refused = clerk.apply(form(serial=4, agent=entrusted(seen_by=stranger)))
        assert wrong_fields(refused) == {"agent.entrustment.seen_by"}
    both = form(first_contact_officer="clerk.else", agent=entrusted(seen_by="clerk.dongshan"))
    assert wrong_fields(clerk.apply(both)) == {"first_contact_officer", "agent.entrustment.seen_by"}
    for officer in ("clerk.known", "clerk.xian"):
        case = clerk.posted(serial=5, agent=entrusted(seen_by=officer))
        assert case["status"] == "received"


def test_an_entrusted_person_does_what_the_letter_says_and_nothing_else(clerk: Somebody) -> None:
    case = clerk.posted(agent=entrusted(scope=["submit", "collect"]))
    refused = {
        "withdrawal": {"acting": "agent"},
        "consent-withdrawal": {"acting": "agent"},
        "materials": {"acting": "agent", "materials": clerk.papers()},
    }
    for move, body in refused.items():
        assert wrong_fields(clerk.move(case, move, body)) == {"acting"}, move
    original = take(clerk, case)
    back = {**BACK, "returned_to": "李小明", "acting": "agent"}
    assert follow(clerk, original, back).status_code == 200
    other = take(clerk, case)
    assert wrong_fields(follow(clerk, other, {**BACK, "acting": "guardian"})) == {"acting"}
    assert clerk.moved(clerk.case(case), "withdrawal", {"acting": "applicant"})["status"] == "withdrawn"


def test_papers_name_whoever_acted_and_the_slip_says_who_took_the_case_back_and_why(
    api: Api, clerk: Somebody
) -> None:
    letter = entrusted(scope=["submit", "withdraw"])
    case = clerk.posted(agent=letter, household=[WIFE, SON])
    receipt = text_of(printed(clerk, case, "receipt"))
    for words in ("受托人", "李*明", "家庭成员", "李*英、王*宝"):
        assert words in receipt
    why = "女儿王小芳已在外地为她办理"
    clerk.moved(case, "withdrawal", {"acting": "agent", "reason": why})
    slip = text_of(printed(clerk, case, "withdrawal"))
    for words in ("撤回人", "李*明（受托人）", "撤回理由", why):
        assert words in slip
    own = clerk.posted(serial=9)
    clerk.moved(own, "withdrawal", {})
    document = clerk.get(f"cases/{own['case_no']}/issued-documents/withdrawal").json()
    assert (document["acted"]["acting"], document["reason"]) == ("applicant", None)
    assert "王*芳（申请人）" in text_of(printed(clerk, own, "withdrawal"))

    def kept(unit: Unit) -> str:
        audited = [(row.reason(unit.vault), row.detail) for row in unit.session.scalars(select(AuditRecord))]
        return repr((audited, [entry.reason_sealed for entry in unit.session.scalars(select(Entry))]))

    assert why not in api.system(kept)


def test_an_entrusted_person_uploads_what_the_letter_allows_while_it_lasts(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    file, key = {"name": "户口簿.jpg"}, {"Idempotency-Key": "upload-by-agent"}
    case = clerk.posted(agent=entrusted())
    path = f"cases/{case['case_no']}/uploads"
    assert wrong_fields(clerk.post(path, {**file, "acting": "agent"}, **key)) == {"acting"}
    letter = entrusted(
        scope=["submit", "correct"], seen_by=None, document="委托书 2026-18", ends_on="2026-11-23"
    )
    mine = resident.posted(channel="web", serial=3, agent=letter, acting="agent")
    opened = resident.post(f"cases/{mine['case_no']}/uploads", file, **key)
    assert opened.status_code == 201, opened.text
    upload = opened.json()["upload_id"]
    photo = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(100) + b"\xff\xd9"
    sent = api.client.put(f"{PATH}/uploads/{upload}/parts/1", content=photo, headers=resident.headers)
    assert sent.status_code == 200, sent.text
    api.clock.pass_(hours=16)
    assert wrong_fields(resident.post(f"uploads/{upload}/completion")) == {"acting"}


def test_the_slip_of_a_case_taken_back_at_casework_names_who_asked(api: Api, clerk: Somebody) -> None:
    def slip(acting: Acting | None) -> Any:
        case = clerk.posted(item=NO_PAPERS, accept=True, agent=entrusted(scope=["submit", "withdraw"]))
        back = CaseProgressed(
            case_no=case["case_no"],
            status=CaseStatus.WITHDRAWN,
            step="withdrawn",
            at=api.clock(),
            version=2,
            acting=acting,
        )
        api.receive(back, source="casework")
        return clerk.get(f"cases/{case['case_no']}/issued-documents/withdrawal").json()["acted"]

    assert slip(Acting.AGENT) == {"acting": "agent", "name": "李*明"}
    assert slip(Acting.APPLICANT) == {"acting": "applicant", "name": "王*芳"}
    assert slip(None) is None


def test_a_window_completes_an_upload_in_the_quality_in_which_it_was_begun(api: Api, clerk: Somebody) -> None:
    letter = entrusted(scope=["submit", "correct"], ends_on="2026-11-23")
    case = clerk.posted(agent=letter)
    brought, own = begun(clerk, case, acting="agent"), begun(clerk, case)
    for upload in (brought, own):
        send(clerk, upload, PDF)
    api.clock.pass_(hours=16)
    assert wrong_fields(complete(clerk, brought)) == {"acting"}
    assert complete(clerk, own).status_code == 200


def test_an_entrustment_that_is_over_is_of_no_use(api: Api, clerk: Somebody) -> None:
    scope = ["submit", "correct", "withdraw"]
    case = clerk.posted(agent=entrusted(scope=scope, ends_on="2026-11-24"))
    papers = {"acting": "agent", "materials": clerk.papers()}
    seen = clerk.moved(case, "materials", papers)
    api.clock.pass_(days=2)
    assert wrong_fields(clerk.move(seen, "withdrawal", {"acting": "agent"})) == {"acting"}


def test_an_agent_with_an_account_acts_as_the_agent(resident: Somebody) -> None:
    letter = entrusted(scope=["submit", "correct"], seen_by=None, document="委托书 2026-17")
    case = resident.posted(channel="web", agent=letter, acting="agent")
    assert resident.case(case)["posted_as"] == "agent"
    assert wrong_fields(resident.move(case, "withdrawal", {})) == {"acting"}
    assert wrong_fields(resident.move(case, "withdrawal", {"acting": "applicant"})) == {"acting"}
    offered = resident.get(f"cases/{case['case_no']}/actions").json()["actions"]
    assert offered == ["correct_on_spot"]
    resident.moved(case, "materials", {"materials": [{"code": "m1", "received": True}]})


def test_the_account_of_an_agent_reaches_the_case_as_long_as_the_letter_lasts(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    letter = entrusted(seen_by=None, document="委托书 2026-17", ends_on="2026-11-24")
    case = resident.posted(channel="web", agent=letter, acting="agent")
    endless = resident.posted(channel="web", serial=4, agent=entrusted(ends_on="2199-12-31"), acting="agent")
    take(clerk, case)
    reads = ("", "/timeline", "/documents", "/papers/receipt", "/originals")
    api.clock.now = on("2026-11-24T23:59:00")
    api.quiet()
    assert [resident.get(f"cases/{case['case_no']}{what}").status_code for what in reads] == [200] * 5
    api.clock.now = on("2026-11-25T00:00:00")
    api.quiet()
    assert [resident.get(f"cases/{case['case_no']}{what}").status_code for what in reads] == [404] * 5
    assert [row["case_no"] for row in resident.get("cases").json()["items"]] == [endless["case_no"]]
    assert clerk.case(case)["posted_as"] == "agent"


def test_a_minor_acts_through_a_guardian_who_agrees(clerk: Somebody) -> None:
    child = born("2010-06-01")
    assert wrong_fields(clerk.apply(form(applicant=child))) == {"guardian"}
    young = {**born("2009-01-01"), "relation": "sibling"}
    assert wrong_fields(clerk.apply(form(applicant=child, guardian=young))) == {"guardian.id_document"}
    assert wrong_fields(clerk.apply(form(applicant=child, guardian=PARENT, acting="applicant"))) == {"acting"}
    case = clerk.case(clerk.posted(applicant=child, guardian=PARENT))
    assert (case["guardian"]["name"], case["guardian"]["relation"]) == ("王*国", "parent")
    assert (case["posted_as"], case["consent"]["by"]) == ("guardian", "guardian")
    assert wrong_fields(clerk.move(case, "withdrawal", {"acting": "applicant"})) == {"acting"}
    assert clerk.moved(case, "withdrawal", {})["status"] == "withdrawn"


def test_a_household_is_kept_masked_disclosed_for_a_reason_and_found_by_each_member(clerk: Somebody) -> None:
    case = clerk.case(clerk.posted(household=[WIFE, SON]))
    assert [(one["name"], one["consent_by"]) for one in case["household"]] == [
        ("李*英", "member"),
        ("王*宝", "guardian"),
    ]
    reason = {"reason": "核对家庭成员身份信息"}
    shown = clerk.post(f"cases/{case['case_no']}/disclosure", reason).json()
    assert [one["name"] for one in shown["household"]] == ["李秀英", "王小宝"]
    assert shown["minor"]
    for asked in ({"id_document": WIFE["id_document"]}, {"name": "王小宝"}):
        found = clerk.post("cases/lookup", asked).json()["items"]
        assert [one["case_no"] for one in found] == [case["case_no"]]


def test_a_household_names_everybody_once_and_everybody_agrees(clerk: Somebody) -> None:
    households: list[tuple[list[dict[str, Any]], str]] = [
        ([WIFE, WIFE], "household.0.id_document"),
        ([{**WIFE, "id_document": person(1)["id_document"]}], "household.0.id_document"),
        ([{**SON, "consent": {"given": True}}], "household.0.consent.by"),
        ([{**WIFE, "consent": {"given": False}}], "household.0.consent.given"),
    ]
    for members, field in households:
        assert field in wrong_fields(clerk.apply(form(household=members)))
    assert wrong_fields(clerk.apply(form(NO_PAPERS, household=[WIFE]))) == {"household"}


def test_the_account_of_a_guardian_reaches_the_case_until_the_minor_is_of_age(
    api: Api, resident: Somebody, clerk: Somebody
) -> None:
    almost = born("2008-11-25", name="王小宝")
    parent = {**person(8), "relation": "parent"}
    consent = {"purpose": "case_handling", "given": True, "by": "guardian"}
    given = {"applicant": almost, "guardian": parent, "consent": consent, "channel": "web"}
    case = resident.posted(**given)
    accepted = clerk.moved(resident.posted(**given, item=NO_PAPERS), "acceptance")
    younger = resident.posted(**{**given, "applicant": born("2015-05-05")})
    api.quiet()
    assert resident.case(case)["posted_as"] == "guardian"
    api.clock.now = on("2026-11-25T00:00:00")
    api.quiet()
    assert resident.get(f"cases/{case['case_no']}").status_code == 404
    assert resident.get(f"cases/{accepted['case_no']}/timeline").status_code == 404
    assert resident.case(younger)["posted_as"] == "guardian"
    assert clerk.case(case)["posted_as"] == "guardian"
    assert [event.case_no for event in api.sent(AccountEnded)] == [accepted["case_no"]]


@pytest.mark.parametrize(
    ("birthday", "of_age"),
    [("2008-11-25", "2026-11-25"), ("2008-02-29", "2026-02-28"), ("2004-02-29", "2022-02-28")],
)
def test_a_minor_comes_of_age_with_the_birthday(birthday: str, of_age: str) -> None:
    document = PersonIn.model_validate(born(birthday)).id_document
    at = rules.of_age_at(document, ZoneInfo("Asia/Shanghai"))
    assert at is not None
    assert at == datetime.fromisoformat(f"{of_age}T00:00:00+08:00")
    assert rules.is_minor(document, at.date() - timedelta(days=1))
    assert not rules.is_minor(document, at.date())


def test_consent_withdrawn_ends_a_case_before_acceptance_and_is_noted_after_it(clerk: Somebody) -> None:
    case = clerk.posted()
    assert clerk.case(case)["consent"]["text_version"] == "2021-11"
    ended = clerk.moved(case, "consent-withdrawal", {"reason": "不同意继续使用"})
    assert ended["status"] == "withdrawn"
    assert ended["consent"]["withdrawn_at"] is not None
    assert clerk.move(ended, "consent-withdrawal", {}).status_code == 409
    case = clerk.posted(item=NO_PAPERS, accept=True)
    noted = clerk.moved(case, "consent-withdrawal", {})
    assert noted["status"] == "accepted"
    assert noted["consent"]["withdrawn_at"] is not None
    assert clerk.steps(case)[-1] == "consent_withdrawn"


def test_a_channel_says_who_applies_by_it_and_what_was_seen(clerk: Somebody, resident: Somebody) -> None:
    papers = [{"code": "m1", "received": True, "electronic": True}]
    for (channel, way), who in product(WAYS.items(), (clerk, resident)):
        answer = who.apply(form(channel=channel, materials=papers))
        if not (way.staff if who is clerk else way.own):
            assert wrong_fields(answer) == {"channel"}
            continue
        assert answer.json()["receipt_printed"] is way.receipt_printed
        (paper, *_) = who.case(answer.json())["materials"]
        seen = who is clerk and way.sight is not Sight.NOTHING
        assert (paper["received"], paper["declared"]) == (seen, not seen)
    on_a_word = clerk.apply(form(channel="phone", materials=clerk.papers(), accept=True))
    assert all(field.startswith("materials.") for field in wrong_fields(on_a_word))


def test_every_channel_is_somebodys_way() -> None:
    assert set(WAYS) == set(Channel)
    assert all(way.staff or way.own for way in WAYS.values())


@pytest.mark.parametrize(("channel", "pieces"), list(product(Channel, ("originals", "copies", "electronic"))))
def test_where_only_files_come_there_is_no_paper(channel: Channel, pieces: str) -> None:
    papers = [MaterialIn.model_validate({"code": "m1", "received": True, pieces: 1})]
    wrong = channel in {Channel.WEB, Channel.MOBILE, Channel.KIOSK} and pieces != "electronic"
    assert set(wrong_forms(channel, papers)) == ({f"materials.0.{pieces}"} if wrong else set())


@given(st.dates(date(1990, 1, 1), date(2008, 2, 29)))
def test_somebody_is_of_age_from_the_eighteenth_birthday_on(birth: date) -> None:
    document = IdDocument.model_validate(born(birth.isoformat())["id_document"])
    leapling = (birth.month, birth.day) == (2, 29)
    year = birth.year + 18
    birthday = date(year, 3, 1) - timedelta(days=1) if leapling else birth.replace(year=year)
    assert rules.is_minor(document, birthday - timedelta(days=1))
    assert not rules.is_minor(document, birthday)
    assert not rules.guarded(document, birth, birthday)


def test_who_is_born_on_the_29th_of_february_is_of_age_on_the_28th_of_a_common_year() -> None:
    document = IdDocument.model_validate(born("2008-02-29")["id_document"])
    assert rules.is_minor(document, date(2026, 2, 27))
    assert not rules.is_minor(document, date(2026, 2, 28))


@given(DAYS, st.integers(0, 400), st.integers(-30, 430), st.sets(st.sampled_from(Power), min_size=1))
def test_an_agent_may_act_exactly_within_term_and_scope(
    begins: date, length: int, after: int, scope: set[Power]
) -> None:
    letter = EntrustmentIn(scope=sorted(scope), begins_on=begins, ends_on=begins + timedelta(days=length))
    for power in Power:
        may = 0 <= after <= length and power in scope
        reason = rules.may_not(
            Side(minor=False, guardian=False, entrustment=letter),
            Acting.AGENT,
            power,
            begins + timedelta(days=after),
        )
        assert (reason is None) is may


def test_everybody_acts_only_as_what_they_are() -> None:
    for minor, guardian, acting in product((True, False), (True, False), Acting):
        side = Side(minor=minor, guardian=guardian, entrustment=None)
        may = rules.may_not(side, acting, Power.WITHDRAW, date(2026, 11, 23)) is None
        assert (
            may
            == {
                Acting.APPLICANT: not minor,
                Acting.GUARDIAN: guardian,
                Acting.AGENT: False,
            }[acting]
        )
