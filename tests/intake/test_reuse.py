"""What somebody handed in before is offered again while it is valid, and to nobody who should not see it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from intake.conftest import REGISTER, Open, calendar
from intake.test_checklist import Found, paper, worked
from intake.test_papers import printed, text_of
from intake.test_tolerance import promise
from intake.uploads import PDF, kept, read
from intake.window import Answer, Somebody, person, somebody, wrong_fields
from onewindow_intake.cases.models import Case
from onewindow_intake.checklist.rules import Paper
from onewindow_intake.documents.models import DROPPED, Content, Document
from onewindow_intake.reuse import rules, service
from onewindow_intake.reuse.rules import Before
from onewindow_intake.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import Origin, Pieces
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.contracts.events import CaseSupplemented
from onewindow_shared.contracts.intake import MaterialForm
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api

ALLOWANCE, CARD = "soc-old-age-xiangtan", "soc-senior-card-pubei"
"""Both ask for the identity card and the household register; as m3 and m4, and as m2 and m3."""
AGREED = {"purpose": "case_handling", "given": True, "reuse": True}


@pytest.fixture
def api(open_service: Open, tmp_path: Path) -> Iterator[Api]:
    with open_service(documents_url=(tmp_path / "documents").as_uri(), reusable_days=30) as api:
        api.system(seed)
        api.receive(*REGISTER, calendar(2026), source="casework")
        yield api


def offers(who: Somebody, case: Found) -> list[Found]:
    answer = who.get(f"cases/{case['case_no']}/reusable-materials")
    assert answer.status_code == 200, answer.text
    return [dict(one) for one in answer.json()["offers"]]


def test_looking_writes_nothing_and_waits_for_no_writer(api: Api, clerk: Somebody) -> None:
    clerk.posted(item=ALLOWANCE, consent=AGREED, materials=clerk.papers(ALLOWANCE))
    case = clerk.posted(item=CARD)
    with mock.patch.object(api.runtime.database, "write", side_effect=AssertionError):
        assert offers(clerk, case)


def reuse(who: Somebody, case: Found, code: str, origin: Found, **more: Any) -> Answer:
    body = {"case_no": origin["case_no"], "material": origin["material"], **more}
    return who.move(case, f"materials/{code}/reuse", body)


def test_a_paper_is_taken_over_from_an_earlier_case_with_its_documents(api: Api, clerk: Somebody) -> None:
    earlier = clerk.case(clerk.posted(item=ALLOWANCE, consent=AGREED))
    document = kept(clerk, earlier, material="m3")
    earlier = clerk.case(earlier)
    earlier = worked(clerk, earlier, "m3", copies=1, documents=[document["document_id"]], remark="长期有效")
    earlier = worked(clerk, earlier, "m4", copies=1)
    api.clock.pass_(days=2)
    case = clerk.case(clerk.posted(item=CARD))
    card, register = offers(clerk, case)
    origin = {
        "case_no": earlier["case_no"],
        "material": "m3",
        "handed_in_on": "2026-11-23",
        "valid_until": "2026-12-23",
    }
    assert (card["material"], card["origin"], card["documents"]) == ("m2", origin, 1)
    assert (register["material"], register["item_name"]) == ("m3", "高龄津贴")

    answer = reuse(clerk, case, "m2", card["origin"])
    assert answer.status_code == 200, answer.text
    taken = paper(answer.json(), "m2")
    assert (taken["received"], taken["origin"], taken["seen_by"]) == (True, origin, "clerk.xian")
    (linked,) = taken["documents"]
    assert linked != document["document_id"]
    assert read(clerk, {"case_no": case["case_no"], "document_id": linked}).status_code == 200
    stored = api.system(
        lambda unit: [
            unit.session.scalar(select(func.count()).select_from(table)) for table in (Content, Document)
        ]
    )
    assert stored == [1, 2], "the content lies there once"
    assert reuse(clerk, case, "m2", card["origin"]).status_code == 412
    case = clerk.case(case)
    assert [one["material"] for one in offers(clerk, case)] == ["m3"]
    assert wrong_fields(reuse(clerk, case, "m3", card["origin"])) == {"case_no"}
    assert reuse(clerk, case, "m99", card["origin"]).status_code == 404
    assert clerk.steps(case)[-1] == "material_reused"
    receipt = clerk.get(f"cases/{case['case_no']}/issued-documents/receipt").json()
    assert [one["origin"] for one in receipt["handed_in"]] == [origin]
    assert "原办件编号" in text_of(printed(clerk, case, "receipt"))

    def audited(unit: Unit) -> list[tuple[str, str]]:
        given = select(AuditRecord).where(AuditRecord.action == "case.material_given_again")
        return [(row.entity_id, row.detail["for"]) for row in unit.session.scalars(given)]

    assert api.system(audited) == [(earlier["case_no"], case["case_no"])]
    api.clock.pass_(days=10)
    third = clerk.case(clerk.posted(item=CARD))
    assert {one["origin"]["case_no"] for one in offers(clerk, third)} == {earlier["case_no"]}
    api.clock.pass_(days=19)
    assert offers(clerk, third) == [], "its days count from when it was handed in, not from when it was used"


def test_a_document_whose_content_was_dropped_meanwhile_is_not_linked(api: Api, clerk: Somebody) -> None:
    """As it is found by whoever waited for the content while its last document was deleted."""
    earlier = clerk.case(clerk.posted(item=ALLOWANCE, consent=AGREED))
    document = kept(clerk, earlier, material="m3")
    worked(clerk, clerk.case(earlier), "m3", copies=1, documents=[document["document_id"]])
    case = clerk.case(clerk.posted(item=CARD))
    (card, *_) = offers(clerk, case)

    def dropped(unit: Unit) -> None:
        unit.session.scalars(select(Content)).one().state = DROPPED

    api.system(dropped)
    answer = reuse(clerk, case, "m2", card["origin"])
    assert answer.status_code == 200, answer.text
    assert paper(answer.json(), "m2")["documents"] == []
    assert api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(Document))) == 1


def test_a_paper_that_only_an_infected_file_shows_is_not_used_again(
    api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier case had left the desk when its file was found infected, so its list still names it."""
    earlier = clerk.case(clerk.posted(item=ALLOWANCE, consent=AGREED))
    names = {code: kept(clerk, earlier, PDF + code.encode(), material=code) for code in ("m3", "m4")}
    earlier = clerk.case(earlier)
    for code, copies in (("m3", 0), ("m4", 1)):
        said = {"copies": copies, "electronic": True, "documents": [names[code]["document_id"]]}
        earlier = worked(clerk, earlier, code, **said)
    case = clerk.case(clerk.posted(item=CARD))
    shown = {one["material"]: one for one in offers(clerk, case)}
    assert {code: one["documents"] for code, one in shown.items()} == {"m2": 1, "m3": 1}

    def infected(unit: Unit) -> None:
        unit.session.execute(update(Content).values(scan=Scan.INFECTED))

    def too_late(unit: Unit, *args: Any, **more: Any) -> CaseOut:
        infected(unit)
        return take_over(unit, *args, **more)

    take_over = service.take_over
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(service, "take_over", too_late)
        assert wrong_fields(reuse(clerk, case, "m2", shown["m2"]["origin"])) == {"case_no"}
    api.system(infected)
    (register,) = offers(clerk, case)
    assert (register["material"], register["documents"]) == ("m3", 0), "its copy lies in the file"
    assert wrong_fields(reuse(clerk, case, "m2", shown["m2"]["origin"])) == {"case_no"}
    taken = paper(reuse(clerk, case, "m3", register["origin"]).json(), "m3")
    assert (taken["received"], taken["documents"]) == (True, [])


