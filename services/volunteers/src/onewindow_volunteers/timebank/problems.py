"""What keeps credit from moving."""

from onewindow_shared.plumbing.problems import URN, Problem


class NoTimeAccount(Problem):
    """This volunteer has no account in the time bank; everybody opens their own."""

    type = URN + "no-time-account"
    title = "No account"
    status = 409


class NotEnoughTime(Problem):
    """The account does not hold so many minutes."""

    type = URN + "not-enough-time"
    title = "Not enough credit"
    status = 409


class OverCap(Problem):
    """The other account cannot hold so many minutes more."""

    type = URN + "over-cap"
    title = "Over the cap"
    status = 409


class TimeAccountThere(Problem):
    """This volunteer has an account already."""

    type = URN + "time-account-there"
    title = "Account there already"
    status = 409
