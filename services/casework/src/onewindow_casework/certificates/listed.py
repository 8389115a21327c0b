"""What the district's lists say of certificates: the standing matters, and what was admitted since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onewindow_casework.certificates.rules import Known
from onewindow_casework.lists.queries import listed
from onewindow_casework.matters.queries import of_district
from onewindow_shared.contracts.admission import Basis, MatterClass, MatterKind
from onewindow_shared.contracts.certificates import KnownCertificate, Verdict
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

ADMITTED = (MatterClass.ASSIST, MatterClass.PURCHASE)


@dataclass(frozen=True)
class Listed:
    """A certificate that a list names."""

    known: Known
    name: str
    bases: tuple[Basis, ...]
    instead: str | None

    @property
    def basis(self) -> str:
        """The basis in one text, as written refusals quote it."""
        return "；".join(f"{one.document}：{one.quote}" for one in self.bases)

    def shown(self) -> KnownCertificate:
        """Return it as a check answers."""
        verdict = Verdict.MAY_ISSUE if self.known.issued else Verdict.NOT_ISSUED
        return KnownCertificate(
            code=self.known.code,
            name=self.name,
            verdict=verdict,
            basis=list(self.bases),
            instead=self.instead,
        )


def certificates(unit: Unit, community: str, day: date) -> Mapping[str, Listed]:
    """Return the certificates that are on the lists for a community on a day, by code."""
    district = community[:DISTRICT]
    found = {
        matter.code: Listed(
            Known(
                matter.code,
                matter.matter_class == MatterClass.AUTONOMY,
                (matter.name, *matter.aliases),
                tuple(matter.phrases),
            ),
            matter.name,
            tuple(Basis.model_validate(one) for one in matter.basis),
            matter.instead,
        )
        for matter in of_district(unit, district, MatterClass.AUTONOMY, MatterClass.NOT_ISSUED)
        if matter.kind == MatterKind.CERTIFICATE
    }
    for card in listed(unit, community, day, classes=ADMITTED):
        if card.kind is MatterKind.CERTIFICATE:
            known = Known(card.code, True, (card.name, *card.aliases))
            found[card.code] = Listed(known, card.name, tuple(card.basis), card.instead)
    return found
