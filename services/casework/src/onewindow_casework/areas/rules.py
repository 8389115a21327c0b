"""What a change of areas may be (统计用区划代码: a code is an area's for ever, and begins with its street's).

Conserved by every change: each code that ends has one heir, which is an area from the next day on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from onewindow_shared.contracts.areas import AreaChangeIn, AreaChangeKind, lives, never_was
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET
from onewindow_shared.plumbing.succession import Ended, Succession

LARGER = (AreaKind.DISTRICT, AreaKind.STREET)
SEVERAL = 2


@dataclass(frozen=True)
class Known:
    """An area of the register, as far as changes ask for it."""

    code: str
    name: str
    kind: AreaKind
    effective_from: date | None = None
    effective_until: date | None = None
    heir: str | None = None
    changed_on: date | None = None
    """Day of the newest change that names it."""

    @property
    def never_was(self) -> bool:
        """Whether the decision that was to make it was taken back."""
        return never_was(self.effective_from, self.effective_until)

    def lives(self, day: date) -> bool:
        """Say whether it is an area on a day."""
        return lives(self.effective_from, self.effective_until, day)


Register = Mapping[str, Known]


@dataclass(frozen=True)
class Terms:
    """The district's terms for the day of a change."""

    today: date
    back_days: int
    ahead_days: int

    @property
    def earliest(self) -> date:
        """The first day that a change may have."""
        return self.today - timedelta(days=self.back_days)

    @property
    def latest(self) -> date:
        """The last day that a change may have."""
        return self.today + timedelta(days=self.ahead_days)


def succession(register: Iterable[Known]) -> Succession:
    """Return what a register says of the codes that end."""
    return Succession(
        {
            one.code: Ended(one.effective_until, one.heir)
            for one in register
            if one.effective_until and one.heir
        }
    )


def faults_of(change: AreaChangeIn, register: Register, terms: Terms) -> dict[str, str]:
    """Name everything for which a change cannot be decided."""
    faults = dict(_faults_of_day(change, terms)) | dict(_faults_of_kind(change))
    faults |= dict(_doubles(change))
    for place, one in enumerate(change.predecessors):
        faults |= _fault_of_predecessor(f"predecessors.{place}", one.code, change, register)
        if one.heir not in {after.code for after in change.successors}:
            faults[f"predecessors.{place}.heir"] = "is none of the successors"
        elif one.code != one.heir and one.code in _codes_after(change):
            faults[f"predecessors.{place}.heir"] = "it goes on, and is its own heir"
    for place, after in enumerate(change.successors):
        if after.code not in _codes_before(change):
            faults |= dict(_faults_of_new(f"successors.{place}", after.code, change, register))
            if after.name is None:
                faults[f"successors.{place}.name"] = "a new area has a name"
            if after.kind is not None and (after.kind is AreaKind.STREET) != (len(after.code) == STREET):
                faults[f"successors.{place}.kind"] = "is none of this level"
    return faults


def _codes_before(change: AreaChangeIn) -> list[str]:
    return [one.code for one in change.predecessors]


def _codes_after(change: AreaChangeIn) -> list[str]:
    return [one.code for one in change.successors]


def _faults_of_day(change: AreaChangeIn, terms: Terms) -> Iterator[tuple[str, str]]:
    if change.effective_on < terms.earliest:
        yield "effective_on", f"a change is dated back to {terms.earliest} at most"
    if change.effective_on > terms.latest:
        yield "effective_on", f"a change is decided ahead to {terms.latest} at most"


