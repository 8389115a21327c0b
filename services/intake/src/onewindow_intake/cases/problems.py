"""Errors of cases."""

from onewindow_shared.plumbing.problems import URN, Problem


class OutsideArea(Problem):
    """The community exists, but lies outside your area."""

    type = URN + "outside-area"
    title = "Outside your area"
    status = 403


class SecondNotice(Problem):
    """The applicant was told once what to correct; a second notice is not allowed (行政许可法 art. 32)."""

    type = URN + "second-notice"
    title = "Only one notice of corrections"
    status = 409


class SecondDemand(Problem):
    """Something is demanded that the one notice of corrections did not name (行政许可法 art. 32)."""

    type = URN + "second-demand"
    title = "Not on the notice of corrections"
    status = 409


class NumbersUsedUp(Problem):
    """Every case number of this community's day is taken."""

    type = URN + "numbers-used-up"
    title = "No case numbers left for this day"
    status = 503


class DuplicateUndecided(Problem):
    """The person, or somebody like them, has a case of this item; say what you make of it in `duplicate`."""

    type = URN + "duplicate-undecided"
    title = "Earlier case not decided about"
    status = 409
    earlier: str | None
    """Number of the earlier case; left out where it lies outside your area."""
    community: str
