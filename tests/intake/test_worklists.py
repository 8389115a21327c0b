"""Lists of cases: whatever is asked for, everything that fits comes once, in order, and nothing of another area."""

from datetime import date
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from intake.window import ITEM, NO_PAPERS, Somebody, on, person, shipped, somebody, wrong_fields
from onewindow_intake.cases.labels import STATUSES
from onewindow_intake.cases.models import Case
from onewindow_intake.worklists import queries
from onewindow_intake.worklists.rules import CATEGORIES, day_begins, day_ends, meanings
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.intake import Channel, ServiceCategory
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.contracts.worklists import CaseSort
from onewindow_shared.plumbing import paging
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.words import words
from testkit.api import DONGSHAN, KAIYUAN, MONDAY, XIAN, Api

DISTRICT = XIAN[:6]
TODAY = date(2026, 11, 23)


def listed(who: Somebody, **query: Any) -> list[dict[str, Any]]:
    """Read every page of a list; a page without rows may have a next one."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"limit": 3}
    while True:
        answer = who.get("cases", **page, **query)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        page["cursor"] = answer.json()["next"]


@pytest.fixture
def busy(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A district at work, where a page looks at five cases at a time, along three ranges at most."""
    monkeypatch.setattr(paging, "EXAMINED", 5)
    monkeypatch.setattr(paging, "LOOKS", 2)
    monkeypatch.setattr(queries, "MOST_RANGES", 3)
    serial = iter(range(1, 100))
    for community in (XIAN, KAIYUAN, DONGSHAN):
        clerk = somebody(api, Role.WINDOW_CLERK, community, subject=f"clerk-{community}")
        for day in ("20", "21", "23"):
            at = f"2026-11-{day}T09:00:00+08:00"
            clerk.posted(community=community, serial=next(serial), received_at=at)
            accepted = clerk.posted(
                community=community, serial=next(serial), item=NO_PAPERS, accept=True, channel="phone"
            )
            assert accepted["due_on"]
        resident = somebody(api, Role.RESIDENT, subject=f"resident-{community}")
        resident.posted(community=community, serial=next(serial), channel="web")
        withdrawn = clerk.posted(community=community, serial=next(serial), channel="kiosk")
        clerk.moved(withdrawn, "withdrawal", {})
        waiting = clerk.posted(community=community, serial=next(serial), remark="请尽快")
        defects = {"defects": [{"problem": "缺签名"}], "deadline": "2026-12-04"}
        clerk.moved(waiting, "corrections", defects)
    return api


def rows(api: Api) -> list[Case]:
    return api.system(lambda unit: list(unit.session.scalars(select(Case))))


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "sort": st.sampled_from(CaseSort),
        "status": st.lists(st.sampled_from(CaseStatus), max_size=4),
        "item": st.sampled_from([ITEM, NO_PAPERS]),
        "community": st.sampled_from([XIAN, KAIYUAN, DONGSHAN]),
        "street": st.sampled_from([XIAN[:9], DONGSHAN[:9]]),
        "channel": st.sampled_from(Channel),
        "department": st.sampled_from(["civil_affairs", "justice"]),
        "responsible_officer": st.sampled_from([f"clerk-{XIAN}", f"clerk-{KAIYUAN}"]),
        "mine": st.booleans(),
        "received_from": st.dates(date(2026, 11, 18), date(2026, 11, 24)),
        "received_to": st.dates(date(2026, 11, 18), date(2026, 11, 24)),
        "due_from": st.dates(date(2026, 11, 20), date(2027, 3, 1)),
        "due_to": st.dates(date(2026, 11, 20), date(2027, 3, 1)),
        "due_in": st.integers(0, 90),
        "notice_in": st.integers(0, 9),
        "overdue": st.booleans(),
        "undecided": st.booleans(),
        "q": st.sampled_from(["生活保障", "调解", "撤回", "调解 待补正", "受理 低保", "justice", "不存在"]),
    },
).filter(
    lambda asked: all(
        asked.get(f"{of}_from", date.min) <= asked.get(f"{of}_to", date.max) for of in ("received", "due")
    )
)
CALLERS = st.sampled_from(
    [
        (Role.WINDOW_CLERK, XIAN, None),
        (Role.WINDOW_CLERK, KAIYUAN, None),
        (Role.STREET_SUPERVISOR, XIAN[:9], None),
        (Role.DISTRICT_ADMIN, DISTRICT, None),
        (Role.DEPARTMENT_OFFICER, DISTRICT, "civil_affairs"),
        (Role.DISTRICT_ADMIN, "330903", None),
        (Role.RESIDENT, None, None),
    ]
)


