"""How a process of the suite starts."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load modules in this block without looking for garbage among them, neither now nor ever after.

    What they make stays until the process ends. Looking at it slows the start down, and stops a running
    server for tens of milliseconds at every full collection.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