def test_nothing_is_offered_without_consent_or_to_anybody_else(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    both = [{"code": code, "received": True} for code in ("m3", "m4")]
    silent = clerk.posted(item=ALLOWANCE, materials=both)
    assert clerk.case(silent)["consent"]["reuse"] is False
    case = clerk.posted(item=CARD)
    assert offers(clerk, case) == []
    agreed = clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)
    assert len(offers(clerk, case)) == 2
    (origin, _) = [one["origin"] for one in offers(clerk, case)]

    assert neighbour.get(f"cases/{case['case_no']}/reusable-materials").status_code == 404
    assert reuse(neighbour, clerk.case(case), "m2", origin).status_code == 404
    elsewhere = neighbour.posted(community=KAIYUAN, item=CARD)
    assert wrong_fields(reuse(neighbour, elsewhere, "m2", origin)) == {"case_no"}
    another = clerk.posted(item=CARD, serial=77)
    assert offers(clerk, another) == []
    assert wrong_fields(reuse(clerk, another, "m2", origin)) == {"case_no"}
    for who in (Role.AGENT_OFFICER, Role.AUDITOR, Role.COMMUNITY_MANAGER):
        path = f"cases/{case['case_no']}/reusable-materials"
        assert somebody(api, who, XIAN).get(path).status_code == 403

    kept_on = clerk.moved(clerk.case(agreed), "consent-withdrawal", {"only_reuse": True})
    assert (kept_on["status"], kept_on["consent"]["reuse"]) == ("received", False)
    assert kept_on["consent"]["withdrawn_at"] is None
    assert clerk.steps(agreed)[-1] == "reuse_withdrawn"
    assert offers(clerk, case) == []
    assert wrong_fields(reuse(clerk, clerk.case(case), "m2", origin)) == {"case_no"}
    taken_back = clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)
    assert len(offers(clerk, case)) == 2
    clerk.moved(taken_back, "withdrawal", {})
    assert offers(clerk, case) == []


