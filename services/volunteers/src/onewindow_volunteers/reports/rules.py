"""How a community stands against floor and target, and which records a sample holds."""

import hashlib
import heapq
from collections.abc import Iterable

from onewindow_shared.contracts.volunteer_reports import TargetStanding


def rate(part: int | None, whole: int | None) -> float | None:
    """Return a part by the whole; None where there is no whole, or one of them is not known."""
    return part / whole if whole and part is not None else None


def standing(registered: int | None, population: int | None, floor: float, target: float) -> TargetStanding:
    """Say how registered volunteers stand against floor and target, both in per cent of the population."""
    if not population or registered is None:
        return TargetStanding.UNKNOWN
    percent = 100 * registered / population
    if percent >= target:
        return TargetStanding.TARGET
    return TargetStanding.FLOOR if percent >= floor else TargetStanding.BELOW_FLOOR


def sample(seed: str, records: Iterable[int], size: int) -> list[int]:
    """Return the records of a sample: anybody who has the seed draws the same one."""
    return heapq.nsmallest(size, records, key=lambda one: (_lot(seed, one), one))


def _lot(seed: str, record: int) -> bytes:
    return hashlib.sha256(f"{seed}:{record}".encode()).digest()