def reaches(case: Case, area: str | None, department: str | None) -> bool:
    return area is not None and case.community.startswith(area) and department in (None, case.department)


def says(case: Case) -> str:
    """Say of a case what words find."""
    labels = (STATUSES[CaseStatus(case.status)], CATEGORIES[ServiceCategory(case.category)])
    called = shipped()[case.item_code].aliases
    return "|".join((case.item_name, *called, case.department, case.status, case.category, *labels))


def fits(case: Case, asked: dict[str, Any], me: str) -> bool:
    """Say what a filter means, in the plainest words."""
    received = case.received_on
    open_ = case.ended_on is None
    awaits = case.status == CaseStatus.RECEIVED
    sorts = {
        CaseSort.RECEIVED: True,
        CaseSort.DUE: open_ and case.due_on is not None,
        CaseSort.NOTICE: awaits,
    }
    return all(
        [
            sorts[ordered(asked)],
            not asked.get("status") or case.status in asked["status"],
            asked.get("item") in (None, case.item_code),
            asked.get("community") in (None, case.community),
            asked.get("street") in (None, case.street),
            asked.get("channel") in (None, case.channel),
            asked.get("department") in (None, case.department),
            asked.get("mine") or asked.get("responsible_officer") in (None, case.responsible_officer),
            not asked.get("mine") or case.responsible_officer == me,
            asked.get("received_from", date.min) <= received <= asked.get("received_to", date.max),
            case.due_on is None
            or asked.get("due_from", date.min) <= case.due_on <= asked.get("due_to", date.max),
            case.due_on is not None or not ({"due_from", "due_to", "due_in"} & asked.keys()),
            "due_in" not in asked or open_,
            case.due_on is None or "due_in" not in asked or (case.due_on - TODAY).days <= asked["due_in"],
            "notice_in" not in asked
            or (awaits and (case.answer_due_at.date() - TODAY).days <= asked["notice_in"]),
            not asked.get("undecided") or case.undecided_about is not None,
            not asked.get("overdue") or (open_ and case.due_on is not None and case.due_on < TODAY),
            all(word in says(case) for word in words(asked.get("q", ""))),
        ]
    )


@settings(max_examples=60)
@given(asked=FILTERS, caller=CALLERS)
def test_every_filter_in_every_order_lists_what_fits_of_ones_own_area(
    busy: Api, asked: dict[str, Any], caller: tuple[Role, str | None, str | None]
) -> None:
    role, area, department = caller
    me = f"clerk-{area}"
    who = somebody(busy, role, area, department=department, subject=me)
    if refused := misordered(asked):
        query = {name: told(value) for name, value in asked.items()}
        assert wrong_fields(who.get("cases", **query)) == {refused}
        return
    found = [row["case_no"] for row in listed(who, **{name: told(value) for name, value in asked.items()})]
    right = [case for case in rows(busy) if reaches(case, area, department) and fits(case, asked, me)]
    keys = {
        CaseSort.RECEIVED: lambda case: (-case.received_at.timestamp(), -case.id),
        CaseSort.DUE: lambda case: (case.due_on, case.id),
        CaseSort.NOTICE: lambda case: (case.answer_due_at, case.id),
    }
    assert found == [case.case_no for case in sorted(right, key=keys[ordered(asked)])]


