"""Errors of deciding about earlier cases."""

from onewindow_shared.plumbing.problems import URN, Problem


class NothingToDecide(Problem):
    """The window has decided about the earlier case, or there was none when this one was taken in."""

    type = URN + "nothing-to-decide"
    title = "No earlier case to decide about"
    status = 409
