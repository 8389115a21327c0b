"""What keeps a star from being applied for, or objected to."""

from onewindow_shared.plumbing.problems import Problem


class NoStarYet(Problem):
    """The confirmed hours do not reach the next star, or there is none."""

    type = "urn:onewindow:problem:no-star-yet"
    title = "No star yet"
    status = 409


class StarAlready(Problem):
    """This star was applied for already."""

    type = "urn:onewindow:problem:star-already"
    title = "Applied for already"
    status = 409


class PublicityOver(Problem):
    """Nobody objects to this star any more."""

    type = "urn:onewindow:problem:publicity-over"
    title = "The publicity is over"
    status = 409


class ObjectedAlready(Problem):
    """This account has objected to the star already."""

    type = "urn:onewindow:problem:objected-already"
    title = "Objected already"
    status = 409
