"""The suite on one machine: the four services as real processes.

Used by `make run`, `make demo` and the suite tests:

with Suite(Path("var")) as suite:
    suite.kill("casework")
    suite.start("casework")
    suite.wait_ready(["casework"])
"""

import fcntl
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import IO, Annotated, Self

import typer

from embedded_console import Console, interruptible, welcome
from embedded_environment import SERVICES, Plan, SuiteError, load_secrets
from embedded_process import ServiceProcess, is_free, readiness

PREPARE_SECONDS = 180.0
READY_SECONDS = 90.0
PREPARED = "--prepare"
"""Makes a service migrate and load what it starts with before it serves, in one process."""
STOP_SECONDS = 15.0
REVIVALS = 5
"""How often in a row `make run` starts a service again that fails by itself."""


def free_base_port() -> int:
    """Return the first of four free ports in a row, outside the range that clients are given."""
    starts = [random.randrange(20000, 32000, len(SERVICES)) for _ in range(200)]  # noqa: S311 - spread, no secret
    for start in starts:
        if all(is_free(start + offset) for offset in range(len(SERVICES))):
            return start
    raise SuiteError("No four free ports in a row were found between 20000 and 32000.")


class Suite:
    """The four services of one home directory: started, stopped and killed one by one or together.

    `database`: `sqlite` or a PostgreSQL URL with `{service}` in it. `base_port`: the first of four ports;
    0 picks free ones. `clock_file`: shifts every service's clock. `settings`: further `ONEWINDOW_*` variables
    for all services.
    """

    process = ServiceProcess
    """How a service is started."""

    def __init__(
        self,
        home: Path,
        *,
        database: str = "sqlite",
        base_port: int = 8100,
        clock_file: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.plan = Plan(home.resolve(), database, base_port or free_base_port(), clock_file, settings or {})
        self._secrets: dict[str, str] = {}
        self._processes: dict[str, ServiceProcess] = {}
        self._failures: Counter[str] = Counter()
        self._lock: IO[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.plan.home

    @property
    def url(self) -> str:
        """The gateway's address: the one that clients use."""
        return self.plan.address("gateway")

    def address(self, name: str) -> str:
        """Return the address of one service itself, past the gateway."""
        return self.plan.address(name)

    def log(self, name: str) -> Path:
        return self.plan.log(name)

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def environment(self, name: str) -> dict[str, str]:
        """Return what a process of this service is told, for further commands of it."""
        return self.plan.environment(name, self._secrets)

    def __enter__(self) -> Self:
        try:
            self.prepare()
            self.start_all(PREPARED, seconds=PREPARE_SECONDS + READY_SECONDS)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Make the home with its secrets."""
        self._claim_home()
        self.log("gateway").parent.mkdir(exist_ok=True)
        self._secrets = load_secrets(self.home)

    def _claim_home(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (self.home / "lock").open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SuiteError(
                f"Another suite runs on {self.home}. Choose another place: make run DATA=..."
            ) from None

    def start_all(self, *options: str, seconds: float = READY_SECONDS) -> None:
        """Start the four services, with options of `serve`, and wait until all are ready."""
        taken = [port for port in map(self.plan.port, SERVICES) if not is_free(port)]
        if taken:
            ports = ", ".join(map(str, taken))
            raise SuiteError(f"Port {ports} is in use. Choose another first one of four: make run PORT=9000")
        for name in SERVICES:
            self.start(name, *options)
        self.wait_ready(SERVICES, seconds=seconds)

    def start(self, name: str, *options: str) -> None:
        """Start a service, with options of `serve`; returns at once, see `wait_ready`."""
        if name in self.running():
            raise SuiteError(f"{name} runs already.")
        log, environment = self.log(name), self.environment(name)
        self._processes[name] = self.process(name, "serve", *options, log=log, environment=environment)

    def kill(self, name: str) -> None:
        """End a service as a power cut would (SIGKILL)."""
        self._processes[name].kill()

    def stop(self, name: str) -> None:
        """Ask a service to end; kill it if it does not within 15 seconds."""
        self._processes[name].stop(STOP_SECONDS)

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def running(self) -> list[str]:
        return [name for name, process in self._processes.items() if process.exit_code is None]

    def check(self) -> None:
        """Raise `SuiteError` with the end of the log if a service that was started has ended."""
        for process in self._processes.values():
            if process.exit_code is not None:
                raise process.failure()

    def revive(self) -> list[str]:
        """Start again what has ended, and say what it was.

        What was killed is started each time. What fails by itself so many times in a row without being ready
        in between cannot start: the end of its log is raised.
        """
        for name in [name for name in self._failures if readiness(self.plan.port(name)) is None]:
            del self._failures[name]
        ended = [name for name, process in self._processes.items() if process.exit_code is not None]
        for name in ended:
            process = self._processes[name]
            self._failures[name] += not process.was_killed
            if self._failures[name] > REVIVALS:
                raise process.failure()
            self._again(name)
        return ended

    def _again(self, name: str) -> None:
        _, *options = self._processes[name].command
        self.start(name, *options)

    def wait_ready(self, names: Iterable[str] = SERVICES, *, seconds: float = READY_SECONDS) -> None:
        """Wait until these services are ready; after so long, raise `SuiteError` with what is missing.

        What is killed meanwhile is started again; what ends by itself cannot start, and is raised at once.
        """
        missing: dict[str, str | None] = dict.fromkeys(names, "")
        deadline = time.monotonic() + seconds
        while missing:
            for name in missing:
                process = self._processes[name]
                if process.was_killed:
                    self._again(name)
                elif process.exit_code is not None:
                    raise process.failure()
            missing = {name: why for name in missing if (why := readiness(self.plan.port(name))) is not None}
            if missing and time.monotonic() > deadline:
                raise SuiteError(self._not_ready(missing, seconds))
            Event().wait(0.05 if missing else 0)

    def _not_ready(self, missing: Mapping[str, str | None], seconds: float) -> str:
        reasons = [f"{name}: {why}\n{self._processes[name].tail()}" for name, why in missing.items()]
        return "\n".join([f"Not ready after {seconds:.0f} s:", *reasons])

    def close(self) -> None:
        """Stop whatever runs, all at once, and let go of the home."""
        if self._processes:
            with ThreadPoolExecutor(len(self._processes)) as pool:
                list(pool.map(lambda process: process.stop(STOP_SECONDS), self._processes.values()))
        self._processes.clear()
        if self._lock:
            self._lock.close()
            self._lock = None


Port = Annotated[int, typer.Option(min=1024, max=65532, help="The first of four ports.")]
Database = Annotated[str, typer.Option(help="sqlite, or postgresql://user@host/onewindow_{service}")]
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Run the one-window suite on this machine, with demo data."""


@app.command()
def run(
    home: Annotated[Path, typer.Option(help="Where data, logs and secrets are kept.")] = Path("var"),
    port: Port = 8100,
    database: Database = "sqlite",
) -> None:
    """Start the suite, say where it is, and keep it running until Ctrl-C."""
    console = Console()
    with interruptible() as stopping, console.failures():
        console.say("Preparing the databases and starting the four services ...")
        with Suite(home, database=database, base_port=port) as suite:
            welcome(console, suite.url, suite.environment("gateway"))
            while not stopping.wait(1):
                for name in suite.revive():
                    console.say(f"{name} ended and was started again; its log is {suite.log(name)}")
    console.say("Stopped. The data is kept in", str(home))


@app.command(context_settings={"ignore_unknown_options": True})
def operate(
    service: str,
    words: list[str],
    home: Annotated[Path, typer.Option(help="Where data, logs and secrets are kept.")] = Path("var"),
    port: Port = 8100,
    database: Database = "sqlite",
) -> None:
    """Run an operator's command of a service on the data of a home, e.g. `operate intake audit verify`."""
    console = Console()
    with console.failures():
        if service not in SERVICES or not home.is_dir():
            raise SuiteError(f"There is no service {service} with data in {home}.")
        plan = Plan(home.resolve(), database, port)
        environment = plan.environment(service, load_secrets(plan.home))
    sys.exit(subprocess.call([sys.executable, "-m", f"onewindow_{service}", *words], env=environment))


if __name__ == "__main__":
    app()
