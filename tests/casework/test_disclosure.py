"""The public page of a community: true, of the day, on time, and without anybody's name."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from casework.dispatching import Desk
from casework.office import BASE, DEPARTMENT, HOLIDAYS_2027, Headers, Office
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.disclosure import rules, slices
from onewindow_casework.disclosure.facts import list_changed
from onewindow_casework.disclosure.models import DisclosedFact, ListChange, Publication
from onewindow_casework.disclosure.service import begin
from onewindow_casework.lists.queries import cards_of, in_force
from onewindow_casework.seed import put_up_lists
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.reference import communities_in
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.timers import sweep
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN

HOLDER = {"name": "王桂芳", "id_document": {"kind": "resident_id", "number": "11010519491231002X"}}


def page(office: Office, code: str = XIAN) -> dict[str, Any]:
    found: dict[str, Any] = office.read(f"disclosure/communities/{code}", {})
    return found


def publish(office: Office, who: Headers, section: str, *, seen: int = 1, at: str = XIAN) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/disclosure/communities/{at}/publications/2026Q4/{section}",
        headers=who | {"If-Match": f'"{seen}"'},
    )
    return response


def refused_certificate(office: Office, key: str = "disclosed-1") -> None:
    office.api.system(put_up_lists, "330902")
    form = {
        "community": XIAN,
        "kind": "cert-alive",
        "holder": HOLDER,
        "purpose": "领取养老金",
        "recipient": "原单位",
        "statement": "王桂芳健在",
    }
    response = office.api.client.post(
        f"{BASE}/certificates", json=form, headers=office.clerk | {"Idempotency-Key": key}
    )
    assert response.status_code == 201, response.text


def quarter_over(office: Office) -> None:
    office.api.system(begin)
    office.go_to(2026, 12, 31, 16, 1)
    office.api.quiet()


def written(office: Office, model: type[Publication] | type[DisclosedFact]) -> list[str]:
    """The communities that have something to publish, as often as they have it."""
    query = select(model.community).order_by(model.community)
    found: list[str] = office.api.system(lambda unit: unit.session.scalars(query).all())
    return found


def communities(office: Office) -> list[str]:
    found: list[str] = office.api.system(lambda unit: unit.session.scalars(communities_in(unit, "")).all())
    return found


class KilledError(Exception):
    """The process dies in the middle of a slice."""


def test_a_quarter_is_made_due_slice_by_slice_and_goes_on_where_it_was_killed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 1)
    office.api.system(begin)
    office.go_to(2026, 12, 31, 16, 1)
    office.api.tick()
    assert written(office, Publication) == []
    office.api.tick()
    first, *others = communities(office)
    assert written(office, Publication) == [first] * 3

    def dies(unit: Unit) -> None:
        sweep(unit, office.api.app.state.timers)
        raise KilledError

    with pytest.raises(KilledError):
        office.api.system(dies)
    assert written(office, Publication) == [first] * 3
    office.api.quiet()
    assert written(office, Publication) == sorted([first, *others] * 3)
    assert office.figures()[Metric.DISCLOSURES_DUE] == 3 * len([first, *others])


def test_a_change_of_the_lists_becomes_a_fact_slice_by_slice_and_once_each(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 2)
    Desk(office).active(areas=["330902"])

    def put_up(unit: Unit) -> None:
        cards = cards_of(unit, in_force(unit, "330902", unit.today))
        list_changed(unit, "330902", unit.today, {"added": cards.values(), "removed": []})

    office.api.system(put_up)
    assert written(office, DisclosedFact) == []
    office.api.tick()
    everybody = [one for one in communities(office) if one.startswith("330902")]
    assert written(office, DisclosedFact) == everybody[:2]
    office.api.quiet()
    assert written(office, DisclosedFact) == everybody
    kept = office.api.system(lambda unit: unit.session.scalars(select(ListChange)).all())
    assert kept == []


def test_anybody_reads_the_page_and_a_reader_who_has_it_already_gets_304(office: Office) -> None:
    refused_certificate(office)
    response = office.get(f"disclosure/communities/{XIAN}", {})
    assert response.json()["certificates"] == [{"kind": "cert-alive", "issued": 0, "refused": None}]
    assert response.json()["name"] == "西安社区居委会"
    again = office.get(f"disclosure/communities/{XIAN}", {}, If_None_Match=response.headers["ETag"])
    assert again.status_code == 304
    assert page(office, KAIYUAN)["certificates"] == []
    assert office.get("disclosure/communities/330902999999", {}).status_code == 404


def test_so_few_that_they_point_at_persons_are_not_counted_before_everybody(office: Office) -> None:
    for number in range(4):
        refused_certificate(office, f"disclosed-{number}")
    assert page(office)["certificates"][0]["refused"] is None
    refused_certificate(office, "disclosed-4")
    assert page(office)["certificates"] == [{"kind": "cert-alive", "issued": 0, "refused": 5}]


def test_the_sum_of_certificates_does_not_give_away_a_part_that_is_left_out(office: Office) -> None:
    def issued(kinds: dict[str, int]) -> tuple[list[int | None], int | None]:
        def put(unit: Unit) -> None:
            unit.session.execute(delete(Certificate))
            unit.session.add_all(
                issued_certificate(unit, kind, n) for kind, most in kinds.items() for n in range(most)
            )

        office.api.system(put)
        shown = page(office)
        (sum_,) = (one["count"] for one in shown["burden"] if one["kind"] == "certificates")
        return [one["issued"] for one in shown["certificates"]], sum_

    assert issued({"cert-a": 6, "cert-b": 7}) == ([6, 7], 13)
    assert issued({"cert-a": 6, "cert-b": 4}) == ([6, None], None)
    assert issued({"cert-a": 4}) == ([None], None)


def issued_certificate(unit: Unit, kind: str, number: int) -> Certificate:
    return Certificate(
        certificate_no=f"{kind}-{number}",
        status="issued",
        kind=kind,
        name=kind,
        holder_masked="王*芳",
        holder_id_masked="1101**********002X",
        holder_index=f"{kind}-{number}",
        particulars_sealed="-",
        content_sealed="-",
        complex=False,
        applied_at=unit.now,
        due_on=unit.today,
        provisional=False,
        signed_by="manager",
        signed_by_name="主任",
        issued_at=unit.now,
        facts=[],
        **place(XIAN),
    )


@given(count=st.integers(0, 50), least=st.integers(1, 20))
def test_a_count_is_published_unless_it_points_at_somebody(count: int, least: int) -> None:
    shown = rules.published(count, least)
    assert shown == (None if count in range(1, least) else count)


def test_the_list_of_a_community_comes_in_pages_and_the_page_has_the_first(office: Office) -> None:
    desk = Desk(office)
    codes = [desk.item(f"i-{n:02}", matter_class="autonomy") for n in range(60)]
    desk.publish(*codes)
    first = page(office)["matters"]
    path = f"disclosure/communities/{XIAN}/matters"
    rest = office.read(f"{path}?cursor={first['next']}", {})
    assert [one["code"] for one in first["items"] + rest["items"]] == codes
    assert rest["next"] is None
    assert office.read(path, {}) == first
    assert office.get("disclosure/communities/330902999999/matters", {}).status_code == 404


def test_nothing_personal_is_on_the_page(office: Office) -> None:
    refused_certificate(office)
    quarter_over(office)
    assert publish(office, office.manager, "certificates").status_code == 200
    shown = office.get(f"disclosure/communities/{XIAN}", {}).text
    assert not any(word in shown for word in ("王桂芳", "王*芳", "养老金", "原单位", "测试"))
    assert not re.search(r"[0-9]{17}[0-9X]|1[3-9][0-9]{9}", shown)


def test_every_section_is_due_twenty_working_days_after_the_quarter_and_counted(office: Office) -> None:
    quarter_over(office)
    due = page(office)["publications"]
    assert {one["section"] for one in due} == {"money", "certificates", "burden"}
    assert {(one["period"], one["due_on"], one["published_on"]) for one in due} == {
        ("2026Q4", "2027-01-29", None)
    }
    assert {one["provisional"] for one in due} == {True}
    assert publish(office, office.manager, "money").json()["published_on"] == "2027-01-01"
    whole = f"metrics/areas/{XIAN}?from=2027-01-01&to=2027-12-31"
    for day, due in ((29, 0), (30, 3)):
        office.go_to(2027, 1, day, 1)
        told = office.read(whole, office.manager)["figures"]
        assert told[Metric.DISCLOSURES_DUE] == due, "on its last day it is not judged yet"
    office.go_to(2027, 2, 1, 1)
    assert publish(office, office.manager, "burden").status_code == 200
    figures = office.figures(XIAN)
    assert (figures[Metric.DISCLOSURES_DUE], figures[Metric.DISCLOSURES_ON_TIME]) == (3, 1)


def test_what_was_published_stays_as_it_was(office: Office) -> None:
    refused_certificate(office)
    quarter_over(office)
    content = publish(office, office.manager, "certificates").json()["content"]
    assert content == {"lines": [{"kind": "cert-alive", "issued": 0, "refused": None}]}
    assert publish(office, office.manager, "certificates").status_code == 412
    assert (
        publish(office, office.manager, "certificates", seen=2).json()["type"].endswith("already-published")
    )


def test_a_community_publishes_its_own_affairs_only(office: Office) -> None:
    quarter_over(office)
    assert publish(office, office.manager, "money", at=KAIYUAN).status_code == 404
    assert publish(office, office.clerk, "money").status_code == 403
    supervisor = office.api.people.headers(Role.STREET_SUPERVISOR, XIAN[:9])
    assert publish(office, supervisor, "money").status_code == 403


def test_quarters_missed_while_the_service_was_down_are_made_up_for(office: Office) -> None:
    office.api.system(begin)
    office.api.system(begin)
    office.go_to(2027, 5, 3, 1)
    office.api.quiet()
    assert {one["period"] for one in page(office)["publications"]} == {"2026Q4", "2027Q1"}


def facts(office: Office, code: str = XIAN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.read(f"disclosure/communities/{code}/facts", {})["items"]
    return found


def publish_fact(office: Office, fact: dict[str, Any], who: Headers | None = None) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/disclosure/communities/{XIAN}/facts/{fact['no']}/publication",
        headers=(who or office.manager) | {"If-Match": f'"{fact["version"]}"'},
    )
    return response


def test_refused_orders_and_their_results_are_on_the_page(office: Office) -> None:
    desk = Desk(office)
    desk.active()
    assert desk.send(role="main").status_code == 409
    desk.refused()
    assert page(office)["refused"] == []
    desk.go_to(2026, 11, 30, 9, 0)
    office.api.tick()
    shown = page(office)
    assert shown["barred"] == [{"department": DEPARTMENT, "reason": "MAIN_BODY", "count": 1}]
    (refused,) = shown["refused"]
    assert (refused["result"], refused["reason"]) == ("stands", "NO_FUNDS")
    assert "经费尚未到账" not in str(shown)
    assert page(office, KAIYUAN)["barred"] == []


def test_a_settled_refusal_is_due_twenty_working_days_later_and_counted(office: Office) -> None:
    desk = Desk(office)
    desk.active()
    desk.refused()
    desk.go_to(2026, 12, 3, 9, 0)
    office.api.tick()
    (fact,) = facts(office)
    assert (fact["kind"], fact["arose_on"], fact["due_on"]) == ("refusal", "2026-11-30", "2026-12-28")
    assert fact["content"] is None
    published = publish_fact(office, fact).json()
    assert (published["content"]["reason"], published["published_on"]) == ("NO_FUNDS", "2026-12-03")
    assert publish_fact(office, published).json()["type"].endswith("already-published")
    figures = office.figures(XIAN)
    assert (figures[Metric.DISCLOSURES_DUE], figures[Metric.DISCLOSURES_ON_TIME]) == (1, 1)
    recounted = office.recounted()
    assert (recounted[Metric.DISCLOSURES_DUE], recounted[Metric.DISCLOSURES_ON_TIME]) == (1, 1)


def test_a_new_calendar_moves_the_day_of_what_is_still_to_be_published(office: Office) -> None:
    desk = Desk(office)
    desk.go_to(2026, 12, 18, 2)
    desk.active()
    for _ in range(2):
        desk.posted(desk.officer, "transfers", fen=50_000, item="i-1", community=XIAN)
    waiting, done = facts(office)
    assert publish_fact(office, done).status_code == 200
    assert (waiting["due_on"], waiting["provisional"]) == ("2027-01-18", True)
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    moved, stayed = facts(office)
    assert (moved["due_on"], moved["provisional"], moved["version"]) == ("2027-01-19", False, 2)
    assert stayed["due_on"] == done["due_on"]
    counted = office.figures()
    assert counted[Metric.DISCLOSURES_DUE] == 2
    assert counted == {metric: n for metric, n in office.recounted().items() if metric in counted}


def test_money_that_comes_to_a_community_is_a_fact_of_its_own(office: Office) -> None:
    desk = Desk(office)
    desk.active()
    assert facts(office) == []
    desk.posted(desk.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    (fact,) = facts(office)
    office.go_to(2026, 12, 22, 1)
    late = publish_fact(office, fact).json()
    assert late["content"] == {"movement": "transfer", "fen": 100_000, "item": "i-1"}
    assert Metric.DISCLOSURES_ON_TIME not in office.figures()


def test_a_return_that_was_taken_back_is_no_line_of_the_page(office: Office) -> None:
    desk = Desk(office)
    desk.active()
    desk.posted(desk.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    back = desk.posted(desk.officer, "returns", fen=400, item="i-1", community=XIAN)
    assert {one["movement"] for one in page(office)["money"]} == {"transfer", "return"}
    taken_back = office.api.client.post(
        f"{BASE}/admission/funding/postings/{back['no']}/correction",
        json={"document_no": "更正1号", "reason": "误记"},
        headers=desk.admin | {"Idempotency-Key": "take-the-return-back"},
    )
    assert taken_back.status_code == 201
    assert page(office)["money"] == [{"movement": "transfer", "fen": 100_000}]


def test_only_the_community_itself_publishes_a_fact(office: Office) -> None:
    desk = Desk(office)
    desk.active()
    desk.posted(desk.officer, "transfers", fen=100_000, item="i-1", community=XIAN)
    (fact,) = facts(office)
    assert publish_fact(office, fact, office.clerk).status_code == 403
    elsewhere = office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert publish_fact(office, fact, elsewhere).status_code == 404


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2998, 12, 31)))
def test_every_day_lies_in_its_quarter_and_quarters_follow_one_another(day: date) -> None:
    period = rules.period_of(day)
    first, last = rules.days_of(period)
    assert first <= day <= last
    assert rules.first_after(period) == last + timedelta(days=1)
    assert rules.period_of(rules.first_after(period)) > period


@pytest.mark.parametrize(("period", "days"), [("2026Q1", 90), ("2028Q1", 91), ("2026Q4", 92)])
def test_a_quarter_has_its_days(period: str, days: int) -> None:
    first, last = rules.days_of(period)
    assert (last - first).days + 1 == days
