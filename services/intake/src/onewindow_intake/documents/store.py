"""Where contents lie: a folder of this machine, or a bucket that speaks S3; every part is sealed."""

import asyncio
import secrets
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store
from pydantic import SecretStr

from onewindow_shared.plumbing.problems import Unavailable

NONCE = 12
KEY_BITS = 256
MEMORY = "memory:"


def open_store(address: str, endpoint: str | None, region: str, key: str, secret: SecretStr) -> ObjectStore:
    """Open `file:///folder`, `s3://bucket/prefix` or `memory:`; raises ValueError for anything else."""
    parts = urlsplit(address)
    if address == MEMORY:
        return MemoryStore()
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return LocalStore(Path(parts.path), mkdir=True, automatic_cleanup=True)
    if parts.scheme == "s3" and parts.netloc:
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=endpoint,
            region=region,
            access_key_id=key,
            secret_access_key=secret.get_secret_value(),
            client_options={"allow_http": (endpoint or "").startswith("http://")},
            virtual_hosted_style_request=False,
        )
    raise ValueError("documents lie at file:///folder, s3://bucket/prefix or memory:")


def new_key() -> str:
    """Return a fresh key for one content, as text."""
    return AESGCM.generate_key(KEY_BITS).hex()


class Store:
    """Puts and gets parts, each sealed under its content's key and bound to its own path."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, content_id: str, number: int, key: str, data: bytes) -> str:
        """Store a part and return its path; a later one of the same number has another."""
        path = f"{content_id}/{number:05}-{secrets.token_hex(8)}"
        sealed = await asyncio.to_thread(_seal, key, path, data)
        try:
            await self._store.put_async(path, sealed)
        except (BaseError, OSError) as error:
            raise _away() from error
        return path

    async def get(self, path: str, key: str) -> bytes:
        """Return a part; `Unavailable` if it cannot be had now, or is not what was stored."""
        try:
            found = await self._store.get_async(path)
            sealed = bytes(await found.bytes_async())
            return await asyncio.to_thread(_open, key, path, sealed)
        except (BaseError, OSError, InvalidTag) as error:
            raise _away() from error

    async def clear(self, content_id: str, keep: Iterable[str] = ()) -> None:
        """Delete everything below a content but the paths to keep; what is gone already is no error."""
        kept = frozenset(keep)
        try:
            async for several in self._store.list(content_id):
                for found in several:
                    if found["path"] not in kept:
                        await self.forget(found["path"])
        except (BaseError, OSError) as error:
            raise _away() from error

    async def forget(self, path: str) -> None:
        """Delete one part."""
        try:
            await self._store.delete_async(path)
        except FileNotFoundError:
            return


def _away() -> Unavailable:
    return Unavailable(detail="The store of documents cannot be reached.", retry_after=5)


def _seal(key: str, path: str, data: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(bytes.fromhex(key)).encrypt(nonce, data, path.encode())


def _open(key: str, path: str, sealed: bytes) -> bytes:
    return AESGCM(bytes.fromhex(key)).decrypt(sealed[:NONCE], sealed[NONCE:], path.encode())
