"""After a new key came, everything is sealed under it, and nothing was lost on the way."""

import asyncio
from typing import Any

from sqlalchemy import select, update

from onewindow_shared.plumbing import sealed
from onewindow_shared.plumbing.privacy import Vault, new_index_key, new_key_ring
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.sealed import SealedColumn, reencrypt, vault_from
from onewindow_shared.plumbing.unit import Unit
from shared.conftest import NewReplica
from shared.sample import Thing, thing
from testkit.api import DONGSHAN, XIAN

PURPOSE = "sample.thing.secret"
COLUMN = SealedColumn(Thing, Thing.secret, PURPOSE)
INDEX, OLD_RING = new_index_key(), new_key_ring()
NEW_RING = f"2:sm4:{new_key_ring('sm4').rpartition(':')[2]},{OLD_RING}"
OLD, NEW = vault_from(OLD_RING, INDEX), vault_from(NEW_RING, INDEX)


def fill(unit: Unit, several: int) -> None:
    for n in range(several):
        secret = None if n % 5 == 0 else OLD.seal(f"secret {n}", purpose=PURPOSE)
        thing(unit, f"{n}", (XIAN, DONGSHAN)[n % 2], n=n, secret=secret)


def renew(unit: Unit, vault: Vault = NEW) -> int:
    return reencrypt(unit.session, vault, [COLUMN])


def opened(unit: Unit, vault: Vault) -> dict[int, tuple[int, str]]:
    found = unit.session.execute(select(Thing.n, Thing.secret).where(Thing.secret.is_not(None)))
    return {n: (vault.version_of(token), vault.open(token, purpose=PURPOSE)) for n, token in found if token}


async def test_every_value_is_sealed_under_the_new_key_and_says_the_same(
    runtime: Runtime, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sealed, "AT_ONCE", 7)
    await runtime.system(fill, 30)
    assert await runtime.system(renew) == 24
    assert await runtime.system(opened, NEW) == {n: (2, f"secret {n}") for n in range(30) if n % 5}
    assert await runtime.system(renew) == 0, "what is sealed under the current key stays as it is"


async def test_what_somebody_writes_meanwhile_stays(new_replica: NewReplica) -> None:
    ours, theirs = new_replica(), new_replica()
    await ours.system(fill, 3)
    loop, read, written = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    class Slow(Vault):
        def reseal(self, token: str, purpose: str) -> str:
            loop.call_soon_threadsafe(read.set)
            return super().reseal(token, purpose)

    async def write() -> None:
        await read.wait()
        fresh = NEW.seal("fresh", purpose=PURPOSE)
        await theirs.system(
            lambda u: u.session.execute(update(Thing).where(Thing.n == 2).values(secret=fresh))
        )
        written.set()

    slow = Slow(NEW._ring, NEW._index_key)
    await asyncio.gather(write(), ours.system(renew, slow))
    assert await ours.system(opened, NEW) == {1: (2, "secret 1"), 2: (2, "fresh")}
