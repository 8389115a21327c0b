"""Published results of reviews, by item, window, officer and office: no text, no name, no exact number.

They are told as figures are told to whoever may see no cases (docs/adr/0014), of whole months; of what has
too few reviews nothing is told, not even that it has any.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from onewindow_casework.districts.queries import department_names
from onewindow_casework.reviews import rules
from onewindow_casework.reviews.models import Review
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.common import area_prefix
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.contracts.review_life import ReviewLevel, ReviewStatus
from onewindow_shared.contracts.review_results import FigureDefinition, ResultsBy, ReviewResult, ReviewResults
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.query import expect_period
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT, published
from onewindow_shared.plumbing.unit import Unit

OFFICERS = "review.officers"
"""What the key of officers' published numbers is derived for."""
COLUMNS: Mapping[ResultsBy, InstrumentedAttribute[str]] = {
    ResultsBy.ITEM: Review.item_code,
    ResultsBy.WINDOW: Review.community,
    ResultsBy.OFFICER: Review.officer,
    ResultsBy.OFFICE: Review.department,
}
DEFINITIONS = [
    FigureDefinition(figure=figure, numerator=numerator, denominator=denominator)
    for figure, numerator, denominator in (
        ("satisfied", "valid reviews that are good (满意率, R1)", "valid reviews given in the period"),
        ("contacted", "of these, reviewers who were called back (R4)", "valid bad reviews with a name"),
        ("contacted_in_time", "of these, called back within the limit (R5)", "valid bad reviews with a name"),
        ("answered_in_time", "of these, first answered within the limit (R6)", "valid bad reviews"),
    )
]


@dataclass(frozen=True)
class Counted:
    """What was counted of one key; a window has that of the communities that it is heir of, too."""

    key: str
    item: str
    n: Counter[str] = field(default_factory=Counter)


def of_area(unit: Unit, area: str, by: ResultsBy, first: date, last: date, wanted: Wanted) -> ReviewResults:
    """Return a page of what was said in a period of what an area's offices did, as anybody may know it."""
    expect_period(first, last)
    if faults := rules.faults_of_months(first, last):
        raise invalid(faults, where="query")
    code, least = area_prefix(area), settings_of(unit).small_cell
    bound = f"{unit.service}/results {code} {by} {first} {last}"
    after = "" if wanted.cursor is None else unit.cursors.read(bound, wanted.cursor)[0]
    told = [row for row in _counted(unit, code, by, first, last) if rules.told(row.n["valid"], least)]
    rows = {_key(unit, by, row.key): row for row in told}
    keys = sorted(key for key in rows if key > after)
    shown = keys[: wanted.limit]
    names = _names(unit, by, code[:DISTRICT], shown)
    results = [_shown(key, by, rows[key], names, least) for key in shown]
    return ReviewResults(
        area=code,
        first=first,
        last=last,
        by=by,
        small_cell=least,
        definitions=DEFINITIONS,
        results=results,
        next=unit.cursors.write(bound, [shown[-1]]) if len(keys) > len(shown) else None,
    )


def _counted(unit: Unit, area: str, by: ResultsBy, first: date, last: date) -> list[Counted]:
    bad = Review.status != ReviewStatus.GOOD
    named = bad & ~Review.anonymous
    counted = {
        "valid": Review.id > 0,
        "good": Review.level >= settings_of(unit).satisfied_from,
        "bad": bad,
        "named": named,
        "contacted": named & Review.contacted_in_time.is_not(None),
        "contacted_in_time": named & Review.contacted_in_time.is_(True),
        "answered_in_time": bad & Review.answered_in_time.is_(True),
        **{f"level_{level}": Review.level == level for level in ReviewLevel},
    }
    column = COLUMNS[by]
    figures = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    query = select(column.label("key"), func.max(Review.item_name).label("item"), *figures).group_by(column)
    period = (within(Review, unit.gathered(area)), Review.rated_on.between(first, last))
    found: dict[str, Counted] = {}
    for row in unit.session.execute(published(query.where(*period))).mappings():
        key = unit.heir(row["key"]) if by is ResultsBy.WINDOW else row["key"]
        one = found.setdefault(key, Counted(key, row["item"]))
        one.n.update({name: row[name] for name in counted})
    return list(found.values())


def _names(unit: Unit, by: ResultsBy, district: str, keys: Sequence[str]) -> Mapping[str, str]:
    if by is ResultsBy.OFFICE:
        return department_names(unit, district)
    if by is ResultsBy.WINDOW:
        query = select(Area.code, Area.name).where(Area.code.in_(keys))
        return dict(unit.session.execute(query).all())
    return {}


def _key(unit: Unit, by: ResultsBy, key: str) -> str:
    """Return the key that is published."""
    return tracking_code(unit.vault.derive(OFFICERS), key) if by is ResultsBy.OFFICER else key


def _shown(key: str, by: ResultsBy, row: Counted, names: Mapping[str, str], least: int) -> ReviewResult:
    levels = {str(int(level)): row.n[f"level_{level}"] for level in ReviewLevel}
    return ReviewResult(
        key=key,
        name=row.item if by is ResultsBy.ITEM else names.get(key),
        satisfied=rules.figure(row.n["good"], row.n["valid"], least),
        contacted=rules.figure(row.n["contacted"], row.n["named"], least),
        contacted_in_time=rules.figure(row.n["contacted_in_time"], row.n["named"], least),
        answered_in_time=rules.figure(row.n["answered_in_time"], row.n["bad"], least),
        levels=rules.levels(levels, least),
    )
