"""Published lists: numbered, dated, never changed, comparable; and what stands on them on a day."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from casework.hall import DISTRICT, RETIRED, STREET, Hall
from casework.office import Office
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.lists.queries import listed, standing
from onewindow_shared.contracts.admission import MatterClass, Standing
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, KAIYUAN, XIAN

TODAY = date(2026, 11, 23)
IN_SPRING = "2027-03-01"


@pytest.fixture
def hall(office: Office) -> Hall:
    hall = Hall(office)
    hall.put_up_lists()
    return hall


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
    hall.pay(code, "采购合同〔2026〕12号")
    hall.published()
    assert hall.item(code)["contract"] == "采购合同〔2026〕12号"


def test_the_committee_s_own_duty_is_listed_without_money(hall: Hall) -> None:
    code = hall.approved("autonomy", money={"fen": 0, "unit": "community", "period": "once"})
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
    (revoked, *earlier) = hall.office.read(f"disclosure/communities/{XIAN}/facts", {})["items"]
    assert (revoked["kind"], revoked["arose_on"], revoked["due_on"]) == ("list", "2027-03-01", "2027-03-29")
    elsewhere = hall.office.read(f"disclosure/communities/{KAIYUAN}/facts", {})["items"]
    assert len(elsewhere) < len(earlier) + 1


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


@pytest.mark.parametrize("day", ["2026-11-22", "2026-01-01"])
def test_no_list_is_in_force_before_it_is_published_or_before_the_one_before(hall: Hall, day: str) -> None:
    hall.pay(hall.approved())
    assert hall.publish(day).status_code == 422
    hall.published("2027-02-01")
    hall.pay(hall.approved(name="社区助餐点志愿者招募宣传"))
    assert hall.publish("2027-01-31").status_code == 422


def test_two_versions_are_compared(hall: Hall) -> None:
    kept, gone = hall.approved(), hall.approved(name="消防安全宣传周")
    for code in (kept, gone):
        hall.pay(code)
    hall.published()
    hall.must(hall.district, "exit", gone, RETIRED)
    matter = hall.office.read(f"admission/matters?district={DISTRICT}&matter_class=not_issued", {})["items"][
        0
    ]
    basis = {"document": "甘肃省天水市麦积区通知", "quote": "社区能够核实的,可以出具"}
    lifted = hall.office.api.client.put(
        f"/api/casework/v1/admission/matters/{DISTRICT}/{matter['code']}",
        json={"basis": basis},
        headers=hall.district | {"If-Match": '"1"'},
    )
    assert lifted.status_code == 200, lifted.text
    hall.published()
    changes = hall.office.read(f"admission/lists/{DISTRICT}/3/changes?since=2", {})
    assert [one["code"] for one in changes["removed"]] == sorted([gone, matter["code"]])
    assert (changes["added"], changes["changed"]) == ([], [])
    assert [one["code"] for one in hall.office.read(
        f"admission/lists/{DISTRICT}/3/changes?since=1", {})["added"]] == [kept]  # fmt: skip
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
    stays = hall.must(hall.district, "confirmation", code, {"reason": "居民仍有需要"})
    assert (stays["status"], stays["review_due"]) == ("active", "2028-11-24")


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


AREAS = (DISTRICT, STREET, XIAN, KAIYUAN, DONGSHAN)
DAYS = st.dates(TODAY, TODAY + timedelta(days=12))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Versions in the order of their days, each with items of an area and a period, some taken off later."""
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=3)))
    entry = st.fixed_dictionaries(
        {
            "item": st.integers(0, 3),
            "area": st.sampled_from(AREAS),
            "first": DAYS,
            "last": st.none() | DAYS,
        }
    )
    return [
        {"day": day, "entries": draw(st.lists(entry, max_size=4, unique_by=lambda one: one["item"]))}
        for day in days
    ]


def by_hand(history: list[dict[str, Any]], off: list[date | None], community: str, day: date) -> set[int]:
    """Say what is listed, the slow way."""
    found: set[int] = set()
    for version in history:
        if version["day"] <= day:
            found = {
                one["item"]
                for one in version["entries"]
                if community.startswith(one["area"])
                and one["first"] <= day <= (one["last"] or date.max)
                and not (off[one["item"]] and off[one["item"]] <= day)
            }
    return found


@given(histories(), st.lists(st.none() | DAYS, min_size=4, max_size=4), st.sampled_from(AREAS[2:]), DAYS)
def test_the_query_finds_what_is_found_by_hand(
    hall_of_items: tuple[Hall, list[str]],
    history: list[dict[str, Any]],
    off: list[date | None],
    community: str,
    day: date,
) -> None:
    hall, codes = hall_of_items

    def found(unit: Unit) -> set[int]:
        with unit.session.begin_nested() as all_of_it:
            put_in(unit, codes, history, off)
            matters = listed(unit, DISTRICT, community, day)
            singly = {
                n for n, code in enumerate(codes) if standing(unit, code, community, day)[1] is not None
            }
            all_of_it.rollback()
        assert {codes.index(one.code) for one in matters} == singly
        return singly

    assert hall.office.api.system(found) == by_hand(history, off, community, day)


@pytest.fixture
def hall_of_items(office: Office) -> tuple[Hall, list[str]]:
    hall = Hall(office)
    codes = [hall.approved(name=f"入户调查第{n}轮", last_day=None) for n in "一二三四"]
    return hall, codes


def put_in(unit: Unit, codes: list[str], history: list[dict[str, Any]], off: list[date | None]) -> None:
    items = {item.code: item for item in unit.session.scalars(select(WorkItem))}
    card = {
        "aliases": [],
        "actions": [],
        "basis": [],
        "item_codes": [],
        "areas": [DISTRICT],
        "name": "入户调查",
    }
    empty = ("department", "content", "role", "last_day", "workload", "money", "conditions", "training")
    for number, version in enumerate(history, start=1):
        row = ListVersion(
            district=DISTRICT, number=number, title="清单", effective_from=version["day"],
            published_at=unit.now, published_by="test",
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        for one in version["entries"]:
            code = codes[one["item"]]
            entry = ListEntry(
                list_id=row.id, code=code, item_id=items[code].id, matter_class="assist", kind="survey",
                first_day=one["first"], last_day=one["last"],
                card=dict.fromkeys(empty) | card | {
                    "code": code, "kind": "survey", "matter_class": "assist", "data_asked": None,
                    "instead": None, "first_day": one["first"].isoformat(),
                },
            )  # fmt: skip
            unit.session.add(entry)
            unit.session.flush()
            unit.session.add(ListEntryArea(entry_id=entry.id, area=one["area"]))
    for code, day in zip(codes, off, strict=True):
        items[code].off_from = day
        items[code].first_day, items[code].last_day = TODAY, None
        items[code].status = ItemStatus.EXITED if day else ItemStatus.APPROVED
    unit.session.flush()
