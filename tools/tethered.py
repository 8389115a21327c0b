"""Run a Python command that ends when its parent ends: `tethered.py PARENT_PID -m module ...`.

On Linux the kernel is asked to do it, so that it holds even where the parent is killed outright. Elsewhere
the command runs untethered, and the parent's own clean-up has to do.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tether(parent: int) -> None:
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent ended before the command began")


if __name__ == "__main__":
    tether(int(sys.argv[1]))
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])  # noqa: S606 - replaces this process, no shell