def test_consent_that_is_taken_back_while_a_paper_is_looked_for_counts(
    api: Api, clerk: Somebody, neighbour: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [{"code": code, "received": True} for code in ("m3", "m4")]
    earlier = clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)
    case = neighbour.posted(community=KAIYUAN, item=CARD)
    take_over = service.take_over

    def taken_back_after_the_look(unit: Unit, *args: Any, **more: Any) -> CaseOut:
        cases = table_of(Case)
        change = update(cases).where(cases.c.case_no == earlier["case_no"]).values(consent_reuse=False)
        unit.session.execute(change)
        return take_over(unit, *args, **more)

    monkeypatch.setattr(service, "take_over", taken_back_after_the_look)
    assert wrong_fields(neighbour.move(case, "materials/m2/reuse", {"consent": True})) == {"case_no"}


def test_of_what_another_community_keeps_a_window_learns_only_when_it_came_until_the_applicant_agrees(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    both = [{"code": code, "received": True} for code in ("m3", "m4")]
    earlier = clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)
    document = kept(clerk, earlier, material="m3")
    worked(clerk, clerk.case(earlier), "m3", copies=1, documents=[document["document_id"]])
    case = neighbour.posted(community=KAIYUAN, item=CARD)
    card, _ = offers(neighbour, case)
    when = {"handed_in_on": "2026-11-23", "valid_until": "2026-12-23"}
    assert card == {
        "material": "m2",
        "name": card["name"],
        "item_name": None,
        "pieces": None,
        "documents": None,
        "origin": {"case_no": None, "material": None, **when},
    }
    path = "materials/m2/reuse"
    assert wrong_fields(neighbour.move(case, path, {})) == {"consent"}
    named = {"case_no": earlier["case_no"], "material": "m3", "consent": True}
    assert wrong_fields(neighbour.move(case, path, named)) == {"case_no"}
    taken = paper(neighbour.moved(case, path, {"consent": True}), "m2")
    assert taken["origin"] == {"case_no": earlier["case_no"], "material": "m3", **when}
    (linked,) = taken["documents"]
    assert read(neighbour, {"case_no": case["case_no"], "document_id": linked}).status_code == 200
    assert neighbour.get(f"cases/{earlier['case_no']}").status_code == 404
    clerk.moved(clerk.case(earlier), "consent-withdrawal", {"only_reuse": True})
    assert offers(neighbour, neighbour.posted(community=KAIYUAN, item=CARD)) == []


def test_a_promised_paper_may_be_one_that_was_handed_in_before(api: Api, clerk: Somebody) -> None:
    admin = somebody(api, Role.DISTRICT_ADMIN, "330902")
    terms = {"district": "330902", "terms": {"deferrable": ["m2", "m3"]}}
    assert admin.post(f"items/{CARD}/overrides", terms, **{"Idempotency-Key": "terms-0001"}).is_success
    both = [{"code": code, "received": True} for code in ("m3", "m4")]
    without = [one for one in clerk.papers(CARD) if one["code"] not in {"m2", "m3"}]
    case = clerk.posted(item=CARD, materials=without)
    case = clerk.moved(
        case, "tolerant-acceptance", promise(*({"material": m, "due_on": "2026-11-27"} for m in ("m2", "m3")))
    )
    clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)
    card, register = offers(clerk, case)
    case = reuse(clerk, case, "m2", card["origin"]).json()
    assert (case["status"], clerk.steps(case)[-1]) == ("tolerant_accepted", "supplemented")
    assert wrong_fields(reuse(clerk, case, "m2", card["origin"])) == {"case_no"}
    whole = reuse(clerk, case, "m3", register["origin"]).json()
    assert (whole["status"], whole["supplement_due_at"]) == ("handling", None)
    assert [one.case_no for one in api.sent(CaseSupplemented)] == [case["case_no"]]


