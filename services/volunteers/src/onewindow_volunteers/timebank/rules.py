"""Which accounts there are, and how what is earned is shared between a volunteer and the community."""


def of_volunteer(volunteer_no: str) -> str:
    """Return the code of a volunteer's account."""
    return f"volunteer/{volunteer_no}"


def of_community(community: str) -> str:
    """Return the code of a community's account: what was given to it, and what was earned over the cap."""
    return f"community/{community}"


def of_source(district: str) -> str:
    """Return the code of the account that all credit of a district comes from."""
    return f"source/{district}"


def credit(minutes: int, rate: float) -> int:
    """Return the full minutes of credit that minutes of help bring."""
    return int(minutes * rate)


def shared(earned: int, held: int, cap: int) -> tuple[int, int]:
    """Return how many of the minutes earned the volunteer keeps, who holds some, and how many go on."""
    kept = max(0, min(earned, cap - held))
    return kept, earned - kept
