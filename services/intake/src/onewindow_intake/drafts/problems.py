"""Errors of drafts."""

from onewindow_shared.plumbing.problems import URN, Problem


class DraftSubmitted(Problem):
    """The draft has become a case."""

    type = URN + "draft-submitted"
    title = "Already submitted"
    status = 409
