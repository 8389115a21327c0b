"""Guarding codes that anybody may try: wrong ones are counted and audited.

They are counted per number and client, so that nobody's guesses lock out who holds the paper; per client; and
per number with a higher limit, against guesses from many places.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Concatenate, ParamSpec, TypeVar, cast

from pydantic import Field
from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.requests import Request

from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.problems import URN, NotFound, RetryAfter
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.runtime import Run, one_after_another
from onewindow_shared.plumbing.scope import COMMUNITY
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.unit import Unit, system_actor

P = ParamSpec("P")
T = TypeVar("T")
WRONG = ".wrong_code"
"""End of the audit's action."""


class TooManyCodes(RetryAfter):
    """Too many wrong codes were tried, for this number or by this client; try again after a while."""

    type = URN + "too-many-codes"
    title = "Too many wrong codes"
    status = 429


class WrongCodes(PlumbingBase):
    """Wrong codes within a window; kept for numbers that were never given out, too.

    `key` is the blind index of a number, of a client's address, or of both together.
    """

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("ix_wrong_codes_until", "until"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Guard:
    """Wrong codes that are borne within a window of time."""

    tries: int
    """For one number by one client."""
    number_tries: int
    """For one number by everybody together."""
    client_tries: int
    """By one client for whatever number."""
    window: timedelta


class GuardsCertificates(ServiceSettings):
    """Settings of a service whose certificates anybody may verify by number and code."""

    certificate_tries: int = Field(default=5, ge=1, le=100)
    """Wrong codes that are borne for one certificate number from one client while its window lasts."""
    certificate_number_tries: int = Field(default=50, ge=1, le=10_000)
    """Wrong codes that are borne for one certificate number, wherever they come from."""
    certificate_client_tries: int = Field(default=100, ge=1, le=10_000)
    """Wrong codes of certificates that are borne from one client while its window lasts."""
    certificate_tries_minutes: int = Field(default=15, ge=1, le=1440)
    """Minutes from the first wrong code of a certificate, or of a client, until it may be tried again."""

    @property
    def certificate_guard(self) -> Guard:
        """How often a wrong code of a certificate may be tried."""
        window = timedelta(minutes=self.certificate_tries_minutes)
        return Guard(
            self.certificate_tries, self.certificate_number_tries, self.certificate_client_tries, window
        )


@dataclass(frozen=True)
class Try:
    """A code that somebody tries: of what number, and from where; `metric` is the figure of wrong ones."""

    kind: str
    number: str
    client: str
    metric: Metric | None = None

    def keys(self, unit: Unit, guard: Guard) -> dict[str, int]:
        """Return what wrong codes are counted under, with how many are borne: number, client, both."""
        number, client = f"{self.kind} {self.number}", self.client
        return {
            unit.vault.blind_index(number, purpose="guesses"): guard.number_tries,
            unit.vault.blind_index(client, purpose="guesses.client"): guard.client_tries,
            unit.vault.blind_index(f"{number} {client}", purpose="guesses.both"): guard.tries,
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
            raise _too_many(unit, known)


def _too_many(unit: Unit, known: WrongCodes) -> TooManyCodes:
    wait = int((known.until - unit.now).total_seconds()) + 1
    return TooManyCodes(detail="Please try again later.", retry_after=wait)


def count_wrong_code(unit: Unit, tried: Try, guard: Guard) -> None:
    """Remember that a wrong code was tried, whether or not the number was ever given out.

    Raises `TooManyCodes` where others tried as many meanwhile: then it is answered as if it had come later.
    It opens a window, or counts in the one that is open; windows that are over are dropped. The figure that
    it adds to is of the community that the number names.
    """
    over = delete(WrongCodes).where(WrongCodes.until <= unit.now)
    unit.session.execute(over.execution_options(synchronize_session=False))
    more = {"failures": WrongCodes.failures + 1}
    keys = tried.keys(unit, guard)
    for key in sorted(keys):
        first = insert_into(unit.session, WrongCodes).values(
            key=key, failures=1, until=unit.now + guard.window
        )
        unit.session.execute(first.on_conflict_do_update(index_elements=["key"], set_=more))
    for key, tries in keys.items():
        known = unit.session.get_one(WrongCodes, key, populate_existing=True)
        if known.failures > tries:
            raise _too_many(unit, known)
    number, client, _ = keys
    area = _area_of(unit.session, tried.number) if tried.metric else None
    unit.audit(f"{tried.kind}{WRONG}", tried.kind, number, area=area, detail={"client": client[:16]})
    if tried.metric and area is not None:
        unit.count(tried.metric, community=area)


async def proved(run: Run, tried: Try, look_up: Callable[[Unit, str, str], T | None], code: str) -> T:
    """Return what `look_up(unit, number, code)` says of a paper, whoever asks; not to be kept by caches.

    Where it says nothing the code is counted as a wrong one, and the answer is the same `NotFound` for a
    number that was never given out as for a code that does not fit.
    """
    guard = cast("GuardsCertificates", run.runtime.settings).certificate_guard
    found = await guarded(run, tried, guard, look_up, tried.number, code)
    if found is None:
        raise NotFound(detail="Please compare number and code with the paper.")
    return found


async def guarded(
    run: Run,
    tried: Try,
    guard: Guard,
    look_up: Callable[Concatenate[Unit, P], T | None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """Return what `look_up(unit, *args)` finds for a code, whoever tries it; not to be kept by caches.

    Where it finds nothing, a wrong code is counted; after too many `TooManyCodes` is raised. Within
    this process, tries for one number, and those of one client, come one after another: none is looked at
    before those ahead are counted. Other replicas count in the same rows, and may look at one meanwhile.
    """
    run.response.headers["Cache-Control"] = "no-store"

    def looked_up(unit: Unit) -> T | None:
        expect_few(unit, tried, guard)
        return look_up(unit, *args, **kwargs)

    by_number = one_after_another(run.runtime, f"{tried.kind} {tried.number}")
    by_client = one_after_another(run.runtime, f"{tried.kind} from {tried.client}")
    async with by_number, by_client:
        found = await run.runtime.read(system_actor(run.runtime.name, run.actor.request_id), looked_up)
        if found is None:
            await run.runtime.system(count_wrong_code, tried, guard)
    return found


def _area_of(session: Session, number: str) -> str:
    """Return the community that a number names, or the district where it names none of the register."""
    named = session.get(Area, number[:COMMUNITY])
    if named is not None:
        return named.code
    districts = select(Area.code).where(Area.kind == AreaKind.DISTRICT).order_by(Area.code)
    return session.scalars(districts.limit(1)).first() or ""
