"""What keeps somebody from a place."""

from onewindow_shared.plumbing.problems import Problem


class SignedUpAlready(Problem):
    """The volunteer has, is offered or waits for a place in this shift already."""

    type = "urn:onewindow:problem:signed-up-already"
    title = "Signed up already"
    status = 409


class Overlaps(Problem):
    """The volunteer is placed elsewhere at that time."""

    type = "urn:onewindow:problem:shift-overlaps"
    title = "Placed elsewhere at that time"
    status = 409


class RoleFull(Problem):
    """Every place of the role is taken or offered; send `wait` to stand in the line."""

    type = "urn:onewindow:problem:role-full"
    title = "No place is free"
    status = 409


class NotAdmitted(Problem):
    """The volunteer may not join this activity; `detail` says why."""

    type = "urn:onewindow:problem:not-admitted"
    title = "Not admitted"
    status = 409


class OfferOver(Problem):
    """The offer has run out."""

    type = "urn:onewindow:problem:offer-over"
    title = "The offer is over"
    status = 409
