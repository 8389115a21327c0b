"""What the pages show, put together from what the services tell anybody."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from onewindow_gateway.pages.asking import Asker, NothingTold, Silence
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.case_papers import LETTERS, CasePaperProof
from onewindow_shared.contracts.cases import TrackedCase
from onewindow_shared.contracts.casework import CommunityOut
from onewindow_shared.contracts.certificates import VerifiedCertificate
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.papers import PaperCheck, Standing
from onewindow_shared.contracts.service_certificates import ProvedServiceCertificate

COMMUNITIES = 200
MATTERS = 50
SERVICE_CERTIFICATE = "志愿服务记录证明"
OF_HANDLING = frozenset(LETTERS.values())


@dataclass(frozen=True)
class Listed:
    """The communities to choose from, and what may be asked of the one that was chosen."""

    communities: Sequence[CommunityOut]
    chosen: CommunityOut | None
    matters: Page[ListedMatter] | None

    @property
    def streets(self) -> dict[str, list[CommunityOut]]:
        """The communities of each street by its name."""
        found: dict[str, list[CommunityOut]] = {}
        for one in self.communities:
            found.setdefault(one.street_name, []).append(one)
        return found


async def track(ask: Asker, number: str, code: str, cursor: str) -> TrackedCase:
    """Return where a case stands, with its latest steps or those before a cursor; raises `NothingTold`."""
    path = f"tracking/{quote(number.strip(), safe='') or '-'}"
    body = {"code": code} | ({"cursor": cursor} if cursor else {})
    return await ask.post(TrackedCase.model_validate_json, "intake", path, body)


async def check(ask: Asker, number: str, code: str) -> PaperCheck:
    """Return what is known of a paper, whichever service issued it; raises `NothingTold`."""
    body = {"number": number, "code": code}
    if number.strip().upper().partition("-")[2][:2] in OF_HANDLING:
        try:
            return _genuine(
                await ask.post(CasePaperProof.model_validate_json, "casework", "case-papers/proofs", body)
            )
        except NothingTold as nothing:
            if nothing.why is not Silence.UNKNOWN:
                raise
    return _known(await ask.post(PaperCheck.model_validate_json, "intake", "paper-checks", body))


async def check_token(ask: Asker, token: str) -> PaperCheck:
    """Return what is known of a paper by its QR code; raises `NothingTold`."""
    path = f"paper-checks/{quote(token, safe='')}"
    return _known(await ask.get(PaperCheck.model_validate_json, "intake", path))


@dataclass(frozen=True)
class Certified:
    """A certificate as whoever was handed one checks it; its holder is masked."""

    number: str
    title: str
    office: str
    holder: str
    issued_at: datetime
    valid: bool
    replaced_by: str | None
    first_on: date | None = None
    last_on: date | None = None
    minutes: int | None = None
    """Of voluntary service, where it is that which is certified."""


async def attested(ask: Asker, number: str, code: str) -> Certified:
    """Return what a community attested; raises `NothingTold`."""
    body = {"certificate_no": _together(number), "code": code}
    one = await ask.post(VerifiedCertificate.model_validate_json, "casework", "certificates/proofs", body)
    number, issued = one.certificate_no, one.issued_at
    return Certified(number, one.name, one.issued_by, one.holder, issued, one.valid, one.replaced_by)


async def served(ask: Asker, number: str, code: str) -> Certified:
    """Return what a community certified of voluntary service; raises `NothingTold`."""
    body = {"certificate_no": _together(number), "code": code}
    kind = ProvedServiceCertificate.model_validate_json
    one = await ask.post(kind, "volunteers", "certificates/proofs", body)
    return Certified(
        one.certificate_no,
        SERVICE_CERTIFICATE,
        one.issued_by,
        one.holder,
        one.issued_at,
        one.valid,
        one.replaced_by,
        one.first_on,
        one.last_on,
        one.minutes,
    )


@dataclass(frozen=True)
class Proof:
    """How something printed is proved genuine: the page that shows it, and who is asked."""

    template: str
    look_up: Callable[[Asker, str, str], Awaitable[PaperCheck | Certified]]


_PAPER = Proof("papers.html", check)
_CERTIFICATE = Proof("certificates.html", attested)
_SERVICE = Proof("certificates.html", served)
_BY_PAGE = {"/certificates": _CERTIFICATE, "/service-certificates": _SERVICE}
_BY_FORM = (
    (re.compile(r"\d{26}"), _CERTIFICATE),
    (re.compile(r"\d{16}-ZM\d+"), _SERVICE),
    (re.compile(r"\d{26}-[A-Z]{2}\d+"), _PAPER),
)


def proof_of(number: str, page: str) -> Proof:
    """Return how to prove what bears a number; one of no known form is taken for what its page is for."""
    typed = _together(number).upper()
    return next((proof for form, proof in _BY_FORM if form.fullmatch(typed)), _BY_PAGE.get(page, _PAPER))


def _together(number: str) -> str:
    """Return a number without the spaces by which people group its signs."""
    return "".join(number.split())


async def listed(ask: Asker, community: str, cursor: str | None) -> Listed:
    """Return the communities, and a page of what may be asked of one; raises `NothingTold`."""
    communities = await ask.gateway.communities.get("all", lambda: _communities(ask))
    if not community:
        return Listed(communities, None, None)
    chosen = next((one for one in communities if one.code == community), None)
    if chosen is None:
        raise NothingTold(Silence.UNKNOWN)
    asked = {"community": community, "limit": MATTERS} | ({"cursor": cursor} if cursor else {})
    matters = await ask.get(Page[ListedMatter].model_validate_json, "casework", "admission/listed", asked)
    return Listed(communities, chosen, matters)


async def _communities(ask: Asker) -> list[CommunityOut]:
    found: list[CommunityOut] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"limit": COMMUNITIES} | ({"cursor": cursor} if cursor else {})
        page = await ask.get(Page[CommunityOut].model_validate_json, "casework", "communities", asked)
        found += page.items
        cursor = page.next
    return found


def _known(told: PaperCheck) -> PaperCheck:
    if told.standing is Standing.UNKNOWN:
        raise NothingTold(Silence.UNKNOWN)
    return told


def _genuine(proof: CasePaperProof) -> PaperCheck:
    return PaperCheck(standing=Standing.GENUINE, status=None, status_label=None, **proof.model_dump())
