"""By which clock and which day a case made offline is judged."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intake.conftest import REGISTER, calendar
from intake.test_batches import CREATED, GIVEN, REFUSED, THERE, answers, entry, outcomes
from intake.test_routing import told
from intake.window import NO_PAPERS, Somebody, joined, on, shipped, somebody
from onewindow_intake.batches.rules import Arrival, Judged, judge
from onewindow_intake.catalogue.service import put
from onewindow_intake.seed import load, seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.batches import Judgement, JudgementReason
from onewindow_shared.contracts.catalogue import Handler
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import SHANGHAI, midnight
from testkit.api import KAIYUAN, MONDAY, XIAN, Api


def test_the_audit_says_how_the_time_was_judged(api: Api, clerk: Somebody) -> None:
    (found,) = answers(clerk, entry(1))

    def offline(unit: Unit) -> Any:
        query = select(AuditRecord).where(AuditRecord.entity_id == found["case_no"])
        return unit.session.scalars(query).one().detail["offline"]

    assert api.system(offline) == {"made_at": IN_UTC, "judged": "as_told", "reason": "clock_right"}


def test_a_wrong_clock_is_corrected_and_the_limits_follow(clerk: Somebody) -> None:
    """The client's clock is a year behind: what it dates to ten minutes before sending came ten minutes ago."""
    behind = entry(1, made_at="2025-11-23T09:20:00+08:00")
    (found,) = answers(clerk, behind, at="2025-11-23T09:30:00+08:00")
    assert (found["judged"], found["reason"]) == ("shifted", "clock_wrong")
    assert found["received_at"] == "2026-11-23T01:20:00Z"
    assert clerk.case(found)["notice_due_at"] == "2026-11-30T09:00:00Z"


IN_UTC = "2026-11-23T01:00:00+00:00"
"""The same moment, as stated ones are kept."""
FRIDAYS = "2026-11-20T16:00:00+08:00"


def test_an_entry_has_the_version_and_the_terms_of_the_item_of_its_own_day(api: Api, clerk: Somebody) -> None:
    longer = shipped()[NO_PAPERS].model_copy(update={"promised_days": 1})
    (before,) = answers(clerk, entry(1))
    api.system(load, [longer])
    api.app.state.reference._held.clear()
    then, now = answers(clerk, entry(2, made_at=FRIDAYS), entry(3))
    assert then["in_force_on"] == "2026-11-20"
    assert (then["item_version"], now["item_version"]) == (before["item_version"], before["item_version"] + 1)
    assert answers(clerk, entry(2, made_at=FRIDAYS))[0]["item_version"] == then["item_version"]
    assert clerk.case(then)["promised_days"] != clerk.case(now)["promised_days"] == 1


def test_an_item_that_came_after_an_entry_was_made_was_not_offered_to_it(api: Api, clerk: Somebody) -> None:
    new = shipped()[NO_PAPERS].model_copy(update={"code": "med-new"})
    api.system(put, new, date(2026, 11, 23))
    api.app.state.reference._held.clear()
    then, now = answers(clerk, entry(1, item="med-new", made_at=FRIDAYS), entry(2, item="med-new"))
    assert outcomes([then, now]) == [REFUSED, CREATED]
    assert [one["field"] for one in then["problem"]["errors"]] == ["case.item_code"]


def test_a_community_that_ended_since_goes_on_with_its_heir(api: Api, clerk: Somebody) -> None:
    only_here = shipped()[NO_PAPERS].model_copy(update={"code": "med-here", "communities": [XIAN]})
    api.clock.pass_(days=-4)
    api.system(load, [only_here])
    api.clock.pass_(days=4)
    api.receive(joined(XIAN, KAIYUAN, date(2026, 11, 22)), source="casework")
    api.app.state.reference._held.clear()
    heir = somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan")
    for who, serial in ((clerk, 1), (heir, 2)):
        then, here, now = answers(
            who,
            entry(serial, made_at=FRIDAYS),
            entry(serial + 10, made_at=FRIDAYS, item="med-here"),
            entry(serial + 20),
        )
        assert outcomes([then, here, now]) == [CREATED, CREATED, REFUSED]
        assert (then["goes_on_with"], then["in_force_on"]) == (KAIYUAN, "2026-11-20")
        assert [one["field"] for one in now["problem"]["errors"]] == ["case.community"]
        receipt = clerk.get(f"cases/{then['case_no']}/issued-documents/receipt").json()
        assert {receipt[name] for name in ("office", "window")} == {"西安社区"}, "as it was on its own day"
        listed = heir.get("cases", community=KAIYUAN).json()["items"]
        assert then["case_no"] in {case["case_no"] for case in listed}
        assert heir.moved(clerk.case(then), "acceptance")["status"] == "accepted"
        again = answers(who, entry(serial, made_at=FRIDAYS))[0]
        assert (again["outcome"], again["goes_on_with"]) == (THERE, KAIYUAN)


