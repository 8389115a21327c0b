"""What an application, a review and a decision may say."""

from collections.abc import Iterable, Sequence
from datetime import date

from onewindow_shared.contracts.admission import CommunityRole, MatterClass
from onewindow_shared.contracts.applications import (
    AdmissionDecisionIn,
    Answer,
    EndReason,
    ItemIn,
    Member,
    OpinionIn,
    Vote,
)
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET

BY_OTHER_WAYS = (EndReason.EXPIRED, EndReason.CONTRACT_ENDED, EndReason.REVOKED)
"""Ends that come by themselves or by a route of their own."""


def faults_of_form(form: ItemIn, district: str, known: Iterable[str]) -> dict[str, str]:
    """Name what cannot be in a form; `known` are those of its areas that the register has."""
    register = set(known)
    faults = {
        f"areas.{n}": "not an area of this district"
        for n, area in enumerate(form.areas)
        if area not in register or area[:DISTRICT] != district
    }
    if len(set(form.areas)) < len(form.areas):
        faults["areas"] = "an area stands there twice"
    if form.last_day is not None and form.last_day < form.first_day:
        faults["last_day"] = "the period ends before it begins"
    if form.workload.minutes_per_case > form.workload.hours_per_year * 60:
        faults["workload.minutes_per_case"] = "one case takes longer than the hours of a year"
    faults.update(_faults_of_role(form))
    return faults


def _faults_of_role(form: ItemIn) -> dict[str, str]:
    if form.role is CommunityRole.MAIN and form.actions:
        return {"actions": "only who assists has a part that is named"}
    if form.role is CommunityRole.ASSISTING and not form.actions:
        return {"actions": "say what assisting is to be"}
    if len(set(form.actions)) < len(form.actions):
        return {"actions": "each is named once"}
    return {}


def fault_of_lead(first_day: date, earliest: date) -> dict[str, str]:
    """Work that would begin before the lead time is over is applied for too late."""
    return (
        {} if first_day > earliest else {"first_day": f"the work may begin after {earliest} at the soonest"}
    )


def asked_about(areas: Iterable[str], register: Iterable[str]) -> list[str]:
    """Return the street offices and communities that work in these areas concerns, by code."""
    wanted = list(areas)
    return sorted(
        code
        for code in register
        if len(code) in (STREET, COMMUNITY)
        and any(code.startswith(area) or (len(code) == STREET and area.startswith(code)) for area in wanted)
    )


def fault_of_opinion(body: OpinionIn) -> dict[str, str]:
    """Whoever does not simply agree says why."""
    needed = body.answer is not Answer.AGREE and body.text is None
    return {"text": "say why, or on which conditions"} if needed else {}


def carried(members: Sequence[Member]) -> bool:
    """Say whether a meeting's votes carry an admission: more for than against."""
    votes = [member.vote for member in members]
    return votes.count(Vote.FOR) > votes.count(Vote.AGAINST)


def fault_of_meeting(held_on: date, handed_in: date | None, today: date) -> dict[str, str]:
    """A meeting decides on what was handed in by then; `handed_in` is none where nothing is decided on."""
    if held_on > today:
        return {"held_on": "the meeting has not been held"}
    early = handed_in is not None and held_on < handed_in
    return {"held_on": f"the application was handed in on {handed_in}"} if early else {}


def faults_of_decision(body: AdmissionDecisionIn, *, role: CommunityRole, fen: int) -> dict[str, str]:
    """Name what a decision lacks, or contradicts."""
    faults = {}
    if body.admit and not carried(body.members):
        faults["members"] = "these votes do not carry an admission"
    if len({member.body for member in body.members}) < len(body.members):
        faults["members"] = "each body votes once"
    return faults | _faults_of_class(body, role, fen)


def _faults_of_class(body: AdmissionDecisionIn, role: CommunityRole, fen: int) -> dict[str, str]:
    if not body.admit:
        return {} if body.matter_class is None else {"matter_class": "what is rejected has no class"}
    fault = _fault_of_admission(body.matter_class, role, fen)
    return {} if fault is None else {"matter_class": fault}


def admissible(role: CommunityRole, fen: int) -> frozenset[MatterClass]:
    """Return the classes as which work of this role and with this money promised may be admitted."""
    return frozenset(one for one in MatterClass if _fault_of_admission(one, role, fen) is None)


def _fault_of_admission(matter_class: MatterClass | None, role: CommunityRole, fen: int) -> str | None:
    main = role is CommunityRole.MAIN
    if matter_class not in {MatterClass.AUTONOMY, MatterClass.ASSIST, MatterClass.PURCHASE}:
        return "an item is admitted as autonomy, assist or purchase"
    if matter_class is MatterClass.AUTONOMY:
        return None if main and not fen else "autonomy is the community's own work, and nobody pays for it"
    if matter_class is MatterClass.ASSIST and main:
        return "who is the responsible body does not assist"
    return None if fen else "money goes with the work (费随事转), and none is promised"
