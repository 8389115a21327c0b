"""Errors of custody."""

from onewindow_shared.plumbing.problems import URN, Problem


class AlreadyReturned(Problem):
    """The original is back with its owner; its chain has ended."""

    type = URN + "already-returned"
    title = "Already returned"
    status = 409
