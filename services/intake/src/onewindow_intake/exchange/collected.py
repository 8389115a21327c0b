"""Items as they were collected from public guides: facts in other names, with gaps where a source is silent.

Of an item that is in force already, what the facts do not tell stays as it is. Else each gap is filled as
docs/data-sources.md tells; nothing else is added.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from onewindow_intake.catalogue.rules import ROOTS
from onewindow_intake.exchange.kept import Told, as_before, bare, steps_as_before, with_codes
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.intake import Channel

Values = dict[str, Any]
LEGAL_DAYS: Final = 20
"""Working days that the law allows where a source is silent (行政许可法 art. 42)."""
FULL_WEEK, WORKED = 7, 5
PUBLISHED: Final = "published"
SOMEBODY: Final = "经办机构"
FREE: Final = ("不收费", "免费")
CATEGORIES: Final = {name: code for code, (name, _) in ROOTS.items()}
FORMS: Final = ("original", "copy", "original_and_copy", "form", "electronic")
DEPARTMENTS: Final = (
    ("civil_affairs", ("民政", "老龄")),
    ("healthcare_security", ("医保", "医疗保障")),
    ("disabled_federation", ("残疾人联合会", "残联")),
    ("veterans_affairs", ("退役军人",)),
    ("human_resources", ("人力资源", "人社", "就业", "社会保险", "社保", "劳动")),
    ("public_security", ("公安", "派出所")),
    ("justice", ("司法", "法律援助", "人民调解")),
    ("agriculture", ("农村土地",)),
    ("culture_tourism_sports", ("图书馆", "文化")),
    ("education", ("教育", "学校")),
    ("housing", ("住房", "住保")),
    ("health", ("卫生健康", "计生", "接种")),
)
"""A department of the district, and what the name of the source's office says then."""
BY_CATEGORY: Final = {
    "employment": "human_resources",
    "social_security": "human_resources",
    "health_family_planning": "health",
    "education": "education",
    "housing": "housing",
    "culture_sports": "culture_tourism_sports",
    "public_safety": "public_security",
    "legal_service": "justice",
    "mediation_arbitration": "justice",
}
CHANNELS: Final = (
    (Channel.PHONE, ("电话",)),
    (Channel.MOBILE, ("移动应用", "手机", "小程序")),
    (Channel.KIOSK, ("自助终端",)),
    (Channel.HOME_VISIT, ("上门",)),
    (Channel.WEB, ("网", "平台", "快递")),
)

UNTOLD: Final = frozenset(
    {
        "agency_available",
        "aliases",
        "anywhere",
        "communities",
        "extension_days",
        "handled_by",
        "instant",
        "issues_certificate",
        "legal_basis",
        "publicity",
        "review",
        "special_procedures",
        "subcategory",
    }
)
"""What the facts tell of no item."""
UNTOLD_OF_STEPS: Final = frozenset({"parallel", "kind", "role", "officers", "paper"})
"""What the facts tell of no step."""
UNTOLD_OF_PAPERS: Final = frozenset({"deferrable", "kind", "reusable", "reusable_days", "template"})
"""What the facts tell of no paper."""
MAY_BE_SILENT: Final = {
    "audience": "audience",
    "category": "category_zh",
    "channels": "channels",
    "conditions": "conditions",
    "department": "responsible_department",
    "fee": "fee",
    "jurisdiction": "jurisdiction",
    "materials": "materials",
    "name_en": "name_en",
    "source": "source_url",
    "steps": "steps",
}
"""Parts of an item, and the fact without which a source says nothing of them."""
LIMITS: Final = frozenset({"statutory_days", "promised_days", "limit_source", "limit_note"})


class Paper(BaseModel):
    """What a source tells of a material."""

    code: str | None = None
    """Under which the item in force has it, if the file tells."""
    name_zh: Any = None
    form: Any = None
    copies: Any = None
    required: Any = None
    note: str | None = None


class Step(BaseModel):
    """What a source tells of a step."""

    name_zh: Any = None
    actor: Any = None
    working_days: Any = None
    note: str | None = None


class Facts(BaseModel):
    """What a source tells of an item, as far as it has to be understood; the contract judges the rest."""

    code: Any = None
    name_zh: Any
    name_en: Any = None
    category_zh: str | None = None
    responsible_department: str | None
    jurisdiction: Any = None
    audience: Any = None
    conditions: list[Any] | None = None
    materials: list[Paper] | None = None
    steps: list[Step] | None = None
    statutory_working_days: int | None = None
    statutory_calendar_days: int | None = None
    promised_working_days: int | None = None
    stated_working_days: int | None = None
    note: Any = None
    fee: str | None = None
    channels: list[str] | None = None
    source_url: Any = None
    source_title: Any = None
    source_date: Any = None
    source_kind: Any = None


def is_one(values: Mapping[str, Any]) -> bool:
    """Say whether an item has the names of the collected facts."""
    return "name_zh" in values and "responsible_department" in values


