"""Published lists: numbered, dated, never changed, comparable; and what stands on them on a day."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from casework.hall import DISTRICT, RETIRED, Hall
from casework.office import BASE
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.queries import standing
from onewindow_shared.contracts.admission import MatterClass, Standing
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.funding import ContractIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN

TODAY = date(2026, 11, 23)
IN_SPRING = "2027-03-01"
BASIS = {"document": "甘肃省天水市麦积区通知", "quote": "社区能够核实的,可以出具"}


def set_aside(hall: Hall, code: str, basis: dict[str, str] | None, *, seen: int) -> None:
    """Have the district not follow a matter any more, or follow it again."""
    answer = hall.office.api.client.put(
        f"{BASE}/admission/matters/{DISTRICT}/{code}",
        json={"basis": basis},
        headers=hall.district | {"If-Match": f'"{seen}"'},
    )
    assert answer.status_code == 200, answer.text


def told(hall: Hall, code: str) -> list[ListedMatterChanged]:
    return [one for one in hall.office.api.sent(ListedMatterChanged) if one.code == code]


def stands(hall: Hall, code: str, community: str, day: date) -> Standing:
    return hall.office.api.system(lambda unit: standing(unit, code, community, day)[0])


def test_the_first_lists_hold_what_law_and_policy_say_and_everybody_reads_them(hall: Hall) -> None:
    first = hall.office.read(f"admission/lists/{DISTRICT}/1", {})
    assert (first["number"], first["effective_from"]) == (1, "2026-11-23")
    sizes = {
        kind: len(hall.office.read(f"{path}?limit=200&matter_class={kind}", {})["items"])
        for path in (f"admission/lists/{DISTRICT}/1/entries",)
        for kind in ("autonomy", "assist", "forbidden", "not_issued")
    }
    assert sizes == {"autonomy": 8, "assist": 20, "forbidden": 10, "not_issued": 20}
    assert len(hall.listed(XIAN)) == 58
    card = hall.office.read(f"admission/lists/{DISTRICT}/1/entries/cert-property", {})
    assert "收入证明" in card["aliases"]
    assert hall.office.figures()[Metric.LISTED_ASSIST] == 20


def test_what_the_first_lists_hold_is_told_to_intake_with_its_other_wordings(hall: Hall) -> None:
    events = hall.office.api.sent(ListedMatterChanged)
    assert len(events) == 58
    certificate = told(hall, "cert-property")[0]
    assert certificate.matter_class is MatterClass.NOT_ISSUED
    assert "收入证明" in certificate.aliases
    assert (certificate.effective_from, certificate.effective_until, certificate.revision) == (TODAY, None, 1)


def test_loading_again_changes_nothing(hall: Hall) -> None:
    hall.put_up_lists()
    assert len(hall.office.read(f"admission/lists?district={DISTRICT}", {})["items"]) == 1


def test_a_harmless_survey_goes_from_its_draft_to_the_list(hall: Hall) -> None:
    code = hall.approved()
    assert stands(hall, code, XIAN, date(2027, 3, 1)) is Standing.NO_FUNDS
    hall.pay(code)
    assert stands(hall, code, XIAN, date(2027, 3, 1)) is Standing.NOT_LISTED
    number = hall.published()
    assert hall.item(code)["status"] == "active"
    assert code in hall.listed(XIAN, IN_SPRING)
    assert code not in hall.listed(KAIYUAN, IN_SPRING)
    assert stands(hall, code, XIAN, date(2027, 3, 1)) is Standing.LISTED
    assert stands(hall, code, KAIYUAN, date(2027, 3, 1)) is Standing.OUT_OF_AREA
    assert stands(hall, code, XIAN, date(2028, 1, 1)) is Standing.OUT_OF_PERIOD
    card = hall.office.read(f"admission/lists/{DISTRICT}/{number}/entries/{code}", {})
    assert card["money"] == {"fen": 500_000, "unit": "community", "period": "year"}
    life = hall.office.read(f"admission/listed/{code}/trace", {})["items"]
    assert [step["step"] for step in life][0::7] == ["drafted", "list"]
    assert "officer" not in str(life)
    assert told(hall, code)[0].effective_from == date(2027, 3, 1)


def test_a_version_is_printed_for_everybody_and_is_the_same_paper_each_time(hall: Hall) -> None:
    code = hall.active()
    first = hall.office.get(f"admission/lists/{DISTRICT}/2/paper", {})
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(BytesIO(first.content)).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)
    for words in (
        "定海区社区工作事项清单",
        "第2版",
        "2026年11月23日",
        code,
        "5000.00元",
        "西安社区",
        "拆迁拆违",
    ):
        assert words in text, words
    hall.go_to(date(2027, 3, 1))
    hall.must(hall.district, "exit", code, RETIRED)
    hall.published("2027-03-01")
    again = hall.office.get(f"admission/lists/{DISTRICT}/2/paper", {})
    assert again.content == first.content
    assert hall.office.get(f"admission/lists/{DISTRICT}/9/paper", {}).status_code == 404


def test_an_item_without_money_is_on_no_list_and_the_database_keeps_it_so(hall: Hall) -> None:
    code = hall.approved()
    assert hall.publish().json()["title"] == "Nothing to publish"

    def active_anyway(unit: Unit) -> None:
        unit.session.execute(update(WorkItem).where(WorkItem.code == code).values(status=ItemStatus.ACTIVE))

    with pytest.raises(DBAPIError, match="money_before_work"):
        hall.office.api.system(active_anyway)


def test_purchased_work_needs_its_contract(hall: Hall) -> None:
    code = hall.approved("purchase")
    with pytest.raises(Exception, match="1 wrong field"):
        hall.pay(code)
    term = {"first_day": date(2026, 11, 23), "last_day": date(2027, 12, 31)}
    hall.pay(code, ContractIn(contract_no="采购合同〔2026〕12号", fen=1, **term))
    hall.published()
    assert hall.item(code)["contract"] == "采购合同〔2026〕12号"


def test_the_committee_s_own_duty_is_listed_without_money(hall: Hall) -> None:
    own = {"role": "main", "actions": []}
    code = hall.approved("autonomy", money={"fen": 0, "unit": "community", "period": "once"}, **own)
    hall.published()
    assert hall.item(code)["status"] == "active"


@pytest.mark.parametrize("table", [ListVersion, ListEntry, ListEntryArea])
@pytest.mark.parametrize("change", [update, delete])
def test_nobody_changes_what_was_published(hall: Hall, table: Any, change: Any) -> None:
    values = {
        ListVersion: {"title": "改过的清单"},
        ListEntry: {"kind": "office"},
        ListEntryArea: {"area": XIAN},
    }[table]

    def tampered(unit: Unit) -> None:
        statement = change(table)
        unit.session.execute(statement.values(values) if change is update else statement)

    with pytest.raises(DBAPIError, match="is frozen"):
        hall.office.api.system(tampered)


def test_the_communities_that_a_change_of_the_lists_concerns_are_to_publish_it(hall: Hall) -> None:
    code = hall.active(first_day="2027-01-25")
    hall.go_to(date(2027, 3, 1))
    hall.must(hall.district, "revocation", code, {"reason": "违反准入条件"})
    hall.office.api.quiet()
    (revoked, *earlier) = hall.office.read(f"disclosure/communities/{XIAN}/facts", {})["items"]
    assert (revoked["kind"], revoked["arose_on"], revoked["due_on"]) == ("list", "2027-03-01", "2027-03-29")
    elsewhere = hall.office.read(f"disclosure/communities/{KAIYUAN}/facts", {})["items"]
    assert len(elsewhere) < len(earlier) + 1
    hall.published("2027-03-01")
    hall.office.api.quiet()
    assert hall.office.read(f"disclosure/communities/{XIAN}/facts", {})["items"] == [revoked, *earlier]


def test_a_list_of_the_future_is_told_now_and_makes_its_items_active_on_its_day(hall: Hall) -> None:
    code = hall.approved(first_day="2027-01-25")
    hall.pay(code)
    assert hall.publish("2027-02-01").status_code == 201
    assert hall.item(code)["status"] == "funded"
    assert told(hall, code)[0].effective_from == date(2027, 2, 1)
    assert code not in hall.listed(XIAN, "2027-01-31")
    assert code in hall.listed(XIAN, "2027-02-01")
    hall.go_to(date(2027, 2, 15))
    assert hall.item(code)["status"] == "active"
    assert hall.item(code)["review_due"] == "2028-02-15"


@pytest.mark.parametrize("day", ["2026-11-22", "2026-01-01", "2027-11-25", "9999-12-31"])
def test_no_list_begins_before_it_is_published_or_farther_ahead_than_the_district_allows(
    hall: Hall, day: str
) -> None:
    hall.pay(hall.approved())
    refused = hall.publish(day)
    assert refused.status_code == 422
    assert [error["loc"] for error in refused.json()["errors"]] == [["body", "effective_from"]]


def test_a_list_to_come_is_taken_back_by_one_that_begins_earlier(hall: Hall) -> None:
    kept, dropped = hall.approved(), hall.approved(name="社区助餐点志愿者招募宣传")
    lifted = hall.office.read(f"admission/matters?district={DISTRICT}&matter_class=not_issued", {})["items"][
        0
    ]
    for code in (kept, dropped):
        hall.pay(code)
    set_aside(hall, lifted["code"], BASIS, seen=1)
    spring = hall.published("2027-03-01")
    assert told(hall, lifted["code"])[-1].effective_until == date(2027, 2, 28)
    hall.must(hall.district, "exit", dropped, RETIRED)
    set_aside(hall, lifted["code"], None, seen=2)
    assert hall.published("2027-02-01") == spring + 1
    assert hall.publish("2027-02-15").json()["title"] == "Nothing to publish"
    assert (told(hall, kept)[-1].effective_from, told(hall, kept)[-1].effective_until) == (
        date(2027, 3, 1),
        date(2027, 12, 31),
    )
    assert told(hall, lifted["code"])[-1].effective_until is None
    never = told(hall, dropped)[-1]
    assert never.effective_until is not None
    assert never.effective_until < never.effective_from
    assert hall.office.figures() == hall.office.recounted()
    hall.go_to(date(2027, 3, 2))
    assert hall.item(kept)["status"] == "active"
    assert {kept, lifted["code"]} <= set(hall.listed(XIAN))
    assert dropped not in hall.listed(XIAN)


def compared(hall: Hall, *, since: int, number: int = 3) -> list[tuple[str, str]]:
    """What two versions differ in, read page by page, as small as pages are."""
    found: list[dict[str, Any]] = []
    path, cursor = f"admission/lists/{DISTRICT}/{number}/changes?since={since}&limit=1", ""
    while cursor is not None:
        page = hall.office.read(f"{path}&cursor={cursor}" if cursor else path, {})
        assert len(page["items"]) <= 1
        found += page["items"]
        cursor = page["next"]
    assert [one["code"] for one in found] == sorted(one["code"] for one in found)
    return sorted((one["what"], one["code"]) for one in found)


def test_two_versions_are_compared(hall: Hall) -> None:
    kept, gone = hall.approved(), hall.approved(name="消防安全宣传周")
    for code in (kept, gone):
        hall.pay(code)
    hall.published()
    hall.must(hall.district, "exit", gone, RETIRED)
    matter = hall.office.read(f"admission/matters?district={DISTRICT}&matter_class=not_issued", {})["items"][
        0
    ]
    set_aside(hall, matter["code"], BASIS, seen=1)
    hall.published()
    assert compared(hall, since=2) == sorted([("removed", gone), ("removed", matter["code"])])
    assert compared(hall, since=1) == sorted([("added", kept), ("removed", matter["code"])])
    last = told(hall, matter["code"])[-1]
    assert (last.effective_until, last.revision) == (TODAY - timedelta(days=1), 2)


@pytest.mark.parametrize(
    ("step", "body", "status"),
    [("exit", RETIRED, "exited"), ("revocation", {"reason": "违反准入条件"}, "revoked")],
)
def test_an_item_that_is_taken_off_may_not_be_asked_from_that_moment(
    hall: Hall, step: str, body: dict[str, str], status: str
) -> None:
    code = hall.active(first_day="2027-01-25")
    hall.go_to(date(2027, 3, 1))
    assert code in hall.listed(XIAN)
    ended = hall.must(hall.district, step, code, body)
    assert (ended["status"], ended["off_from"]) == (status, "2027-03-01")
    assert code not in hall.listed(XIAN)
    assert code in hall.listed(XIAN, "2027-02-28")
    assert stands(hall, code, XIAN, date(2027, 3, 1)) is Standing.TAKEN_OFF
    assert told(hall, code)[-1].effective_until == date(2027, 2, 28)


def test_an_item_is_reviewed_again_by_itself_and_stays_listed_meanwhile(hall: Hall) -> None:
    code = hall.active(last_day=None)
    hall.go_to(date(2027, 11, 24))
    item = hall.item(code)
    assert (item["status"], item["opinions"]["asked"]) == ("under_adjustment", 2)
    assert code in hall.listed(XIAN)
    waits = hall.do(hall.district, "confirmation", code, {"reason": "居民仍有需要"})
    assert (waits.status_code, waits.json()["missing"]) == (409, 2)
    for who in (hall.xian, hall.street):
        assert hall.create(who, f"items/{code}/opinions", {"answer": "agree"}).status_code == 201
    stays = hall.must(hall.district, "confirmation", code, {"reason": "居民仍有需要"})
    assert (stays["status"], stays["review_due"]) == ("active", "2028-11-24")


def test_who_does_not_answer_in_time_does_not_keep_an_item_under_review(hall: Hall) -> None:
    code = hall.active(last_day=None)
    hall.must(hall.district, "adjustment", code, {"reason": "定期调整"})
    answers_by = date.fromisoformat(hall.item(code)["opinions"]["answers_by"])
    for day, status in ((answers_by, 409), (answers_by + timedelta(days=1), 200)):
        hall.go_to(day)
        stays = hall.do(hall.district, "confirmation", code, {"reason": "居民仍有需要"})
        assert stays.status_code == status, stays.text


def test_an_item_whose_period_is_over_goes_by_itself(hall: Hall) -> None:
    code = hall.active()
    assert code in hall.listed(XIAN, "2027-12-31")
    assert code not in hall.listed(XIAN, "2028-01-01")
    hall.go_to(date(2028, 1, 9))
    assert hall.item(code)["status"] == "exited"


def test_figures_can_be_counted_again(hall: Hall) -> None:
    hall.active()
    hall.submitted(content="对社区进行考核评比")
    before = hall.office.figures()
    assert before[Metric.LISTED_ASSIST] == 21
    assert hall.office.recounted() == before