def test_the_route_of_an_entry_is_checked_by_the_lists_of_its_own_day(api: Api, clerk: Somebody) -> None:
    main = shipped()[NO_PAPERS].model_copy(update={"handled_by": Handler.RESIDENTS_COMMITTEE})
    api.clock.pass_(days=-4)
    api.system(load, [main])
    api.receive(told(MatterClass.AUTONOMY), source="casework")
    api.clock.pass_(days=4)
    api.receive(told(MatterClass.ASSIST, revision=2), source="casework")
    api.app.state.reference._held.clear()
    found = answers(clerk, entry(1, made_at=FRIDAYS), entry(2))
    assert outcomes(found) == [CREATED, REFUSED]
    assert [one["field"] for one in found[1]["problem"]["errors"]] == ["case.item_code"]


def test_consent_is_dated_by_the_same_clock_as_the_papers(clerk: Somebody) -> None:
    ahead = [
        entry(1, "2026-11-23T15:00:00+08:00", consent=GIVEN | {"given_at": "2026-11-23T14:59:00+08:00"}),
        entry(2, "2026-11-23T15:00:00+08:00", consent=GIVEN | {"given_at": "0001-01-01T00:00:00Z"}),
    ]
    good, bad = answers(clerk, *ahead, at="2026-11-23T16:00:00+08:00")
    assert (good["judged"], good["received_at"]) == ("shifted", "2026-11-23T00:30:00Z")
    assert clerk.case(good)["consent"]["given_at"] == "2026-11-23T00:29:00Z"
    assert [wrong["field"] for wrong in bad["problem"]["errors"]] == ["case.consent.given_at"]


def test_a_time_that_cannot_be_is_replaced_by_the_arrival(clerk: Somebody) -> None:
    later, older = (
        entry(1, made_at="2026-11-23T09:31:00+08:00"),
        entry(2, made_at="2026-11-01T09:00:00+08:00"),
    )
    found = answers(clerk, later, older)
    assert [(a["judged"], a["reason"]) for a in found] == [
        ("arrival", "made_after_sent"),
        ("arrival", "too_old"),
    ]
    assert {answer["received_at"] for answer in found} == {"2026-11-23T01:30:00Z"}


def test_papers_taken_before_a_week_of_holidays_are_not_too_old_after_it(bare_api: Api) -> None:
    """From 30 September to 8 October 2026 one working day passes: the notice is still open."""
    bare_api.clock.now = on("2026-09-30T09:00:00")
    bare_api.system(seed)
    bare_api.receive(*REGISTER, calendar(2026), source="casework")
    bare_api.clock.now = on("2026-10-08T09:30:00")
    clerk = somebody(bare_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    taken = "2026-09-30T15:00:00+08:00"
    (found,) = answers(clerk, entry(1, made_at=taken), at="2026-10-08T09:30:00+08:00")
    assert (found["judged"], found["received_at"]) == ("as_told", "2026-09-30T07:00:00Z")
    assert clerk.posted(serial=2, received_at=taken)["received_at"] == "2026-09-30T07:00:00Z"


HOURS = st.floats(-200, 200).map(lambda hours: timedelta(hours=hours))
TOLERATED, OLDEST_DAYS = timedelta(minutes=2), 4
OLDEST = MONDAY - midnight(date(2026, 11, 17))
"""How long before that Monday the four working days begin."""


def arriving(sent_at: datetime) -> Arrival:
    return Arrival(MONDAY, sent_at, TOLERATED, OLDEST_DAYS, shipped_calendar(), SHANGHAI)


@given(skew=HOURS, age=HOURS)
@settings(max_examples=300)
def test_a_time_is_never_later_than_its_batch_nor_older_than_allowed(skew: timedelta, age: timedelta) -> None:
    arrival = arriving(MONDAY - skew)
    judged = judge(arrival, arrival.sent_at - age)
    assert timedelta() <= MONDAY - judged.at <= OLDEST
    assert (judged.how is Judgement.ARRIVAL) == (judged.why in {"made_after_sent", "too_old"})
    if judged.how is Judgement.SHIFTED:
        assert MONDAY - judged.at == age


@given(age=st.floats(0, 90).map(lambda hours: timedelta(hours=hours)), skew=HOURS)
@settings(max_examples=300)
def test_a_wrong_clock_costs_nobody_more_than_what_is_tolerated(age: timedelta, skew: timedelta) -> None:
    arrival = arriving(MONDAY - skew)
    judged = judge(arrival, arrival.sent_at - age)
    assert abs((MONDAY - age) - judged.at) <= TOLERATED


def test_the_ends_of_time_are_judged() -> None:
    arrival = arriving(datetime.max.replace(tzinfo=MONDAY.tzinfo))
    judged = judge(arrival, datetime.min.replace(tzinfo=MONDAY.tzinfo))
    assert judged == Judged(MONDAY, Judgement.ARRIVAL, JudgementReason.TOO_OLD)
