"""One service as a real process: start, stop, kill, look at its log, ask whether it is ready."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from embedded_environment import HOST, SuiteError

TETHERED = Path(__file__).with_name("tethered.py")
TAIL_LINES = 25

_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
"""A tethered process ends with the *thread* that started it: this one lasts as long as we do."""


class Child(Protocol):
    """A process that was started, as `subprocess` knows it."""

    @property
    def pid(self) -> int:
        """Its number, which it keeps after its end until somebody waited for it."""

    def poll(self) -> int | None:
        """Return how it ended; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended; raises `subprocess.TimeoutExpired` if it has not after so many seconds."""


class ServiceProcess:
    """A command of a service, its output in a log file, in a process group of its own, ended when we end."""

    def __init__(self, service: str, *command: str, log: Path, environment: Mapping[str, str]) -> None:
        self.service = service
        self.command = command
        self._log = log
        self._begin = log.stat().st_size if log.exists() else 0
        self._child = _spawner.submit(self._spawn, dict(environment)).result()

    def _spawn(self, environment: dict[str, str]) -> Child:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    TETHERED,
                    str(os.getpid()),
                    "-m",
                    f"onewindow_{self.service}",
                    *self.command,
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._child.poll()

    @property
    def was_killed(self) -> bool:
        """A signal ended it, or it ended as asked by one: that says nothing against starting it again."""
        return self.exit_code is not None and self.exit_code <= 0

    def wait(self, seconds: float) -> int:
        return self._child.wait(seconds)

    def signal(self, number: int) -> None:
        """Send a signal to the process and to whatever it started, if it still runs."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._child.wait()

    def stop(self, patience: float) -> None:
        """Ask it to end, and kill it after so many seconds."""
        self.signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(patience)
        self.kill()

    def tail(self) -> str:
        """Return the last lines that this process wrote."""
        with self._log.open("rb") as log:
            log.seek(self._begin)
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:]) or "    (it wrote nothing)"

    def failure(self) -> SuiteError:
        said = f"{self.service} {self.command[0]} ended with code {self.exit_code}. The end of {self._log}:"
        return SuiteError(f"{said}\n{self.tail()}")


def readiness(port: int) -> str | None:
    """Return None if the service on this port is ready, else what it says is missing."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = answer.read(2000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return "does not answer yet"
    finally:
        connection.close()
    return None if answer.status == 200 else f"{answer.status} {said}"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
