"""Documents of cases: uploads in parts and at once, what is taken, and who reads it."""

import asyncio
import itertools
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import select
from structlog.testing import capture_logs

from intake.conftest import Open
from intake.uploads import (
    PART,
    PDF,
    PHOTO,
    WHY,
    begun,
    complete,
    kept,
    put,
    read,
    send,
    settings,
)
from intake.window import NO_PAPERS, Somebody, somebody, wrong_fields
from onewindow_intake.documents import rules
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api


def office(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


@pytest.fixture
def api(open_furnished: Open, folder: Path) -> Iterator[Api]:
    with open_furnished(**settings(folder)) as api:
        yield api


def test_a_photo_comes_in_parts_in_any_order_and_is_read_again(clerk: Somebody) -> None:
    case = clerk.posted()
    upload = begun(clerk, case)
    send(clerk, upload, PHOTO, order=[3, 1, 2, 1])
    seen = clerk.get(f"uploads/{upload['upload_id']}").json()
    assert [(part["number"], part["size"]) for part in seen["parts"]] == [(1, PART), (2, PART), (3, 1036)]
    document = complete(clerk, upload).json()
    assert (document["media_type"], document["size"], document["name"]) == (
        "image/jpeg",
        len(PHOTO),
        "户口簿.jpg",
    )
    assert complete(clerk, upload).json() == document
    answer = read(clerk, document)
    assert answer.content == PHOTO
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    disposition = "attachment; filename=document.jpg; filename*=UTF-8''%E6%88%B7%E5%8F%A3%E7%B0%BF.jpg"
    assert answer.headers["content-disposition"] == disposition


def test_parts_make_one_document_in_any_order_however_often_they_are_sent(clerk: Somebody) -> None:
    pieces = [PHOTO[at : at + PART] for at in range(0, len(PHOTO), PART)]
    serials = itertools.count(500)
    sendings = st.lists(st.tuples(st.integers(1, len(pieces)), st.integers(0, 255)), max_size=5).flatmap(
        lambda more: st.permutations([*((number, 0) for number in range(1, len(pieces) + 1)), *more])
    )

    @hypothesis.settings(max_examples=20, deadline=None)
    @hypothesis.given(sendings)
    def check(sent: list[tuple[int, int]]) -> None:
        upload = begun(clerk, clerk.posted(serial=next(serials)))
        last: dict[int, bytes] = {}
        for number, variant in sent:
            piece = pieces[number - 1]
            last[number] = piece[:100] + bytes([variant]) + piece[101:]
            assert put(clerk, upload, f"parts/{number}", last[number]).status_code == 200
        document = complete(clerk, upload).json()
        assert read(clerk, document).content == b"".join(last[number] for number in sorted(last))

    check()


def test_a_document_comes_at_once(clerk: Somebody) -> None:
    case = clerk.posted()
    document = kept(clerk, case)
    assert read(clerk, document).content == PHOTO
    listed = clerk.get(f"cases/{case['case_no']}/documents").json()["items"]
    assert listed == [document]


def test_documents_are_listed_in_the_order_in_which_they_came(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    first_begun = begun(clerk, case, "最后寄到.pdf")
    names = [f"第{number}份.jpg" for number in range(1, 5)]
    for name in names:
        api.clock.pass_(seconds=1)
        kept(clerk, case, PHOTO, name)
    api.clock.pass_(seconds=1)
    assert put(clerk, first_begun, "content", PDF).status_code == 200
    path = f"cases/{case['case_no']}/documents"
    first = clerk.get(path, limit=3).json()
    second = clerk.get(path, limit=3, cursor=first["next"]).json()
    listed = [one["name"] for one in [*first["items"], *second["items"]]]
    assert listed == [*names, "最后寄到.pdf"]


@pytest.mark.parametrize("to", ["content", "parts/1"])
def test_a_client_that_leaves_while_it_sends_is_no_error_of_the_service(
    api: Api, clerk: Somebody, to: str
) -> None:
    upload = begun(clerk, clerk.posted())
    path = f"/api/intake/v1/uploads/{upload['upload_id']}/{to}"
    headers = [(name.lower().encode(), value.encode()) for name, value in clerk.headers.items()]
    coming = [
        {"type": "http.request", "body": PHOTO[:PART], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    assert api.client.portal is not None
    with capture_logs() as lines:
        api.client.portal.call(api.app, scope, receive, send)
    assert answered == []
    assert [(line["status"], line["log_level"]) for line in lines] == [(499, "info")]
    assert put(clerk, upload, "content", PHOTO).status_code == 200, "it goes on afterwards"


def test_a_missing_part_is_named(clerk: Somebody) -> None:
    upload = begun(clerk, clerk.posted())
    assert complete(clerk, upload).json()["missing"] == [1]
    send(clerk, upload, PHOTO, order=[3])
    refused = complete(clerk, upload)
    assert (refused.status_code, refused.json()["missing"]) == (409, [1, 2])


def test_an_empty_file_is_called_empty(clerk: Somebody) -> None:
    case = clerk.posted()
    at_once, in_parts = begun(clerk, case), begun(clerk, case)
    assert put(clerk, in_parts, "parts/1", b"").status_code == 200
    for refused in (put(clerk, at_once, "content", b""), complete(clerk, in_parts)):
        assert (refused.status_code, refused.json()["type"][-14:]) == (409, "document-empty")
    assert put(clerk, at_once, "content", PHOTO).status_code == 200


def test_a_file_that_breaks_off_hands_nothing_in_and_is_sent_again(clerk: Somebody) -> None:
    case = clerk.posted()
    code = clerk.papers()[0]["code"]
    for content in (PHOTO, PNG, PDF):
        upload = begun(clerk, case, material=code)
        refused = put(clerk, upload, "content", content[:30])
        assert (refused.status_code, refused.json()["type"][-16:]) == (409, "document-cut-off")
        (paper,) = (one for one in clerk.case(case)["materials"] if one["code"] == code)
        assert (paper["received"], paper["declared"]) == (False, False)
    whole = put(clerk, upload, "content", PDF).json()
    assert (whole["media_type"], whole["handed_in"]) == ("application/pdf", True)


def test_an_upload_belongs_to_a_paper_of_the_check_list(clerk: Somebody) -> None:
    case = clerk.posted()
    code = clerk.papers()[0]["code"]
    assert begun(clerk, case, material=code)["material"] == code
    key = {"Idempotency-Key": "upload-of-nothing"}
    wrong = clerk.post(f"cases/{case['case_no']}/uploads", {"name": "x.jpg", "material": "moon-rock"}, **key)
    assert wrong_fields(wrong) == {"material"}


def test_only_so_much_is_taken(clerk: Somebody) -> None:
    case = clerk.posted()
    upload = begun(clerk, case)
    assert put(clerk, upload, "parts/1", bytes(PART + 1)).status_code == 413
    assert put(clerk, upload, "content", bytes(10_001)).status_code == 413
    for number in range(1, 5):
        assert put(clerk, upload, f"parts/{number}", bytes(PART)).status_code == 200
    refused = put(clerk, upload, "parts/5", bytes(PART))
    assert (refused.status_code, refused.json()["most_bytes"]) == (413, 10_000)
    assert len(clerk.get(f"uploads/{upload['upload_id']}").json()["parts"]) == 4
    for place in range(4):
        begun(clerk, case, f"{place}.jpg")
    key = {"Idempotency-Key": "one-too-many"}
    assert clerk.post(f"cases/{case['case_no']}/uploads", {"name": "x.jpg"}, **key).status_code == 409


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17) + b"\0\0\0\0IEND\xaeB`\x82"
TYPES = [
    (PDF, "application/pdf"),
    (PNG, "image/png"),
    (office("[Content_Types].xml", "xl/workbook.xml"), None),
    (office("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
    (office("OFD.xml"), "application/ofd"),
    (office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), None),
    (office("readme.txt"), None),
    (office("../../etc/passwd", "OFD.xml"), None),
    (b"PK\x03\x04 and nothing more", None),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
    (b"<html><script>alert(1)</script></html>", None),
    (b"MZ\x90\0 a program", None),
]


def test_a_type_is_told_by_content_alone(clerk: Somebody, subtests: pytest.Subtests) -> None:
    for serial, (content, media_type) in enumerate(TYPES, start=1):
        with subtests.test(content=content[:20]):
            upload = begun(clerk, clerk.posted(serial=serial), "照片.jpg")
            assert put(clerk, upload, "parts/1", content).status_code == 200
            answer = complete(clerk, upload)
            if media_type is None:
                assert answer.status_code == 415
                assert put(clerk, upload, "content", PHOTO).status_code == 200
            else:
                assert answer.json()["media_type"].endswith(media_type)
                assert not answer.json()["name"].endswith(".jpg")


def test_who_reads_a_document_says_why(api: Api, clerk: Somebody) -> None:
    document = kept(clerk, clerk.posted())
    assert read(clerk, document, {"reason": ""}).status_code == 422
    auditor = somebody(api, Role.AUDITOR, "330902")
    assert read(auditor, document).status_code == 403
    assert auditor.get(f"cases/{document['case_no']}/documents").status_code == 403
    read(clerk, document)

    def reasons(unit: Unit) -> list[tuple[str, str | None]]:
        query = select(AuditRecord).where(AuditRecord.action == "document.read")
        return [(row.actor, row.reason(unit.vault)) for row in unit.session.scalars(query)]

    assert api.system(reasons) == [("clerk.xian", WHY["reason"])]


def test_documents_of_others_are_not_there(api: Api, clerk: Somebody, resident: Somebody) -> None:
    document = kept(clerk, clerk.posted())
    upload = begun(clerk, clerk.posted(), "另.jpg")
    neighbour = somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan")
    for other in (neighbour, resident):
        assert read(other, document).status_code == 404
        assert put(other, upload, "parts/1", PHOTO[:PART]).status_code == 404
        assert complete(other, upload).status_code == 404
        assert other.get(f"uploads/{upload['upload_id']}").status_code == 404
    own = resident.posted(item=NO_PAPERS, channel="web", community=XIAN)
    mine = kept(resident, own)
    assert mine["uploaded_by"] == "applicant"
    assert read(resident, mine).content == PHOTO
    swapped = mine | {"case_no": document["case_no"]}
    assert read(clerk, swapped).status_code == 404


def test_a_container_is_opened_beside_the_event_loop(
    clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = rules.type_in_container
    beside_it: list[bool] = []

    def beside(content: bytes) -> str | None:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        beside_it.append(True)
        return opened(content)

    monkeypatch.setattr(rules, "type_in_container", beside)
    document = kept(clerk, clerk.posted(), office("[Content_Types].xml", "word/document.xml"), "申请.docx")
    assert document["size"] > 0
    assert beside_it == [True]
