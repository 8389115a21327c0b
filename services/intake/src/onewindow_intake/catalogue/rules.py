"""The rules of the catalogue: what is in force on a day, a district's own terms, and the tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from onewindow_intake.catalogue.models import VersionStatus
from onewindow_shared.contracts.catalogue import ItemContent, ItemStep, PublicityStep
from onewindow_shared.contracts.cataloguing import ItemTerms, VersionState
from onewindow_shared.contracts.intake import ServiceCategory
from onewindow_shared.contracts.steps import PlannedStep, StepKind
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.wordings import Known, check

ROOTS: Mapping[str, tuple[str, str]] = {
    ServiceCategory.EMPLOYMENT: ("劳动就业", "Labour and employment"),
    ServiceCategory.SOCIAL_SECURITY: ("社会保障", "Social security"),
    ServiceCategory.HEALTH_FAMILY_PLANNING: ("卫生计生", "Health and family planning"),
    ServiceCategory.EDUCATION: ("教育事业", "Education"),
    ServiceCategory.SOCIAL_SERVICE: ("社会服务", "Social service"),
    ServiceCategory.HOUSING: ("住房保障", "Housing"),
    ServiceCategory.CULTURE_SPORTS: ("文化体育", "Culture and sports"),
    ServiceCategory.PUBLIC_SAFETY: ("公共安全", "Public safety"),
    ServiceCategory.LEGAL_SERVICE: ("公共法律服务", "Public legal service"),
    ServiceCategory.MEDIATION_ARBITRATION: ("调解仲裁", "Mediation and arbitration"),
}
"""The ten categories, which are fixed (中发〔2017〕13号)."""


@dataclass(frozen=True)
class Life:
    """What decides when a version is in force."""

    status: VersionStatus
    effective_from: date | None
    effective_to: date | None
    """The first day without it, where it was ended."""


@dataclass(frozen=True)
class Registers:
    """What is known of the districts, of which a guide may name parts."""

    departments: frozenset[tuple[str, str]]
    """District and code."""
    communities: frozenset[str]
    certificates: tuple[Known, ...]
    """Those that any district's lists name, whether committees issue them or not."""


def state_of(life: Life, newer: Iterable[date], day: date) -> VersionState:
    """Say where a version stands on a day; `newer` are the beginnings of the published ones after it."""
    if life.status is VersionStatus.DRAFT:
        return VersionState.DRAFT
    if life.status is VersionStatus.RETIRED or life.effective_from is None:
        return VersionState.RETIRED
    end = ends(life, newer)
    if end is not None and end <= max(day, life.effective_from):
        return VersionState.RETIRED
    return VersionState.SCHEDULED if day < life.effective_from else VersionState.IN_FORCE


def ends(life: Life, newer: Iterable[date]) -> date | None:
    """Return the first day without a version: it was ended, or a newer one begins."""
    follows = [day for day in newer if life.effective_from is not None and day > life.effective_from]
    known = [day for day in (*follows, life.effective_to) if day is not None]
    return min(known, default=None)


def adapted(content: ItemContent, terms: ItemTerms) -> ItemContent:
    """Return a guide with a district's terms worked in; it never promises more than the law allows."""
    own = terms.model_dump(exclude_none=True, exclude={"fee", "deferrable"})
    if terms.fee is not None:
        own["fee"] = terms.fee.amount
    if terms.promised_days is not None:
        own["promised_days"] = min(terms.promised_days, content.statutory_days)
    if terms.deferrable is not None:
        own["materials"] = [
            material.model_copy(update={"deferrable": material.code in terms.deferrable})
            for material in content.materials
        ]
    return content.model_copy(update=own)


def procedure(content: ItemContent) -> list[PlannedStep]:
    """Return the steps along which a case is led; what people are only told of is none."""
    stages = accumulate(int(not step.parallel) for step in content.steps)
    return [
        _planned(step, step.kind, stage, content.publicity)
        for step, stage in zip(content.steps, stages, strict=True)
        if step.kind is not None
    ]


def handling(content: ItemContent) -> dict[str, Any]:
    """Return by what of an item its cases are handled, as `CaseAccepted` has it."""
    return {
        "steps": procedure(content),
        "extension_days": content.extension_days,
        "special_procedures": content.special_procedures,
    }


def _planned(step: ItemStep, kind: StepKind, stage: int, publicity: PublicityStep | None) -> PlannedStep:
    days = publicity if kind is StepKind.PUBLICITY else None
    return PlannedStep(
        **step.model_dump(include={"name", "role", "working_days", "officers", "paper"}),
        kind=kind,
        stage=stage,
        publicity_working_days=days.working_days if days else None,
        publicity_calendar_days=days.calendar_days if days else None,
    )


def unfit(content: ItemContent, terms: ItemTerms) -> dict[str, str]:
    """Name what of a district's terms does not fit a guide."""
    wrong: dict[str, str] = {}
    if terms.promised_days is not None and terms.promised_days > content.statutory_days:
        wrong["promised_days"] = f"the law allows {content.statutory_days} working days"
    if unknown := set(terms.deferrable or ()) - {material.code for material in content.materials}:
        wrong["deferrable"] = f"no such materials: {', '.join(sorted(unknown))}"
    return wrong


def path(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return a category and everything above it, lowest first; empty if it is unknown."""
    found: list[str] = []
    at: str | None = code
    while at is not None and at in parents and at not in found:
        found.append(at)
        at = parents[at]
    return found


def misplaced(content: ItemContent, roots: Mapping[str, str]) -> dict[str, str]:
    """Say whether a guide names a category that is not below its root; `roots` has that of each category."""
    if content.subcategory is None:
        return {}
    if content.subcategory not in roots:
        return {"subcategory": "no such category"}
    if roots[content.subcategory] != content.category:
        return {"subcategory": f"this category belongs to {roots[content.subcategory]}"}
    return {}


def unknown(content: ItemContent, known: Registers) -> dict[str, str]:
    """Name what of a guide no register knows: field -> reason.

    Its department has to be known in every district of the communities it names, else in any district.
    """
    wrong = {
        f"communities.{place}": "no such community in the register"
        for place, code in enumerate(content.communities or ())
        if code not in known.communities
    }
    if reason := _no_department(content, known):
        wrong["department"] = reason
    wording = content.issues_certificate
    if wording is not None and not check(wording, known.certificates).matches:
        wrong["issues_certificate"] = "no district's lists name such a certificate"
    return wrong


def _no_department(content: ItemContent, known: Registers) -> str | None:
    where = {district for district, code in known.departments if code == content.department}
    if not where:
        return "no district has such a department"
    offered = {code[:DISTRICT] for code in content.communities or () if code in known.communities}
    without = ", ".join(sorted(offered - where))
    return f"these districts have no such department: {without}" if without else None
