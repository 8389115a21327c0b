"""What may stand in the way of an application."""

from onewindow_shared.plumbing.problems import URN, Problem


class OpinionsOutstanding(Problem):
    """Street offices or communities were asked, have not all answered, and still have time."""

    type = URN + "opinions-outstanding"
    title = "Opinions outstanding"
    status = 409
    missing: int


class NotAsked(Problem):
    """You have answered already, the time for answers is over, or nobody decides on the item any more."""

    type = URN + "opinion-closed"
    title = "No answer awaited"
    status = 409
