"""Guarding codes that anybody may try: wrong ones are counted per number and per client, and audited."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request

from onewindow_intake.guesses import queries, rules
from onewindow_intake.guesses.rules import Guard
from onewindow_shared.plumbing.problems import URN, RetryAfter
from onewindow_shared.plumbing.unit import Unit


class TooManyCodes(RetryAfter):
    """Too many wrong codes were tried, for this number or by this client; try again after a while."""

    type = URN + "too-many-codes"
    title = "Too many wrong codes"
    status = 429


@dataclass(frozen=True)
class Try:
    """A code that somebody tries: of what number, and from where."""

    kind: str
    number: str
    client: str

    def keys(self, unit: Unit, guard: Guard) -> dict[str, int]:
        """Return what wrong codes are counted under, with how many are borne."""
        return {
            unit.vault.blind_index(f"{self.kind} {self.number}", purpose="intake.guesses"): guard.tries,
            unit.vault.blind_index(self.client, purpose="intake.guesses.client"): guard.client_tries,
        }


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
        known = queries.wrong_codes(unit.session, key)
        if known is not None and rules.refuses(tries, known.failures, known.until, unit.now):
            wait = int((known.until - unit.now).total_seconds()) + 1
            raise TooManyCodes(detail="Please try again later.", retry_after=wait)


def count_wrong_code(unit: Unit, tried: Try, guard: Guard) -> None:
    """Remember that a wrong code was tried, whether or not the number was ever given out."""
    number, client = tried.keys(unit, guard)
    for key in (number, client):
        queries.count_wrong_code(unit.session, key, unit.now, unit.now + guard.window)
    unit.audit(f"{tried.kind}.wrong_code", tried.kind, number, detail={"client": client[:16]})