def ordered(asked: dict[str, Any]) -> CaseSort:
    """Say how a list lies, if it is not told."""
    if asked.get("overdue") or "due_in" in asked:
        return CaseSort.DUE
    first = CaseSort.NOTICE if "notice_in" in asked else CaseSort.RECEIVED
    found: CaseSort = asked.get("sort", first)
    return found


def misordered(asked: dict[str, Any]) -> str | None:
    """Name the field that asks for a list which lies otherwise."""
    due = asked.get("overdue") or "due_in" in asked
    if due and "notice_in" in asked:
        return "notice_in"
    needed = CaseSort.DUE if due else CaseSort.NOTICE if "notice_in" in asked else None
    return "sort" if needed and asked.get("sort", needed) is not needed else None


def told(value: Any) -> Any:
    """Write a value as a query parameter."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_words_find_the_item_the_category_the_state_and_the_number(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    everything = listed(clerk)
    assert {row["item_code"] for row in listed(clerk, q="生活保障")} == {ITEM}
    assert {row["item_code"] for row in listed(clerk, q="吃低保")} == {ITEM}, "as people call it"
    assert {row["category"] for row in listed(clerk, q="调解仲裁")} == {"mediation_arbitration"}
    assert {row["status"] for row in listed(clerk, q="待补正")} == {"correction"}
    assert listed(clerk, q="低保 撤回") == listed(clerk, q="撤回 低保")
    (one,) = listed(clerk, q=everything[0]["case_no"])
    assert one == everything[0]
    end = one["case_no"][-6:]
    assert listed(clerk, q=end) == [row for row in everything if row["case_no"].endswith(end)]
    assert listed(clerk, q=one["case_no"][-7:], community=XIAN, sort="notice") == []
    assert listed(clerk, q=f"{end} 撤回") == []
    for part in (one["case_no"][:12], "0" + end):
        assert all(row["case_no"].endswith(part) for row in listed(clerk, q=part))
    number = one["case_no"]
    for typed in (
        f"{number[:12]} {number[12:]}",
        f"{number}-SJ1",
        f"{number[:20]}-{number[20:]}",
        f"{number[:9]}\u200b{number[9:]}",
    ):
        assert listed(clerk, q=typed) == [one], typed
    assert listed(clerk, q=f"{end[:3]} {end[3:]}") == listed(clerk, q=end)
    assert listed(clerk, q="不存在的词") == listed(clerk, q="。") == listed(clerk, q="%") == []


KEY = {"Idempotency-Key": "a-view-that-is-refused"}


def test_a_number_too_short_to_find_a_case_by_is_refused_by_its_field(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    for short in ("0012", "低保 12345", "１２３"):
        refused = clerk.get("cases", q=short)
        assert [one["loc"] for one in refused.json()["errors"]] == [["query", "q"]]
        assert "6 digits" in refused.json()["errors"][0]["detail"]
    view = clerk.post("views", {"name": "尾号", "shared": False, "filter": {"q": "0012"}}, **KEY)
    assert [one["loc"] for one in view.json()["errors"]] == [["body", "filter", "q"]]


def test_an_order_that_no_list_has_is_named_where_it_was_asked_for(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    asked = {"overdue": True, "sort": "received"}
    refused = clerk.get("cases", overdue="true", sort="received")
    assert [one["loc"] for one in refused.json()["errors"]] == [["query", "sort"]]
    for path, form in (
        ("views", {"name": "逾期", "shared": False, "filter": asked}),
        ("cases/export", {"reason": "月度检查", "filter": asked}),
    ):
        answer = clerk.post(path, form, **KEY)
        assert [one["loc"] for one in answer.json()["errors"]] == [["body", "filter", "sort"]], path


def test_no_word_finds_who_somebody_is_or_what_was_remarked(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    for secret in ("王桂芳", "王", "请尽快", person(1)["mobile"]):
        assert listed(clerk, q=secret) == []


def test_a_remark_lies_sealed_and_is_shown(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    waiting, *_ = listed(clerk, status="correction")
    assert clerk.case(waiting)["remark"] == "请尽快"
    assert all("请尽快" not in (case.remark_sealed or "") for case in rows(busy))


def test_a_person_is_found_by_full_name_and_by_nothing_less(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    clerk.posted(applicant=person(77, "欧阳春花"))
    (found,) = clerk.post("cases/lookup", {"name": "欧阳春花"}).json()["items"]
    assert found["applicant"] == "欧阳**"
    assert clerk.post("cases/lookup", {"name": "欧阳春"}).json()["items"] == []
    both = {"name": "欧阳春花", "id_document": person(77)["id_document"]}
    assert clerk.post("cases/lookup", both).status_code == 422
    assert clerk.post("cases/lookup", {}).status_code == 422


def test_looking_for_a_person_waits_for_no_writer_and_is_written_down(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    person_named = {"name": "欧阳春花"}
    with mock.patch.object(busy.runtime.database, "write", side_effect=AssertionError):
        assert clerk.post("cases/lookup?cursor=none", person_named).status_code == 422
    looked = select(func.count()).where(AuditRecord.action == "case.looked_up")
    before = busy.system(lambda unit: unit.session.scalar(looked))
    assert clerk.post("cases/lookup", person_named).status_code == 200
    assert busy.system(lambda unit: unit.session.scalar(looked)) == (before or 0) + 1


def test_words_have_meanings() -> None:
    (one,) = meanings("受理")
    assert {CaseStatus.ACCEPTED, CaseStatus.NOT_ACCEPTED} <= one.statuses
    assert [word.part for word in meanings("低保低保")] == ["低保", "保低"]
    assert meanings("，。") == []


@given(st.dates())
def test_every_day_has_a_beginning_and_an_end(day: date) -> None:
    zone = MONDAY.tzinfo
    assert zone
    assert day_begins(day, zone) < day_ends(day, zone)


def test_overdue_cases_are_listed_once_their_day_is_over(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    assert listed(clerk, overdue="true") == []
    busy.clock.now = on("2027-06-01T09:00:00")
    overdue = listed(clerk, overdue="true", sort="due")
    assert overdue
    assert {row["status"] for row in overdue} == {"accepted"}
    assert ENDS.isdisjoint(row["status"] for row in overdue)


@pytest.mark.parametrize("of", ["received", "due"])
def test_a_period_that_ends_before_it_begins_is_named_wherever_a_list_is_asked_for(
    clerk: Somebody, of: str
) -> None:
    period = {f"{of}_from": "2026-11-24", f"{of}_to": "2026-11-23"}
    assert wrong_fields(clerk.get("cases", **period)) == {f"{of}_to"}
    export = {"filter": period, "reason": "每周汇总"}
    assert wrong_fields(clerk.post("cases/export", export)) == {f"filter.{of}_to"}
    view = {"name": "上周", "filter": period}
    kept = clerk.post("views", view, **{"Idempotency-Key": "backwards-01"})
    assert wrong_fields(kept) == {f"filter.{of}_to"}
    one_day = dict.fromkeys(period, "2026-11-23")
    assert clerk.get("cases", **one_day).status_code == 200


def test_several_states_are_asked_for_at_once_and_of_everything_else_one(busy: Api) -> None:
    clerk = somebody(busy, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    one, other = (listed(clerk, status=status) for status in ("received", "correction"))
    both = listed(clerk, status=["received", "correction"])
    assert len(one) > 0 < len(other)
    assert len(both) == len(one) + len(other)
    assert clerk.get("cases", item=["soc-a", "soc-b"]).status_code == 422
