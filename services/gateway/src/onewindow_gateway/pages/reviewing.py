"""Addresses at which whoever holds the code of a case says how it was handled."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from onewindow_gateway.pages.api import AskerDep, ShownDep, Typed, told
from onewindow_gateway.pages.asking import Asker, NothingTold, Silence
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.reviews import InvitationOut, ReviewOut
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(include_in_schema=False)
WHY = "whoever holds the code on a paper reviews that case without an account"
PAGE = "reviews.html"
LEVELS = frozenset("12345")


class ReviewForm(Contract):
    """What the page sends, as it was typed."""

    number: str = ""
    code: str = ""
    level: str = ""
    comment: str = ""
    anonymous: str = ""
    """Anything, where the office is not to know whose case it is."""


@router.get("/reviews")
async def ask_review_code(reader: ShownDep, run: Run = open_to_all(WHY)) -> HTMLResponse:
    """Ask for the number and the code of the invitation."""
    return reader.page(PAGE, found=None, silence=None, number="", code="")


@router.post("/reviews")
async def show_invitation(
    reader: ShownDep, ask: AskerDep, number: Typed = "", code: Typed = "", run: Run = open_to_all(WHY)
) -> HTMLResponse:
    """Ask how the handling was, where a review can still be given."""
    return await told(reader, PAGE, lambda: invitation(ask, number, code), number=number, code=code)


@router.post("/reviews/given")
async def take_review(
    reader: ShownDep, ask: AskerDep, form: Annotated[ReviewForm, Form()], run: Run = open_to_all(WHY)
) -> HTMLResponse:
    """Hand the review in; the same form sent twice is one review."""
    return await told(reader, PAGE, lambda: give(ask, form), number=form.number, code=form.code)


@router.post("/reviews/followed-up")
async def take_follow_up(
    reader: ShownDep, ask: AskerDep, form: Annotated[ReviewForm, Form()], run: Run = open_to_all(WHY)
) -> HTMLResponse:
    """Hand in what the reviewer thinks of the answer (追评); the same form sent twice is one follow-up."""
    return await told(reader, PAGE, lambda: follow_up(ask, form), number=form.number, code=form.code)


async def invitation(ask: Asker, number: str, code: str) -> InvitationOut:
    """Return what can be reviewed; raises `NothingTold`."""
    return await ask.post(InvitationOut.model_validate_json, "casework", _path(number), {"code": code})


async def give(ask: Asker, form: ReviewForm) -> ReviewOut:
    """Hand a review in; raises `NothingTold`."""
    return await _send(ask, form, "review", {"anonymous": bool(form.anonymous)})


async def follow_up(ask: Asker, form: ReviewForm) -> ReviewOut:
    """Follow a review up; raises `NothingTold`."""
    return await _send(ask, form, "follow-up", {})


async def _send(ask: Asker, form: ReviewForm, route: str, more: Mapping[str, bool]) -> ReviewOut:
    if form.level not in LEVELS:
        raise NothingTold(Silence.UNREADABLE)
    body = {"code": form.code, "level": int(form.level), "comment": form.comment.strip() or None, **more}
    key = sha256(f"{route} {form.model_dump_json()}".encode()).hexdigest()[:40]
    return await ask.post(
        ReviewOut.model_validate_json, "casework", f"{_path(form.number)}/{route}", body, key
    )


def _path(number: str) -> str:
    return f"review-invitations/{quote(number.strip(), safe='') or '-'}"
