"""A list of a hundred thousand cases taken away through the gateway, beside one of a thousand.

    PYTHONPATH=tools:tests python bench/exports.py [--many 100000] [--rounds 3]

A suite runs on SQLite. One case is posted to learn what a row looks like; the others are copies of it,
written in bulk (see lists.py). Printed are, for either format, when the first byte and the last one came, how
fast rows came of many cases beside how fast of few, and how much more memory intake held at most than before
(`VmHWM`, which is set back each time). Every file is read again and its rows are counted.
"""

import argparse
import csv
import io
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lists import CASES, copies, fill
from python_calamine import CalamineWorkbook

from embedded import Suite
from onewindow_shared.plumbing.migrations import with_connection
from town import INTAKE, UNLIMITED, Person, Town, application, person

ITEM, XIAN = "soc-subsistence-national", "330902002001"
FEW = "330902003004"
"""A community that has about a hundredth of all cases."""


@dataclass(frozen=True)
class Taken:
    """An export."""

    rows: int
    first_byte: float
    seconds: float
    memory: float
    """MB that the service held at most beyond what it held before."""


def memory(pid: int, name: str) -> float:
    """Return a figure of a process's status, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


def take(who: Person, pid: int, form: dict[str, object]) -> Taken:
    """Take a list away."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    before = memory(pid, "VmRSS")
    started = time.perf_counter()
    first, content = 0.0, bytearray()
    headers = {"Authorization": f"Bearer {who.token}"}
    path = f"{INTAKE}/cases/export"
    with who.http.stream("POST", path, json={"reason": "季度工作汇报", **form}, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        for piece in answer.iter_bytes():
            first = first or time.perf_counter() - started
            content += piece
    seconds = time.perf_counter() - started
    return Taken(_rows(bytes(content)), first, seconds, memory(pid, "VmHWM") - before)


def _rows(content: bytes) -> int:
    if content.startswith(b"PK"):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return len(sheet.to_python()) - 1
    return sum(1 for _ in csv.reader(io.StringIO(content.decode()))) - 1


def spread(values: list[float]) -> str:
    """Median and extremes."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def one_round(who: Person, pid: int, form: str, many: int) -> tuple[Taken, Taken]:
    """Take few cases away, and then all."""
    few = take(who, pid, {"format": form, "filter": {"community": FEW}})
    found = take(who, pid, {"format": form})
    assert found.rows == many + 1, found
    return few, found


def tell(form: str, found: list[tuple[Taken, Taken]]) -> None:
    few, many = zip(*found, strict=True)
    rates = [m.rows / m.seconds / (f.rows / f.seconds) for f, m in found]
    print(
        f"{form:5} {many[0].rows} rows: first byte {spread([m.first_byte for m in many])} s, "
        f"all {spread([m.seconds for m in many])} s, rows/s beside few {spread(rates)}, "
        f"memory +{max(m.memory for m in many):.1f} MB (few: +{max(f.memory for f in few):.1f} MB)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    with (
        Suite(home, base_port=0, settings=UNLIMITED) as suite,
        closing(Town.open(suite, home / "codes")) as town,
    ):
        town.staff("clerk.xian").made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(1)))
        with_connection(
            suite.environment("intake")["ONEWINDOW_DATABASE_URL"],
            partial(fill, size=told.many, cases=CASES, copied=copies),
        )
        admin, pid = town.staff("admin.dinghai"), suite.pid("intake")
        for form in ("csv", "xlsx"):
            tell(form, [one_round(admin, pid, form, told.many) for _ in range(told.rounds)])


if __name__ == "__main__":
    main()
