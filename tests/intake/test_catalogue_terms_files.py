"""A file has the whole catalogue: districts' terms, what is settled for days to come, and what ends."""

import json
from typing import Any

import pytest
import yaml

from intake.test_catalogue_files import (
    FILES,
    YAML,
    admin,
    cells,
    export,
    faults,
    follow,
    listed,
    packed,
    send,
)
from intake.window import ITEM, PATH, Answer, nobody
from onewindow_intake.catalogue.terms import put
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.cataloguing import ItemTerms
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, Api

DISTRICT, OTHER = XIAN[:6], "330903"
LATER, LAST = "2026-12-01", "2027-06-30"
Document = dict[str, Any]
(GUIDE,) = (item.model_dump(mode="json") for item in shipped_items() if item.code == ITEM)
NO_TERMS = ItemTerms().model_dump(mode="json")
NEWER = "最低生活保障（新办法）"


def terms(first: str | None = None, code: str = ITEM, district: str = DISTRICT, **said: Any) -> Document:
    row = {"code": code, "district": district, "terms": {**NO_TERMS, **said}}
    return row if first is None else {**row, "effective_from": first}


def document(*items: Document, overrides: list[Document] | None = None) -> Document:
    return {"categories": [], "items": list(items), "overrides": overrides or []}


def sent(api: Api, file: Document, **query: Any) -> Document:
    return follow(api, send(api, json.dumps(file).encode(), **query))


def exported(api: Api) -> Document:
    found: Document = yaml.safe_load(export(api))
    return found


def in_short(api: Api) -> tuple[list[tuple[str, str | None]], list[int]]:
    """What the file has of items, by name and first day to come, and the promises of terms."""
    now = exported(api)
    items = [(item["name"], item.get("effective_from")) for item in now["items"]]
    return items, [one["terms"]["promised_days"] for one in now["overrides"]]


WHOLE = document(
    {**GUIDE, "effective_to": LAST},
    {**GUIDE, "name": NEWER, "promised_days": 20, "effective_from": LATER},
    overrides=[
        terms(
            promised_days=10, channels=["window", "web"], fee={"amount": None}, deferrable=[], review=False
        ),
        terms(
            LATER, promised_days=18, fee={"amount": "工本费 5元"}, deferrable=["m1"], agency_available=True
        ),
    ],
)
"""One item as it is now, until it ends, and from December on; and its terms in one district, now and then."""


@pytest.mark.parametrize("kind", [YAML, XLSX_TYPE])
def test_terms_and_what_is_to_come_are_restored_from_a_file(elsewhere: Api, kind: str) -> None:
    job = sent(elsewhere, WHOLE)
    assert (job["status"], job["total"], job["added"], job["bad"]) == ("done", 4, 4, 0), listed(
        elsewhere, job
    )
    assert exported(elsewhere) == WHOLE
    again = follow(elsewhere, send(elsewhere, export(elsewhere, "yaml" if kind == YAML else "xlsx"), kind))
    assert (again["status"], again["unchanged"]) == ("done", 4), listed(elsewhere, again)
    assert exported(elsewhere) == WHOLE
    here = nobody(elsewhere).get(f"items/{ITEM}", community=XIAN).json()
    assert (here["promised_days"], here["channels"], here["fee"]) == (10, ["window", "web"], None)
    elsewhere.clock.pass_(days=8)
    here = nobody(elsewhere).get(f"items/{ITEM}", community=XIAN).json()
    assert (here["name"], here["promised_days"], here["fee"]) == (NEWER, 18, "工本费 5元")


def test_a_file_that_is_restored_later_is_restored_as_of_that_day(elsewhere: Api) -> None:
    elsewhere.clock.pass_(days=8)
    job = sent(elsewhere, WHOLE)
    assert (job["status"], job["added"], job["unchanged"]) == ("done", 2, 2)
    left_out = [(one["row"], one["field"]) for one in listed(elsewhere, job) if one["assumed"]]
    assert left_out == [("items.0", "effective_from"), ("overrides.0", "effective_from")]
    assert in_short(elsewhere) == ([(NEWER, None)], [18])
    elsewhere.clock.pass_(days=300)
    over = document({**GUIDE, "code": "over", "effective_to": LAST})
    assert sent(elsewhere, over)["unchanged"] == 1
    assert nobody(elsewhere).get("items/over").status_code == 404


