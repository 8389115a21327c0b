"""One realistic day at the windows of the demo district, played through the gateway; see `make demo`.

The services' clock is shifted: first some weeks back, for the cases that are late by now, then through a
working day hour by hour, and at last to the present. Every person is made up; every item is real.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from chinese_calendar import is_workday
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo_people import applicant, volunteer
from demo_plots import Desk, Plot, choose, late
from embedded import Suite
from embedded_console import Console, interruptible, welcome
from town import UNLIMITED, VOLUNTEERS, Town

OPENS, HOURS = time(0, 30, tzinfo=UTC), 9
"""08:30 in Shanghai, and how long the windows are open."""
WEEKS_BACK = timedelta(days=35)
WORKERS = 4


def last_working_day() -> datetime:
    """Return the opening of the windows on the last working day before today."""
    day = datetime.now(UTC).date() - timedelta(days=1)  # noqa: TID251 - a day of the real calendar
    while not is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, OPENS)


def play(town: Town, cases: int, seed: int, advance: Callable[[str, int], None]) -> None:
    """Play weeks of late cases, one whole day, and some sign-ups of volunteers."""
    dice = random.Random(seed)  # noqa: S311 - the same story every time
    opening = last_working_day()
    backlog = [late(dice, number) for number in range(cases // 10)]
    town.go_to(opening - WEEKS_BACK)
    _together(town, backlog, lambda: advance("weeks before", 1))
    plots = [choose(dice, len(backlog) + number) for number in range(cases)]
    for hour in range(HOURS):
        town.go_to(opening + timedelta(hours=hour))
        _together(town, plots[hour::HOURS], lambda: advance("the day", 1))
    for serial in range(cases // 15):
        _volunteer(town, dice, serial)
        advance("volunteers", 1)


def _together(town: Town, plots: Sequence[Plot], done: Callable[[], None]) -> None:
    desks = {place: Desk.open(town, place) for place in {plot.place for plot in plots}}

    def act(plot: Plot) -> None:
        plot.play(desks[plot.place], applicant(plot.serial))
        done()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(act, plots))


def _volunteer(town: Town, dice: random.Random, serial: int) -> None:
    form = volunteer(dice, serial)
    town.resident(form["phone"]).create(f"{VOLUNTEERS}/registrations", form)


def main(
    home: Annotated[Path, typer.Option(help="Where data, logs and secrets are kept.")] = Path("var"),
    port: Annotated[int, typer.Option(help="The first of four ports.")] = 8100,
    cases: Annotated[int, typer.Option(help="Cases of the day; a tenth as many are older.")] = 300,
    seed: Annotated[int, typer.Option(help="Another number tells another story.")] = 1,
    *,
    stay: Annotated[bool, typer.Option(help="Keep the suite open afterwards.")] = True,
) -> None:
    """Play the day, then keep the suite open until Ctrl-C."""
    console = Console()
    home.mkdir(parents=True, exist_ok=True)
    clock, codes = home / "clock", home / "codes"
    settings = UNLIMITED | {"ONEWINDOW_OTP_FILE": str(codes.resolve())}
    suite = Suite(home, base_port=port, clock_file=clock, settings=settings)
    with interruptible() as stopping, console.failures(), suite:
        try:
            with closing(Town.open(suite, codes)) as town:
                _with_bars(town, cases, seed)
        finally:
            clock.unlink(missing_ok=True)
        if stay:
            welcome(console, suite.url, suite.environment("gateway"))
            while not stopping.wait(1):
                suite.check()


def _with_bars(town: Town, cases: int, seed: int) -> None:
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as progress:
        totals = {"weeks before": cases // 10, "the day": cases, "volunteers": cases // 15}
        bars = {name: progress.add_task(name, total=total) for name, total in totals.items()}
        play(town, cases, seed, lambda name, n: progress.advance(bars[name], n))


if __name__ == "__main__":
    typer.run(main)
