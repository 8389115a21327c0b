"""Reasons that lay open in an audit come to lie sealed, and its chain stays what it was, in every service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from guards.suite import each_service
from onewindow_shared.plumbing.audit import GENESIS, PURPOSE, AuditRecord, link, mark, seal, verify
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.migrations import configuration, migrate, with_connection
from onewindow_shared.plumbing.sealed import vault_from
from onewindow_shared.plumbing.tables import Json
from testkit import databases
from testkit.api import MONDAY, SECRETS, XIAN

T = TypeVar("T")
VAULT = vault_from(SECRETS["data_keys"], SECRETS["index_key"])
SAID = ("王桂芳来电核对身份", None, "按王小芳的申请更正")
"""Reasons of rows that the chain holds by their words."""
WAITING = "王小芳已在外地"
"""Why of a row that is not chained yet."""
LATER = "王小芳来取证明"
OPEN = sa.table(
    "audit",
    *(sa.column(name) for name in ("id", "actor", "action", "entity_type", "entity_id", "area", "reason")),
    *(sa.column("request_id"), sa.column("position"), sa.column("hash")),
    *(sa.column("at", UtcDateTime()), sa.column("roles", Json), sa.column("detail", Json)),
)


@pytest.fixture
def url(backend: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    sqlite = f"sqlite:///{tmp_path}/{name}.sqlite3"
    database = f"onewindow_test_reasons_{name}_{tmp_path.name}"[:63]
    where = sqlite if backend == "sqlite" else databases.create_postgres(database)
    told = {"database_url": where, "issuer": "https://i.test", "jwks_url": "https://i.test/jwks", **SECRETS}
    for key, value in told.items():
        monkeypatch.setenv(f"ONEWINDOW_{key.upper()}", value)
    yield where
    if backend != "sqlite":
        databases.drop_postgres(database)


def at(url: str, work: Callable[[Session], T]) -> T:
    found: list[T] = []

    def worked(connection: sa.Connection) -> None:
        with Session(connection) as session:
            found.append(work(session))
            session.flush()

    with_connection(url, worked)
    return found[0]


def before_reasons_were_sealed(name: str) -> str:
    tree = ScriptDirectory.from_config(configuration(name))
    (revision,) = (one for one in tree.walk_revisions() if one.revision.endswith("_audit_reasons"))
    return str(revision.down_revision)


def row(number: int, reason: str | None) -> dict[str, Any]:
    return {
        "id": number,
        "at": MONDAY,
        "actor": "clerk",
        "roles": ["window_clerk"],
        "action": "case.disclosed",
        "entity_type": "case",
        "entity_id": f"{number}",
        "area": XIAN,
        "reason": reason,
        "request_id": "-",
        "detail": {"from": number},
    }


def written_as_of_old(session: Session) -> None:
    """Write rows whose reasons lie open, and chain all but the last by their words."""
    last = GENESIS
    for position, reason in enumerate(SAID, start=1):
        written = row(position, reason)
        last = link(last, {**written, "at": MONDAY.isoformat(), "position": position})
        session.execute(sa.insert(OPEN).values(**written, position=position, hash=last))
    head = sa.table("audit_head", sa.column("id"), sa.column("position"), sa.column("hash"))
    session.execute(sa.insert(head).values(id=1, position=len(SAID), hash=last))
    session.execute(sa.insert(OPEN).values(**row(len(SAID) + 1, WAITING)))


def written_since(session: Session) -> None:
    written = row(len(SAID) + 2, None)
    del written["reason"]
    token = VAULT.seal(LATER, purpose=PURPOSE)
    session.add(AuditRecord(**written, reason_sealed=token, reason_mark=mark(VAULT, LATER)))


def reasons(session: Session) -> list[str | None]:
    return [one.reason(VAULT) for one in session.scalars(sa.select(AuditRecord).order_by(AuditRecord.id))]


def faults(session: Session) -> list[str]:
    return verify(session, VAULT)


@each_service
def test_the_chain_stays_what_it_was(name: str, url: str) -> None:
    older = before_reasons_were_sealed(name)
    migrate(name, url)
    migrate(name, url, down_to=older)
    at(url, written_as_of_old)
    migrate(name, url)
    assert not [said for said in (*SAID, WAITING) if said and said in databases.everything(url)]
    assert at(url, faults) == []
    at(url, written_since)
    assert at(url, seal) == 2, "the one that waited, and the one since"
    assert at(url, faults) == []
    assert at(url, reasons) == [*SAID, WAITING, LATER]
    at(
        url,
        lambda session: session.execute(
            sa.update(AuditRecord)
            .where(AuditRecord.id == 1)
            .values(reason_sealed=VAULT.seal("另有其因", purpose=PURPOSE))
        ),
    )
    assert at(url, faults) == ["row 1 was changed"]


@each_service
def test_going_back_and_up_again_loses_no_word_and_breaks_no_link(name: str, url: str) -> None:
    older = before_reasons_were_sealed(name)
    migrate(name, url)
    at(url, written_since)
    assert at(url, seal) == 1
    migrate(name, url, down_to=older)
    assert at(url, lambda session: session.scalars(sa.select(OPEN.c.reason)).all()) == [LATER]
    at(url, lambda session: session.execute(sa.insert(OPEN).values(**row(9, WAITING))))
    migrate(name, url)
    assert at(url, seal) == 1
    assert at(url, faults) == []
    assert at(url, reasons) == [LATER, WAITING]
