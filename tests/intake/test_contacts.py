"""Whoever asks at a window or on the phone is answered, handed on, or told where to go (首问负责)."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from intake.window import ITEM, NO_PAPERS, Answer, Somebody, shipped, somebody, wrong_fields
from onewindow_intake.catalogue.models import Item, ItemVersion
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import OfficerChanged
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.rollups import fold, rebuild
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api

Found = dict[str, Any]
REFERRED = {
    "outcome": "referred",
    "referred_to": {"name": "定海区不动产登记服务中心", "address": "定海区昌国路", "phone": "0580-2020202"},
}
ANSWERED = {"outcome": "answered", "answer": "请带户口簿到窗口办理"}
_keys = itertools.count(1)


def ask(clerk: Somebody, **change: Any) -> Answer:
    body = {"community": XIAN, "channel": "phone", "matter": "问高龄津贴怎么办", **change}
    return clerk.post("contacts", body, **{"Idempotency-Key": f"contact-{next(_keys):06d}"})


def taken(clerk: Somebody, **change: Any) -> Found:
    answer = ask(clerk, **change)
    assert answer.status_code == 201, answer.text
    found: Found = answer.json()
    return found


def settle(who: Somebody, contact: Found, body: Found) -> Answer:
    path = f"contacts/{contact['contact_id']}/outcome"
    return who.post(path, body, **{"If-Match": f'"{contact["version"]}"'})


def test_a_contact_needs_nothing_of_the_person_and_what_is_given_is_masked(clerk: Somebody) -> None:
    bare = taken(clerk)
    assert (bare["name"], bare["mobile"], bare["outcome"]) == (None, None, None)
    given = taken(clerk, name="王桂芳", mobile="13800138000")
    assert (given["name"], "0013" in given["mobile"]) == ("王*芳", False)
    assert given["officer"] == "clerk.xian"


def test_figures_of_contacts_by_officer_carry_the_officers_names(api: Api, clerk: Somebody) -> None:
    taken(clerk)
    said = {"roles": ["window_clerk"], "area": XIAN, "department": None, "active": True}
    api.receive(
        OfficerChanged.model_validate(said | {"subject": "clerk.xian", "name": "周敏"}), source="gateway"
    )
    answer = clerk.get(f"metrics/areas/{XIAN}/parts", by="officer")
    assert [(part["key"], part["name"]) for part in answer.json()["parts"]] == [("clerk.xian", "周敏")]


def test_who_asked_is_told_in_full_for_a_reason_within_the_area(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    path = f"contacts/{taken(clerk, name='王桂芳', mobile='13800138000')['contact_id']}/disclosure"
    reason = {"reason": "回电告知办理结果"}
    shown = clerk.post(path, reason)
    assert (shown.json()["name"], shown.json()["mobile"][-11:]) == ("王桂芳", "13800138000")
    assert shown.headers["cache-control"] == "no-store"
    assert wrong_fields(clerk.post(path, {"reason": "看"})) == {"reason"}
    assert neighbour.post(path, reason).status_code == 404
    assert somebody(api, Role.AUDITOR, "330902").post(path, reason).status_code == 403

    def disclosures(unit: Unit) -> list[tuple[str, str | None]]:
        records = unit.session.scalars(select(AuditRecord).where(AuditRecord.action == "contact.disclosed"))
        return [(record.actor, record.reason(unit.vault)) for record in records]

    assert api.system(disclosures) == [("clerk.xian", "回电告知办理结果")]


@pytest.mark.parametrize("outcome", ["referred", "not_ours"])
def test_somebody_is_sent_to_a_body_that_is_named_and_can_be_found(clerk: Somebody, outcome: str) -> None:
    contact = taken(clerk, outcome={**REFERRED, "outcome": outcome})
    assert (contact["outcome"], contact["referred_to"]) == (outcome, REFERRED["referred_to"])
    nowhere = {"outcome": outcome, "referred_to": {"name": "别的单位"}}
    assert wrong_fields(ask(clerk, outcome=nowhere)) == {"outcome.referred_to"}
    assert wrong_fields(ask(clerk, outcome={"outcome": outcome})) == {"outcome.referred_to"}


def test_a_contact_becomes_a_case(clerk: Somebody, neighbour: Somebody) -> None:
    contact, case = taken(clerk), clerk.posted(item=NO_PAPERS)
    settled = settle(clerk, contact, {"outcome": "became_case", "case_no": case["case_no"]})
    assert (settled.status_code, settled.json()["case_no"]) == (200, case["case_no"])
    elsewhere = neighbour.posted(community=KAIYUAN)
    outcome = {"outcome": "became_case", "case_no": elsewhere["case_no"]}
    assert wrong_fields(settle(clerk, taken(clerk), outcome)) == {"case_no"}
    assert wrong_fields(settle(clerk, taken(clerk), {"outcome": "became_case"})) == {"case_no"}


def test_a_contact_is_settled_once(clerk: Somebody) -> None:
    contact = taken(clerk)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: settle(clerk, contact, ANSWERED), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    settled = clerk.get(f"contacts/{contact['contact_id']}").json()
    assert settle(clerk, settled, REFERRED).status_code == 409


def test_first_contact_closure_is_counted_on_the_day_of_the_contact(api: Api, clerk: Somebody) -> None:
    contact = taken(clerk)
    taken(clerk, outcome=ANSWERED)
    api.clock.pass_(days=3)
    settle(clerk, contact, ANSWERED)
    path, first = f"metrics/areas/{XIAN}", {"from": "2026-11-23", "to": "2026-11-23"}

    def told() -> list[Any]:
        parts = [clerk.get(f"{path}/parts", by=by, **first).json()["parts"] for by in ("officer", "channel")]
        return [clerk.get(path, **first).json()["figures"], *parts]

    figures, *parts = told()
    assert (figures["contacts.taken"], figures["contacts.settled"]) == (2, 2)
    for part, key in zip(parts, ("clerk.xian", "phone"), strict=True):
        assert {one["key"]: one["figures"]["contacts.settled"] for one in part}[key] == 2
    for again in (lambda unit: fold(unit.session), lambda unit: rebuild(unit.session, recount(unit))):
        api.system(again)
        assert told() == [figures, *parts]


def test_contacts_stay_in_their_area(api: Api, clerk: Somebody, neighbour: Somebody) -> None:
    contact = taken(clerk)
    path = f"contacts/{contact['contact_id']}"
    assert neighbour.get(path).status_code == 404
    assert neighbour.get("contacts").json()["items"] == []
    assert settle(neighbour, contact, ANSWERED).status_code == 404
    assert ask(clerk, community=KAIYUAN).status_code == 403
    supervisor = somebody(api, Role.STREET_SUPERVISOR, "330902002")
    assert [one["contact_id"] for one in supervisor.get("contacts", open=True).json()["items"]] == [
        contact["contact_id"]
    ]
    assert settle(supervisor, contact, ANSWERED).status_code == 403


@pytest.mark.parametrize(("change", "field"), [
    ({"community": "330902999999"}, "community"),
    ({"item_code": "no-such-item"}, "item_code"),
    ({"channel": "web"}, "channel"),
    ({"mobile": "0580-2020202"}, "mobile"),
    ({"outcome": {"outcome": "answered"}}, "outcome.answer"),
    ({"outcome": {**ANSWERED, "referred_to": REFERRED["referred_to"]}}, "outcome.referred_to"),
])  # fmt: skip
def test_a_wrong_contact_names_its_field(clerk: Somebody, change: Found, field: str) -> None:
    assert wrong_fields(ask(clerk, **change)) == {field}


def test_a_department_officer_reads_what_was_asked_about_the_departments_items(
    api: Api, clerk: Somebody
) -> None:
    theirs, nobodys = taken(clerk, item_code=ITEM), taken(clerk)
    owner = shipped()[ITEM].department
    for department, seen in ((owner, [theirs["contact_id"]]), ("health", [])):
        officer = somebody(api, Role.DEPARTMENT_OFFICER, XIAN[:6], department=department)
        assert [one["contact_id"] for one in officer.get("contacts").json()["items"]] == seen
        for contact in (theirs, nobodys):
            found = officer.get(f"contacts/{contact['contact_id']}").status_code
            assert found == (200 if contact["contact_id"] in seen else 404)


def test_only_what_was_ever_published_is_asked_about(api: Api, clerk: Somebody) -> None:
    """A draft may be thrown away with its item, which nothing may stand on."""

    def staged(unit: Unit) -> None:
        unit.session.add(Item(code="not-yet"))
        unit.session.flush()
        draft = unit.session.scalars(select(ItemVersion).where(ItemVersion.item_code == ITEM)).first()
        assert draft is not None
        said = {column.name: getattr(draft, column.name) for column in ItemVersion.__table__.columns}
        said |= {"item_code": "not-yet", "status": "draft", "effective_from": None}
        unit.session.add(ItemVersion(**said))

    api.system(staged)
    assert wrong_fields(ask(clerk, item_code="not-yet")) == {"item_code"}
    assert wrong_fields(ask(clerk, item_code="no-such-item")) == {"item_code"}
