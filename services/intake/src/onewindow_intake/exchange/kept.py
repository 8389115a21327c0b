"""What is in force of an item's papers and steps, and a new telling of it does not tell: it stays.

A part is the same one by its code, else by its name, else by the letters and digits of its name; among
several of one name the first is the first. A paper keeps the code under which cases and terms know it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from onewindow_shared.plumbing.words import signs

Values = Mapping[str, Any]
Told = tuple[dict[str, Any], frozenset[str]]
"""A part, and the fields of it that are not told: they hold what a part that is new has."""
_WAYS: Sequence[Callable[[Values], Any]] = (
    lambda part: part.get("code"),
    lambda part: part["name"],
    lambda part: signs(str(part["name"])) or None,
)


def as_before(told: Sequence[Told], before: Sequence[Values]) -> list[dict[str, Any]]:
    """Return parts with what was known of them and is not told."""
    same = _matched([part for part, _ in told], before)
    return [
        part if known is None else part | {name: known[name] for name in silent if name in known}
        for (part, silent), known in zip(told, same, strict=True)
    ]


def with_codes(papers: Sequence[Values], before: Sequence[Values]) -> list[dict[str, Any]]:
    """Give each paper without a code one that none has or had: by its place if that is free."""
    used = {paper["code"] for paper in (*papers, *before) if paper.get("code") is not None}
    coded = []
    for place, paper in enumerate(papers, start=1):
        code = paper.get("code") or _free(place, used)
        used.add(code)
        coded.append({**paper, "code": code})
    return coded


def _free(place: int, used: set[Any]) -> str:
    return next(code for code in (f"m{n}" for n in count(place)) if code not in used)


def _matched(told: Sequence[Values], before: Sequence[Values]) -> Iterator[Values | None]:
    """Return for each part the one that it was before, if it was one."""
    found: dict[int, int] = {}
    for way in _WAYS:
        for place, part in enumerate(told):
            if place not in found and (key := way(part)) is not None:
                left = (n for n, known in enumerate(before) if n not in found.values() and way(known) == key)
                at = next(left, None)
                if at is not None:
                    found[place] = at
    return (before[found[place]] if place in found else None for place in range(len(told)))
