"""What tracking says in English: services say it in Chinese, and beside that what each sentence is about."""

from collections.abc import Mapping

from onewindow_shared.contracts.cases import Awaited, Party, PublicContact, PublicStep, ToldDay
from onewindow_shared.contracts.lifecycle import CaseStatus

_S = CaseStatus
STEPS: Mapping[str, tuple[str, str]] = {
    "received": ("Taken in", "The window has your application and gave a receipt."),
    "materials": ("Papers handed in", "Papers were added to your application."),
    "lines_met": ("Lines of the notice met", "What the notice asked besides papers was put right."),
    "materials_said": ("Papers told of", "What is known of your papers was brought up to date."),
    "material_reused": ("An earlier paper used again", "A paper that you gave before is used again."),
    "file_withheld": ("A file was set aside", "A file did not pass the safety check: please send it again."),
    "reuse_withdrawn": ("No further use of papers", "Your papers are not used for later applications."),
    "notice_moved": (
        "The time to answer moved",
        "Holidays were published: the window's time moved with them.",
    ),
    "time_added": ("More time for papers", "You have more time to hand in that paper again."),
    "deadline_moved": ("Your time moved", "Holidays were published: your time for papers moved with them."),
    "accepted": ("Accepted", "Your papers are complete, and your application is accepted."),
    "original_taken": ("An original was taken", "The window keeps an original of yours and gives it back."),
    "original_returned": ("An original was returned", "Your original was given back."),
    "handed_over": ("Handed over", "Another officer answers for your application now."),
    "claimed": ("Somebody answers for it", "An officer answers for your application."),
    "reassigned": ("Given to somebody else", "Another officer was named for your application."),
    "tolerant_accepted": (
        "Accepted, papers to come",
        "Accepted already: please bring what you promised in time.",
    ),
    "decided_at_once": ("Decided on the spot", "Your matter was settled on the spot."),
    "supplemented": ("Papers came", "The papers that you promised have come."),
    "supplement_missed": (
        "Promised papers did not come",
        "They did not come in time: it counts as withdrawn.",
    ),
    "acceptance_revoked": ("Acceptance revoked", "Promised papers did not come in time."),
    "deemed_accepted": ("Deemed accepted", "The window did not answer in time: it counts as accepted."),
    "correction": ("Corrections asked for", "The window told you everything that has to be put right."),
    "not_accepted": ("Not accepted", "The reasons stand in the written decision."),
    "withdrawn": ("Withdrawn", "The application was taken back."),
    "consent_withdrawn": ("Consent withdrawn", "What the law says must go on goes on."),
    "deemed_withdrawn": ("Deemed withdrawn", "What was asked for did not come in time."),
    "opened": ("Passed on", "Your application is with the authority that handles it."),
    "assigned": ("Given to an officer", "An officer was named to handle it."),
    "unassigned": ("A new officer is sought", "Who handles it changes."),
    "started": ("Begun", "The officer has begun."),
    "step_done": ("A step was done", "A step of the handling is done."),
    "step_to_check": ("A step is to be checked", "A step is done and waits to be checked."),
    "step_returned": ("A step is done again", "A step has to be looked at again."),
    "put_up": ("Put up in public", "The first opinion was put up in public."),
    "objection_taken": ("An objection came", "Somebody objected while it was put up."),
    "objection_heard": ("The objection was heard", "Whoever objected was heard."),
    "objection_dismissed": ("The objection was dismissed", "It was looked into and found to be wrong."),
    "objection_upheld": ("The objection was upheld", "What it is about is looked at again."),
    "suspended": ("The clock stands still", "A special procedure is needed; its time is not counted."),
    "resumed": ("The clock goes on", "The special procedure is over."),
    "extended": ("Extended", "The time was extended by law."),
    "due_changed": ("A new date", "The date by which it will be done has changed."),
    "decided": ("Decided", "The authority has decided."),
    "delivery_failed": ("Not delivered", "The decision could not be handed over; it is tried again."),
    "delivered": ("Delivered", "The decision was handed over."),
    "closed": ("Closed", "The matter is settled."),
    "reopened": ("Taken up again", "The matter is handled again."),
    "refused": ("Refused", "It was refused, and the matter is closed."),
    "overdue": ("Overdue", "It took longer than promised, and that is on record."),
    "delay_explained": ("Why it is late", "The office said why it is late:"),
    "reviewed": ("Reviewed", "Your review has come."),
    "review_reminded": (
        "Reminder of the review",
        "If you have not told us yet how it was, you are welcome to.",
    ),
}
"""Each step of a case's history: what it is called, and what it says."""
NEXT: Mapping[CaseStatus, str] = {
    _S.DRAFT: "Once it is handed in, the window gives a receipt.",
    _S.RECEIVED: "It is accepted if the papers are complete; else you are told once all that is missing.",
    _S.CORRECTION: "It is accepted once everything is put right.",
    _S.ACCEPTED: "Once an officer begins, you see it here.",
    _S.TOLERANT_ACCEPTED: "It goes on when the papers have come; the promised date stays.",
    _S.HANDLING: "Once it is decided, the window hands you the decision.",
    _S.SUSPENDED: "The clock goes on when the special procedure is over.",
    _S.DECIDED: "The window will hand you the decision.",
    _S.DELIVERED: "Once it is closed, you can say how it was.",
    _S.CLOSED: "It is settled. You can say how it was.",
    _S.NOT_ACCEPTED: "If you do not agree: the written decision says how to have it reviewed.",
    _S.DEEMED_WITHDRAWN: "You can apply again when the papers are complete.",
    _S.WITHDRAWN: "You can apply again.",
    _S.ACCEPTANCE_REVOKED: "You can apply again, or have it reviewed as the written notice says.",
    _S.REFUSED: "If you do not agree: the written decision says how to have it reviewed.",
}
LOOKED_AT = (
    "to look at what you brought",
    "You said in time that your papers are complete: nothing is missed.",
)
PROMISED = "It is to be done in the promised time."
WAITS: Mapping[CaseStatus, tuple[str, str]] = {
    _S.DRAFT: ("to be handed in", "No time runs before that."),
    _S.RECEIVED: (
        "to look at the papers and accept",
        "What is missing is to be told once and in time; else it counts as accepted (行政许可法 art. 32).",
    ),
    _S.CORRECTION: ("to put the papers right", "The notice says what; else it counts as withdrawn."),
    _S.ACCEPTED: ("to name an officer", PROMISED),
    _S.TOLERANT_ACCEPTED: (
        "to bring the promised papers",
        "What follows if they do not come in time stands on your promise.",
    ),
    _S.HANDLING: ("to look into it and decide", PROMISED),
    _S.SUSPENDED: ("to finish a special procedure", "Its time is not counted (行政许可法 art. 45)."),
    _S.DECIDED: ("to hand you the decision", "It is done once you have it."),
    _S.DELIVERED: ("to close the file", "You have the decision; the file is still open."),
}
"""What is awaited in each state that is no end, and why."""
DAYS: Mapping[str, str] = {
    "start": "not counted: counting begins on the next day",
    "workday": "working day",
    "makeup": "working day, moved there for a holiday",
    "weekend": "weekend, not counted",
    "holiday": "public holiday, not counted",
}


def label(step: PublicStep) -> str | None:
    """Name a step; None for one that is not known here."""
    return STEPS[step.step][0] if step.step in STEPS else None


def told(step: PublicStep) -> str | None:
    """Say what a step says by itself; None where its own words are more than that."""
    return STEPS[step.step][1] if step.step in STEPS and step.step != "delay_explained" else None


def whom(awaited: Awaited, contact: PublicContact) -> str:
    """Say whom a case waits for."""
    office = f"the window of {contact.office}"
    return {Party.APPLICANT: "you", Party.OFFICE: office, Party.DEPARTMENT: "the authority"}[awaited.party]


def waits(status: CaseStatus, awaited: Awaited) -> tuple[str, str]:
    """Say what is awaited and why."""
    owed = status in {_S.CORRECTION, _S.TOLERANT_ACCEPTED}
    return LOOKED_AT if owed and awaited.party is Party.OFFICE else WAITS[status]


def counted(day: ToldDay) -> str:
    """Say of a day of a limit whether it was counted."""
    number = f" {day.number}" if day.counted and day.number else ""
    doubt = " (its holidays are not published yet)" if day.estimated else ""
    return f"{DAYS.get(day.why, day.why)}{number}{doubt}"
