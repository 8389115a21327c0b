"""Papers of a case: what stands on them, that each print is the same, and their public check."""

from io import BytesIO
from typing import Any, get_args

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, func, select

from intake.window import (
    INSTANT,
    NO_PAPERS,
    Answer,
    Somebody,
    born,
    entrusted,
    nobody,
    person,
    shipped,
    wrong_fields,
)
from onewindow_intake.cases.queries import of
from onewindow_intake.issued import service as reading
from onewindow_intake.issued.written import written
from onewindow_intake.papers import frozen, keeping, service
from onewindow_intake.papers.keeping import KEEP_NEXT
from onewindow_intake.papers.models import SHEET, IssuedPaper
from onewindow_intake.papers.rules import KINDS, body
from onewindow_intake.seed import load
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind
from onewindow_shared.contracts.events import DepartmentChanged
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import Api


def printed(who: Somebody, case: dict[str, Any], kind: str) -> bytes:
    answer = who.get(f"cases/{case['case_no']}/papers/{kind}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def sheet_of(api: Api, number: str) -> dict[str, str]:
    """The number, code and token of a paper, as whoever holds it reads them."""

    def read(unit: Unit) -> dict[str, str]:
        assert unit.session.get(IssuedPaper, number) is not None
        code, token = frozen.code_of(unit.vault, number), frozen.token_of(unit.vault, number)
        return {"number": number, "code": code, "token": token}

    return api.system(read)


def frozen_rows(api: Api) -> dict[str, str | None]:
    """What is kept of papers, by number."""
    papers = api.system(lambda unit: unit.session.scalars(select(IssuedPaper)).all())
    return {paper.number: paper.document_sealed for paper in papers}


def check(api: Api, paper: dict[str, str]) -> Answer:
    return nobody(api).post("paper-checks", {"number": paper["number"], "code": paper["code"]})


def test_a_receipt_is_printed_and_printed_again_as_the_same_paper(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    first = printed(clerk, case, "receipt")
    text = text_of(first)
    for words in (
        "申请材料收件凭证",
        "王*芳",
        case["case_no"],
        case["tracking_code"],
        "西安社区",
        "第三十二条",
    ):
        assert words in text
    for secret in ("王桂芳", person(1)["mobile"], person(1)["id_document"]["number"]):
        assert secret not in text
    api.clock.pass_(days=3)
    assert printed(clerk, case, "receipt") == first


def test_a_paper_is_genuine_until_a_newer_one_replaces_it(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    printed(clerk, case, "receipt")
    first = sheet_of(api, f"{case['case_no']}-SJ1")
    told = check(api, first).json()
    assert (told["standing"], told["title"], told["office"]) == ("genuine", "申请材料收件凭证", "西安社区")
    assert (told["applicant"], told["status_label"], told["issued_on"]) == ("王*芳", "已收件", "2026-11-23")
    by_code = nobody(api).get(f"paper-checks/{first['token']}")
    assert by_code.json() == told
    assert check(api, first).json()["standing"] == "genuine"
    clerk.moved(case, "materials", {"materials": clerk.papers()})
    assert check(api, first).json()["standing"] == "replaced"
    assert "已收到的材料" in text_of(printed(clerk, case, "receipt"))
    assert check(api, first).json()["standing"] == "replaced"
    second = sheet_of(api, f"{case['case_no']}-SJ2")
    assert check(api, second).json()["standing"] == "genuine"
    for secret in ("王桂芳", person(1)["mobile"], "clerk.xian"):
        assert secret not in check(api, second).text


def test_a_paper_is_issued_with_its_act_and_reading_writes_nothing(api: Api, clerk: Somebody) -> None:
    before = frozen_rows(api)
    case = clerk.posted(item=NO_PAPERS, accept=True)
    kept = frozen_rows(api)
    number = case["case_no"]
    assert set(kept) - set(before) == {f"{number}-SJ1", f"{number}-SL1"}
    audits = select(func.count()).select_from(AuditRecord)
    audited = api.system(lambda unit: unit.session.scalar(audits))
    for kind in ("receipt", "acceptance"):
        printed(clerk, case, kind)
        assert clerk.get(f"cases/{number}/issued-documents/{kind}").status_code == 200
    assert frozen_rows(api) == kept
    assert api.system(lambda unit: unit.session.scalar(audits)) == audited
    assert check(api, sheet_of(api, f"{number}-SL1")).json()["standing"] == "genuine"


def test_what_posting_keeps_is_what_the_rows_of_the_case_say(api: Api, clerk: Somebody) -> None:
    """Posting writes its documents without reading; they say the same as those written from its rows."""
    agent = entrusted()
    minor = {"applicant": born("2015-05-05"), "guardian": {**person(8), "relation": "parent"}}
    posted = [
        clerk.posted(serial=30, materials=clerk.papers()[:1]),
        clerk.posted(serial=31, materials=clerk.papers(), accept=True),
        clerk.posted(serial=32, agent=agent, acting="agent"),
        clerk.posted(**minor, consent={"purpose": "case_handling", "given": True, "by": "guardian"}),
        clerk.posted(item=INSTANT, serial=33, decide={"outcome": "grant"}, materials=clerk.papers(INSTANT)),
        clerk.posted(
            item=INSTANT,
            serial=34,
            decide={"outcome": "refuse", "reasons": "不符合条件"},
            materials=clerk.papers(INSTANT),
        ),
    ]

    def compared(unit: Unit) -> int:
        pairs = 0
        for case_no in (case["case_no"] for case in posted):
            case = of(unit.session, case_no)
            for kind, step in reading.of_case(unit, case).items():
                kept = reading.one(unit, case_no, kind).document
                now = written(unit, case, kind, step)
                later = (
                    {"due_on", "accepted_on", "provisional", "notice_due_at"} if kind == "receipt" else set()
                )
                assert kept.model_dump(exclude=later) == now.model_dump(exclude=later)
                pairs += 1
        return pairs

    assert api.system(compared) == 9


def test_a_renamed_department_or_a_moved_date_changes_no_paper(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    clerk.moved(case, "corrections", {"deadline": "2026-12-07", "defects": [{"problem": "缺少签名"}]})
    before = printed(clerk, case, "correction_notice")
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/correction_notice").json()
    renamed = DepartmentChanged(district="330902", code="civil_affairs", name="民政与社会工作局")
    api.receive(renamed, source="casework")
    assert printed(clerk, case, "correction_notice") == before
    assert clerk.get(f"cases/{case['case_no']}/issued-documents/correction_notice").json() == document
    other = clerk.posted(serial=2)
    clerk.moved(other, "corrections", {"deadline": "2026-12-07", "defects": [{"problem": "缺少签名"}]})
    told = clerk.get(f"cases/{other['case_no']}/issued-documents/correction_notice").json()
    assert told["office"] == "民政与社会工作局"


def test_documents_of_older_cases_are_kept_slice_by_slice(
    api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [clerk.posted(serial=serial, item=NO_PAPERS, accept=True) for serial in range(40, 45)]
    kept = frozen_rows(api)
    printed_before = printed(clerk, cases[0], "receipt")

    def as_it_was(unit: Unit) -> None:
        unit.session.execute(delete(IssuedPaper))
        unit.set_timer(KEEP_NEXT, "0", unit.now)

    api.system(as_it_was)
    assert printed(clerk, cases[0], "receipt") == printed_before
    monkeypatch.setattr(keeping, "AT_ONCE", 3)
    api.tick()
    assert 0 < len(frozen_rows(api)) < len(kept)
    api.quiet()
    assert set(frozen_rows(api)) == set(kept)
    assert printed(clerk, cases[0], "receipt") == printed_before
    told = check(api, sheet_of(api, f"{cases[4]['case_no']}-SL1")).json()
    assert told["standing"] == "genuine"


def test_what_was_printed_before_documents_were_kept_keeps_its_sheet(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    number = f"{case['case_no']}-SJ1"

    def as_it_was(unit: Unit) -> None:
        sheet, _ = service.printed(unit, case["case_no"], DocumentKind.RECEIPT)
        paper = unit.session.get_one(IssuedPaper, number)
        older = sheet.model_copy(update={"office": "西安社区居民委员会"})
        paper.sheet_sealed = unit.vault.seal(older.model_dump_json(), purpose=SHEET)
        paper.document_sealed = None

    api.system(as_it_was)
    assert "居民委员会" in text_of(printed(clerk, case, "receipt"))
    assert check(api, sheet_of(api, number)).json()["office"] == "西安社区居民委员会"
    assert clerk.get(f"cases/{case['case_no']}/issued-documents/receipt").json()["office"] == "西安社区"


def test_what_no_printer_prints_is_no_number(api: Api) -> None:
    for number in ("33\x0090", "\x1b", " "):
        assert wrong_fields(check(api, {"number": number, "code": "ACDEFGHJ"})) == {"number"}
    assert nobody(api).post("tracking/33%0090", {"code": "ACDEFGHJ"}).status_code == 422


def test_what_was_never_issued_is_unknown_and_guessing_ends(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    printed(clerk, case, "receipt")
    paper = sheet_of(api, f"{case['case_no']}-SJ1")
    wrong = [
        check(api, paper | {"code": "ACDEFGHJ"}),
        check(api, paper | {"number": "nonsense"}),
        nobody(api).get("paper-checks/AAAAAAAAAAAAAAAAAAAAAA"),
    ]
    assert {answer.json()["standing"] for answer in wrong} == {"unknown"}
    assert len({answer.text for answer in wrong}) == 1
    for _ in range(9):
        check(api, paper | {"code": "ACDEFGHJ"})
    assert check(api, paper).status_code == 429
    api.clock.pass_(minutes=16)
    assert check(api, paper).json()["standing"] == "genuine"


def test_a_client_that_guesses_all_over_is_refused(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    tracked = f"tracking/{case['case_no']}"
    for place in range(100):
        nobody(api).get(f"paper-checks/token-{place}")
    assert nobody(api).get("paper-checks/token-x").status_code == 429
    assert nobody(api).post(tracked, {"code": case["tracking_code"]}).status_code == 429
    elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    assert nobody(api).post(tracked, {"code": case["tracking_code"]}, **elsewhere).status_code == 200


def test_guesses_from_elsewhere_lock_nobody_out_before_there_are_very_many(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    path, right, wrong = f"tracking/{case['case_no']}", {"code": case["tracking_code"]}, {"code": "ACDEFGHJ"}

    def tried(client: int, body: dict[str, str]) -> int:
        elsewhere = {"X-Forwarded-For": f"198.51.100.{client}"}
        return int(nobody(api).post(path, body, **elsewhere).status_code)

    assert [tried(1, wrong) for _ in range(12)] == [404] * 10 + [429] * 2
    assert (tried(1, right), tried(2, right)) == (429, 200)
    for client in range(2, 11):
        assert {tried(client, wrong) for _ in range(10)} == {404}
    assert tried(11, right) == 429
    api.clock.pass_(minutes=16)
    assert tried(1, right) == 200


def test_every_outcome_has_its_paper(api: Api, clerk: Somebody, subtests: pytest.Subtests) -> None:
    accepted = clerk.posted(item=NO_PAPERS, accept=True)
    notice = {"defects": [{"problem": "申请表未签名"}], "deadline": "2026-12-04"}
    corrected = clerk.moved(clerk.posted(serial=2), "corrections", notice)
    refusal = {"ground": "not_competent", "reason": "不属于本机关职权范围", "competent_body": "定海区民政局"}
    refused = clerk.moved(clerk.posted(serial=3), "refusal", refusal)
    withdrawn = clerk.moved(clerk.posted(serial=4), "withdrawal", {"reason": "不办了"})
    silent = clerk.posted(serial=5)
    late = clerk.moved(clerk.posted(serial=6), "corrections", notice)
    api.clock.pass_(days=30)
    api.tick()
    for case, kind, words in (
        (accepted, "acceptance", "现予以受理"),
        (corrected, "correction_notice", "申请表未签名"),
        (refused, "non_acceptance", "定海区民政局"),
        (withdrawn, "withdrawal", "已撤回"),
        (silent, "deemed_acceptance", "视为受理"),
        (late, "deemed_withdrawal", "视为撤回"),
    ):
        with subtests.test(kind=kind):
            text = text_of(printed(clerk, case, kind))
            assert words in text
            assert KINDS[DocumentKind(kind)][1] in text


def test_a_paper_that_was_not_issued_or_is_of_others_is_not_there(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    case = clerk.posted()
    path = f"cases/{case['case_no']}/papers"
    assert clerk.get(f"{path}/acceptance").status_code == 404
    assert neighbour.get(f"{path}/receipt").status_code == 404
    assert nobody(api).get(f"{path}/receipt").status_code == 401
    assert clerk.get(f"{path}/birthday_card").status_code == 422


def test_every_kind_has_a_title_and_words() -> None:
    assert set(KINDS) == set(DocumentKind)
    assert len({letters for letters, _ in KINDS.values()}) == len(KINDS)
    kinds, _ = get_args(AnyDocument)
    assert set(body.registry) == {object, *get_args(kinds)}


def test_a_refusal_is_the_departments_and_tells_who_reconsiders_it(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    clerk.moved(case, "refusal", {"ground": "not_required", "reason": "无须申请"})
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/non_acceptance").json()
    assert (document["office"], document["window"]) == ("定海区民政局", "西安社区")
    assert "向定海区人民政府申请行政复议" in document["remedies"]
    text = text_of(printed(clerk, case, "non_acceptance"))
    for words in ("定海区民政局", "收件窗口", "西安社区", "定海区人民政府"):
        assert words in text
    told = check(api, sheet_of(api, f"{case['case_no']}-BS1")).json()
    assert told["office"] == "定海区民政局"


def test_a_notice_of_corrections_is_the_departments_and_a_receipt_the_windows(clerk: Somebody) -> None:
    case = clerk.posted()
    clerk.moved(case, "corrections", {"deadline": "2026-12-07", "defects": [{"problem": "缺少签名"}]})
    offices = {
        kind: clerk.get(f"cases/{case['case_no']}/issued-documents/{kind}").json()["office"]
        for kind in ("correction_notice", "receipt")
    }
    assert offices == {"correction_notice": "定海区民政局", "receipt": "西安社区"}


def test_a_department_that_was_not_told_of_leaves_the_paper_to_the_window(clerk: Somebody) -> None:
    item = shipped()["edu-enrolment-guchen"].model_copy(update={"department": "not_told_of"})
    clerk.api.system(load, [item])
    case = clerk.posted(item="edu-enrolment-guchen")
    clerk.moved(case, "refusal", {"ground": "not_required", "reason": "无须申请"})
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/non_acceptance").json()
    assert document["office"] == "西安社区"


@pytest.mark.parametrize(
    ("how", "printed_how", "line"),
    [
        ("by_hand", "手写签名", "承诺人（申请人）签名："),
        ("fingerprint", "按指印", "承诺人（申请人）按指印："),
        ("e_signature", "电子签名", None),
    ],
)
def test_a_promise_has_a_line_to_sign_on(
    clerk: Somebody, how: str, printed_how: str, line: str | None
) -> None:
    papers = [paper for paper in clerk.papers("edu-enrolment-guchen") if paper["code"] != "m4"]
    case = clerk.posted(item="edu-enrolment-guchen", materials=papers)
    body = {
        "deferred": [{"material": "m4", "due_on": "2026-11-27"}],
        "promise": {"signed_by": "applicant", "signed_how": how},
        "no_discredit_record": True,
    }
    clerk.moved(case, "tolerant-acceptance", body)
    text = text_of(printed(clerk, case, "tolerant_promise"))
    assert ("签署方式" in text, printed_how in text) == (True, True)
    assert ("承诺人（" in text) is (line is not None)
    assert line is None or line in text
