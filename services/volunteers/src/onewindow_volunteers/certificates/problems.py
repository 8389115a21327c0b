"""What keeps a certificate from being issued."""

from onewindow_shared.plumbing.problems import Problem


class NothingToCertify(Problem):
    """No confirmed record of this volunteer, community and time is there to be certified."""

    type = "urn:onewindow:problem:nothing-to-certify"
    title = "Nothing to certify"
    status = 409


class TakenBack(Problem):
    """The same certificate was revoked for a reason; the community issues it anew once that is settled."""

    type = "urn:onewindow:problem:certificate-taken-back"
    title = "Taken back"
    status = 409


class NotAgreedTo(Problem):
    """The volunteer did not agree to having service certified; asking for it oneself needs no more."""

    type = "urn:onewindow:problem:certifying-not-agreed-to"
    title = "Not agreed to"
    status = 409
