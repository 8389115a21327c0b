"""How like two applicants are, from 0 to 1, and why; and which earlier case a window's choice is about."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from onewindow_intake.cases.likes import address_key, name_sound
from onewindow_shared.contracts.cases import PersonOut
from onewindow_shared.contracts.duplicates import Likeness
from onewindow_shared.contracts.intake import DuplicateChoice
from onewindow_shared.contracts.parties import PersonIn
from onewindow_shared.plumbing.scope import Scope

NAME_ALONE = 0.6
"""How like people of one name are of whom nothing else agrees: a name is common, so that is no person yet."""
BY_SOUND = 0.95
"""How like names are that only sound alike."""
MOBILE, ADDRESS = 0.8, 0.65
"""How far each carries from a name to a person; one that is not known carries nowhere."""
NEARLY = 0.5
"""What a mobile number with one digit wrong or two swapped is worth, or an address without any number."""
_NUMBER = re.compile(r"[0-9]+")
OWN = 8
"""Last digits of a number, which it does not share with its network and its town."""
SIMILAR = 0.8
"""From here on a part is told as a reason."""


@dataclass(frozen=True)
class Traits:
    """What somebody is recognised by besides the document."""

    name: str
    mobile: str
    address: str | None


def traits(person: PersonIn | PersonOut) -> Traits:
    """Return what somebody is recognised by."""
    return Traits(person.name, person.mobile, person.address)


@dataclass(frozen=True)
class Weighing:
    """What a window that has to decide about earlier cases has chosen, and how far it sees."""

    choice: DuplicateChoice | None
    reach: Scope
    likeness: float | None
    """How like an earlier applicant has to be to be decided about; null: only the same person is."""
    asked_later: bool = False
    """The papers were taken while the window was offline: it is written, and decided about afterwards."""

    def settles(self, case_no: str, community: str) -> bool:
        """Say whether the choice is about an earlier case; outside its area a window knows no numbers."""
        named = case_no if self.reach.covers(community) else None
        return self.choice is not None and self.choice.earlier == named


def likeness(one: Traits, other: Traits) -> tuple[float, list[Likeness]]:
    """Return how like two people are, and in what; the order of the two does not matter.

    It is the likeness of their names, lessened while little else agrees: each trait that does adds to it.
    """
    name, mobile = _names(one.name, other.name), _mobiles(one.mobile, other.mobile)
    address = _addresses(one.address, other.address)
    reasons = [Likeness.SIMILAR_NAME] if name >= SIMILAR else []
    reasons += [Likeness.SAME_MOBILE] if one.mobile == other.mobile else []
    reasons += [Likeness.SIMILAR_ADDRESS] if address >= SIMILAR else []
    return name * (NAME_ALONE + (1 - NAME_ALONE) * _carried(mobile, address)), reasons


def _carried(mobile: float, address: float) -> float:
    """Return how far mobile and address carry, 1 where both are the same."""

    def doubt(mobile: float, address: float) -> float:
        return (1 - MOBILE * mobile) * (1 - ADDRESS * address)

    return (1 - doubt(mobile, address)) / (1 - doubt(1, 1))


def _names(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return max(_ratio(one, other), BY_SOUND * _ratio(name_sound(one), name_sound(other)))


def _mobiles(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return NEARLY if OSA.distance(one[-OWN:], other[-OWN:]) == 1 else 0.0


def _addresses(one: str | None, other: str | None) -> float:
    """Return how like addresses are: streets by their signs, houses by their numbers, one by one."""
    if one is None or other is None:
        return 0.0
    numbers, others = (_NUMBER.findall(address_key(address)) for address in (one, other))
    houses = max(len(numbers), len(others))
    same = sum(number == another for number, another in zip(numbers, others, strict=False))
    words, of_the_other = (_NUMBER.sub("", address_key(address)) for address in (one, other))
    return _ratio(words, of_the_other) * (same / houses if houses else NEARLY)


def _ratio(one: str, other: str) -> float:
    first, second = sorted((one, other))
    return fuzz.ratio(first, second) / 100
