"""What the values of several communities add up to, and how many of the norms they meet: pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onewindow_casework.norms import rules
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.norms import Measure, NormIn, Standing
from onewindow_shared.contracts.register import ValueKind


@dataclass(frozen=True)
class Profile:
    """A community on a day."""

    kind: AreaKind
    values: Mapping[ValueKind, str]


@dataclass(frozen=True)
class Ratio:
    """Two metrics of which one is set against the other, over the communities that know both values."""

    over: tuple[Metric, ValueKind]
    under: tuple[Metric, ValueKind]
    times: int = 1


RATIOS = (
    Ratio(
        (Metric.FACILITY_AREA, ValueKind.FACILITY_AREA),
        (Metric.FACILITY_HOUSEHOLDS, ValueKind.HOUSEHOLDS),
        times=100,
    ),
    Ratio(
        (Metric.PREMISES_AREA, ValueKind.PREMISES_AREA),
        (Metric.PREMISES_PEOPLE, ValueKind.POPULATION),
        times=100,
    ),
    Ratio((Metric.STAFF_HOUSEHOLDS, ValueKind.HOUSEHOLDS), (Metric.STAFF, ValueKind.STAFF)),
    Ratio(
        (Metric.STAFF_IN_10000, ValueKind.STAFF),
        (Metric.STAFF_PEOPLE, ValueKind.POPULATION),
        times=10_000,
    ),
)


def figures(communities: Iterable[Profile], norms: Sequence[NormIn]) -> Counter[Metric]:
    """Add up what communities know, and count what they meet of the norms that are about them."""
    found: Counter[Metric] = Counter()
    sums: defaultdict[Metric, Fraction] = defaultdict(Fraction)
    for one in communities:
        for ratio in RATIOS:
            (over, counted), (under, among) = ratio.over, ratio.under
            if counted in one.values and among in one.values:
                sums[over] += Fraction(one.values[counted]) * ratio.times
                found[under] += int(one.values[among])
        if ValueKind.HOUSEHOLDS in one.values:
            found[Metric.HOUSEHOLDS] += int(one.values[ValueKind.HOUSEHOLDS])
            found[Metric.HOUSEHOLDS_COMMUNITIES] += 1
        found.update(_met(one, norms))
        found.update(_trained(one, norms))
    found.update({metric: round(n) for metric, n in sums.items()})
    return found


def _met(one: Profile, norms: Sequence[NormIn]) -> Counter[Metric]:
    found: Counter[Metric] = Counter()
    for norm in norms:
        if norm.measure is not None and rules.concerns(norm, one.kind):
            standing = rules.standing(rules.figure(norm.measure, one.values), norm)
            found[Metric.NORMS_MET] += standing is Standing.MET
            found[Metric.NORMS_KNOWN] += standing is not Standing.UNKNOWN
    return found


def _trained(one: Profile, norms: Sequence[NormIn]) -> Counter[Metric]:
    """Count the staff where it is known how long each was trained, and where that was long enough."""
    asked = [
        norm for norm in norms if norm.measure is Measure.TRAINING_HOURS and rules.concerns(norm, one.kind)
    ]
    staff = int(one.values.get(ValueKind.STAFF, 0))
    met = {rules.standing(rules.figure(Measure.TRAINING_HOURS, one.values), norm) for norm in asked}
    known = bool(met) and Standing.UNKNOWN not in met
    return Counter(
        {
            Metric.STAFF_TRAINING_KNOWN: staff if known else 0,
            Metric.STAFF_TRAINED: staff if known and met == {Standing.MET} else 0,
        }
    )
