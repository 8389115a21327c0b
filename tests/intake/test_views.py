"""People keep the lists they look at every day, and see how many cases wait in each."""

from itertools import count
from typing import Any

import pytest

from intake.window import Somebody, somebody
from onewindow_intake.views import rules
from onewindow_shared.contracts.access import Role
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api

_keys = count(1)


@pytest.fixture
def clerk(quiet_api: Api) -> Somebody:
    return somebody(quiet_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")


def keep(who: Somebody, name: str = "低保在办", **more: Any) -> Any:
    body = {"name": name, "filter": {"status": ["received"]}, **more}
    return who.post("views", body, **{"Idempotency-Key": f"view-key-{next(_keys)}"})


def names(who: Somebody) -> list[str]:
    return [view["name"] for view in who.get("views").json()["items"]]


def standard(who: Somebody) -> dict[str, int]:
    return {view["view"]: view["cases"]["count"] for view in who.get("views/standard").json()["views"]}


def test_a_kept_list_says_how_many_cases_it_has(clerk: Somebody) -> None:
    view = keep(clerk).json()
    assert view["cases"] == {"count": 0, "more": False}
    for serial in (1, 2):
        clerk.posted(serial=serial)
    clerk.posted(serial=3, accept=True, materials=clerk.papers())
    (shown,) = clerk.get("views").json()["items"]
    assert shown["cases"] == {"count": 2, "more": False}


def test_a_count_stops_at_its_bound_and_says_so(clerk: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onewindow_intake.views.queries.MOST", 2)
    for serial in range(1, 5):
        clerk.posted(serial=serial)
    assert keep(clerk).json()["cases"] == {"count": 2, "more": True}


def test_a_shared_view_is_seen_at_the_same_office_and_changed_by_its_keeper(
    quiet_api: Api, clerk: Somebody
) -> None:
    view = keep(clerk, "共用", shared=True).json()
    keep(clerk, "自用")
    colleague = somebody(quiet_api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    elsewhere = somebody(quiet_api, Role.WINDOW_CLERK, DONGSHAN, subject="clerk.dongshan")
    district = somebody(quiet_api, Role.DISTRICT_ADMIN, XIAN[:6])
    assert names(clerk) == ["共用", "自用"]
    assert names(colleague) == ["共用"]
    assert names(elsewhere) == names(district) == []
    seen = {"If-Match": f'"{view["version"]}"'}
    changed = {"name": "改名", "shared": True, "filter": {"mine": True}}
    assert colleague.ask("PUT", f"views/{view['view_id']}", changed, **seen).status_code == 404
    assert clerk.ask("PUT", f"views/{view['view_id']}", changed, **seen).json()["name"] == "改名"
    assert clerk.ask("DELETE", f"views/{view['view_id']}", None, **seen).status_code == 412
    assert clerk.ask("DELETE", f"views/{view['view_id']}", None, **{"If-Match": '"2"'}).status_code == 204
    assert names(colleague) == []


def test_a_name_is_taken_once(clerk: Somebody) -> None:
    assert keep(clerk).status_code == 201
    assert keep(clerk).status_code == 409


def test_everybody_has_the_lists_of_the_day(quiet_api: Api, clerk: Somebody) -> None:
    first = clerk.posted(serial=1)
    clerk.posted(serial=2)
    clerk.posted(serial=3, accept=True, materials=clerk.papers())
    somebody(quiet_api, Role.WINDOW_CLERK, KAIYUAN, subject="k").posted(serial=4, community=KAIYUAN)
    assert standard(clerk) == {
        "nobody_yet": 0,
        "to_accept": 2,
        "notice_today": 0,
        "notice_soon": 0,
        "waiting_for_resident": 0,
        "to_look_at": 0,
        "mine": 2,
        "undecided": 0,
        "due_today": 0,
        "handed_to_me": 0,
    }
    quiet_api.clock.pass_(days=7)
    assert standard(clerk)["notice_today"] == 2
    offer = {"taker": "clerk.two"}
    key = {"Idempotency-Key": "handoff-key-1"}
    assert clerk.post(f"cases/{first['case_no']}/handoffs", offer, **key).status_code == 201
    colleague = somebody(quiet_api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    assert standard(colleague)["handed_to_me"] == 1


def test_a_case_waits_for_the_resident_or_for_the_window(quiet_api: Api, clerk: Somebody) -> None:
    """Corrections and papers that were promised: once all is declared it is the window's turn."""

    def waits(case: Any) -> list[str]:
        lists = {"resident": "false", "window": "true"}
        return [
            who
            for who, answered in lists.items()
            if case["case_no"]
            in {row["case_no"] for row in clerk.get("cases", answered=answered).json()["items"]}
        ]

    resident = somebody(quiet_api, Role.RESIDENT, subject="r-1")
    notice = {"defects": [{"material": "m1", "problem": "复印件不清晰"}], "deadline": "2026-12-04"}
    m1, m4 = ({"materials": [{"code": code, "received": True}]} for code in ("m1", "m4"))
    corrected = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(corrected, "materials", {"materials": clerk.papers()})
    assert waits(seen) == []
    asked = clerk.moved(seen, "corrections", notice)
    assert waits(asked) == ["resident"]
    resident.moved(asked, "materials", m1)
    assert waits(asked) == ["window"]

    enrolment = "edu-enrolment-guchen"
    papers = {"materials": clerk.papers(enrolment, without="m4")}
    received = clerk.moved(resident.posted(item=enrolment, channel="web"), "materials", papers)
    promised = clerk.moved(
        received,
        "tolerant-acceptance",
        {
            "deferred": [{"material": "m4", "due_on": "2026-11-27"}],
            "promise": {"signed_by": "applicant", "signed_how": "by_hand"},
            "no_discredit_record": True,
        },
    )
    assert waits(promised) == ["resident"]
    resident.moved(promised, "supplement", m4)
    assert waits(promised) == ["window"]
    assert (standard(clerk)["waiting_for_resident"], standard(clerk)["to_look_at"]) == (0, 2)


def test_a_standard_view_lists_what_it_counts(clerk: Somebody) -> None:
    for serial in (1, 2, 3):
        clerk.posted(serial=serial)
    listed = clerk.get("cases?status=received&sort=notice").json()["items"]
    assert len(listed) == standard(clerk)["to_accept"]
    assert set(rules.SETTLED) < set(map(str, standard(clerk)))


def test_two_working_days_before_a_case_counts_as_accepted_the_lamp_goes_on(
    quiet_api: Api, clerk: Somebody
) -> None:
    """Over the weekend: what is due on Monday is due soon from Thursday on."""
    clerk.posted(serial=1)
    for _ in range(3):
        assert standard(clerk)["notice_soon"] == 0
        quiet_api.clock.pass_(days=1)
    assert (standard(clerk)["notice_soon"], standard(clerk)["notice_today"]) == (1, 0)
    (view,) = (one for one in clerk.get("views/standard").json()["views"] if one["view"] == "notice_soon")
    asked = {"notice_in": view["filter"]["notice_in"], "sort": view["filter"]["sort"]}
    assert len(clerk.get("cases", **asked).json()["items"]) == 1
    quiet_api.clock.pass_(days=7)
    quiet_api.quiet()
    assert standard(clerk)["notice_soon"] == 0, "it counts as accepted"


def test_what_came_online_is_to_be_answered_within_a_working_day_and_stands_first(
    quiet_api: Api, clerk: Somebody
) -> None:
    """An application that came online counts as accepted after five days, and is late after one."""
    brought = clerk.posted(serial=1)
    quiet_api.clock.pass_(hours=1)
    sent = somebody(quiet_api, Role.RESIDENT, subject="r-1").posted(serial=2, channel="web")
    waiting = clerk.get("cases", sort="notice").json()["items"]
    assert [case["case_no"] for case in waiting] == [sent["case_no"], brought["case_no"]]
    assert [case["answer_due_at"] for case in waiting] == ["2026-11-24T09:00:00Z", "2026-11-30T09:00:00Z"]
    assert {case["notice_due_at"] for case in waiting} == {"2026-11-30T09:00:00Z"}
    assert (standard(clerk)["notice_soon"], standard(clerk)["notice_today"]) == (1, 0)
    quiet_api.clock.pass_(days=1)
    assert (standard(clerk)["notice_soon"], standard(clerk)["notice_today"]) == (1, 1)
    quiet_api.clock.pass_(days=1)
    quiet_api.quiet()
    assert standard(clerk)["notice_today"] == 1, "the answer is late, and still to come"
    clerk.moved(
        clerk.case(sent), "corrections", {"defects": [{"problem": "缺签名"}], "deadline": "2026-12-04"}
    )
    assert standard(clerk)["notice_today"] == 0
    assert clerk.case(sent)["answer_due_at"] is None
