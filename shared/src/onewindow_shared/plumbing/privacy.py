"""Personal data at rest: sealed in its column, found again by a blind index, keys that can be rotated.

Data keys form a ring: the first seals, the others only open what they once sealed. The index key is
separate and stays, because changing it would need every index rebuilt. Both algorithms come from
`cryptography`: AES-256-GCM with HMAC-SHA256, or the national SM4-GCM (GB/T 32907) with HMAC-SM3 (GB/T
32905).
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
TAG = 16
KEY_BYTES: Mapping[str, int] = {"aes": 32, "sm4": 16}
DIGESTS: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
INDEX_KEY_BYTES = 32
TOKEN = re.compile(r"v([1-9][0-9]{0,8})\.([A-Za-z0-9_-]+)")


class Unreadable(Exception):
    """A sealed value does not open: no token, a key no longer in the ring, another purpose, changed bytes."""


class BadKeys(ValueError):
    """A key ring or index key is not usable; the message says where and why, never what the key is."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One key of the ring: its version in tokens and its algorithm, `aes` or `sm4`."""

    version: int
    algorithm: str
    secret: bytes = field(repr=False)

    def cipher(self, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
        """GCM with this key; the tag is for opening only."""
        block = algorithms.SM4 if self.algorithm == "sm4" else algorithms.AES256
        return Cipher(block(self.secret), modes.GCM(nonce, tag))


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The data keys, the current one first."""

    keys: tuple[DataKey, ...]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read `2:aes:<base64 of 32 bytes>,1:sm4:<base64 of 16 bytes>`; raises `BadKeys`."""
        keys = tuple(_data_key(place, entry.strip()) for place, entry in enumerate(text.split(","), start=1))
        if len({key.version for key in keys}) != len(keys):
            raise BadKeys("key ring: two keys have the same version")
        return cls(keys)

    @property
    def current(self) -> DataKey:
        """The key that seals."""
        return self.keys[0]

    def key(self, version: int) -> DataKey:
        """The key of a version; raises `Unreadable` when it is not in the ring."""
        for key in self.keys:
            if key.version == version:
                return key
        raise Unreadable(f"key version {version} is not in the ring")


@dataclass(frozen=True, slots=True)
class IndexKey:
    """The key of blind indexes and derived keys, with a digest of its own; data keys rotate without it."""

    digest: str
    secret: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "IndexKey":
        """Read `<base64>` (SHA-256), `sha256:<base64>` or `sm3:<base64>`, at least 32 bytes; or `BadKeys`."""
        digest, _, encoded = text.strip().rpartition(":")
        digest = digest or "sha256"
        if digest not in DIGESTS:
            raise BadKeys("index key: the digest is sha256 or sm3")
        secret = _decode(encoded, "index key")
        if len(secret) < INDEX_KEY_BYTES:
            raise BadKeys(f"index key: needs {INDEX_KEY_BYTES} bytes or more, has {len(secret)}")
        return cls(digest, secret)

    def algorithm(self) -> hashes.HashAlgorithm:
        """The digest, new for each use."""
        return DIGESTS[self.digest]()


class Vault:
    """Seals, opens and indexes text; safe to share between threads.

    The purpose, for example `intake.applicant.id_number`, is authenticated with the text: a value copied
    into another column does not open. With random nonces one key is good for 2^32 values (NIST SP 800-38D).
    """

    def __init__(self, ring: KeyRing, index_key: IndexKey) -> None:
        self._ring = ring
        self._index_key = index_key
        self._subkey = lru_cache(maxsize=256)(self._expand)

    def seal(self, text: str, *, purpose: str) -> str:
        """Encrypt under the current key: `v<version>.<base64url of nonce, ciphertext and tag>`."""
        key, nonce = self._ring.current, secrets.token_bytes(NONCE)
        encryptor = key.cipher(nonce).encryptor()
        encryptor.authenticate_additional_data(_bound(key, purpose))
        sealed = _run(encryptor, text.encode())
        return f"v{key.version}.{_encode(nonce + sealed + encryptor.tag)}"

    def open(self, token: str, *, purpose: str) -> str:
        """Decrypt what `seal` made for the same purpose; raises `Unreadable`."""
        version, blob = _split(token)
        key = self._ring.key(version)
        decryptor = key.cipher(blob[:NONCE], blob[-TAG:]).decryptor()
        decryptor.authenticate_additional_data(_bound(key, purpose))
        try:
            return _run(decryptor, blob[NONCE:-TAG]).decode()
        except InvalidTag:
            raise Unreadable("sealed for another purpose or with another key, or changed since") from None

    def sealed(self, text: str | None, *, purpose: str) -> str | None:
        """Seal a text that may not have been given."""
        return None if text is None else self.seal(text, purpose=purpose)

    def opened(self, token: str | None, *, purpose: str) -> str | None:
        """Open what `sealed` made; raises `Unreadable`."""
        return None if token is None else self.open(token, purpose=purpose)

    def version_of(self, token: str) -> int:
        """The key version a token was sealed with; raises `Unreadable` for what is no token."""
        return _split(token)[0]

    def stale(self, token: str) -> bool:
        """Whether a token should be resealed because its key is not the current one."""
        return self.version_of(token) != self._ring.current.version

    def reseal(self, token: str, purpose: str) -> str:
        """The same text under the current key; the token itself where it is not stale."""
        return self.seal(self.open(token, purpose=purpose), purpose=purpose) if self.stale(token) else token

    def blind_index(self, text: str, *, purpose: str) -> str:
        """A keyed fingerprint for look-ups: 64 hexadecimal digits, the same for the same text and purpose.

        Without the key it cannot be computed, so the few billion possible numbers cannot be tried; with
        another purpose it differs, so that tables cannot be joined by it. One HMAC over a short text: its
        cost depends neither on the value nor on how many are stored. Normalise the text first.
        """
        digest = hmac.HMAC(self._subkey(f"index:{purpose}"), self._index_key.algorithm())
        digest.update(text.encode())
        return digest.finalize().hex()

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for something else, by HKDF (RFC 5869) from the index key: data keys may rotate."""
        return self._subkey(f"derive:{purpose}")

    def _expand(self, label: str) -> bytes:
        return HKDF(self._index_key.algorithm(), 32, salt=None, info=f"onewindow:{label}".encode()).derive(
            self._index_key.secret
        )


def new_key_ring(algorithm: str = "aes") -> str:
    """The text of a fresh ring with one key, version 1."""
    return f"1:{algorithm}:{base64.b64encode(secrets.token_bytes(KEY_BYTES[algorithm])).decode()}"


def new_index_key(digest: str = "sha256") -> str:
    """The text of a fresh index key."""
    return f"{digest}:{base64.b64encode(secrets.token_bytes(INDEX_KEY_BYTES)).decode()}"


def _data_key(place: int, entry: str) -> DataKey:
    where = f"key ring, entry {place}"
    parts = entry.split(":")
    if len(parts) != 3:
        raise BadKeys(f"{where}: has to be version:algorithm:base64")
    version, algorithm, encoded = parts
    if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise BadKeys(f"{where}: the version is a whole number from 1")
    if algorithm not in KEY_BYTES:
        raise BadKeys(f"{where}: the algorithm is aes or sm4")
    secret = _decode(encoded, where)
    if len(secret) != KEY_BYTES[algorithm]:
        raise BadKeys(f"{where}: {algorithm} needs {KEY_BYTES[algorithm]} bytes, has {len(secret)}")
    return DataKey(int(version), algorithm, secret)


def _decode(encoded: str, where: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadKeys(f"{where}: the key is not base64") from None


def _bound(key: DataKey, purpose: str) -> bytes:
    return f"onewindow:v{key.version}:{purpose}".encode()


def _run(context: CipherContext, data: bytes) -> bytes:
    return context.update(data) + context.finalize()


def _encode(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def _split(token: str) -> tuple[int, bytes]:
    match = TOKEN.fullmatch(token)
    if match is None:
        raise Unreadable("not a sealed value")
    try:
        blob = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
    except binascii.Error:
        raise Unreadable("not a sealed value") from None
    if len(blob) < NONCE + TAG:
        raise Unreadable("not a sealed value")
    return int(match[1]), blob
