"""Finding an item among many by what people type, in memory as the service does it.

    python bench/items.py [--items 40 400 4000] [--rounds 5]

Beyond the real items, each has the conditions of one and a name made of the words of all real names. Every
question is asked `--rounds` times at each size; printed are the median and the slowest of the milliseconds
that one page takes, from the question to the contract.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence

from onewindow_intake.catalogue import search
from onewindow_intake.catalogue.offers import Offer, Offers, Search, entries, offered, one_page
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.plumbing.paging import Cursors, Wanted
from onewindow_shared.plumbing.words import words

ASKED = ("给我妈办高龄补贴", "楼上漏水和邻居吵架了找谁调解", "低保", "zdsh", "老板拖欠工资不发怎么办", None)


def offers(count: int) -> Offers:
    """Make so many items in force."""
    real = shipped_items()
    pieces = sorted({word for item in real for word in words(item.name)})
    chance = random.Random(1)
    made: dict[str, Offer] = {}
    for n in range(count):
        item = real[n % len(real)].model_dump()
        if n >= len(real):
            item |= {"name": "".join(chance.sample(pieces, 4)), "aliases": []}
        guide = ItemGuide.model_validate(
            {**item, "code": f"i{n:06d}", "version": 1, "effective_from": "2026-01-01", "override": None}
        )
        made[guide.code] = offered(guide)
    return Offers(items=made, adapted={}, categories=[], index=search.index(entries(made)))


def milliseconds(held: Offers, asked: str | None, rounds: int) -> Sequence[float]:
    """Ask for the first page of the best answers."""
    cursors, found = Cursors(b"benchmark"), []
    for _ in range(rounds):
        started = time.perf_counter()
        one_page(held, Search(q=asked), Wanted(limit=20), cursors)
        found.append((time.perf_counter() - started) * 1000)
    return found


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--items", type=int, nargs="+", default=[40, 400, 4000])
    told.add_argument("--rounds", type=int, default=5)
    arguments = told.parse_args()
    for count in arguments.items:
        held = offers(count)
        taken = [one for asked in ASKED for one in milliseconds(held, asked, arguments.rounds)]
        print(f"{count:>6} items: median {statistics.median(taken):.1f} ms, slowest {max(taken):.1f} ms")


if __name__ == "__main__":
    main()