def _faults_of_kind(change: AreaChangeIn) -> Iterator[tuple[str, str]]:
    before, after = _codes_before(change), _codes_after(change)
    kind = change.kind
    if (len(before) >= SEVERAL) is not (kind is AreaChangeKind.MERGE):
        yield "predecessors", "several areas are merged, and only merged"
    if (len(after) >= SEVERAL) is not (kind is AreaChangeKind.SPLIT):
        yield "successors", "one area is split into several, and nothing else makes several"
    if kind is AreaChangeKind.RENAME and before == after and change.successors[0].name is None:
        yield "successors.0.name", "say the new name"
    if kind is AreaChangeKind.TRANSFER and before[0][:STREET] == after[0][:STREET]:
        yield "successors.0.code", "it stays in its street"
    if (
        kind is AreaChangeKind.RENAME
        and before[0][:STREET] != after[0][:STREET]
        and len(before[0]) == COMMUNITY
    ):
        yield "successors.0.code", "begins with another street: that is a transfer"
    if len({len(code) for code in before + after}) > 1 or len(before[0]) == DISTRICT:
        yield "successors", "streets become streets, and communities communities"
    if len({code[:DISTRICT] for code in before + after}) > 1:
        yield "successors", "a change is of one district"


def _doubles(change: AreaChangeIn) -> Iterator[tuple[str, str]]:
    for name, codes in (("predecessors", _codes_before(change)), ("successors", _codes_after(change))):
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield f"{name}.{place}.code", "is there twice"


def _fault_of_predecessor(field: str, code: str, change: AreaChangeIn, register: Register) -> dict[str, str]:
    known, day = register.get(code), change.effective_on
    if known is None:
        return {f"{field}.code": "no such area in the register"}
    if known.effective_until is not None:
        return {f"{field}.code": f"ends on {known.effective_until}; {known.heir} stands for it"}
    if not known.lives(day - timedelta(days=1)):
        return {f"{field}.code": f"begins on {known.effective_from}"}
    if known.changed_on is not None and day <= known.changed_on:
        return {f"{field}.code": f"it was changed for {known.changed_on}: later changes come after that"}
    below = any(
        one.code != code and one.code.startswith(code) and one.lives(day) for one in register.values()
    )
    if code not in _codes_after(change) and below:
        return {f"{field}.code": "communities belong to it on that day: transfer them first"}
    return {}


def _faults_of_new(
    field: str, code: str, change: AreaChangeIn, register: Register
) -> Iterator[tuple[str, str]]:
    known = register.get(code)
    if known is not None and not known.never_was:
        yield f"{field}.code", "is, or was, another area's, which has to be among the predecessors"
    street = register.get(code[:STREET])
    if len(code) == COMMUNITY and (street is None or not street.lives(change.effective_on)):
        yield f"{field}.code", "begins with no street of that day"


def undone(before: Mapping[str, str], after: Iterable[str], register: Register) -> dict[str, Known]:
    """Return every area of a change that is taken back before its day, as the register has it again.

    `before` names the heir of each predecessor. An area that was to begin never was; whatever names it falls
    to the first of those whose heir it was to be, or to the first of all.
    """
    found = {
        code: replace(register[code], effective_until=None, heir=None)
        for code, heir in before.items()
        if heir != code
    }
    first = min(before)
    for code in after:
        begins = register[code].effective_from
        if code not in before and begins is not None:
            heir = min((one for one, its in before.items() if its == code), default=first)
            found[code] = replace(register[code], effective_until=begins - timedelta(days=1), heir=heir)
    return found


def applied(change: AreaChangeIn, register: Register) -> dict[str, Known]:
    """Return every area that a change names, as the register has it afterwards.

    A name that a living area gets is its own only from the day on, and left to whoever writes the register.
    """
    first, last = change.effective_on, change.effective_on - timedelta(days=1)
    kind = register[change.predecessors[0].code].kind
    found = {}
    for one in change.predecessors:
        known = register[one.code]
        ended = {"effective_until": last, "heir": one.heir} if one.heir != one.code else {}
        found[one.code] = Known(**{**vars(known), **ended, "changed_on": first})
    for after in change.successors:
        if after.code not in found:
            found[after.code] = Known(
                after.code, after.name or "", after.kind or kind, first, changed_on=first
            )
    return found
