"""Errors of handing over."""

from typing import Any

from onewindow_shared.plumbing.problems import URN, Problem


class NotResponsible(Problem):
    """This is not yours to hand over or to settle."""

    type = URN + "not-responsible"
    title = "Not the responsible officer"
    status = 403


class AnsweredFor(Problem):
    """Somebody answers for the case already; `current` is how it stands now."""

    type = URN + "answered-for"
    title = "Somebody answers for it"
    status = 409
    current: dict[str, Any]


class AlreadyOffered(Problem):
    """The case waits for an officer's answer already."""

    type = URN + "already-offered"
    title = "Already offered"
    status = 409


class HandOffSettled(Problem):
    """The offer was accepted, bounced or withdrawn."""

    type = URN + "handoff-settled"
    title = "Hand-off settled"
    status = 409
