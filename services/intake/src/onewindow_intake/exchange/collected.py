"""Items as they were collected from public guides: facts in other names, with gaps where a source is silent.

Each gap is filled as docs/data-sources.md tells; nothing else is added.
"""

from collections.abc import Mapping
from typing import Any, Final

from onewindow_intake.catalogue.rules import ROOTS
from onewindow_shared.contracts.intake import Channel

Values = dict[str, Any]
LEGAL_DAYS, USUAL_DAYS = 20, 15
"""Working days where a source is silent: by 行政许可法 art. 42, and as the demo district promises."""
FULL_WEEK, WORKED = 7, 5
SOMEBODY: Final = "经办机构"
FREE: Final = ("不收费", "免费")
CATEGORIES: Final = {name: code for code, (name, _) in ROOTS.items()}
FORMS: Final = ("original", "copy", "original_and_copy", "form", "electronic")
DEPARTMENTS: Final = (
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


def is_one(values: Mapping[str, Any]) -> bool:
    """Say whether an item has the names of the collected facts."""
    return "name_zh" in values and "responsible_department" in values


def item(facts: Mapping[str, Any]) -> Values:
    """Return a collected item under the names of the contract, with its gaps filled."""
    category = CATEGORIES.get(str(facts.get("category_zh")), str(facts.get("category_zh")))
    return {
        "code": facts.get("code"),
        "name": facts.get("name_zh"),
        "name_en": facts.get("name_en"),
        "category": category,
        "department": _department(str(facts.get("responsible_department")), category),
        "audience": facts.get("audience"),
        "conditions": facts.get("conditions") or [],
        "legal_basis": [],
        "instant": False,
        **_limits(facts),
        "fee": None if facts.get("fee") in (None, *FREE) else facts["fee"],
        "channels": _channels(facts.get("channels") or []),
        "agency_available": True,
        "materials": [_material(n, one) for n, one in enumerate(facts.get("materials") or [], start=1)],
        "steps": [_step(one) for one in facts.get("steps") or []],
        "jurisdiction": facts.get("jurisdiction"),
        "source": {
            "url": facts.get("source_url"),
            "title": facts.get("source_title"),
            "date": facts.get("source_date"),
            "kind": facts.get("source_kind"),
        },
    }


def _department(office: str, category: str) -> str:
    named = (code for code, words in DEPARTMENTS if any(word in office for word in words))
    return next(named, BY_CATEGORY.get(category, "civil_affairs"))


def _limits(facts: Mapping[str, Any]) -> Values:
    """Return the limits, in working days; one that is not called statutory or promised is used as both."""
    stated = facts.get("stated_working_days")
    statutory = facts.get("statutory_working_days") or _worked(facts.get("statutory_calendar_days")) or stated
    promised = facts.get("promised_working_days") or stated
    known = statutory or promised
    most = statutory or max(LEGAL_DAYS, promised or 0)
    return {
        "statutory_days": most,
        "promised_days": promised or statutory or USUAL_DAYS,
        "limit_source": "published" if known else "district_default",
        "limit_note": facts.get("note"),
    }


def _worked(calendar_days: int | None) -> int | None:
    return calendar_days and max(1, calendar_days // FULL_WEEK * WORKED)


def _channels(told: list[str]) -> list[str]:
    if not told:
        return [Channel.WINDOW, Channel.WEB]
    found = {channel for one in told for channel, words in CHANNELS if any(word in one for word in words)}
    others = any(not any(word in one for _, words in CHANNELS for word in words) for one in told)
    return [channel for channel in Channel if channel in found or (others and channel is Channel.WINDOW)]


def _material(number: int, facts: Any) -> Values:
    form = facts.get("form")
    return {
        "code": f"m{number}",
        "name": facts.get("name_zh"),
        "form": form if form in FORMS else "original",
        "form_stated": form in FORMS,
        "required": facts.get("required"),
        "applies_when": facts.get("note") if facts.get("required") is False else None,
        "copies": facts.get("copies") or 1,
    }


def _step(facts: Any) -> Values:
    note = facts.get("note")
    return {
        "name": facts.get("name_zh") if note is None else f"{facts.get('name_zh')}（{note}）",
        "actor": facts.get("actor") or SOMEBODY,
        "working_days": facts.get("working_days"),
    }
