"""Who may be asked for what: the lists of the residents' committees, applied to a case.

A committee handles in the main only what stands on its district's list of its own work; what is on the
list of assistance it only assists in (北京市接诉即办工作条例 art. 17). Certificates are asked of it only
where the lists have it issue them (民发〔2020〕20号). Whatever is unknown is not routed to a committee.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.catalogue import Handler, ItemContent
from onewindow_shared.contracts.certificates import Verdict
from onewindow_shared.contracts.routing import RouteFault
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.wordings import Known, check

NOT_ASKED = frozenset({MatterClass.NOT_ISSUED, MatterClass.FORBIDDEN})
REASONS: Mapping[RouteFault, str] = {
    RouteFault.NO_LISTS: "本区的社区工作事项清单尚未收到，请向主管部门咨询。",
    RouteFault.NOT_LISTED: "该事项不在社区居民委员会自治事项清单内。",
    RouteFault.ONLY_ASSISTS: "“{matter}”由社区居民委员会协助办理，不由其主责办理。",
    RouteFault.NOT_ISSUED: "“{matter}”不应由社区居民委员会出具或者办理。",
}
DETAILS: Mapping[RouteFault, str] = {
    RouteFault.NO_LISTS: "the district's lists have not arrived: ask the department",
    RouteFault.NOT_LISTED: "this is not on the list of the committees' own work",
    RouteFault.ONLY_ASSISTS: "the committee only assists in this; the route check quotes the basis",
    RouteFault.NOT_ISSUED: "committees do not issue this; the route check quotes the basis and says who does",
}


@dataclass(frozen=True)
class Matter:
    """A matter of a district's lists."""

    district: str
    code: str
    name: str
    aliases: tuple[str, ...]
    phrases: tuple[str, ...]
    areas: tuple[str, ...]
    """Where it is listed; the whole district where none is named."""
    kind: MatterKind
    matter_class: MatterClass
    item_codes: frozenset[str]
    basis: str
    instead: str | None
    effective_from: date
    effective_until: date | None

    def stands_on(self, day: date) -> bool:
        """Say whether it is listed on a day."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    def concerns(self, community: str) -> bool:
        """Say whether it is listed for a community."""
        return community.startswith(self.areas or self.district)

    @property
    def known(self) -> Known:
        """How a certificate is recognised, and whether the committee issues it."""
        return Known(self.code, self.matter_class, (self.name, *self.aliases), self.phrases)


@dataclass(frozen=True)
class Barred:
    """Why a matter does not go to a committee."""

    fault: RouteFault
    matter: str | None = None
    basis: str | None = None
    instead: str | None = None

    @property
    def reason(self) -> str:
        """What a clerk or a resident is told, with the quoted basis and who does it instead."""
        said = REASONS[self.fault].format(matter=self.matter)
        basis = f"依据：{self.basis.rstrip('。')}。" if self.basis else ""
        instead = f"办理途径：{self.instead.rstrip('。')}。" if self.instead else ""
        return said + basis + instead

    @property
    def detail(self) -> str:
        """What a problem says."""
        return DETAILS[self.fault]


def of_item(item: ItemContent, matters: Sequence[Matter], community: str, day: date) -> Barred | None:
    """Return what keeps a case of an item from being taken in for a community on a day; None if nothing.

    The matters of an item are those that it is tied to by its code, and those that its certificate is.
    """
    named = [matter for matter in _standing(matters, community, day) if item.code in matter.item_codes]
    if item.issues_certificate is not None:
        found, meant = _recognised(item.issues_certificate, matters, community, day)
        barred = _not_asked(named) or _not_issued(found, meant, matters, community)
        if barred is not None:
            return barred
        named += meant
    if item.handled_by is Handler.RESIDENTS_COMMITTEE:
        return _main(named, matters, community)
    return None


def of_certificate(wording: str, matters: Sequence[Matter], community: str, day: date) -> Barred | None:
    """Return why a committee does not issue a certificate, however it is worded; None if it does."""
    return _not_issued(*_recognised(wording, matters, community, day), matters, community)


def _recognised(
    wording: str, matters: Iterable[Matter], community: str, day: date
) -> tuple[Verdict, list[Matter]]:
    """Return what the lists of a day say of a certificate, and which of their matters it is."""
    listed = {
        matter.code: matter
        for matter in _standing(matters, community, day)
        if matter.kind is MatterKind.CERTIFICATE
    }
    found = check(wording, [matter.known for matter in listed.values()])
    return found.verdict, [listed[code] for code in found.matches]


def _not_issued(
    found: Verdict, meant: Sequence[Matter], matters: Iterable[Matter], community: str
) -> Barred | None:
    if found is Verdict.NOT_ISSUED:
        return _barred(RouteFault.NOT_ISSUED, meant[0])
    return None if found is Verdict.MAY_ISSUE else _unlisted(matters, community)


def _standing(matters: Iterable[Matter], community: str, day: date) -> Iterator[Matter]:
    return (matter for matter in matters if matter.concerns(community) and matter.stands_on(day))


def _not_asked(named: Iterable[Matter]) -> Barred | None:
    barred = (_barred(RouteFault.NOT_ISSUED, one) for one in named if one.matter_class in NOT_ASKED)
    return next(barred, None)


def _main(named: Sequence[Matter], matters: Iterable[Matter], community: str) -> Barred | None:
    barred = _not_asked(named)
    if barred is not None or any(matter.matter_class is MatterClass.AUTONOMY for matter in named):
        return barred
    for matter in named:
        if matter.matter_class is MatterClass.ASSIST:
            return _barred(RouteFault.ONLY_ASSISTS, matter)
    return _unlisted(matters, community)


def _unlisted(matters: Iterable[Matter], community: str) -> Barred:
    lists_known = any(matter.district == community[:DISTRICT] for matter in matters)
    return Barred(RouteFault.NOT_LISTED if lists_known else RouteFault.NO_LISTS)


def _barred(fault: RouteFault, matter: Matter) -> Barred:
    return Barred(fault, matter.name, matter.basis, matter.instead)
