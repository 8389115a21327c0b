"""Passwords: argon2id, always at the same cost and never on the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

AT_ONCE = 2
"""Passwords hashed at the same time; each takes 64 MiB of memory."""
_HASH = PasswordHash((Argon2Hasher(),))


def hash_password(password: str) -> str:
    """Return the salted hash to store."""
    return _HASH.hash(password)


class Passwords:
    """Compares passwords in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._nobodys = hash_password(secrets.token_hex())

    async def verify(self, password: str, stored: str | None) -> bool:
        """Say whether a password is the stored one; an account that does not exist costs as much as any."""
        loop = asyncio.get_running_loop()
        fits = await loop.run_in_executor(self._threads, _HASH.verify, password, stored or self._nobodys)
        return fits and stored is not None

    async def hash(self, password: str) -> str:
        """Return the salted hash to store."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password)

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