def item(values: Values, known: ItemContent | None, usual_days: int) -> Values:
    """Return a collected item under the names of the contract; `known` is what is in force of it.

    `usual_days` are the working days that are promised where a source names no limit.

    Raises pydantic's `ValidationError` where the facts cannot be understood.
    """
    facts = Facts.model_validate(values)
    category = CATEGORIES.get(str(facts.category_zh), str(facts.category_zh))
    limits = _limits(facts, usual_days)
    papers = [_material(paper) for paper in facts.materials or []]
    steps = [_step(step) for step in facts.steps or []]
    told: Values = {
        "code": facts.code,
        "name": facts.name_zh,
        "name_en": facts.name_en,
        "category": category,
        "department": _department(str(facts.responsible_department), category),
        "audience": facts.audience,
        "conditions": facts.conditions or [],
        "legal_basis": [],
        "instant": False,
        **limits,
        "fee": None if facts.fee in (None, *FREE) else facts.fee,
        "channels": _channels(facts.channels or []),
        "agency_available": True,
        "materials": with_codes([paper for paper, _ in papers], []),
        "steps": [step for step, _ in steps],
        "jurisdiction": facts.jurisdiction,
        "source": {
            "url": facts.source_url,
            "title": facts.source_title,
            "date": facts.source_date,
            "kind": facts.source_kind,
        },
    }
    if known is None:
        return told
    before = known.model_dump(mode="json")
    told["materials"] = with_codes(as_before(papers, before["materials"]), before["materials"])
    told["steps"] = steps_as_before(steps, before["steps"])
    silent = {part for part, fact in MAY_BE_SILENT.items() if not getattr(facts, fact)}
    if _named(str(facts.responsible_department)) is None:
        silent.add("department")
    if limits["limit_source"] != PUBLISHED:
        silent |= LIMITS
    elif facts.note is None and all(
        limits[name] == before[name] for name in ("statutory_days", "promised_days")
    ):
        silent.add("limit_note")
    return told | {name: before[name] for name in UNTOLD | silent}


def assumed(values: Mapping[str, Any], found: ItemContent) -> dict[str, str]:
    """Say what of an item that was understood its facts do not tell, but was assumed: field -> reason.

    A source that names an office in words of which none is a department's leaves open whose the item is.
    """
    if not is_one(values) or _named(str(values["responsible_department"])) is not None:
        return {}
    return {"department": f"no department is told by this office: {found.department} is assumed"}


def _department(office: str, category: str) -> str:
    return _named(office) or BY_CATEGORY.get(category, "civil_affairs")


def _named(office: str) -> str | None:
    named = (code for code, words in DEPARTMENTS if any(word in office for word in words))
    return next(named, None)


def _limits(facts: Facts, usual_days: int) -> Values:
    """Return the limits, in working days; one that is not called statutory or promised is used as both."""
    stated = facts.stated_working_days
    statutory = facts.statutory_working_days or _worked(facts.statutory_calendar_days) or stated
    promised = facts.promised_working_days or stated
    known = statutory or promised
    most = statutory or max(LEGAL_DAYS, promised or 0)
    return {
        "statutory_days": most,
        "promised_days": promised or statutory or usual_days,
        "limit_source": PUBLISHED if known else "district_default",
        "limit_note": facts.note,
    }


def _worked(calendar_days: int | None) -> int | None:
    return calendar_days and max(1, calendar_days // FULL_WEEK * WORKED)


def _channels(told: list[str]) -> list[str]:
    if not told:
        return [Channel.WINDOW, Channel.WEB]
    found = {channel for one in told for channel, words in CHANNELS if any(word in one for word in words)}
    others = any(not any(word in one for _, words in CHANNELS for word in words) for one in told)
    return [channel for channel in Channel if channel in found or (others and channel is Channel.WINDOW)]


def _material(paper: Paper) -> Told:
    stated = paper.form in FORMS
    told = {
        "code": paper.code,
        "name": paper.name_zh,
        "form": paper.form if stated else "original",
        "form_stated": stated,
        "required": paper.required,
        "applies_when": paper.note if paper.required is False else None,
        "copies": paper.copies or 1,
    }
    silent = {"code"} if paper.code is None else set()
    if not stated:
        silent |= {"form", "form_stated"}
    if not paper.copies:
        silent.add("copies")
    if paper.required is None:
        silent |= {"required", "applies_when"}
    elif paper.required is False and paper.note is None:
        silent.add("applies_when")
    return told, UNTOLD_OF_PAPERS | silent


def _step(step: Step) -> Told:
    told = {
        "name": step.name_zh if step.note is None else f"{step.name_zh}（{step.note}）",
        "actor": step.actor or SOMEBODY,
        "working_days": step.working_days,
    }
    silent = {name for name in ("actor", "working_days") if getattr(step, name) is None}
    if step.note is None and bare(str(step.name_zh)) == step.name_zh:
        silent.add("name")
    return told, UNTOLD_OF_STEPS | silent
