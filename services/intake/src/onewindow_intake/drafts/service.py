"""Use cases of drafts: saving, resuming, and reading what is to be submitted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue, TypeAdapter

from onewindow_intake.cases.filing import Filing, check
from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.cases.rules import Terms, in_person
from onewindow_intake.cases.writing import answer_under
from onewindow_intake.drafts import queries, rules
from onewindow_intake.drafts.models import CONTENT, Draft, resource
from onewindow_intake.drafts.problems import DraftSubmitted
from onewindow_intake.drafts.rules import Begun
from onewindow_intake.reference import Snapshot
from onewindow_shared.contracts.cases import CaseCreated
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.drafts import DraftIn, DraftOut, DraftSaved, DraftSummary, WrongField
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import Invalid, NotPermitted, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

EXPIRED = "draft.expired"
BECOMES = "*drafts"
"""In whose name the case of a draft is posted: one draft, one case, whoever submits it. No account."""
_CONTENT = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class Submission:
    """The application that a draft has become, and the state that it was read in."""

    form: CaseIn
    begun: Begun


def begin(unit: Unit, snapshot: Snapshot, terms: Terms, kept_for: timedelta, form: DraftIn) -> DraftSaved:
    """Save a draft for the first time."""
    mine = in_person(unit.actor.roles)
    named = {name: getattr(form, name) for name in rules.BESIDE}
    unknown = {name: code for name, code in named.items() if code not in {None, *snapshot.communities}}
    if unknown:
        raise invalid({name: snapshot.fault_of(code) for name, code in unknown.items()})
    if not mine and not unit.actor.scope.covers(form.office):
        raise OutsideArea(detail="Begin drafts at windows of your own area.")
    draft = Draft(
        version=0,
        owner=unit.actor.subject if mine else None,
        created_by=unit.actor.subject,
        authority=form.community if form.accepting_community else None,
        **place(form.office),
    )
    _keep(unit, draft, form, kept_for)
    unit.session.add(draft)
    unit.session.flush()
    unit.set_timer(EXPIRED, str(draft.id), draft.expires_at)
    unit.audit("draft.begun", "draft", str(draft.id), area=draft.community)
    return _saved(unit, draft, form, snapshot, terms)


def save(
    unit: Unit,
    draft_id: int,
    seen: int,
    form: DraftIn,
    *,
    snapshot: Snapshot,
    terms: Terms,
    kept_for: timedelta,
) -> DraftSaved:
    """Save a draft again, by its maker or a colleague at the same window; it is kept for longer."""
    draft = _open(unit, draft_id, seen)
    community, accepting = _communities(unit, draft)
    if _today(unit, form.community, form.accepting_community) != (community, accepting):
        raise invalid({"community": "a draft stays with its communities"})
    form = form.model_copy(update={"community": community, "accepting_community": accepting})
    _keep(unit, draft, form, kept_for)
    unit.set_timer(EXPIRED, str(draft.id), draft.expires_at)
    unit.audit("draft.saved", "draft", str(draft.id), area=draft.community)
    return _saved(unit, draft, form, snapshot, terms)


def _open(unit: Unit, draft_id: int, seen: int) -> Draft:
    draft = queries.of(unit, draft_id, to_change=True)
    if draft.case_no is not None:
        raise DraftSubmitted(detail=f"See the case {draft.case_no}.")
    expect_version(resource(draft), seen)
    return draft


def _keep(unit: Unit, draft: Draft, form: DraftIn, kept_for: timedelta) -> None:
    draft.version += 1
    draft.item_code = rules.item_of(form.content)
    text = _CONTENT.dump_json(form.content).decode()
    draft.content_sealed = unit.vault.seal(text, purpose=CONTENT)
    draft.saved_by, draft.saved_at = unit.actor.subject, unit.now
    draft.expires_at = unit.now + kept_for


def _saved(unit: Unit, draft: Draft, form: DraftIn, snapshot: Snapshot, terms: Terms) -> DraftSaved:
    wrong = still_wrong(unit, form, snapshot, terms)
    return resource(draft).model_copy(update={"wrong": wrong})


def still_wrong(unit: Unit, form: DraftIn, snapshot: Snapshot, terms: Terms) -> list[WrongField]:
    """Say everything that keeps a draft from being submitted by the caller now."""
    application = rules.application(form)
    if not isinstance(application, CaseIn):
        return application
    try:
        check(Filing(application, unit.actor, unit.now, unit.zone, terms), snapshot)
    except Invalid as error:
        return [rules.named(fault.loc[1:], fault.detail) for fault in error.errors]
    except NotPermitted as error:
        return [WrongField(field="accept", reason=error.detail or error.title)]
    return []


def resume(unit: Unit, draft_id: int, snapshot: Snapshot, terms: Terms) -> DraftOut:
    """Show a draft in full to whoever goes on with it, and write down who that was."""
    draft = queries.of(unit, draft_id)
    form = form_of(unit, draft)
    unit.audit("draft.resumed", "draft", str(draft.id), area=draft.community)
    return DraftOut(
        **_saved(unit, draft, form, snapshot, terms).model_dump(),
        community=form.community,
        accepting_community=form.accepting_community,
        content=form.content,
        created_by=draft.created_by,
        saved_by=draft.saved_by,
        saved_at=draft.saved_at,
    )


def form_of(unit: Unit, draft: Draft) -> DraftIn:
    """Return what a draft says; raise `DraftSubmitted` where it has become a case."""
    if draft.content_sealed is None:
        raise DraftSubmitted(detail=f"See the case {draft.case_no}.")
    content = _CONTENT.validate_json(unit.vault.open(draft.content_sealed, purpose=CONTENT))
    community, accepting = _communities(unit, draft)
    handed_back = content.get("result_at")
    if isinstance(handed_back, str):
        content["result_at"] = unit.heir(handed_back)
    return DraftIn(community=community, accepting_community=accepting, content=content)


def _communities(unit: Unit, draft: Draft) -> tuple[str, str | None]:
    """Return who decides, and who takes it in for them: today's, for where it was begun may have ended."""
    return _today(unit, draft.authority or draft.community, draft.authority and draft.community)


