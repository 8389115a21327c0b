"""Words in which the stories of documents are told: a photo, its parts, and who sends and reads them."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from intake.window import Answer, Somebody
from onewindow_intake.documents.keeping import Keeper
from testkit.api import Api

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + (bytes(range(256)) * 20)[:-2] + b"\xff\xd9"
PDF = b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n"
PART = 2048
_keys = itertools.count(1)
WHY = {"reason": "核对户口簿"}


def settings(folder: Path) -> dict[str, Any]:
    """Return the settings of a service that keeps small documents in a folder."""
    return {
        "documents_url": folder.as_uri(),
        "document_part_bytes": PART,
        "document_most_bytes": 10_000,
        "documents_per_case": 5,
        "documents_kept_days": 100,
    }


def keeper(api: Api) -> Keeper:
    found: Keeper = api.app.state.keeper
    return found


def job(api: Api, name: str) -> int:
    """Do one piece of what the service does about documents by itself."""
    assert api.client.portal is not None
    done: int = api.client.portal.call(getattr(keeper(api), name))
    return done


def begun(who: Somebody, case: dict[str, Any], name: str = "户口簿.jpg", **more: Any) -> dict[str, Any]:
    answer = who.post(
        f"cases/{case['case_no']}/uploads",
        {"name": name, **more},
        **{"Idempotency-Key": f"upload-{next(_keys):08d}"},
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def put(who: Somebody, upload: dict[str, Any], to: str, content: bytes) -> Answer:
    path = f"/api/intake/v1/uploads/{upload['upload_id']}/{to}"
    return who.api.client.put(path, content=content, headers=who.headers)


def send(who: Somebody, upload: dict[str, Any], content: bytes, order: Sequence[int] | None = None) -> None:
    pieces = [content[at : at + PART] for at in range(0, len(content), PART)]
    for number in order or range(1, len(pieces) + 1):
        answer = put(who, upload, f"parts/{number}", pieces[number - 1])
        assert answer.status_code == 200, answer.text


def complete(who: Somebody, upload: dict[str, Any]) -> Answer:
    return who.post(f"uploads/{upload['upload_id']}/completion")


def kept(
    who: Somebody, case: dict[str, Any], content: bytes = PHOTO, name: str = "户口簿.jpg", **more: Any
) -> dict[str, Any]:
    answer = put(who, begun(who, case, name, **more), "content", content)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(who: Somebody, document: dict[str, Any], body: Any = None) -> Answer:
    return who.post(
        f"cases/{document['case_no']}/documents/{document['document_id']}/disclosure", body or WHY
    )


def count(api: Api, table: Any) -> int:
    return api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(table)) or 0)


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
