"""Accepted although a listed paper is still to come: the promise, the papers, and the day that is missed."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.conftest import Open
from intake.window import Somebody, entrusted, on, somebody, wrong_fields
from onewindow_intake.cases import rules as receiving
from onewindow_intake.cases.rules import Standing
from onewindow_intake.checklist.rules import Paper
from onewindow_intake.parties.rules import Side
from onewindow_intake.tolerance import rules
from onewindow_intake.tolerance.rules import Asked, Deferred
from onewindow_intake.tolerance.service import supplement_is_due
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.events import (
    CalendarChanged,
    CaseAccepted,
    CaseProgressed,
    CaseRevoked,
    CaseSupplemented,
)
from onewindow_shared.contracts.intake import MaterialForm
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.outcomes import DeferralIn, PromiseIn, TolerantAcceptanceIn
from onewindow_shared.plumbing.published_years import shipped_calendar
from testkit.api import XIAN, Api

ITEM = "edu-enrolment-guchen"
"""Fifteen working days; papers m4 and m6 may come later."""
M4, M6 = {"material": "m4", "due_on": "2026-11-27"}, {"material": "m6", "due_on": "2026-12-02"}
PROMISE = {"signed_by": "applicant", "signed_how": "by_hand"}


def promise(*deferred: dict[str, str], **change: Any) -> dict[str, Any]:
    return {"deferred": [*deferred], "promise": PROMISE, "no_discredit_record": True, **change}


def bring(*codes: str, received: bool = True) -> dict[str, Any]:
    return {"materials": [{"code": code, "received": received} for code in codes]}


def lacking(clerk: Somebody, *codes: str, **change: Any) -> dict[str, Any]:
    papers = [paper for paper in clerk.papers(ITEM) if paper["code"] not in codes]
    return clerk.posted(item=ITEM, materials=papers, **change)


def tolerated(clerk: Somebody) -> dict[str, Any]:
    return clerk.moved(lacking(clerk, "m4", "m6"), "tolerant-acceptance", promise(M4, M6))


def kinds(clerk: Somebody, case: dict[str, Any]) -> list[str]:
    listed = clerk.get(f"cases/{case['case_no']}/issued-documents").json()["documents"]
    return [document["kind"] for document in listed]


def test_the_limits_run_from_the_tolerant_acceptance_and_casework_is_told(api: Api, clerk: Somebody) -> None:
    case = tolerated(clerk)
    assert (case["status"], case["accepted_on"]) == ("tolerant_accepted", "2026-11-23")
    assert case["due_on"] == "2026-12-14"
    assert case["supplement_due_at"] == "2026-11-27T09:00:00Z"
    told = api.sent(CaseAccepted)[-1]
    assert (told.case_no, told.status) == (case["case_no"], CaseStatus.TOLERANT_ACCEPTED)
    assert kinds(clerk, case) == ["receipt", "acceptance", "tolerant_promise"]
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/tolerant_promise").json()
    assert [(paper["code"], paper["due_on"]) for paper in document["deferred"]] == [
        ("m4", "2026-11-27"),
        ("m6", "2026-12-02"),
    ]
    assert (document["signed_by"], document["consequence"]) == ("applicant", "acceptance_revoked")


@pytest.mark.parametrize(
    ("missing", "form", "fields"),
    [
        (["m4"], promise(M4, M6), {"deferred.1.material"}),
        (["m4", "m6"], promise(M4), {"materials.m6"}),
        (["m1"], promise({"material": "m1", "due_on": "2026-11-27"}), {"deferred.0.material"}),
        (
            ["m4"],
            promise({"material": "m99", "due_on": "2026-11-27"}),
            {"deferred.0.material", "materials.m4"},
        ),
        (["m4"], promise(M4, M4), {"deferred.0.material", "deferred.1.material"}),
        (["m4"], promise({"material": "m4", "due_on": "2026-12-15"}), {"deferred.0.due_on"}),
        (["m4"], promise({"material": "m4", "due_on": "2026-11-23"}), {"deferred.0.due_on"}),
        (["m4"], promise(M4, promise={**PROMISE, "signed_by": "agent"}), {"promise.signed_by"}),
        (["m4"], promise(M4, promise={**PROMISE, "signed_by": "guardian"}), {"promise.signed_by"}),
        (
            ["m4"],
            promise(M4, promise={**PROMISE, "signed_at": "2026-11-24T09:00:00+08:00"}),
            {"promise.signed_at"},
        ),
        (
            ["m4"],
            promise(M4, promise={**PROMISE, "signed_at": "2026-11-22T23:59:00+08:00"}),
            {"promise.signed_at"},
        ),
        (["m4"], promise(M4, no_discredit_record=False), {"no_discredit_record"}),
    ],
)
def test_whatever_the_rules_do_not_tolerate_is_named(
    clerk: Somebody, missing: list[str], form: dict[str, Any], fields: set[str]
) -> None:
    case = lacking(clerk, *missing)
    assert wrong_fields(clerk.move(case, "tolerant-acceptance", form)) == fields
    assert clerk.case(case)["status"] == "received"


def test_an_entrusted_person_promises_what_the_letter_allows_on_the_day_of_the_signature(
    clerk: Somebody,
) -> None:
    def signed(day: str) -> dict[str, Any]:
        return promise(M4, promise={**PROMISE, "signed_by": "agent", "signed_at": f"{day}T09:00:00+08:00"})

    bare = lacking(clerk, "m4", agent=entrusted())
    assert wrong_fields(clerk.move(bare, "tolerant-acceptance", signed("2026-11-23"))) == {
        "promise.signed_by"
    }
    letter = entrusted(scope=["submit", "correct"], begins_on="2026-11-23")
    case = lacking(clerk, "m4", agent=letter, serial=3)
    assert wrong_fields(clerk.move(case, "tolerant-acceptance", signed("2026-11-22"))) == {
        "promise.signed_by",
        "promise.signed_at",
    }
    clerk.moved(case, "tolerant-acceptance", signed("2026-11-23"))
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/tolerant_promise").json()
    assert document["acted"] == {"acting": "agent", "name": "李*明"}


def test_paper_by_paper_the_supplement_comes_and_the_last_one_moves_the_case_on(
    api: Api, clerk: Somebody
) -> None:
    case = tolerated(clerk)
    assert wrong_fields(clerk.move(case, "supplement", bring("m1"))) >= {"materials.0.code"}
    api.clock.pass_(days=2)
    half = clerk.moved(case, "supplement", bring("m4"))
    assert (half["status"], half["supplement_due_at"]) == ("tolerant_accepted", "2026-12-02T09:00:00Z")
    slip = clerk.get(f"cases/{case['case_no']}/issued-documents/supplement_receipt").json()
    assert [paper["code"] for paper in slip["handed_in"]] == ["m4"]
    assert [paper["code"] for paper in slip["awaited"]] == ["m6"]
    assert api.sent(CaseSupplemented) == []
    whole = clerk.moved(half, "supplement", bring("m6"))
    assert (whole["status"], whole["supplement_due_at"]) == ("handling", None)
    assert [event.case_no for event in api.sent(CaseSupplemented)] == [case["case_no"]]
    api.clock.pass_(days=60)
    while api.tick():
        pass
    assert clerk.case(case)["status"] == "handling"


@pytest.mark.parametrize(
    ("setting", "status", "document"),
    [
        ("acceptance_revoked", "acceptance_revoked", "revocation"),
        ("deemed_withdrawn", "deemed_withdrawn", "deemed_withdrawal"),
    ],
)
def test_the_earliest_missed_day_has_the_consequence_that_the_district_settled_however_long_after(
    open_furnished: Open, setting: str, status: str, document: str
) -> None:
    with open_furnished(supplement_missed=setting) as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
        case = tolerated(clerk)
        api.clock.now = on("2026-11-27T17:00:01")
        late = clerk.move(case, "supplement", bring("m4", "m6"))
        assert late.status_code == 409, "the day is over, even before the timer has run"
        api.clock.now = on("2026-12-20T09:00:00")
        while api.tick():
            pass
        ended = clerk.case(case)
        assert (ended["status"], ended["ended_on"]) == (status, "2026-11-27")
        (told,) = api.sent(CaseRevoked)
        assert (told.status, told.at) == (status, on("2026-11-27T17:00:00"))
        assert kinds(clerk, case)[-1] == document
        written = clerk.get(f"cases/{case['case_no']}/issued-documents/{document}").json()
        assert len(written["missing"]) == 1, "the day of the other paper had not come"
        assert written["due_at"] == "2026-11-27T09:00:00Z"
        assert api.tick() == 0


def test_a_promised_day_that_turns_out_to_be_a_day_off_moves_on(api: Api, clerk: Somebody) -> None:
    case = tolerated(clerk)
    api.receive(CalendarChanged(year=2026, days=[(date(2026, 11, 27), "holiday", "调休")]), source="casework")
    api.quiet()
    assert clerk.case(case)["supplement_due_at"] == "2026-11-30T09:00:00Z"
    api.clock.now = on("2026-11-28T10:00:00")
    api.tick()
    assert clerk.case(case)["status"] == "tolerant_accepted"


def test_a_promised_day_that_moves_on_before_the_timer_ran_is_missed_when_it_is_over(
    api: Api, clerk: Somebody
) -> None:
    api.quiet()
    case = tolerated(clerk)
    api.receive(CalendarChanged(year=2026, days=[(date(2026, 11, 27), "holiday", "调休")]), source="casework")
    api.clock.now = on("2026-11-30T17:00:01")
    told_at = on("2026-11-27T17:00:00")
    api.system(lambda unit: supplement_is_due(unit, case["case_no"], told_at))
    ended = clerk.case(case)
    assert (ended["status"], ended["ended_on"]) == ("acceptance_revoked", "2026-11-30")
    assert [event.at for event in api.sent(CaseRevoked)] == [on("2026-11-30T17:00:00")]


def test_whoever_declared_in_time_does_not_lose_the_case_to_a_slow_window_but_the_window_has_the_last_word(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    case = resident.posted(item=ITEM, channel="web")
    seen = clerk.moved(case, "materials", bring("m1", "m2", "m3", "m5", "m6"))
    waiting = clerk.moved(seen, "tolerant-acceptance", promise(M4))
    declared = resident.moved(waiting, "supplement", bring("m4"))
    assert (declared["status"], declared["supplement_due_at"]) == ("tolerant_accepted", None)
    api.clock.now = on("2026-12-01T10:00:00")
    api.tick()
    assert clerk.case(case)["status"] == "tolerant_accepted"
    missed = clerk.moved(declared, "supplement", bring("m4", received=False))
    assert clerk.get(f"cases/{case['case_no']}/actions").json()["actions"] == []
    api.tick()
    assert clerk.case(missed)["status"] == "acceptance_revoked"
    told = clerk.get(f"cases/{case['case_no']}/issued-documents/revocation").json()
    assert told["due_at"] == "2026-11-27T09:00:00Z", "the day that was set, not the day of the finding"


def test_the_day_of_a_declared_paper_moves_on_with_the_calendar_too(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    case = resident.posted(item=ITEM, channel="web")
    seen = clerk.moved(case, "materials", bring("m1", "m2", "m3", "m5", "m6"))
    resident.moved(clerk.moved(seen, "tolerant-acceptance", promise(M4)), "supplement", bring("m4"))
    api.receive(CalendarChanged(year=2026, days=[(date(2026, 11, 27), "holiday", "调休")]), source="casework")
    api.quiet()
    api.clock.now = on("2026-11-28T10:00:00")
    missing = clerk.moved(clerk.case(case), "supplement", bring("m4", received=False))
    assert (missing["status"], missing["supplement_due_at"]) == ("tolerant_accepted", "2026-11-30T09:00:00Z")


def progressed(api: Api, case: dict[str, Any], step: str, status: CaseStatus, version: int) -> None:
    event = CaseProgressed(case_no=case["case_no"], status=status, step=step, at=api.clock(), version=version)
    api.receive(event, source="casework")


def test_news_of_casework_that_was_on_its_way_does_not_turn_the_case_back(api: Api, clerk: Somebody) -> None:
    case = tolerated(clerk)
    whole = clerk.moved(case, "supplement", bring("m4", "m6"))
    progressed(api, case, "opened", CaseStatus.TOLERANT_ACCEPTED, 1)
    assert clerk.case(whole)["status"] == "handling"
    assert clerk.steps(case)[-1] == "opened"


@pytest.mark.parametrize("first", ["supplement", "missed"])
def test_a_withdrawal_that_reached_the_file_first_is_the_end_on_both_sides(
    api: Api, clerk: Somebody, first: str
) -> None:
    case = tolerated(clerk)
    if first == "supplement":
        clerk.moved(case, "supplement", bring("m4", "m6"))
    else:
        api.clock.now = on("2026-11-30T09:00:00")
        api.tick()
        assert clerk.case(case)["status"] == "acceptance_revoked"
    progressed(api, case, "withdrawn", CaseStatus.WITHDRAWN, 2)
    assert clerk.case(case)["status"] == "withdrawn"
    assert "revocation" not in kinds(clerk, case)
    assert kinds(clerk, case)[-1] == "withdrawal"
    api.clock.pass_(days=60)
    api.tick()
    assert clerk.case(case)["status"] == "withdrawn"


def test_what_can_be_done_is_told_rightly(api: Api, clerk: Somebody) -> None:
    def actions(case: dict[str, Any]) -> list[str]:
        found: list[str] = clerk.get(f"cases/{case['case_no']}/actions").json()["actions"]
        return found

    received = lacking(clerk, "m4", "m6")
    assert "accept_tolerantly" in actions(received)
    assert "accept_tolerantly" not in actions(clerk.posted())
    assert actions(clerk.moved(received, "tolerant-acceptance", promise(M4, M6))) == ["supplement"]
    strict = clerk.move(clerk.posted(), "tolerant-acceptance", promise(M4))
    assert strict.status_code == 422
    agent = somebody(api, Role.AGENT_OFFICER, XIAN)
    assert agent.move(received, "tolerant-acceptance", promise(M4)).status_code == 403


ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 23, 2, tzinfo=UTC)
CODES = ("m1", "m2", "m3")


def asked(deferrable: tuple[bool, ...], missing: tuple[bool, ...]) -> Asked:
    papers = [
        ItemMaterial(code=code, name=code, form=MaterialForm.COPY, required=True, deferrable=may)
        for code, may in zip(CODES, deferrable, strict=True)
    ]
    lacks = frozenset(code for code, gone in zip(CODES, missing, strict=True) if gone)
    side = Side(minor=False, guardian=False, entrustment=None)
    return Asked(papers, lacks, NOW.date(), NOW, NOW.date(), date(2026, 12, 14), side, NOW.date())


def deferral(codes: list[str], due_on: date = date(2026, 12, 1)) -> TolerantAcceptanceIn:
    return TolerantAcceptanceIn(
        deferred=[DeferralIn(material=code, due_on=due_on) for code in codes],
        promise=PromiseIn.model_validate(PROMISE),
        no_discredit_record=True,
    )


def test_exactly_the_missing_papers_and_only_deferrable_ones_may_come_later() -> None:
    flags = list(product([True, False], repeat=3))
    for deferrable, missing, named in product(flags, flags, flags):
        codes = [code for code, is_named in zip(CODES, named, strict=True) if is_named]
        if not codes:
            continue
        good = named == missing and all(may for may, gone in zip(deferrable, missing, strict=True) if gone)
        assert (rules.wrong(deferral(codes), asked(deferrable, missing)) == {}) == good


@given(st.dates(date(2026, 11, 1), date(2026, 12, 31)))
def test_a_paper_comes_after_today_and_not_after_the_promised_limit(due_on: date) -> None:
    form = deferral(["m1"], due_on)
    found = rules.wrong(form, asked((True, True, True), (True, False, False)))
    assert (found == {}) == (date(2026, 11, 23) < due_on <= date(2026, 12, 14))
    if found == {}:
        (paper,) = rules.deferred(form, shipped_calendar(), 17, ZONE)
        assert paper.due_at.astimezone(ZONE).date() <= date(2026, 12, 14)
        assert Deferred.of(paper.row()) == paper


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_the_next_day_that_can_be_missed_is_the_earliest_of_what_is_neither_seen_nor_declared(
    papers: list[tuple[bool, bool]],
) -> None:
    deferred = [Deferred(f"m{n}", NOW.date(), NOW + timedelta(days=n)) for n in range(len(papers))]
    state = {
        f"m{n}": Paper(received=received, declared=declared) for n, (received, declared) in enumerate(papers)
    }
    open_ones = [n for n, (received, declared) in enumerate(papers) if not received and not declared]
    expected = deferred[open_ones[0]].due_at if open_ones else None
    assert rules.next_due(deferred, state) == expected
    waits = [paper.material for paper in rules.awaited(deferred, state)]
    assert waits == [f"m{n}" for n, (received, _) in enumerate(papers) if not received]


@pytest.mark.parametrize("role", Role)
def test_after_the_missed_day_nobody_moves_a_tolerantly_accepted_case(role: Role) -> None:
    for action, late in product(CaseAction, (True, False)):
        due = NOW - timedelta(seconds=1) if late else NOW + timedelta(days=1)
        case = Standing(CaseStatus.TOLERANT_ACCEPTED, NOW, None, complete=False, supplement_due_at=due)
        supplements = action is CaseAction.SUPPLEMENT and role in {
            *(Role.RESIDENT, Role.VOLUNTEER, Role.WINDOW_CLERK, Role.AGENT_OFFICER)
        }
        if supplements and not late:
            assert receiving.move(case, action, {role}, NOW).rule == "T11"
        else:
            with pytest.raises(CannotMoveError):
                receiving.move(case, action, {role}, NOW)
