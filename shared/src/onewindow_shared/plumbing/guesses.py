"""Guarding codes that anybody may try: wrong ones are counted per number and per client, and audited."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Index, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.requests import Request

from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.problems import URN, RetryAfter
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import COMMUNITY
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.unit import Unit

WRONG = ".wrong_code"
"""End of the audit's action."""


class TooManyCodes(RetryAfter):
    """Too many wrong codes were tried, for this number or by this client; try again after a while."""

    type = URN + "too-many-codes"
    title = "Too many wrong codes"
    status = 429


class WrongCodes(PlumbingBase):
    """Wrong codes within a window; kept for numbers that were never given out, too.

    `key` is the blind index of a number or of a client's address.
    """

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("ix_wrong_codes_until", "until"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Guard:
    """Wrong codes for one number, and by one client, that are borne within a window of time."""

    tries: int
    client_tries: int
    window: timedelta


@dataclass(frozen=True)
class Try:
    """A code that somebody tries: of what number, and from where."""

    kind: str
    number: str
    client: str

    def keys(self, unit: Unit, guard: Guard) -> dict[str, int]:
        """Return what wrong codes are counted under, with how many are borne."""
        return {
            unit.vault.blind_index(f"{self.kind} {self.number}", purpose="guesses"): guard.tries,
            unit.vault.blind_index(self.client, purpose="guesses.client"): guard.client_tries,
        }


def refuses(tries: int, failures: int, until: datetime, now: datetime) -> bool:
    """Say whether so many wrong codes until then allow no further try now."""
    return failures >= tries and now < until


def client_of(request: Request) -> str:
    """Return where a request came from as the gateway says; an IPv6 client is its network of 64 bits."""
    peer = request.client.host if request.client else "-"
    told = request.headers.get("x-forwarded-for", peer).strip()
    try:
        address = ip_address(told)
    except ValueError:
        return told[:64]
    return str(ip_network((int(address) >> 64 << 64, 64))) if isinstance(address, IPv6Address) else told


def expect_few(unit: Unit, tried: Try, guard: Guard) -> None:
    """Raise `TooManyCodes` where no further try is allowed."""
    for key, tries in tried.keys(unit, guard).items():
        known = unit.session.get(WrongCodes, key)
        if known is not None and refuses(tries, known.failures, known.until, unit.now):
            wait = int((known.until - unit.now).total_seconds()) + 1
            raise TooManyCodes(detail="Please try again later.", retry_after=wait)


def count_wrong_code(unit: Unit, tried: Try, guard: Guard, metric: Metric | None = None) -> None:
    """Remember that a wrong code was tried, whether or not the number was ever given out.

    It opens a window, or counts in the one that is open; windows that are over are dropped. `metric` is the
    figure that it adds to, of the community that the number names.
    """
    over = delete(WrongCodes).where(WrongCodes.until <= unit.now)
    unit.session.execute(over.execution_options(synchronize_session=False))
    dialect = sqlite if unit.dialect == "sqlite" else postgresql
    more = {"failures": WrongCodes.failures + 1}
    number, client = tried.keys(unit, guard)
    for key in (number, client):
        first = dialect.insert(WrongCodes).values(key=key, failures=1, until=unit.now + guard.window)
        unit.session.execute(first.on_conflict_do_update(index_elements=["key"], set_=more))
    area = _area_of(unit.session, tried.number) if metric else None
    unit.audit(f"{tried.kind}{WRONG}", tried.kind, number, area=area, detail={"client": client[:16]})
    if metric and area is not None:
        unit.count(metric, community=area)


def _area_of(session: Session, number: str) -> str:
    """Return the community that a number names, or the district where it names none of the register."""
    named = session.get(Area, number[:COMMUNITY])
    if named is not None:
        return named.code
    districts = select(Area.code).where(Area.kind == AreaKind.DISTRICT).order_by(Area.code)
    return session.scalars(districts.limit(1)).first() or ""
