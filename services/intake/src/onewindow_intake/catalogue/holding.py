"""Reading what is in force into memory, keeping what cannot have changed since the copy before."""

from datetime import date

from sqlalchemy.orm import Session

from onewindow_intake.catalogue import queries, search, tree
from onewindow_intake.catalogue.offers import Offer, Offers, entries, offered
from onewindow_shared.plumbing.succession import Succession

Names = dict[str, int]


def hold(session: Session, day: date, heirs: Succession, before: Offers | None) -> Offers:
    """Return the items in force on a day, with the terms of every district."""
    now = dict(queries.names_in_force(session, day))
    items = _items(session, now, before)
    adapted = _adapted(session, day, now, before)
    same = before is not None and before.items == items
    return Offers(
        items=items,
        adapted=adapted,
        categories=tree.whole(session),
        index=before.index if before and same else search.index(entries(items)),
        heirs=heirs,
        day=day,
    )


def _items(session: Session, now: Names, before: Offers | None) -> dict[str, Offer]:
    known = {(code, offer.guide.version): offer for code, offer in (before.items if before else {}).items()}
    new = queries.versions(session, (name for name in now.items() if name not in known))
    known |= {(version.item_code, version.number): offered(queries.guide_of(version)) for version in new}
    return {name[0]: known[name] for name in now.items()}


def _adapted(session: Session, day: date, now: Names, before: Offers | None) -> dict[tuple[str, str], Offer]:
    wanted = {
        (code, district): (now[code], number)
        for code, district, number in queries.overrides_in_force(session, day)
        if code in now
    }
    known = {
        place: offer
        for place, offer in (before.adapted if before else {}).items()
        if wanted.get(place) == (offer.guide.version, offer.guide.override)
    }
    new = {place: numbers for place, numbers in wanted.items() if place not in known}
    versions = {
        version.item_code: version
        for version in queries.versions(session, {(code, now[code]) for code, _ in new})
    }
    for terms in queries.overrides(session, [(*place, number) for place, (_, number) in new.items()]):
        guide = queries.guide_of(versions[terms.item_code], terms)
        known[terms.item_code, terms.district] = offered(guide)
    return known
