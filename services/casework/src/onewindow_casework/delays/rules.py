"""Who states the reason of a delay, and which counts of reasons are published."""

from collections.abc import Mapping
from enum import StrEnum


class DelayBar(StrEnum):
    """Why somebody may not state the reason of a delay."""

    NOT_ANSWERABLE = "whoever answers for the case states the reason"


def bar(actor: str, answerable: str | None) -> DelayBar | None:
    """Say why this actor may not state the reason."""
    return None if actor == answerable else DelayBar.NOT_ANSWERABLE


def published(
    counts: Mapping[tuple[str, str | None], int], least: int
) -> list[tuple[str | None, str | None, int | None]]:
    """Return counts by item and kind as they are published, the item null for those that are too few each.

    Fewer than `least` could point at somebody. Such items of a kind are counted together, and not at all
    where they are too few even so. Numbers are multiples of `least`, rounded down, as everywhere: the law
    wants the reasons stated, not how many there are (优化营商环境条例 art. 36).
    """
    shown: list[tuple[str | None, str | None, int | None]] = []
    rest: dict[str | None, int] = {}
    for (item, kind), n in sorted(counts.items(), key=lambda cell: (cell[0][0], cell[0][1] or "")):
        if n >= least:
            shown.append((item, kind, n // least * least))
        elif n:
            rest[kind] = rest.get(kind, 0) + n
    return [*shown, *((None, kind, n // least * least or None) for kind, n in rest.items())]
