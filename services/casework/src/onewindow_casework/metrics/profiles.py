"""Norms against the profile of communities, on any day: from tables that grow with the register alone.

What was read is held in the process until anything is entered, and what it comes to is remembered, so that
polls cost the look whether there is anything new.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from onewindow_casework.norms.figures import Profile, figures
from onewindow_casework.norms.models import Norm
from onewindow_casework.norms.queries import as_entered
from onewindow_casework.norms.rules import held
from onewindow_casework.values.models import AreaValue
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.norms import NormHeld, NormIn
from onewindow_shared.contracts.register import UNITS, WEEK, ValueKind
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT
from onewindow_shared.plumbing.unit import Unit

Entry = TypeVar("Entry")
State = tuple[int | None, ...]
Histories = dict[str, dict[Any, list[tuple[date, Any]]]]
"""Area or district -> kind of value or code of a norm -> since when it is so, in the order of days."""
MOST_REMEMBERED = 4096
_read_before: WeakKeyDictionary[Engine | Connection, "Read"] = WeakKeyDictionary()


@dataclass
class Read:
    """The register's values and norms as of a state of their tables."""

    state: State
    kinds: dict[str, AreaKind]
    values: Histories
    norms: Histories
    days: list[date]
    """On which anything changes."""
    remembered: dict[tuple[int, tuple[str, ...]], dict[Metric, int]] = field(default_factory=dict)

    def figures(self, communities: Sequence[str], day: date) -> dict[Metric, int]:
        """Return what communities come to on a day."""
        key = bisect_right(self.days, day), tuple(communities)
        known = self.remembered.get(key)
        if known is None:
            if len(self.remembered) >= MOST_REMEMBERED:
                self.remembered.clear()
            known = self.remembered[key] = self._counted(communities, day)
        return known

    def population(self, area: str, communities: Sequence[str], day: date) -> int | None:
        """Return how many residents an area had on a day.

        Of a community that stands for others, those of all that were `communities` then, if they are known.
        """
        if len(area) < COMMUNITY or not communities:
            return self._residents(area, day)
        several = [self._residents(code, day) for code in communities]
        return sum(n for n in several if n is not None) if None not in several else None

    def held(self, communities: Sequence[str], first: date, last: date) -> list[NormHeld]:
        """Return the norms that figures of communities in a period are held against, as of its last day."""
        norms = self._held(communities[0][:DISTRICT], last) if communities else []
        whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        kinds = {self.kinds[code] for code in communities}
        return held(norms, kinds, whole_year=whole_year and first.year == last.year)

    def _residents(self, code: str, day: date) -> int | None:
        value = _latest(self.values.get(code, {}).get(ValueKind.POPULATION, []), day)
        return None if value is None else int(value)

    def _counted(self, communities: Sequence[str], day: date) -> dict[Metric, int]:
        profiles = [self._profile(code, day) for code in communities]
        norms = self._held(communities[0][:DISTRICT], day) if communities else []
        return dict(figures(profiles, norms))

    def _profile(self, code: str, day: date) -> Profile:
        entered = {kind: _latest(several, day) for kind, several in self.values.get(code, {}).items()}
        known = {kind: value for kind, value in entered.items() if value is not None}
        return Profile(self.kinds[code], known)

    def _held(self, district: str, day: date) -> list[NormIn]:
        found = (_latest(several, day) for several in self.norms.get(district, {}).values())
        return [norm for norm in found if norm is not None]


def _latest(several: Sequence[tuple[date, Entry]], day: date) -> Entry | None:
    """Return what was entered last for the latest day that has come; entries stand in their order."""
    place = bisect_right(several, day, key=lambda entry: entry[0])
    return several[place - 1][1] if place else None


def profiles(unit: Unit) -> Read:
    """Return the register's values and norms, which say what communities come to on a day."""
    bind = unit.session.get_bind().engine
    state = _state(unit)
    known = _read_before.get(bind)
    if known is None or known.state != state:
        known = _read_before[bind] = _read(unit, state)
    return known


def _state(unit: Unit) -> State:
    """Tell states apart: entries are only added, and areas have revisions."""
    asked = (
        select(func.count(AreaValue.id), func.max(AreaValue.id)),
        select(func.count(Norm.id), func.max(Norm.id)),
        select(func.count(Area.code), func.sum(Area.revision)),
    )
    return tuple(n for query in asked for n in unit.session.execute(query).one())


def _read(unit: Unit, state: State) -> Read:
    values: Histories = defaultdict(lambda: defaultdict(list))
    norms: Histories = defaultdict(lambda: defaultdict(list))
    columns = (AreaValue.area, AreaValue.kind, AreaValue.valid_from, AreaValue.value)
    measured = [kind for kind in ValueKind if UNITS[kind] != WEEK]
    entered = select(*columns).where(AreaValue.kind.in_(measured))
    days = set()
    for area, kind, day, value in unit.session.execute(entered.order_by(AreaValue.id)):
        values[area][ValueKind(kind)].append((day or date.min, value))
        days.add(day or date.min)
    for row in unit.session.scalars(select(Norm).order_by(Norm.id)):
        norms[row.district][row.code].append((row.valid_from or date.min, as_entered(row)))
        days.add(row.valid_from or date.min)
    for several in (*values.values(), *norms.values()):
        for history in several.values():
            history.sort(key=lambda entry: entry[0])
    kinds = select(Area.code, Area.kind).where(Area.kind.not_in(LARGER))
    known = {code: AreaKind(kind) for code, kind in unit.session.execute(kinds)}
    return Read(state, known, values, norms, sorted(days))
