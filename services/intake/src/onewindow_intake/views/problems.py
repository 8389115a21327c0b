"""What keeps a view from being kept."""

from onewindow_shared.plumbing.problems import Problem


class NameTaken(Problem):
    """You keep another view under this name already."""

    type = "urn:onewindow:problem:name-taken"
    title = "Name taken"
    status = 409
