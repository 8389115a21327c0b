"""Errors of those who take part in a case."""

from onewindow_shared.plumbing.problems import URN, Problem


class ConsentWithdrawn(Problem):
    """The consent of this case was withdrawn before."""

    type = URN + "consent-withdrawn"
    title = "Consent already withdrawn"
    status = 409
