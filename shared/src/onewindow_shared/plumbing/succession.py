"""Which area stands for one that has ended: pure, from what the register says, on any day.

Rows are never moved to another area. A code that ended has one heir, a code that lives is its own, and what
belonged to the first is reached, counted and listed with the area in which its living heir lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from onewindow_shared.contracts.common import LEVELS


@dataclass(frozen=True)
class Ended:
    """The end of one code."""

    last_day: date
    """On which it was still an area."""
    heir: str


@dataclass(frozen=True)
class Gathered:
    """What belongs to a living area beside what its code begins, and what no longer does."""

    area: str
    joined: tuple[str, ...] = ()
    """Ended codes that begin otherwise, and whose heir lies in the area."""
    left: tuple[str, ...] = ()
    """Ended codes that begin with the area's, and whose heir lies elsewhere."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Of a community: its own code and those that it is heir of."""
        return (self.area, *self.joined)

    def covers(self, code: str) -> bool:
        """Say whether what belongs to a code belongs to this area."""
        return code in self.joined or (code.startswith(self.area) and code not in self.left)


@dataclass(frozen=True)
class Succession:
    """Every code that has ended, or will, with its heir."""

    ended: Mapping[str, Ended] = field(default_factory=dict)
    _heirs: dict[date, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def heir(self, code: str, day: date) -> str:
        """Return the area that stands for a code on a day: itself while it has not ended."""
        return self._of(day).get(code, code)

    def gathered(self, code: str, day: date) -> Gathered:
        """Return what belongs on a day to an area, or to the heir of one that has ended."""
        area, heirs = self.heir(code, day), self._of(day)
        return Gathered(
            area,
            joined=tuple(sorted(c for c, h in heirs.items() if h.startswith(area) > c.startswith(area))),
            left=tuple(sorted(c for c, h in heirs.items() if h.startswith(area) < c.startswith(area))),
        )

    def meaning(self, code: str, day: date) -> frozenset[str]:
        """Return every code that on a day means an area, or a larger one in which it lies."""
        area = self.heir(code, day)
        larger = {area[:digits] for digits in LEVELS if digits <= len(area)}
        return frozenset(larger | {ended for ended, heir in self._of(day).items() if heir in larger})

    def _of(self, day: date) -> dict[str, str]:
        """Return the living heir of every code that has ended by a day; one day is remembered."""
        known = self._heirs.get(day)
        if known is None:
            over = {code: end.heir for code, end in self.ended.items() if end.last_day < day}
            known = {code: _living(code, over) for code in over}
            self._heirs.clear()
            self._heirs[day] = known
        return known


def _living(code: str, over: Mapping[str, str]) -> str:
    passed = {code}
    while code in over:
        code = over[code]
        if code in passed:
            raise ValueError(f"{code} would be its own heir")
        passed.add(code)
    return code


NO_SUCCESSION = Succession()
"""Of a register in which nothing has ended."""
