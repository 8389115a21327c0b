"""Sealed columns, blind indexes and the rotation of keys."""

import base64

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.plumbing.privacy import (
    BadKeys,
    DataKey,
    IndexKey,
    KeyRing,
    Unreadable,
    Vault,
    new_index_key,
    new_key_ring,
)


def text_of(length: int, fill: str = "k") -> str:
    return base64.b64encode(fill.encode() * length).decode()


AES = f"1:aes:{text_of(32)}"
SM4 = f"2:sm4:{text_of(16)}"
INDEX = IndexKey.parse(text_of(32, "i"))
OLD = Vault(KeyRing.parse(AES), INDEX)
ROTATED = Vault(KeyRing.parse(f"{SM4}, {AES}"), INDEX)
VAULTS = {"aes": OLD, "sm4": ROTATED}


@pytest.fixture(params=VAULTS)
def vault(request: pytest.FixtureRequest) -> Vault:
    return VAULTS[request.param]


@given(text=st.text(), name=st.sampled_from(sorted(VAULTS)))
def test_what_was_sealed_opens(text: str, name: str) -> None:
    token = VAULTS[name].seal(text, purpose="id")
    assert VAULTS[name].open(token, purpose="id") == text


def test_a_token_shows_its_version_and_nothing_else(vault: Vault) -> None:
    first, second = (vault.seal("11010519491231002X", purpose="id") for _ in range(2))
    assert first != second
    assert first.startswith(f"v{vault.version_of(first)}.")
    assert "1949" not in first


def test_a_value_moved_to_another_column_does_not_open(vault: Vault) -> None:
    token = vault.seal("13800138000", purpose="applicant.phone")
    with pytest.raises(Unreadable):
        vault.open(token, purpose="agent.phone")


def test_every_changed_sign_is_noticed(vault: Vault) -> None:
    token = vault.seal("13800138000", purpose="phone")
    for place in range(3, len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "g") + token[place + 1 :]
        with pytest.raises(Unreadable):
            vault.open(changed, purpose="phone")


@pytest.mark.parametrize(
    "token", ["", "v1.", "v1.A", "v1.AAAA", "v0.AAAA", "v1.é", "x", "v9." + "A" * 60, "v1\n.AAAA", "V1.AAAA"]
)
def test_what_is_no_token_of_ours_is_unreadable(vault: Vault, token: str) -> None:
    with pytest.raises(Unreadable):
        vault.open(token, purpose="id")


def test_sm4_gcm_gives_the_vector_of_rfc_8998() -> None:
    key = DataKey(1, "sm4", bytes.fromhex("0123456789abcdeffedcba9876543210"))
    plain = bytes.fromhex("".join(f"{sign * 16}" for sign in ("a", "b", "c", "d", "e", "f", "e", "a")))
    encryptor = key.cipher(bytes.fromhex("00001234567800000000abcd")).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    sealed = encryptor.update(plain) + encryptor.finalize()
    assert sealed.hex().startswith("17f399f08c67d5ee")
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_aes_tokens_are_plain_aes_256_gcm() -> None:
    blob = base64.urlsafe_b64decode(OLD.seal("text", purpose="p").removeprefix("v1.") + "==")
    assert AESGCM(b"k" * 32).decrypt(blob[:12], blob[12:], b"onewindow:v1:p") == b"text"


def test_after_a_rotation_old_values_open_are_stale_and_can_be_resealed() -> None:
    token = OLD.seal("13800138000", purpose="phone")
    assert not OLD.stale(token)
    assert ROTATED.stale(token)
    fresh = ROTATED.reseal(token, "phone")
    assert ROTATED.version_of(fresh) == 2
    assert ROTATED.open(fresh, purpose="phone") == ROTATED.open(token, purpose="phone") == "13800138000"
    assert ROTATED.reseal(fresh, "phone") == fresh
    with pytest.raises(Unreadable, match="version 2"):
        OLD.open(fresh, purpose="phone")


def test_rotating_data_keys_changes_no_index_and_no_derived_key() -> None:
    assert OLD.blind_index("13800138000", purpose="phone") == ROTATED.blind_index(
        "13800138000", purpose="phone"
    )
    assert OLD.derive("cursor") == ROTATED.derive("cursor")


def test_indexes_differ_by_text_purpose_key_and_digest() -> None:
    national = Vault(KeyRing.parse(AES), IndexKey.parse(f"sm3:{text_of(32, 'i')}"))
    other = Vault(KeyRing.parse(AES), IndexKey.parse(text_of(32, "j")))
    found = {
        OLD.blind_index("a", purpose="p"),
        OLD.blind_index("b", purpose="p"),
        OLD.blind_index("a", purpose="q"),
        other.blind_index("a", purpose="p"),
        national.blind_index("a", purpose="p"),
    }
    assert len(found) == 5
    assert {len(index) for index in found} == {64}


def test_derived_keys_are_apart_from_each_other_and_from_index_keys() -> None:
    assert len({OLD.derive("cursor"), OLD.derive("tracking"), OLD._subkey("index:cursor")}) == 3
    assert len(OLD.derive("cursor")) == 32


def test_fresh_keys_work_and_are_never_the_same() -> None:
    assert new_key_ring() != new_key_ring()
    vault = Vault(KeyRing.parse(new_key_ring("sm4")), IndexKey.parse(new_index_key("sm3")))
    assert vault.open(vault.seal("张三", purpose="name"), purpose="name") == "张三"


@pytest.mark.parametrize(
    ("ring", "reason"),
    [
        ("", "entry 1: has to be version:algorithm:base64"),
        ("0:aes:" + text_of(32), "entry 1: the version"),
        ("x:aes:" + text_of(32), "entry 1: the version"),
        ("1:des:" + text_of(32), "entry 1: the algorithm is aes or sm4"),
        ("1:aes:" + text_of(16), "entry 1: aes needs 32 bytes, has 16"),
        (f"{AES},2:sm4:{text_of(32)}", "entry 2: sm4 needs 16 bytes, has 32"),
        ("1:aes:secret!", "entry 1: the key is not base64"),
        (f"{AES},{AES}", "two keys have the same version"),
        (f"{AES},", "entry 2: has to be"),
    ],
)
def test_a_bad_ring_is_refused_by_what_is_wrong_without_the_key(ring: str, reason: str) -> None:
    with pytest.raises(BadKeys, match=reason) as refusal:
        KeyRing.parse(ring)
    assert not {text_of(16), text_of(32), "secret"} & set(str(refusal.value).split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "has 0"), (text_of(31), "has 31"), ("md5:" + text_of(32), "sha256 or sm3"), ("é", "not base64")],
)
def test_a_bad_index_key_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadKeys, match=reason):
        IndexKey.parse(text)


def test_keys_are_not_printed() -> None:
    assert text_of(32) not in repr(KeyRing.parse(AES)) + repr(INDEX)
    assert "kkkk" not in repr(KeyRing.parse(AES)) + repr(INDEX)
