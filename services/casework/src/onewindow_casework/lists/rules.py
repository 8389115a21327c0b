"""What may be asked of a community on a day, and what two versions of the lists do not have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onewindow_shared.contracts.admission import MatterClass, Standing
from onewindow_shared.contracts.admission_life import ON_A_LIST, ItemStatus

Cards = Mapping[str, Mapping[str, Any]]
"""Code of a matter -> its card."""


@dataclass(frozen=True)
class Difference:
    """Codes that were added, removed or changed between two versions, in order."""

    added: list[str]
    removed: list[str]
    changed: dict[str, list[str]]
    """Code -> the fields that differ."""

    @property
    def nothing(self) -> bool:
        """Whether the two are the same."""
        return not (self.added or self.removed or self.changed)


def difference(before: Cards, after: Cards) -> Difference:
    """Compare two versions of the lists."""
    changed = {
        code: [field for field in sorted(after[code]) if after[code][field] != before[code][field]]
        for code in sorted(before.keys() & after.keys())
    }
    return Difference(
        added=sorted(after.keys() - before.keys()),
        removed=sorted(before.keys() - after.keys()),
        changed={code: fields for code, fields in changed.items() if fields},
    )


@dataclass(frozen=True)
class Admitted:
    """A work item, as far as that decides whether it may be asked."""

    status: ItemStatus
    matter_class: MatterClass | None
    last_day: date | None
    off_from: date | None
    """First day on which it may not be asked any more, whatever a list says."""
    contract_until: date | None = None
    """Last day of the contract, where the work is purchased by one."""


@dataclass(frozen=True)
class Listed:
    """Its entry on the version of the lists that is in force, seen from one community."""

    first_day: date
    last_day: date | None
    concerned: bool
    """Whether the community lies in one of its areas."""


def standing(item: Admitted, entry: Listed | None, day: date) -> Standing:
    """Say whether a work item may be asked of a community on a day, and if not, why."""
    first, last = (entry.first_day, entry.last_day) if entry else (date.min, item.last_day)
    if day < first or (last is not None and day > last):
        return Standing.OUT_OF_PERIOD
    if item.off_from is not None and item.off_from <= day:
        return Standing.TAKEN_OFF
    if item.contract_until is not None and item.contract_until < day:
        return Standing.NO_CONTRACT
    if entry is None:
        return _not_listed(item)
    return Standing.LISTED if entry.concerned else Standing.OUT_OF_AREA


def _not_listed(item: Admitted) -> Standing:
    if item.status is ItemStatus.FUNDED or item.status in ON_A_LIST:
        return Standing.NOT_LISTED
    if item.status is not ItemStatus.APPROVED:
        return Standing.NOT_ADMITTED
    return Standing.NOT_LISTED if item.matter_class is MatterClass.AUTONOMY else Standing.NO_FUNDS
