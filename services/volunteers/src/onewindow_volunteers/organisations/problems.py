"""What keeps an organisation, or somebody, from joining."""

from onewindow_shared.plumbing.problems import Problem


class OrganisationExists(Problem):
    """There is an organisation, team or station of this name in the community already."""

    type = "urn:onewindow:problem:organisation-exists"
    title = "There already"
    status = 409


class PaperThere(Problem):
    """A paper of this kind, number and period is there already."""

    type = "urn:onewindow:problem:paper-there"
    title = "There already"
    status = 409


class MemberAlready(Problem):
    """The volunteer belongs to it already."""

    type = "urn:onewindow:problem:member-already"
    title = "Member already"
    status = 409
