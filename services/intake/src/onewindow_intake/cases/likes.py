"""The parts of a person that are brought to one form, so that what was written differently is found."""

import unicodedata

from pypinyin import lazy_pinyin

from onewindow_shared.contracts.parties import PersonIn
from onewindow_shared.plumbing.privacy import Vault

SOUND, MOBILE, ADDRESS = "intake.like.sound", "intake.like.mobile", "intake.like.address"
LIKES = ("sound_index", "mobile_index", "address_index")
"""Columns by which a case is found that may be of the same person, each of one item."""


def name_sound(name: str) -> str:
    """Return how a name sounds, without tones: 王桂芳 and 王桂方 sound alike."""
    return "".join(lazy_pinyin(name)).casefold().replace(" ", "")


def address_key(address: str) -> str:
    """Return an address without spaces, punctuation and full-width forms."""
    plain = unicodedata.normalize("NFKC", address).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def likes(vault: Vault, person: PersonIn) -> dict[str, str | None]:
    """Return the blind indexes by which people like this one are looked for."""
    address = person.address
    return {
        "sound_index": vault.blind_index(name_sound(person.name), purpose=SOUND),
        "mobile_index": vault.blind_index(person.mobile, purpose=MOBILE),
        "address_index": None
        if address is None
        else vault.blind_index(address_key(address), purpose=ADDRESS),
    }
