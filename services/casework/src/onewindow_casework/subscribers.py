"""What this service does with the events that it subscribes to, and with the timers that it sets."""

from onewindow_casework.admission.clocks import DECISION_LATE, decision_late
from onewindow_casework.admission.money import CONTRACT_OVER
from onewindow_casework.admission.review import ADMITTED, EXPIRED
from onewindow_casework.areas.service import BEGINS, begins
from onewindow_casework.assignment.charge import GIVE
from onewindow_casework.assignment.leaving import look_after
from onewindow_casework.assignment.service import give
from onewindow_casework.clocks.service import LIMITS, OVERDUE, promises_over
from onewindow_casework.clocks.steps import STEP_OVER, steps_over
from onewindow_casework.delays.arising import REASONS
from onewindow_casework.disclosure.facts import LIST_CHANGED, list_facts
from onewindow_casework.disclosure.service import QUARTER_DUE, QUARTER_OVER, quarter_due, quarter_over
from onewindow_casework.evaluations import rounds
from onewindow_casework.exchange.service import NEXT_SLICE, next_slice
from onewindow_casework.funding import schedule
from onewindow_casework.funding.service import admitted
from onewindow_casework.handling.following import account_ended, originals_kept, revoked, supplemented
from onewindow_casework.handling.opening import open_files
from onewindow_casework.lists.publishing import IN_FORCE, comes_into_force
from onewindow_casework.lists.upkeep import OFF_THE_LISTS, REVIEW_DUE, contract_over, expired, review_due
from onewindow_casework.needs.service import AWAITS, case_awaited, need_progressed
from onewindow_casework.officers.service import WORKS_ELSEWHERE, officer_changed
from onewindow_casework.orders import halting, refusals
from onewindow_casework.orders.clocks import OBJECTION_OVER
from onewindow_casework.reviews import clocks as clocks_of_reviews
from onewindow_casework.reviews import inviting
from onewindow_casework.supervision.escalating import ANSWERS, LATE, replies_over
from onewindow_casework.values import service as values
from onewindow_shared.contracts.events import (
    AccountEnded,
    CaseAccepted,
    CaseRevoked,
    CaseSupplemented,
    NeedProgressed,
    OfficerChanged,
    OriginalsKept,
)
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.timers import TimerHandlers
from onewindow_shared.plumbing.together import Together

HANDLERS: Handlers = {
    CaseAccepted: Together(open_files),
    CaseSupplemented: supplemented,
    CaseRevoked: revoked,
    OfficerChanged: officer_changed,
    OriginalsKept: originals_kept,
    AccountEnded: account_ended,
    NeedProgressed: need_progressed,
}
TIMERS: TimerHandlers = {
    GIVE: give,
    WORKS_ELSEWHERE: look_after,
    BEGINS: begins,
    NEXT_SLICE: next_slice,
    values.BEGINS: values.begins,
    AWAITS: case_awaited,
    OVERDUE: Together(promises_over),
    LIMITS.timer: LIMITS.go_on,
    ANSWERS.timer: ANSWERS.go_on,
    REASONS.timer: REASONS.go_on,
    clocks_of_reviews.DUE_DAYS.timer: clocks_of_reviews.DUE_DAYS.go_on,
    STEP_OVER: Together(steps_over),
    LATE: Together(replies_over),
    QUARTER_OVER: quarter_over,
    QUARTER_DUE: quarter_due,
    LIST_CHANGED: list_facts,
    rounds.OPENS: rounds.open_,
    rounds.CLOSES: rounds.close,
    halting.REVIEW: halting.review,
    halting.WATCH: halting.look_again,
    OBJECTION_OVER: refusals.objection_over,
    schedule.INSTALMENTS: schedule.make_instalments,
    OFF_THE_LISTS: schedule.make_instalments,
    schedule.TRANSFER_DUE: schedule.transfer_due,
    schedule.MONEY_STOPPED: schedule.money_stopped,
    DECISION_LATE: decision_late,
    ADMITTED: admitted,
    EXPIRED: expired,
    CONTRACT_OVER: contract_over,
    IN_FORCE: comes_into_force,
    REVIEW_DUE: review_due,
    clocks_of_reviews.STEP_OVER: clocks_of_reviews.step_over,
    inviting.REMIND: inviting.remind,
    inviting.WINDOWS.timer: inviting.WINDOWS.go_on,
}
