"""Certificates: asked for, refused with the basis, issued free of charge, proved, replaced, taken back."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from pypdf import PdfReader
from sqlalchemy import select

from casework.office import BASE, HOLIDAYS_2027, Headers, Office, furnished, open_office
from conftest import FreshDatabase
from onewindow_casework.certificates.models import Certificate, CertificateFact
from onewindow_casework.seed import put_up_lists
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, KAIYUAN, XIAN

PATH = "certificates"
HOLDER = {"name": "王桂芳", "id_document": {"kind": "resident_id", "number": "11010519491231002X"}}
FACTS = {
    "facts": [
        {"source": "register", "finding": "王桂芳2009年起登记住在本社区"},
        {"source": "visit", "finding": "入户见到本人"},
    ]
}
REFUSAL = {"reason": "登记中没有本人", "basis": "民发〔2020〕20号：属实方可出具"}


@pytest.fixture
def hall(fresh_database: FreshDatabase) -> Iterator[Office]:
    with open_office(fresh_database("casework", furnished)) as opened:
        opened.api.system(put_up_lists, "330902")
        yield opened


def form(**more: Any) -> dict[str, Any]:
    return {
        "community": XIAN,
        "kind": "cert-residence",
        "holder": HOLDER,
        "purpose": "子女入学",
        "recipient": "定海小学",
        "statement": "王桂芳自2009年起住在昌国街道西安社区。",
    } | more


def post(hall: Office, path: str, body: Any, who: Headers | None = None, **headers: str) -> Response:
    response: Response = hall.api.client.post(f"{BASE}/{path}", json=body, headers=(who or {}) | headers)
    return response


def apply(hall: Office, who: Headers, key: str = "", **more: Any) -> Response:
    keys = {"Idempotency-Key": key or f"certificate-{next(hall.serials)}"}
    return post(hall, PATH, form(**more), who, **keys)


def applied(hall: Office, who: Headers | None = None, **more: Any) -> str:
    response = apply(hall, who or hall.clerk, **more)
    assert response.status_code == 201, response.text
    number: str = response.json()["certificate_no"]
    return number


def step(hall: Office, who: Headers, number: str, action: str, body: Any = None) -> Response:
    version = hall.read(f"{PATH}/{number}", hall.admin)["version"]
    return post(hall, f"{PATH}/{number}/{action}", body or {}, who, **{"If-Match": f'"{version}"'})


def issued(hall: Office, **more: Any) -> str:
    number = applied(hall, **more)
    assert step(hall, hall.clerk, number, "verification", FACTS).status_code == 200
    signed = step(hall, hall.manager, number, "issue")
    assert signed.status_code == 200, signed.text
    return number


def paper(hall: Office, number: str) -> str:
    response = hall.get(f"{PATH}/{number}/paper", hall.clerk)
    assert response.status_code == 200, response.text
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def code_on(text: str, number: str) -> str:
    from onewindow_shared.contracts.numbers import TRACKING_ALPHABET  # the code's own signs

    plain = text.replace(number, " ")
    words = (word for word in plain.replace("\n", " ").split() if len(word) >= 8)
    return next(word[-8:] for word in words if set(word[-8:]) <= set(TRACKING_ALPHABET))


def prove(hall: Office, number: str, code: str) -> Response:
    return post(hall, f"{PATH}/proofs", {"certificate_no": number, "code": code})


def test_anybody_asks_in_their_own_words_and_hears_the_basis_and_who_issues_it(hall: Office) -> None:
    answer = post(hall, f"{PATH}/checks", {"community": XIAN, "wording": "给我开个没有犯罪的证明"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["verdict"] == "not_issued"
    assert told["matches"][0]["instead"] == "公安派出所"
    assert "民发〔2020〕20号" in told["matches"][0]["basis"][0]["document"]


@pytest.mark.parametrize(("wording", "verdict"), [("居住证明", "may_issue"), ("转学证明", "unknown")])
def test_what_is_listed_may_be_issued_and_what_is_not_goes_to_admission(
    hall: Office, wording: str, verdict: str
) -> None:
    told = post(hall, f"{PATH}/checks", {"community": XIAN, "wording": wording}, hall.resident).json()
    assert told["verdict"] == verdict
    assert ("准入" in told["next_step"]) == (verdict == "unknown")


def test_an_application_for_a_listed_one_is_refused_in_writing_and_counted(hall: Office) -> None:
    answer = apply(hall, hall.clerk, kind="cert-no-criminal-record").json()
    assert (answer["status"], answer["instead"]) == ("refused", "公安派出所")
    assert "民发〔2020〕20号" in answer["basis"]
    assert hall.figures()[Metric.CERTIFICATES_REFUSED] == 1
    assert step(hall, hall.manager, answer["certificate_no"], "issue").status_code == 409


def test_a_kind_on_no_list_is_not_guessed(hall: Office) -> None:
    response = apply(hall, hall.clerk, kind="cert-of-anything")
    assert response.json()["errors"][0]["loc"] == ["body", "kind"]


def test_a_certificate_is_issued_printed_and_proved_without_its_holder_being_shown(hall: Office) -> None:
    number = issued(hall)
    shown = hall.read(f"{PATH}/{number}", hall.manager)
    assert (shown["status"], shown["holder"], shown["fee_fen"]) == ("issued", "王*芳", 0)
    assert shown["signed_by"].startswith("测试")
    text = paper(hall, number)
    assert "王桂芳" in text
    assert "子女入学" in text
    proof = prove(hall, number, code_on(text, number))
    assert proof.status_code == 200, proof.text
    assert (proof.json()["valid"], proof.json()["holder"]) == (True, "王*芳")
    assert "王桂芳" not in proof.text
    assert hall.figures()[Metric.CERTIFICATES_ISSUED] == 1


def test_a_wrong_code_proves_nothing_and_too_many_close_the_number_for_a_while(hall: Office) -> None:
    number = issued(hall)
    right = code_on(paper(hall, number), number)
    assert [prove(hall, number, "AAAAAAAA").status_code for _ in range(6)] == [404] * 5 + [429]
    assert prove(hall, number, right).status_code == 429
    hall.api.clock.pass_(minutes=15)
    assert prove(hall, number, right).status_code == 200
    assert prove(hall, "1" * 26, right).status_code == 404


def test_a_client_that_guesses_all_over_is_refused(hall: Office) -> None:
    number = issued(hall)
    right = code_on(paper(hall, number), number)
    for place in range(100):
        assert prove(hall, f"{place:026}", "AAAAAAAA").status_code == 404
    assert prove(hall, number, right).status_code == 429
    hall.api.clock.pass_(minutes=15)
    assert prove(hall, number, right).status_code == 200


def test_a_revoked_one_is_told_to_be_out_of_force(hall: Office) -> None:
    number = issued(hall)
    code = code_on(paper(hall, number), number)
    assert step(hall, hall.manager, number, "revocation", {"reason": "登记有误"}).status_code == 200
    told = prove(hall, number, code).json()
    assert (told["valid"], told["status"]) == (False, "revoked")


def test_a_new_one_takes_the_place_of_the_old_one_when_it_is_issued(hall: Office) -> None:
    old = issued(hall)
    new = applied(hall, replaces=old, statement="王桂芳自2010年起住在昌国街道西安社区。")
    assert hall.read(f"{PATH}/{old}", hall.manager)["status"] == "issued"
    assert apply(hall, hall.clerk, replaces=old).json()["type"].endswith("certificate-already-replaced")
    step(hall, hall.clerk, new, "verification", FACTS)
    assert step(hall, hall.manager, new, "issue").status_code == 200
    replaced = hall.read(f"{PATH}/{old}", hall.manager)
    assert (replaced["status"], replaced["replaced_by"]) == ("replaced", new)


def test_a_new_one_is_issued_although_the_old_one_was_revoked_meanwhile(hall: Office) -> None:
    old = issued(hall)
    new = applied(hall, replaces=old)
    assert step(hall, hall.manager, old, "revocation", {"reason": "情况有变"}).status_code == 200
    assert step(hall, hall.clerk, new, "verification", FACTS).status_code == 200
    assert step(hall, hall.manager, new, "issue").json()["status"] == "issued"
    assert hall.read(f"{PATH}/{old}", hall.admin)["status"] == "revoked"


def test_somebody_elses_certificate_is_not_replaced(hall: Office) -> None:
    other = {"name": "李红", "id_document": {"kind": "passport", "number": "E12345678"}}
    response = apply(hall, hall.clerk, replaces=issued(hall, holder=other))
    assert response.json()["errors"][0]["loc"] == ["body", "replaces"]


def test_nothing_is_issued_unverified_nor_by_the_clerk(hall: Office) -> None:
    number = applied(hall)
    assert step(hall, hall.manager, number, "issue").status_code == 409
    step(hall, hall.clerk, number, "verification", FACTS)
    assert step(hall, hall.clerk, number, "issue").status_code == 403


def test_a_refusal_names_its_basis_and_is_counted_by_kind(hall: Office) -> None:
    number = applied(hall)
    assert step(hall, hall.manager, number, "refusal", {"reason": "不属实"}).status_code == 422
    refused = step(hall, hall.manager, number, "refusal", REFUSAL).json()
    assert (refused["status"], refused["basis"]) == ("refused", REFUSAL["basis"])
    assert hall.figures()[Metric.CERTIFICATES_REFUSED] == 1


def test_simple_ones_are_due_on_the_spot_and_those_from_home_within_working_days(hall: Office) -> None:
    simple = hall.read(f"{PATH}/{applied(hall)}", hall.clerk)
    assert (simple["due_on"], simple["complex"]) == ("2026-11-23", False)
    from_home = apply(hall, hall.resident).json()
    assert (from_home["due_on"], from_home["complex"]) == ("2026-11-26", True)
    hall.api.clock.pass_(days=4)
    assert hall.read(f"{PATH}/{simple['certificate_no']}", hall.clerk)["overdue"]


def test_a_new_calendar_moves_the_day_of_an_open_application(hall: Office) -> None:
    hall.go_to(2026, 12, 30, 2)
    number, simple = applied(hall, complex=True), applied(hall)
    before = hall.read(f"{PATH}/{number}", hall.admin)
    assert (before["due_on"], before["provisional"]) == ("2027-01-05", True)
    assert hall.import_year(2027, HOLIDAYS_2027).status_code == 200
    after = hall.read(f"{PATH}/{number}", hall.admin)
    assert (after["due_on"], after["provisional"], after["version"]) == ("2027-01-07", False, 2)
    assert hall.read(f"{PATH}/{simple}", hall.admin)["due_on"] == "2026-12-30"


def test_a_resident_sees_withdraws_and_prints_their_own_only(hall: Office) -> None:
    mine, other = applied(hall, hall.resident), applied(hall)
    assert [one["certificate_no"] for one in hall.read(PATH, hall.resident)["items"]] == [mine]
    for path in (f"{PATH}/{other}", f"{PATH}/{other}/paper"):
        assert hall.get(path, hall.resident).status_code == 404
    gone = post(hall, f"{PATH}/{mine}/withdrawal", {}, hall.resident, **{"If-Match": '"1"'})
    assert gone.json()["status"] == "withdrawn"


def test_other_communities_and_streets_have_nothing_to_do_with_it(hall: Office) -> None:
    number = applied(hall)
    people = hall.api.people
    for who in (
        people.headers(Role.COMMUNITY_MANAGER, KAIYUAN),
        people.headers(Role.STREET_SUPERVISOR, DONGSHAN[:9]),
    ):
        assert hall.get(f"{PATH}/{number}", who).status_code == 404
        assert hall.read(PATH, who)["items"] == []
    assert apply(hall, people.headers(Role.WINDOW_CLERK, KAIYUAN)).status_code == 403
    assert hall.get(f"{PATH}/{number}", people.headers(Role.AUDITOR, "330902")).status_code == 200


def test_full_particulars_are_shown_for_a_reason_that_is_kept(hall: Office) -> None:
    number = issued(hall)
    shown = post(hall, f"{PATH}/{number}/disclosure", {"reason": "核对本人身份"}, hall.manager).json()
    assert (shown["name"], shown["id_number"]) == ("王桂芳", "11010519491231002X")
    assert shown["facts"][0]["finding"].startswith("王桂芳")
    assert (
        post(hall, f"{PATH}/{number}/disclosure", {"reason": "核对本人身份"}, hall.admin).status_code == 403
    )

    def reasons(unit: Unit) -> list[str | None]:
        disclosures = select(AuditRecord).where(AuditRecord.action == "certificate.disclosed")
        return [record.reason(unit.vault) for record in unit.session.scalars(disclosures)]

    assert hall.api.system(reasons) == ["核对本人身份"]


def test_nothing_personal_lies_open_in_any_table(hall: Office) -> None:
    issued(hall)

    def rows(unit: Unit) -> str:
        tables = (Certificate, CertificateFact, AuditRecord)
        return str([vars(row) for table in tables for row in unit.session.scalars(select(table))])

    stored = hall.api.system(rows)
    assert not any(word in stored for word in ("王桂芳", "11010519491231002X", "2009年", "定海小学"))


def test_an_application_sent_twice_is_one(hall: Office) -> None:
    first, again = apply(hall, hall.clerk, key="weak-network"), apply(hall, hall.clerk, key="weak-network")
    assert first.content == again.content
    assert len(hall.read(PATH, hall.manager)["items"]) == 1


def test_of_two_who_sign_one_wins_and_the_other_sees_how_it_stands(hall: Office) -> None:
    number = applied(hall)
    step(hall, hall.clerk, number, "verification", FACTS)
    first, second = (
        post(hall, f"{PATH}/{number}/issue", {}, hall.manager, **{"If-Match": '"2"'}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["status"] == "issued"
