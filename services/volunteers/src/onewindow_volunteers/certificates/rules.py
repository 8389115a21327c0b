"""What a certificate of service says, and what becomes of it when a record behind it changes (rules C4)."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from onewindow_shared.contracts.papers import Listing
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.service_certificates import Cause, ServiceCertificateStatus
from onewindow_shared.plumbing.papers import chinese_day

MOST_RECORDS = 1000
"""Records that one certificate may tell."""


class CertificateAction(StrEnum):
    """What is done to a certificate."""

    REVOKE = "revoke"
    REPLACE = "replace"


_S, _A = ServiceCertificateStatus, CertificateAction
MOVES: Mapping[tuple[ServiceCertificateStatus, CertificateAction], ServiceCertificateStatus] = {
    (_S.ISSUED, _A.REVOKE): _S.REVOKED,
    (_S.ISSUED, _A.REPLACE): _S.REPLACED,
}


REASONS: Mapping[Cause, str] = {
    Cause.CORRECTED: "更正服务记录后，原证明的内容已不存在",
    Cause.ERASED: "应持有人要求删除个人信息，原证明随之撤销",
}
"""What is told of a certificate that was revoked by itself."""


class Fate(StrEnum):
    """What becomes of a certificate in force."""

    STANDS = "stands"
    WAITS = "waits"
    """A record behind it is disputed: it proves nothing until that is ruled."""
    REPLACED = "replaced"
    REVOKED = "revoked"
    """Nothing is left of what it certified."""


@dataclass(frozen=True)
class Behind:
    """A record behind a certificate: what it had then, and how it stands now."""

    certified: int
    status: RecordStatus
    minutes: int


def fate(behind: Sequence[Behind]) -> Fate:
    """Say what becomes of a certificate, of the records behind it."""
    if any(one.status is not RecordStatus.CONFIRMED for one in behind):
        return Fate.WAITS
    if all(one.minutes == one.certified for one in behind):
        return Fate.STANDS
    return Fate.REPLACED if any(one.minutes for one in behind) else Fate.REVOKED


@dataclass(frozen=True)
class Served:
    """A confirmed record, as a certificate tells it."""

    record_id: int
    activity_id: int
    """0 where residents' needs were met."""
    activity: str
    content: str
    organisation: str
    day: date
    minutes: int


def edition(community: str, served: Sequence[Served]) -> str:
    """Return what tells whether a certificate would say the same as another one."""
    said = [community, *(f"{one.record_id}.{one.minutes}" for one in served)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def in_hours(minutes: int, step: int) -> str:
    """Write minutes as hours, in full steps of 6 or 30 minutes: never more than was given."""
    tenths = minutes // step * step // 6
    return f"{tenths // 10}.{tenths % 10}小时"


def exactly(minutes: int) -> str:
    """Write minutes as they are recorded: 2小时50分."""
    return f"{minutes // 60}小时{minutes % 60}分"


def table(served: Sequence[Served]) -> Listing:
    """Tell each activity in a line: what, for whom, when, how long (民政部令第67号 art. 14)."""
    by_activity = sorted(served, key=lambda one: (*_work(one), one.day, one.record_id))
    rows = [_row([*several]) for _, several in groupby(by_activity, key=_work)]
    head = ["活动名称", "服务内容", "组织单位", "日期", "次数", "服务时间"]
    return Listing(title="志愿服务情况", head=head, rows=rows)


def _work(one: Served) -> tuple[int, str]:
    return one.activity_id, one.activity


def _row(several: Sequence[Served]) -> list[str]:
    first, last = several[0], several[-1]
    days = chinese_day(first.day)
    if last.day != first.day:
        days += f"至{chinese_day(last.day)}"
    minutes = sum(one.minutes for one in several)
    return [first.activity, first.content, first.organisation, days, str(len(several)), exactly(minutes)]


def signature(key: bytes, *said: str) -> str:
    """Return a keyed signature over what a certificate says; each part is bound to its place."""
    digest = hashlib.sha256
    bound = "".join(f"{len(part.encode())}:{part}" for part in said)
    return hmac.digest(key, bound.encode(), digest).hex()
