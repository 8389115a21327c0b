"""How documents lie in the store: sealed, once, not beyond their time, and whole after a crash."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from intake.conftest import Open
from intake.uploads import (
    PART,
    PDF,
    PHOTO,
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
from intake.window import Somebody
from onewindow_intake.documents.keeping import Keeper
from onewindow_intake.documents.models import Content, Document, Part
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import Api


@pytest.fixture
def api(open_furnished: Open, folder: Path) -> Iterator[Api]:
    with open_furnished(**settings(folder)) as api:
        yield api


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
