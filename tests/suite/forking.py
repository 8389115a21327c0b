"""The suite from one process that has loaded every service: each of its own is a copy of it, and starts at once."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from signal import SIGCONT, SIGSTOP

from embedded import Suite
from embedded_environment import SERVICES
from embedded_process import Child, ServiceProcess
from tethered import tether

_copies = get_context("forkserver")
_copies.set_forkserver_preload([f"onewindow_{service}.__main__" for service in SERVICES])


def _serve(service: str, words: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    """Be what `python -m onewindow_{service}` is."""
    tether(os.getppid())
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    import_module(f"onewindow_{service}.__main__").main(words)


class Copy:
    """A child of the process that is copied, as `subprocess` would show it."""

    def __init__(self, *args: object) -> None:
        self._process = _copies.Process(target=_serve, args=args, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("serve", timeout or 0)
        return self._process.exitcode


class ForkedService(ServiceProcess):
    """A service that is loaded already when it is started."""

    def _spawn(self, environment: dict[str, str]) -> Child:
        self._log.touch()
        return Copy(self.service, self.command, self._log, environment)

    def signal(self, number: int) -> None:
        if self.exit_code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class ForkedSuite(Suite):
    """The suite as `make run` starts it, without waiting for Python to load it again and again."""

    process = ForkedService

    @contextmanager
    def standing_still(self, name: str) -> Iterator[None]:
        """Hold a service as a network does that drops everything: its connections stay, and nothing comes."""
        held = self._processes[name]
        held.signal(SIGSTOP)
        try:
            yield
        finally:
            held.signal(SIGCONT)
