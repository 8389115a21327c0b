"""What keeps a need from going on."""

from onewindow_shared.plumbing.problems import URN, Problem


class DoesNotFit(Problem):
    """Lacks the skill, is not of age, did not agree to being told or recorded, or was asked."""

    type = URN + "does-not-fit"
    title = "Does not fit"
    status = 409


class NotWhileSo(Problem):
    """Particulars are shown to the volunteer who has accepted a need, until the help was given."""

    type = URN + "not-accepted"
    title = "Not accepted"
    status = 409
