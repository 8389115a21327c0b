"""Whatever is done to a sealed row afterwards, verifying the chain finds it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from onewindow_shared.plumbing.audit import (
    GENESIS,
    PURPOSE,
    SEALED,
    AuditHead,
    AuditRecord,
    link,
    mark,
    seal,
    verify,
)
from onewindow_shared.plumbing.privacy import new_key_ring
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.sealed import reencrypt, vault_from
from onewindow_shared.plumbing.unit import Unit
from shared.conftest import NewReplica
from testkit.api import SECRETS, XIAN

ROWS = 6
WHY = "王桂芳来电核对身份"


def write_down(unit: Unit, number: int = 1) -> None:
    detail = {"from": "received", "to": "accepted", "tries": number, "share": 0.5}
    unit.audit("case.accept", "case", f"case {number}", area=XIAN, reason=WHY, detail=detail)


def sealing(unit: Unit) -> int:
    return seal(unit.session)


def verifying(unit: Unit) -> list[str]:
    return verify(unit.session, unit.vault)


@pytest.fixture
async def chain(runtime: Runtime) -> Runtime:
    for number in range(ROWS):
        await runtime.system(write_down, number)
    assert await runtime.system(sealing) == ROWS
    return runtime


async def test_an_empty_audit_is_sound(runtime: Runtime) -> None:
    assert await runtime.system(verifying) == []
    assert await runtime.system(sealing) == 0


async def test_rows_are_chained_in_the_order_they_were_written(chain: Runtime) -> None:
    rows = await chain.system(
        lambda unit: unit.session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()
    )
    assert [row.position for row in rows] == list(range(1, ROWS + 1))
    assert len({row.hash for row in rows} | {GENESIS}) == ROWS + 1
    assert await chain.system(verifying) == []


async def test_the_chain_goes_on_where_it_ended(chain: Runtime) -> None:
    await chain.system(write_down, 99)
    assert await chain.system(verifying) == [], "a row not yet sealed is no fault"
    assert await chain.system(sealing) == 1
    assert await chain.system(verifying) == []


async def test_an_audit_entry_is_kept_only_with_what_it_tells_of(runtime: Runtime) -> None:
    def failing(unit: Unit) -> None:
        write_down(unit)
        unit.session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await runtime.system(failing)
    assert await runtime.system(sealing) == 0


def set_at(place: int, **values: Any) -> Callable[[Unit], Any]:
    where = AuditRecord.position == place
    return lambda unit: unit.session.execute(update(AuditRecord).where(where).values(**values))


def give_reason(unit: Unit, *, marked: bool) -> None:
    """Put other words in the place of a reason, and their mark if it is to fit."""
    token = unit.vault.seal("系统维护", purpose=PURPOSE)
    set_at(3, reason_sealed=token)(unit)
    if marked:
        set_at(3, reason_mark=mark(unit.vault, "系统维护"))(unit)


def remove_at(position: int) -> Callable[[Unit], Any]:
    return lambda unit: unit.session.execute(delete(AuditRecord).where(AuditRecord.position == position))


def swap(unit: Unit) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        set_at(before, position=after)(unit)


def insert_and_shift(unit: Unit) -> None:
    for position in range(ROWS, 2, -1):
        set_at(position, position=position + 1)(unit)
    write_down(unit, 99)
    unit.session.flush()
    newest = unit.session.scalar(select(func.max(AuditRecord.id)))
    unit.session.execute(
        update(AuditRecord).where(AuditRecord.id == newest).values(position=3, hash="0" * 64)
    )


def forge_tail(unit: Unit) -> None:
    """Change the last row and give it a hash that fits the row before it."""
    *_, before, last = unit.session.scalars(select(AuditRecord).order_by(AuditRecord.position)).all()
    last.reason_sealed = unit.vault.seal("forged", purpose=PURPOSE)
    last.reason_mark = mark(unit.vault, "forged")
    names = (
        "id",
        "actor",
        "roles",
        "action",
        "entity_type",
        "entity_id",
        "area",
        "request_id",
        "detail",
    )
    content = {name: getattr(last, name) for name in (*names, "position")} | {"at": last.at.isoformat()}
    content["reason"] = last.reason_mark
    last.hash = link(before.hash or "", content)


def append_sealed(unit: Unit) -> None:
    write_down(unit, 99)
    unit.session.flush()
    newest = unit.session.scalar(select(func.max(AuditRecord.id)))
    unit.session.execute(
        update(AuditRecord).where(AuditRecord.id == newest).values(position=ROWS + 1, hash="0" * 64)
    )


TAMPERED: dict[str, Callable[[Unit], Any]] = {
    "the reason of a row": lambda unit: give_reason(unit, marked=False),
    "the reason of a row and its mark": lambda unit: give_reason(unit, marked=True),
    "the reason of a row removed": set_at(3, reason_sealed=None),
    "the mark of a row removed": set_at(3, reason_mark=None),
    "the reason of a row made unreadable": set_at(3, reason_sealed="forged"),
    "the actor of a row": set_at(3, actor="somebody-else"),
    "the moment of a row": lambda unit: set_at(3, at=unit.now + timedelta(microseconds=1))(unit),
    "the detail of a row": set_at(3, detail={"to": "refused"}),
    "a hash": set_at(3, hash="0" * 64),
    "the first row removed": remove_at(1),
    "a row in the middle removed": remove_at(3),
    "the tail removed": remove_at(ROWS),
    "everything removed": lambda unit: unit.session.execute(delete(AuditRecord)),
    "two rows reordered": swap,
    "a row inserted": insert_and_shift,
    "a row appended": append_sealed,
    "a row taken out of the chain": set_at(3, position=None),
    "a tail that fits its predecessor": forge_tail,
    "the head removed": lambda unit: unit.session.execute(delete(AuditHead)),
    "the head put back": lambda unit: unit.session.execute(update(AuditHead).values(position=ROWS - 1)),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_what_was_changed_is_found(chain: Runtime, what: str) -> None:
    await chain.system(TAMPERED[what])
    assert await chain.system(verifying) != []


async def test_a_reason_lies_sealed_and_is_read_with_the_key(chain: Runtime) -> None:
    def stored(unit: Unit) -> tuple[str, set[str | None]]:
        rows = unit.session.scalars(select(AuditRecord)).all()
        return str([vars(row) for row in rows]), {row.reason(unit.vault) for row in rows}

    lying, read = await chain.system(stored)
    assert WHY not in lying
    assert read == {WHY}


async def test_under_a_newer_key_the_chain_is_what_it_was(chain: Runtime) -> None:
    ring = f"2:sm4:{new_key_ring('sm4').rpartition(':')[2]}"
    both, new = (vault_from(keys, SECRETS["index_key"]) for keys in (f"{ring},{SECRETS['data_keys']}", ring))
    assert await chain.system(lambda unit: reencrypt(unit.session, both, SEALED)) == ROWS
    assert await chain.system(lambda unit: verify(unit.session, new)) == []
    assert len(await chain.system(verifying)) == ROWS, "the old key alone opens no reason any more"


async def test_sealing_on_hides_no_removal(chain: Runtime) -> None:
    await chain.system(remove_at(ROWS))
    await chain.system(write_down, 99)
    await chain.system(sealing)
    assert await chain.system(verifying) != []


async def test_two_sealers_at_once_make_one_chain(new_replica: NewReplica) -> None:
    replicas = [new_replica() for _ in range(2)]
    for number in range(4):
        await asyncio.gather(*(replica.system(write_down, number) for replica in replicas * 5))
        await asyncio.gather(*(replica.system(sealing) for replica in replicas))
    assert await replicas[0].system(verifying) == []
    rows = await replicas[0].system(lambda unit: unit.session.scalar(select(func.max(AuditRecord.position))))
    assert rows == 40


async def test_verifying_while_others_seal_finds_no_fault(new_replica: NewReplica) -> None:
    writer, reader = new_replica(), new_replica()
    found: list[str] = []

    async def seal_often() -> None:
        for number in range(15):
            await writer.system(write_down, number)
            await writer.system(sealing)

    async def verify_often() -> None:
        for _ in range(15):
            found.extend(await reader.system(verifying))

    await asyncio.gather(seal_often(), verify_often())
    assert found == []
