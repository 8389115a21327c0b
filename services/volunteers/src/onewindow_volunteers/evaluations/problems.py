"""What keeps a service from being evaluated."""

from onewindow_shared.plumbing.problems import URN, Problem


class EvaluatedAlready(Problem):
    """This side has said already how well this was done."""

    type = URN + "evaluated-already"
    title = "Evaluated already"
    status = 409