@pytest.mark.parametrize(("field", "wrong"), [
    ("code", terms(code="no-such-item")),
    ("code", terms(code="new-item", promised_days=5)),
    ("terms.promised_days", terms(promised_days=GUIDE["statutory_days"] + 1)),
    ("terms.deferrable", terms(deferrable=["no-such-paper"])),
    ("terms.channels.0", terms(channels=["pigeon"])),
    ("district", terms(district="定海")),
    ("district", terms(district=OTHER)),
    ("effective_from", terms("soon")),
    ("effective_to", {**terms(), "effective_to": LAST}),
])  # fmt: skip
@pytest.mark.parametrize("mode", ["all_or_nothing", "good_rows_only"])
def test_terms_that_cannot_hold_are_named_with_their_row(
    quiet_api: Api, field: str, wrong: Document, mode: str
) -> None:
    before = exported(quiet_api)
    bad = {**GUIDE, "code": "new-item", "promised_days": GUIDE["statutory_days"] + 1}
    good = terms(code="law-consultation-hunan", review=False)
    job = sent(quiet_api, document(bad, overrides=[wrong, good]), mode=mode)
    assert ("overrides.0", field) in faults(quiet_api, job)
    whole = mode == "all_or_nothing"
    assert (job["status"], job["bad"], job["added"]) == ("refused" if whole else "done", 2, 0 if whole else 1)
    assert exported(quiet_api) == {**before, "overrides": [] if whole else [good]}


def test_terms_have_to_go_with_the_guides_that_they_will_meet_and_no_other(quiet_api: Api) -> None:
    days = GUIDE["statutory_days"]
    longer = {**GUIDE, "statutory_days": days + 10, "promised_days": days + 10, "effective_from": LATER}
    late = document(longer, overrides=[terms(LATER, promised_days=days + 5)])
    assert sent(quiet_api, late)["status"] == "done"
    shorter = {**GUIDE, "code": "short", "statutory_days": 5, "promised_days": 5, "effective_from": LATER}
    long = {**GUIDE, "code": "short"}
    both = [terms(code="short", promised_days=days), terms(LATER, code="short", promised_days=4)]
    assert sent(quiet_api, document(long, shorter, overrides=both), dry_run=True)["status"] == "done"
    alone = sent(quiet_api, document(long, shorter, overrides=both[:1]))
    assert faults(quiet_api, alone) == [("overrides.0", "terms.promised_days")]
    assert sent(quiet_api, document(long, shorter, overrides=both))["added"] == 4


def test_a_row_stands_once_for_each_first_day(quiet_api: Api) -> None:
    own = terms(review=False)
    job = sent(quiet_api, document(overrides=[own, own, {**own, "effective_from": LATER}]))
    assert (job["status"], job["bad"], job["total"]) == ("refused", 1, 3)
    assert faults(quiet_api, job) == [("overrides.1", "code")]


def other_admin(api: Api, file: Document, key: str) -> Answer:
    area = AreaChanged(code=OTHER, name="普陀区", kind=AreaKind.DISTRICT, population=None)
    api.receive(area, source="casework")
    who = api.people.headers(Role.DISTRICT_ADMIN, OTHER, subject="admin.other")
    headers = {**who, "Content-Type": YAML, "Idempotency-Key": key}
    return api.client.post(f"{FILES}/imports", content=json.dumps(file).encode(), headers=headers)


def test_each_district_restores_its_own_terms_and_nothing_else(quiet_api: Api) -> None:
    theirs = terms(district=OTHER, review=False)
    whole = document(GUIDE, overrides=[theirs])
    assert other_admin(quiet_api, whole, "theirs-and-more").status_code == 403
    job = follow(quiet_api, other_admin(quiet_api, {"overrides": [theirs]}, "only-theirs"))
    assert (job["status"], job["added"]) == ("done", 1)
    kept = exported(quiet_api)
    assert kept["overrides"] == [theirs]
    assert sent(quiet_api, {"overrides": kept["overrides"]})["unchanged"] == 1
    changed = sent(quiet_api, {"overrides": [terms(district=OTHER, review=True)]})
    assert faults(quiet_api, changed) == [("overrides.0", "district")]


def test_terms_that_a_district_sets_while_an_import_runs_stay(quiet_api: Api) -> None:
    started = send(quiet_api, json.dumps({"overrides": [terms(review=False)]}).encode())

    def meanwhile(unit: Unit) -> None:
        put(unit, ITEM, DISTRICT, unit.today, ItemTerms(promised_days=3), by="admin")

    quiet_api.system(meanwhile)
    job = follow(quiet_api, started)
    assert (job["status"], job["bad"], job["added"]) == ("refused", 1, 0)
    assert faults(quiet_api, job) == [("overrides.0", "code")]
    assert exported(quiet_api)["overrides"] == [terms(promised_days=3)]


