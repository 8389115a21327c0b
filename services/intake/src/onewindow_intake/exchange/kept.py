"""What is in force of an item's papers and steps, and a new telling of it does not tell: it stays.

A part is the same one by its code, else by its name, else by the letters and digits of its name; among
several of one name the first is the first. A paper keeps the code under which cases and terms know it. What
stands in brackets after the name of a step is a note on it, and a step is also the same one without.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from onewindow_shared.plumbing.words import signs

Values = Mapping[str, Any]
Told = tuple[dict[str, Any], frozenset[str]]
"""A part, and the fields of it that are not told: they hold what a part that is new has."""
_NOTE: Final = re.compile(r"[（(][^（）()]*[）)]\s*$")
Ways = Sequence[Callable[[Values], Any]]
_WAYS: Ways = (
    lambda part: part.get("code"),
    lambda part: part["name"],
    lambda part: signs(str(part["name"])) or None,
)
_WAYS_OF_STEPS: Ways = (*_WAYS, lambda step: signs(bare(str(step["name"]))) or None)


def bare(name: str) -> str:
    """Return the name of a step without the note in brackets at its end."""
    return _NOTE.sub("", name)


def as_before(told: Sequence[Told], before: Sequence[Values]) -> list[dict[str, Any]]:
    """Return papers with what was known of them and is not told."""
    return _completed(told, _matched(told, before, _WAYS), before)


def steps_as_before(told: Sequence[Told], before: Sequence[Values]) -> list[dict[str, Any]]:
    """Return steps with what was known of them and is not told.

    Along which steps cases are led no source tells: one that cases are led along stays though a source does
    not name it, behind the step that it stood behind.
    """
    found = _matched(told, before, _WAYS_OF_STEPS)
    steps = _completed(told, found, before)
    places = {at: place for place, at in found.items()}
    ahead = -1
    for at, known in enumerate(before):
        if at in places:
            ahead = max(ahead, places[at])
        elif known.get("kind") is not None:
            ahead += 1
            steps.insert(ahead, dict(known))
            places = {n: place + (place >= ahead) for n, place in places.items()}
    return steps


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


def _completed(
    told: Sequence[Told], found: Mapping[int, int], before: Sequence[Values]
) -> list[dict[str, Any]]:
    known = {place: before[at] for place, at in found.items()}
    return [
        part | {name: value for name, value in known.get(place, {}).items() if name in silent}
        for place, (part, silent) in enumerate(told)
    ]


def _matched(told: Sequence[Told], before: Sequence[Values], ways: Ways) -> dict[int, int]:
    """Return for the place of each part that was there before the place that it had."""
    found: dict[int, int] = {}
    for way in ways:
        for place, (part, _) in enumerate(told):
            if place not in found and (key := way(part)) is not None:
                left = (n for n, known in enumerate(before) if n not in found.values() and way(known) == key)
                at = next(left, None)
                if at is not None:
                    found[place] = at
    return found
