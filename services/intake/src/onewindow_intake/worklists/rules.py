"""What the words of a search mean on a list of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from onewindow_intake.cases.labels import STATUSES
from onewindow_shared.contracts.intake import Channel, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.words import plain, words

CATEGORIES: Mapping[ServiceCategory, str] = {
    ServiceCategory.EMPLOYMENT: "劳动就业",
    ServiceCategory.SOCIAL_SECURITY: "社会保障",
    ServiceCategory.HEALTH_FAMILY_PLANNING: "卫生计生",
    ServiceCategory.EDUCATION: "教育事业",
    ServiceCategory.SOCIAL_SERVICE: "社会服务",
    ServiceCategory.HOUSING: "住房保障",
    ServiceCategory.CULTURE_SPORTS: "文化体育",
    ServiceCategory.PUBLIC_SAFETY: "公共安全",
    ServiceCategory.LEGAL_SERVICE: "公共法律服务",
    ServiceCategory.MEDIATION_ARBITRATION: "调解仲裁",
}
CHANNELS: Mapping[Channel, str] = {
    Channel.WINDOW: "窗口",
    Channel.WEB: "网上",
    Channel.MOBILE: "手机",
    Channel.PHONE: "电话",
    Channel.KIOSK: "自助机",
    Channel.HOME_VISIT: "上门",
}

EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)
"""Days between which every case lies."""
Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class Meaning:
    """What one word may stand for."""

    part: str
    """Of the item's name, or of the number where it is digits."""
    digits: bool
    statuses: tuple[CaseStatus, ...]
    categories: tuple[ServiceCategory, ...]


def meanings(text: str) -> list[Meaning]:
    """Say what each word of a text may stand for; a case is found if each stands for something of it."""
    return [
        Meaning(word, word.isdecimal(), _labelled(STATUSES, word), _labelled(CATEGORIES, word))
        for word in dict.fromkeys(words(text))
    ]


def _labelled(labels: Mapping[Code, str], word: str) -> tuple[Code, ...]:
    return tuple(code for code, label in labels.items() if word in plain(label) or word == code)


def day_begins(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day of the district begins, within what databases can hold."""
    return datetime.combine(min(max(day, EARLIEST), LATEST), time(), zone)


def day_ends(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day of the district is over."""
    return day_begins(day, zone) + timedelta(days=1)
