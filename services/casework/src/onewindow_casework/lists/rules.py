"""What two versions of the lists have in common, and what they have not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
