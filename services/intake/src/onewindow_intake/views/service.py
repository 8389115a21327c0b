"""Use cases of saved views."""

from functools import partial

from onewindow_intake.reference import calendar_of
from onewindow_intake.views import queries, rules
from onewindow_intake.views.models import WORDS, SavedView
from onewindow_intake.worklists.rules import natural
from onewindow_intake.worklists.service import expect_listed
from onewindow_shared.contracts.common import Page, area_prefix
from onewindow_shared.contracts.views import (
    StandardView,
    StandardViewOut,
    StandardViews,
    ViewIn,
    ViewOut,
)
from onewindow_shared.contracts.worklists import CaseFilter
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


def keep(unit: Unit, form: ViewIn) -> ViewOut:
    """Keep a list under a name of one's own."""
    view = SavedView(owner=unit.actor.subject, **place(area_prefix(unit.actor.area or "")))
    _fill(unit, view, form)
    unit.session.add(view)
    unit.session.flush()
    unit.audit("view.kept", "view", str(view.id), area=view.community, detail={"shared": view.shared})
    return shown(unit, view)


def change(unit: Unit, view_id: int, seen: int, form: ViewIn) -> ViewOut:
    """Change one of one's own views."""
    view = _to_change(unit, view_id, seen)
    _fill(unit, view, form)
    view.version += 1
    unit.session.flush()
    unit.audit("view.changed", "view", str(view.id), area=view.community, detail={"shared": view.shared})
    return shown(unit, view)


def drop(unit: Unit, view_id: int, seen: int) -> None:
    """Give one of one's own views up."""
    view = _to_change(unit, view_id, seen)
    unit.session.delete(view)
    unit.audit("view.dropped", "view", str(view.id), area=view.community)


def several(unit: Unit, wanted: Wanted) -> Page[ViewOut]:
    """List one's own views and those that one's office shares, with how many cases each has."""
    show = partial(shown, unit)
    return page(unit, queries.visible(unit), queries.OLDEST_FIRST, wanted, bound="views", show=show)


def standard(unit: Unit, notice_soon_days: int) -> StandardViews:
    """Count the views that everybody has, for the caller; `notice_soon_days` are working days."""
    near = calendar_of(unit.session).due(unit.today, notice_soon_days).day
    views = [
        StandardViewOut(view=view, filter=chosen, cases=queries.counted(unit, chosen))
        for view, chosen in rules.standard(unit.today, near).items()
    ]
    offered = StandardViewOut(view=StandardView.HANDED_TO_ME, filter=None, cases=queries.offered_to(unit))
    return StandardViews(views=[*views, offered])


def shown(unit: Unit, view: SavedView) -> ViewOut:
    """Show a view as it is now."""
    words = unit.vault.opened(view.words_sealed, purpose=WORDS)
    chosen = CaseFilter.model_validate({**view.filter, "q": words})
    if natural(chosen) is not None:
        chosen = chosen.model_copy(update={"sort": natural(chosen)})
    return ViewOut(
        version=view.version,
        view_id=view.id,
        name=view.name,
        shared=view.shared,
        mine=view.owner == unit.actor.subject,
        filter=chosen,
        cases=queries.counted(unit, chosen),
    )


def _to_change(unit: Unit, view_id: int, seen: int) -> SavedView:
    view = queries.own_to_change(unit, view_id)
    expect_version(shown(unit, view), seen)
    return view


def _fill(unit: Unit, view: SavedView, form: ViewIn) -> None:
    expect_listed(unit, form.filter, within="filter")
    view.name, view.shared = form.name, form.shared
    view.filter = form.filter.model_dump(mode="json", exclude={"q"})
    view.words_sealed = unit.vault.sealed(form.filter.q, purpose=WORDS)
