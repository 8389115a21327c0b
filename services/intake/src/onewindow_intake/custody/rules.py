"""What a link of the custody chain has to say; a chain that has ended is never continued."""

from collections.abc import Iterable, Mapping
from typing import Any

from onewindow_shared.contracts.custody import CustodyAct, CustodyStepIn

NEEDED: Mapping[CustodyAct, frozenset[str]] = {
    CustodyAct.MOVED: frozenset({"place"}),
    CustodyAct.HANDED_OVER: frozenset({"place", "holder"}),
    CustodyAct.RETURNED: frozenset({"returned_to", "signature"}),
}
"""What is said of each act; nothing else may be."""
FIELDS = ("place", "holder", "returned_to", "signature")


def faults(form: CustodyStepIn) -> dict[str, str]:
    """Return what a link lacks or says too much: field -> reason."""
    needed = NEEDED[form.act]
    wrong = {}
    for name in FIELDS:
        given = getattr(form, name) is not None
        if name in needed and not given:
            wrong[name] = f"needed where an original is {form.act}"
        if given and name not in needed:
            wrong[name] = f"not said where an original is {form.act}"
    if form.acting is not None and form.act is not CustodyAct.RETURNED:
        wrong["acting"] = f"not said where an original is {form.act}"
    return wrong


def keeper(chain: Iterable[tuple[CustodyAct, str | None]]) -> str | None:
    """Return who was the last to be handed an original; none while it lies where it was taken in.

    What was never handed over is handed on or returned by any colleague; what was, by whoever holds it.
    """
    holders = [holder for act, holder in chain if act is CustodyAct.HANDED_OVER]
    return holders[-1] if holders else None


def following(holder: str | None, form: CustodyStepIn) -> dict[str, Any]:
    """Return where an original is after a link: a moved one stays with whoever holds it."""
    if form.act is CustodyAct.RETURNED:
        return {"place": None, "holder": None}
    return {"place": form.place, "holder": form.holder or holder}
