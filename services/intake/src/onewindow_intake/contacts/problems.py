"""Errors of contacts."""

from onewindow_shared.plumbing.problems import URN, Problem


class ContactSettled(Problem):
    """What came of the contact is written down already."""

    type = URN + "contact-settled"
    title = "Contact settled"
    status = 409
