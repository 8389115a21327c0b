"""What whoever holds a review code can do: without an account, about one case."""

from sqlalchemy import select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import inviting, queries, rules, service
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import matches
from onewindow_shared.contracts.review_life import ReviewChannel
from onewindow_shared.contracts.reviews import (
    CodedFollowUpIn,
    CodedReviewIn,
    FollowUpIn,
    InvitationOut,
    ReviewIn,
    ReviewOut,
)
from onewindow_shared.plumbing.reference import office_name
from onewindow_shared.plumbing.reviewcodes import CodeSent, review_code
from onewindow_shared.plumbing.unit import Unit

CHANNELS = {CodeSent.ON_PAPER: ReviewChannel.LINK, CodeSent.TO_PHONE: ReviewChannel.PHONE}


def way_of(unit: Unit, case_no: str, code: str) -> ReviewChannel | None:
    """Return by which way a code came to whoever shows it; None where it is not this case's."""
    secret = settings_of(unit).events_secret.get_secret_value()
    ways = [CHANNELS[sent] for sent in CodeSent if matches(code, review_code(secret, case_no, sent))]
    return ways[0] if ways and _case(unit, case_no) is not None else None


def _case(unit: Unit, case_no: str) -> CaseFile | None:
    return unit.session.scalar(select(CaseFile).where(CaseFile.case_no == case_no))


def look_up(unit: Unit, case_no: str, code: str) -> InvitationOut | None:
    """Return what was said of a case and can be said; None where number and code do not belong together."""
    case = _case(unit, case_no)
    return None if case is None or way_of(unit, case_no, code) is None else _show(unit, case)


def _show(unit: Unit, case: CaseFile) -> InvitationOut:
    given, waiting = queries.of_handling(unit, case), queries.to_follow_up(unit, case)
    until = inviting.last_day_of(unit, case) if given is None else None
    in_time = CaseStatus(case.status) in rules.HANDLED and (until is None or unit.today <= until)
    open_ = given is None and in_time
    last = until if open_ or waiting is None else waiting.due_on
    review = waiting or given
    return InvitationOut(
        case_no=case.case_no,
        item_name=case.item_name,
        office=office_name(unit, case.community),
        open=open_,
        until=last,
        follow_up_open=waiting is not None,
        review=queries.show(unit, case, review) if review is not None else None,
    )


def rate(unit: Unit, case_no: str, way: ReviewChannel, body: CodedReviewIn) -> ReviewOut:
    """Take the one review of a handling from whoever proved a code of its case."""
    said = body.model_dump(exclude={"code"})
    return service.give(unit, case_no, ReviewIn(channel=way, **said))


def follow_up(unit: Unit, case_no: str, way: ReviewChannel, body: CodedFollowUpIn) -> ReviewOut:
    """Take the one follow-up from whoever proved a code of its case."""
    said = body.model_dump(exclude={"code"})
    return service.give_follow_up(unit, case_no, FollowUpIn(channel=way, **said))
