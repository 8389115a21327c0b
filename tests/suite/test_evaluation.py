"""Through the gateway: a certificate asked for and refused, one issued and revoked, a round, the public page."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from onewindow_shared.contracts.numbers import TRACKING_ALPHABET
from town import CASEWORK, Person, Town, eventually, person

pytestmark = pytest.mark.suite

XIAN, CHANGGUO = "330902002001", "330902002"
QUESTIONS = [
    {"code": "duties", "text": "依法协助政府工作", "about": "committee", "weight": 3},
    {"code": "support", "text": "经费和工作条件到位", "about": "counterpart", "weight": 3},
]


def form(kind: str, serial: int) -> dict[str, Any]:
    applicant = person(serial)
    return {
        "community": XIAN,
        "kind": kind,
        "holder": {"name": applicant["name"], "id_document": applicant["id_document"]},
        "purpose": "子女入学",
        "recipient": "定海小学",
        "statement": "王桂芳住在昌国街道西安社区。",
    }


def code_on(pdf: bytes, number: str) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(number, " ")
    signs = set(TRACKING_ALPHABET)
    return next(word[-8:] for word in text.split() if len(word) >= 8 and set(word[-8:]) <= signs)


def test_a_certificate_asked_for_in_ones_own_words_is_refused_with_the_basis(town: Town) -> None:
    asked = {"community": XIAN, "wording": "给我开个没有犯罪的证明"}
    told = town.anybody().ask("POST", f"{CASEWORK}/certificates/checks", asked)
    assert told.status_code == 200, told.text
    assert told.json()["verdict"] == "not_issued"
    assert told.json()["matches"][0]["instead"] == "公安派出所"
    refused = town.staff("clerk.xian").made(f"{CASEWORK}/certificates", form("cert-no-criminal-record", 21))
    assert (refused["status"], "民发〔2020〕20号" in refused["basis"]) == ("refused", True)


def test_a_certificate_is_issued_verified_by_anybody_and_revoked(town: Town) -> None:
    clerk, manager = town.staff("clerk.xian"), town.staff("manager.xian")
    applied = clerk.made(f"{CASEWORK}/certificates", form("cert-residence", 22))
    number = applied["certificate_no"]
    path = f"{CASEWORK}/certificates/{number}"
    facts = {"facts": [{"source": "register", "finding": "登记在册"}]}
    verified = clerk.moved(f"{path}/verification", facts, applied["version"])
    issued = manager.moved(f"{path}/issue", {}, verified["version"])
    code = code_on(clerk.get(f"{path}/paper").content, number)

    def proof() -> Any:
        body = {"certificate_no": number, "code": code}
        return town.anybody().ask("POST", f"{CASEWORK}/certificates/proofs", body)

    assert proof().json()["valid"] is True
    assert "王桂芳" not in proof().text
    manager.moved(f"{path}/revocation", {"reason": "登记有误"}, issued["version"])
    assert proof().json()["valid"] is False


def rate(who: Person, pair: int, question: str) -> None:
    who.made(f"{CASEWORK}/evaluation-pairs/{pair}/ratings", {"answers": {question: 4}})


def test_both_sides_and_residents_are_heard_in_a_round(town: Town) -> None:
    admin, street = town.staff("admin.dinghai"), town.staff("supervisor.changguo")
    today = date.fromisoformat(town.anybody().read(f"{CASEWORK}/disclosure/communities/{XIAN}")["day"])
    called = admin.made(
        f"{CASEWORK}/evaluation-rounds",
        {
            "year": today.year,
            "title": "年度履职履约双向评价",
            "opens_on": today.isoformat(),
            "closes_on": (today + timedelta(days=7)).isoformat(),
            "questions": QUESTIONS,
            "pairs": [{"community": XIAN, "counterpart": CHANGGUO}],
        },
    )
    path = f"{CASEWORK}/evaluation-rounds/{called['round_id']}"
    eventually(lambda: admin.read(path)["status"], lambda status: bool(status == "open"))
    pair = admin.read(f"{path}/pairs")["items"][0]["pair_id"]
    rate(street, pair, "duties")
    assert admin.read(f"{path}/pairs")["items"][0]["ratings"] == []
    rate(town.staff("manager.xian"), pair, "support")
    for about in ("committee", "counterpart"):
        said = {"awareness": 90, "participation": 70, "satisfaction": 95, "people": 80}
        more = {"about": about, "held_on": today.isoformat(), "method": "居民代表会议民主评议"}
        admin.made(f"{CASEWORK}/evaluation-pairs/{pair}/appraisals", said | more)
    heard = admin.read(f"{path}/pairs")["items"][0]
    assert (len(heard["ratings"]), heard["missing"]) == (2, [])
    assert admin.read(path)["rated_by_both"] == 1


def test_anybody_reads_the_page_of_a_community(town: Town) -> None:
    page = town.anybody().read(f"{CASEWORK}/disclosure/communities/{XIAN}")
    assert {line["kind"] for line in page["certificates"]} >= {"cert-residence", "cert-no-criminal-record"}
    assert any(matter["code"] == "cert-alive" for matter in page["matters"]["items"])
    assert "王" not in str(page["certificates"])
