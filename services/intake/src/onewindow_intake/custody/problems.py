"""Errors of custody."""

from onewindow_shared.plumbing.problems import URN, Problem


class AlreadyReturned(Problem):
    """The original is back with its owner; its chain has ended."""

    type = URN + "already-returned"
    title = "Already returned"
    status = 409


class HeldByAnother(Problem):
    """The original was handed over to `holder`: they alone hand it on or return it."""

    type = URN + "held-by-another"
    title = "Somebody else holds it"
    status = 409
    holder: str
