"""Names and types of documents, the places where they lie, and the scanner that is asked over HTTP."""

import json
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
import xlsxwriter
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import LocalStore, MemoryStore, S3Store
from pydantic import SecretStr, ValidationError

from onewindow_intake.app import SERVICE
from onewindow_intake.documents.rules import (
    EXTENSIONS,
    LONGEST_NAME,
    missing_parts,
    named_by_type,
    safe_name,
    type_in_container,
    type_of,
)
from onewindow_intake.documents.scanning import CommandScanner, HttpScanner, scanner_of
from onewindow_intake.documents.store import Store, _open, new_key, open_store
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.problems import Unavailable
from testkit.api import settings_for

SECRET = SecretStr("secret")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("户口簿.jpg", "户口簿.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\照片.png", "照片.png"),
        ("证明\u202egpj.exe", "证明gpj.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("...", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ('"x"; filename=evil.html', "x_filename=evil.html"),
        ("x" * 500 + ".pdf", "x" * (LONGEST_NAME - 11) + ".pdf"),
    ],
)
def test_names_are_kept_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text())
def test_no_name_is_dangerous(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*%;')
    assert not any(unicodedata.category(sign)[0] in "CZ" for sign in safe)
    assert not safe.startswith(".")
    assert safe.split(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1"}
    assert safe_name(safe) == safe
    for media_type, extension in EXTENSIONS.items():
        assert named_by_type(safe, media_type).endswith(extension) or safe.lower().endswith(extension)


@given(st.binary(max_size=300))
def test_no_content_breaks_the_telling_of_types(content: bytes) -> None:
    assert type_of(content) is None or type_of(content) in {*EXTENSIONS, "application/zip"}
    assert type_in_container(content) is None


@given(st.sets(st.integers(1, 30)))
def test_missing_parts_fill_the_row(numbers: set[int]) -> None:
    missing = missing_parts(numbers)
    assert not numbers & set(missing)
    assert sorted(numbers | set(missing)) == list(range(1, max(numbers, default=1) + 1))


@pytest.mark.parametrize("place", ["memory", "folder"])
async def test_a_part_comes_back_only_from_where_it_was_put(place: str, tmp_path: Path) -> None:
    store = Store(MemoryStore() if place == "memory" else LocalStore(tmp_path / "s", mkdir=True))
    key = new_key()
    path = await store.put("a" * 32, 1, key, b"content")
    again = await store.put("a" * 32, 1, key, b"content")
    assert path != again
    assert await store.get(path, key) == b"content"
    with pytest.raises(Unavailable):
        await store.get(path, new_key())
    with pytest.raises(Unavailable):
        await store.get(path + "x", key)
    await store.clear("a" * 32, [again])
    await store.clear("b" * 32)
    await store.forget(path)
    assert await store.get(again, key) == b"content"


def test_a_part_does_not_open_in_anothers_place() -> None:
    with pytest.raises(InvalidTag):
        _open(new_key(), "a/1", bytes(40))


def test_a_store_is_named_by_its_address(tmp_path: Path) -> None:
    place = (None, "us-east-1", "", SecretStr(""))
    assert isinstance(open_store("memory:", *place), MemoryStore)
    assert isinstance(open_store((tmp_path / "d").as_uri(), *place), LocalStore)
    bucket = open_store("s3://papers/dinghai", "http://127.0.0.1:9", "cn-east-1", "id", SECRET)
    assert isinstance(bucket, S3Store)
    assert (bucket.prefix, bucket.config["bucket"]) == ("dinghai", "papers")
    assert bucket.client_options is not None
    for wrong in ("", "ftp://x/y", "file://host/x", "s3:///x", "documents"):
        with pytest.raises(ValueError, match="documents lie at"):
            open_store(wrong, *place)


async def test_a_bucket_that_cannot_be_reached_is_told_so() -> None:
    bucket = S3Store(
        "papers",
        endpoint="http://127.0.0.1:9",
        region="cn-east-1",
        access_key_id="id",
        secret_access_key="secret",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=1)},
    )
    store = Store(bucket)
    for trying in (store.put("a", 1, new_key(), b"x"), store.get("a/1", new_key()), store.clear("a")):
        with pytest.raises(Unavailable):
            await trying


async def content() -> AsyncIterator[bytes]:
    yield b"some"
    yield b"thing"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, {"infected": False}, Scan.CLEAN),
        (200, {"infected": True}, Scan.INFECTED),
        (200, {"infected": "no"}, Scan.WAITING),
        (200, [], Scan.WAITING),
        (503, {"infected": False}, Scan.WAITING),
    ],
)
async def test_only_a_clear_answer_of_the_scanner_counts(
    monkeypatch: pytest.MonkeyPatch, status: int, body: object, said: Scan
) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        assert await request.aread() == b"something"
        return httpx2.Response(status, content=json.dumps(body))

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    monkeypatch.setattr(httpx2, "AsyncClient", lambda **_: client)
    assert await HttpScanner("http://scanner.test/")(content()) is said


async def test_a_scanner_that_is_not_there_says_nothing() -> None:
    assert await HttpScanner("http://127.0.0.1:9/")(content()) is Scan.WAITING
    assert await CommandScanner(["/no/such/scanner"])(content()) is Scan.WAITING
    assert scanner_of(None, ()) is None
    assert isinstance(scanner_of("http://scanner.test/", ()), HttpScanner)


@pytest.mark.parametrize("half", [{"documents_s3_key": "id"}, {"documents_s3_secret": "secret"}])
def test_a_bucket_needs_both_halves_of_its_key(half: dict[str, str]) -> None:
    bucket = {"documents_url": "s3://papers", "documents_s3_key": "id", "documents_s3_secret": "secret"}
    assert settings_for(SERVICE, "sqlite://", **bucket).embedded
    with pytest.raises(ValidationError, match="documents_s3_secret"):
        settings_for(SERVICE, "sqlite://", **{"documents_url": "s3://papers", **half})


def test_a_workbook_is_one_that_opens() -> None:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("收入").write_string(0, 0, "2026年10月")
    assert type_in_container(made.getvalue()) in EXTENSIONS
