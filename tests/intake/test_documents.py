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
    count,
    files,
    job,
    keeper,
    kept,
    put,
    read,
    send,
    settings,
)
from intake.window import NO_PAPERS, Somebody, somebody, wrong_fields
from onewindow_intake.documents import rules
from onewindow_intake.documents.keeping import Keeper
from onewindow_intake.documents.models import Content, Document, Part
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
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


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
            last[number] = pieces[number - 1][:-1] + bytes([variant])
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


TYPES = [
    (PDF, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
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


def test_the_same_content_is_stored_once(api: Api, clerk: Somebody, folder: Path) -> None:
    first = kept(clerk, clerk.posted())
    second = kept(clerk, clerk.posted(), name="另一份.jpg")
    api.clock.pass_(minutes=11)
    while job(api, "tend"):
        pass
    assert count(api, Content) == 1
    assert len(files(folder)) == 3
    assert read(clerk, first).content == read(clerk, second).content == PHOTO


def test_nothing_in_the_store_or_the_database_can_be_read(api: Api, clerk: Somebody, folder: Path) -> None:
    kept(clerk, clerk.posted(), PDF, "王桂芳的身份证.pdf")
    assert all(b"%PDF" not in file.read_bytes() for file in files(folder))

    def rows(unit: Unit) -> str:
        found = unit.session.scalars(select(Document)).all()
        audits = unit.session.scalars(select(AuditRecord)).all()
        return repr([vars(row) for row in [*found, *audits]])

    assert "王桂芳" not in api.system(rows)


def test_who_reads_a_document_says_why(api: Api, clerk: Somebody) -> None:
    document = kept(clerk, clerk.posted())
    assert read(clerk, document, {"reason": ""}).status_code == 422
    auditor = somebody(api, Role.AUDITOR, "330902")
    assert read(auditor, document).status_code == 403
    assert auditor.get(f"cases/{document['case_no']}/documents").status_code == 403
    read(clerk, document)

    def reasons(unit: Unit) -> list[tuple[str, str | None]]:
        query = select(AuditRecord).where(AuditRecord.action == "document.read")
        return [(row.actor, row.reason) for row in unit.session.scalars(query)]

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


def test_an_upload_that_is_never_completed_is_forgotten(api: Api, clerk: Somebody, folder: Path) -> None:
    upload = begun(clerk, clerk.posted())
    send(clerk, upload, PHOTO)
    api.clock.pass_(hours=25)
    api.tick()
    assert clerk.get(f"uploads/{upload['upload_id']}").status_code == 404
    assert job(api, "tend") == 0, "a request may still be on its way"
    api.clock.pass_(minutes=11)
    assert job(api, "tend") == 1
    assert files(folder) == []
    assert [count(api, table) for table in (Document, Content, Part)] == [0, 0, 0]


def test_a_crash_between_store_and_row_leaves_nothing_for_ever(
    api: Api, clerk: Somebody, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(clerk, clerk.posted())
    send(clerk, upload, PHOTO)

    async def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(Keeper, "_add", dies)
        assert put(clerk, upload, "parts/2", bytes(PART)).status_code == 500
    assert len(files(folder)) == 4, "the orphan lies in a folder that is known"
    document = complete(clerk, upload).json()
    assert read(clerk, document).content == PHOTO, "what was acknowledged is what is kept"
    api.clock.pass_(minutes=11)
    assert job(api, "tend") == 1
    assert len(files(folder)) == 3
    assert read(clerk, document).content == PHOTO


def test_a_crash_while_emptying_is_made_good(
    api: Api, clerk: Somebody, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(clerk, begun(clerk, clerk.posted()), PHOTO)
    api.clock.pass_(hours=25)
    api.tick()
    api.clock.pass_(minutes=11)
    with monkeypatch.context() as broken:
        broken.setattr(api.runtime, "write", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            job(api, "tend")
    assert files(folder) == []
    assert job(api, "tend") == 1
    assert count(api, Content) == 0


def test_a_store_that_is_away_says_so(api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    document = kept(clerk, clerk.posted())
    upload = begun(clerk, clerk.posted(), "另.jpg")

    async def away(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(type(keeper(api).store._store), "get_async", away, raising=False)
    monkeypatch.setattr(type(keeper(api).store._store), "put_async", away, raising=False)
    for answer in (read(clerk, document), put(clerk, upload, "parts/1", PHOTO[:PART])):
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


def test_documents_are_kept_until_long_after_the_case(api: Api, clerk: Somebody, folder: Path) -> None:
    case = clerk.posted()
    kept(clerk, case)
    api.clock.pass_(days=31)
    api.tick()
    assert count(api, Document) == 1
    other = clerk.posted(serial=2)
    clerk.moved(other, "withdrawal", {"reason": "不办了"})
    assert put(clerk, {"upload_id": "0" * 32}, "parts/1", b"x").status_code == 404
    document = kept(clerk, third := clerk.posted(serial=3), PDF, "a.pdf")
    clerk.moved(third, "withdrawal", {"reason": "不办了"})
    api.clock.pass_(days=95)
    api.tick()
    assert read(clerk, document).status_code == 200
    api.clock.pass_(days=31)
    api.tick()
    assert read(clerk, document).status_code == 404
    api.clock.pass_(minutes=11)
    while job(api, "tend"):
        pass
    assert count(api, Content) == 1


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
