"""What keeps service from being recorded."""

from onewindow_shared.plumbing.problems import Problem


class CodeNotShown(Problem):
    """This code was not shown for this shift at that time."""

    type = "urn:onewindow:problem:code-not-shown"
    title = "The code does not fit"
    status = 409


class NotTheTime(Problem):
    """The shift has not begun, or is too long over."""

    type = "urn:onewindow:problem:not-the-time"
    title = "Not the time for this"
    status = 409


class RecordedAlready(Problem):
    """There is a record of this person and shift already."""

    type = "urn:onewindow:problem:recorded-already"
    title = "Recorded already"
    status = 409


class CountedElsewhere(Problem):
    """Another record of this person counts all of this time already: the same minutes count once."""

    type = "urn:onewindow:problem:counted-elsewhere"
    title = "Counted already"
    status = 409


class HigherLevelConfirms(Problem):
    """So many hours on one day are confirmed by a higher level; `detail` says which."""

    type = "urn:onewindow:problem:higher-level-confirms"
    title = "A higher level confirms this"
    status = 409