def _today(unit: Unit, community: str, accepting: str | None) -> tuple[str, str | None]:
    decides, takes_in = unit.heir(community), accepting and unit.heir(accepting)
    became_one = decides == takes_in and community != accepting
    return decides, None if became_one else takes_in


def several(unit: Unit, wanted: Wanted) -> Page[DraftSummary]:
    """List the drafts that wait for being gone on with, newest first."""
    owner = unit.actor.scope.owner
    return page(
        unit,
        queries.unfinished(unit),
        queries.NEWEST_FIRST,
        wanted,
        bound=f"drafts of {owner}",
        show=lambda draft: _summary(unit, draft),
    )


def _summary(unit: Unit, draft: Draft) -> DraftSummary:
    community, accepting = _communities(unit, draft)
    return DraftSummary(
        draft_id=draft.id,
        version=draft.version,
        community=community,
        accepting_community=accepting,
        item_code=draft.item_code,
        created_by=draft.created_by,
        saved_by=draft.saved_by,
        saved_at=draft.saved_at,
        expires_at=draft.expires_at,
    )


def discard(unit: Unit, draft_id: int, seen: int) -> None:
    """Erase a draft that nobody will submit."""
    draft = _open(unit, draft_id, seen)
    unit.session.delete(draft)
    unit.cancel_timer(EXPIRED, str(draft_id))
    unit.audit("draft.discarded", "draft", str(draft_id), area=draft.community)


def to_submit(unit: Unit, draft_id: int, seen: int) -> Submission | CaseCreated:
    """Return the application that a draft has become, or its case if it has one."""
    draft = queries.of(unit, draft_id)
    kept = answer_under(unit, BECOMES, str(draft_id))
    if kept is not None:
        return CaseCreated.model_validate_json(kept.body)
    application = rules.application(form_of(unit, draft))
    expect_version(resource(draft), seen)
    if not isinstance(application, CaseIn):
        raise invalid({wrong.field: wrong.reason for wrong in application})
    return Submission(application, Begun(draft_id, seen))


def has_expired(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Timer: erase a draft, unless it was saved again."""
    draft = unit.session.get(Draft, int(entity_id))
    if draft is not None and draft.expires_at <= unit.now:
        unit.session.delete(draft)
        unit.audit("draft.expired", "draft", entity_id, area=draft.community)