def test_an_import_that_takes_until_its_days_have_come_keeps_their_order(elsewhere: Api) -> None:
    file = document(*WHOLE["items"], {**GUIDE, "code": "short", "effective_to": LATER})
    file["overrides"] = WHOLE["overrides"]
    started = send(elsewhere, json.dumps(file).encode(), mode="good_rows_only")
    elsewhere.clock.pass_(days=9)
    job = follow(elsewhere, started)
    assert (job["status"], job["added"], job["bad"]) == ("done", 4, 1), listed(elsewhere, job)
    assert faults(elsewhere, job) == [("items.2", "effective_to")]
    assert in_short(elsewhere) == ([(NEWER, None)], [18])


def through_the_api(api: Api) -> None:
    """Schedule a version, draft another, end another item, and set terms, as an administrator does."""
    keys = iter(range(1, 100))

    def create(path: str, body: Any) -> Any:
        key = {"Idempotency-Key": f"terms-{next(keys):06d}"}
        answer = api.client.post(f"{PATH}/{path}", json=body, headers=admin(api) | key)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def move(path: str, body: Any, seen: int) -> None:
        headers = admin(api) | {"If-Match": f'"{seen}"'}
        answer = api.client.post(f"{PATH}/{path}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    draft = create(f"items/{ITEM}/versions", {**GUIDE, "conditions": ["新条件"]})
    path = f"items/{ITEM}/versions/{draft['number']}/publication"
    move(path, {"effective_from": LATER}, draft["version"])
    create(f"items/{ITEM}/versions", {**GUIDE, "conditions": ["草稿"]})
    ends = f"items/{shipped_items()[0].code}/versions/1"
    seen = api.client.get(f"{PATH}/{ends}", headers=admin(api)).json()["version"]
    move(f"{ends}/retirement", {"effective_to": LAST, "reason": "到期"}, seen)
    for first, promised in ((None, 12), (None, 11), (LATER, 9)):
        body = {"district": DISTRICT, "effective_from": first, "terms": {"promised_days": promised}}
        create(f"items/{ITEM}/overrides", body)


def test_what_is_kept_through_the_api_stands_in_the_file(quiet_api: Api) -> None:
    through_the_api(quiet_api)
    found = exported(quiet_api)
    of_it = [(one["conditions"], one.get("effective_from")) for one in found["items"] if one["code"] == ITEM]
    assert of_it == [(GUIDE["conditions"], None), (["新条件"], LATER)]
    ends = [one["code"] for one in found["items"] if one.get("effective_to") == LAST]
    assert ends == [shipped_items()[0].code]
    assert found["overrides"] == [terms(promised_days=11), terms(LATER, promised_days=9)]
    assert sent(quiet_api, found)["unchanged"] == 43
    endless = [{name: one[name] for name in one if name != "effective_to"} for one in found["items"]]
    assert sent(quiet_api, document(*endless))["unchanged"] == 41
    assert exported(quiet_api) == found


def test_a_workbook_of_hand_made_terms_is_read(quiet_api: Api) -> None:
    header = cells(export(quiet_api, "xlsx"))["overrides"][0]
    told = {"code": ITEM, "district": DISTRICT, "channels": "window phone", "free": "是", "deferrable": "-"}
    future = {"code": ITEM, "district": float(DISTRICT), "effective_from": LATER, "promised_days": 9.0}
    rows = [[row.get(name, "") for name in header] for row in (told, future)]
    job = follow(quiet_api, send(quiet_api, packed({"overrides": [header, *rows]}), XLSX_TYPE))
    assert (job["status"], job["added"]) == ("done", 2), listed(quiet_api, job)
    assert exported(quiet_api)["overrides"] == [
        terms(channels=["window", "phone"], fee={"amount": None}, deferrable=[]),
        terms(LATER, promised_days=9),
    ]
    rows[1][header.index("promised_days")] = "soon"
    job = follow(quiet_api, send(quiet_api, packed({"overrides": [header, *rows]}), XLSX_TYPE))
    assert faults(quiet_api, job) == [("overrides!3", "terms.promised_days")]


@pytest.mark.parametrize("file", [b"categories: []", b"items: {}", b"items: []\noverrides: 7"])
def test_what_has_neither_items_nor_terms_is_refused(quiet_api: Api, file: bytes) -> None:
    assert send(quiet_api, file).status_code == 422