def test_a_draft_is_offered_papers_once_it_names_item_and_person(api: Api, clerk: Somebody) -> None:
    both = [{"code": code, "received": True} for code in ("m3", "m4")]
    clerk.posted(item=ALLOWANCE, materials=both, consent=AGREED)

    def offered(n: int, **content: Any) -> list[str]:
        body = {"community": XIAN, "content": content}
        begun = clerk.post("drafts", body, **{"Idempotency-Key": f"draft-00000{n}"}).json()
        answer = clerk.get(f"drafts/{begun['draft_id']}/reusable-materials")
        assert answer.status_code == 200, answer.text
        assert answer.json()["case_no"] is None
        return [one["material"] for one in answer.json()["offers"]]

    somebody_ = {"id_document": person()["id_document"]}
    assert offered(1, item_code=CARD) == []
    assert offered(2, applicant=somebody_) == []
    assert offered(3, item_code=CARD, applicant={"id_document": {"kind": "?"}}) == []
    assert offered(4, item_code=CARD, applicant=somebody_) == ["m2", "m3"]
    looked = select(func.count()).where(AuditRecord.action == "draft.reuse_looked_up")
    assert api.system(lambda unit: unit.session.scalar(looked)) == 1


NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def material(**more: Any) -> ItemMaterial:
    said: dict[str, Any] = {"code": "m1", "name": "身份证", "form": MaterialForm.COPY, "required": True}
    return ItemMaterial(**(said | more))


@given(st.integers(0, 40), st.none() | st.integers(1, 40), st.booleans(), st.integers(1, 40))
def test_a_paper_is_offered_exactly_on_the_days_on_which_it_is_valid(
    age: int, days: int | None, reusable: bool, default: int
) -> None:
    asked = material(reusable=reusable, reusable_days=days)
    handed_in = Paper(received=True, pieces=Pieces(copies=1), at=NOW)
    before = [Before("C", "高龄津贴", material(code="m7"), handed_in)]
    today = date(2026, 11, 23) + timedelta(days=age)
    found = list(rules.offers([asked], {}, before, today, ZONE, default))
    valid = days if days is not None else default if reusable else -1
    assert bool(found) == (age <= valid)
    assert [one.origin.valid_until for one in found] == (
        [today + timedelta(days=valid - age)] if found else []
    )


def test_only_the_same_paper_in_the_right_form_that_was_seen_there_is_offered() -> None:
    kinds, names = (None, "resident_id_card", "bank_card"), ("身份证", "居民身份证")
    for mine, theirs, name, other in product(kinds, kinds, names, names):
        same = mine == theirs if mine and theirs else name == other
        assert rules.same_paper(material(kind=mine, name=name), material(kind=theirs, name=other)) == same
    asked = material(form=MaterialForm.ORIGINAL_AND_COPY, copies=2, reusable=True)
    whole = Pieces(originals=1, copies=2)
    origin = Origin(case_no="A", material="m1", handed_in_on=NOW.date(), valid_until=NOW.date())
    papers = {
        "seen": Paper(received=True, pieces=whole, at=NOW),
        "longer": Paper(received=True, pieces=Pieces(electronic=True), at=NOW + timedelta(hours=24)),
        "declared": Paper(declared=True, pieces=whole, at=NOW),
        "too few": Paper(received=True, pieces=Pieces(originals=1, copies=1), at=NOW),
        "used again itself": Paper(received=True, pieces=whole, at=NOW, origin=origin),
    }
    before = [Before(case_no, "高龄津贴", material(), one) for case_no, one in papers.items()]
    found = list(rules.offers([asked], {}, before, NOW.date(), ZONE, 30))
    assert [one.before.case_no for one in found] == ["longer", "seen"]
    there = {"m1": Paper(received=True, pieces=whole, at=NOW)}
    assert not list(rules.offers([asked], there, before, NOW.date(), ZONE, 30))
