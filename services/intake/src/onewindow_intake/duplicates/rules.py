"""How like two applicants are, from 0 to 1, and why; and which earlier case a window's choice is about."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from onewindow_intake.cases.likes import address_key, name_sound
from onewindow_shared.contracts.duplicates import Likeness
from onewindow_shared.contracts.intake import DuplicateChoice
from onewindow_shared.plumbing.scope import Scope

NAME, MOBILE, ADDRESS = 0.4, 0.35, 0.25
"""What each part weighs; one that is not known weighs nothing."""
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


@dataclass(frozen=True)
class Weighing:
    """What a window that has to decide about earlier cases has chosen, and how far it sees."""

    choice: DuplicateChoice | None
    reach: Scope

    def settles(self, case_no: str, community: str) -> bool:
        """Say whether the choice is about an earlier case; outside its area a window knows no numbers."""
        named = case_no if self.reach.covers(community) else None
        return self.choice is not None and self.choice.earlier == named


def likeness(one: Traits, other: Traits) -> tuple[float, list[Likeness]]:
    """Return how like two people are, and in what; the order of the two does not matter."""
    name = max(_ratio(one.name, other.name), _ratio(name_sound(one.name), name_sound(other.name)))
    mobile = _ratio(one.mobile[-OWN:], other.mobile[-OWN:])
    parts = [(NAME, name), (MOBILE, mobile)]
    reasons = [Likeness.SIMILAR_NAME] if name >= SIMILAR else []
    reasons += [Likeness.SAME_MOBILE] if one.mobile == other.mobile else []
    if one.address is not None and other.address is not None:
        address = _ratio(address_key(one.address), address_key(other.address))
        parts.append((ADDRESS, address))
        reasons += [Likeness.SIMILAR_ADDRESS] if address >= SIMILAR else []
    return sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts), reasons


def _ratio(one: str, other: str) -> float:
    first, second = sorted((one, other))
    return fuzz.ratio(first, second) / 100
