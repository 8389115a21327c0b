"""The figures as tables for spreadsheets, and as the text that Prometheus collects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.indicators import AreaMetrics, Definition, Indicator, NormAim
from onewindow_shared.contracts.metric_parts import AreaParts
from onewindow_shared.contracts.metrics import OF_PEOPLE, OF_REVIEWS, OWNERS, Metric
from onewindow_shared.plumbing.sheets import Table, sliced
from onewindow_shared.plumbing.workbooks import Row

PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HEADER = (
    *("指标编号", "指标", "Indicator", "分子", "分母", "比值", "不予显示", "公式", "目标", "来源"),
    *("未应答的服务", "约数单位", "数据截至"),
)
NOTHING = (None,) * 10
Defined = Mapping[str, Definition]
_HELP = {
    "onewindow_indicator": "Both parts of the district's indicators, this month to date.",
    "onewindow_indicator_ratio": "Numerator by denominator of the indicators that have one.",
    "onewindow_service_missing": "1 for a service that did not answer in time.",
    "onewindow_as_of_seconds": "Everything before this moment is counted; seconds since the epoch.",
}


def sheet_of(found: AreaMetrics, definitions: Sequence[Definition], zone: ZoneInfo) -> Table:
    """Return a row for each indicator."""
    defined = {one.id: one for one in definitions}
    rows = ((*_row(defined, one), *_of_the_answer(found, defined, one, zone)) for one in found.indicators)
    return Table(f"{found.area} 指标", HEADER, sliced(rows))


def sheet_of_parts(found: AreaParts, definitions: Sequence[Definition], zone: ZoneInfo) -> Table:
    """Return a row for each indicator of each part."""
    defined = {one.id: one for one in definitions}
    rows: Iterable[Row] = (
        (part.key, part.name, *_row(defined, one), *_of_the_answer(found, defined, one, zone))
        for part in found.parts
        for one in part.indicators
    )
    if not found.parts:
        rows = [(None, None, *NOTHING, *_of_the_answer(found, defined, None, zone))]
    return Table(f"{found.area} 指标", ("分项", "名称", *HEADER), sliced(rows))


def _row(definitions: Defined, one: Indicator) -> Row:
    defined = definitions[one.id]
    withheld = "是" if one.withheld else None
    return (
        *(one.id, defined.name, defined.name_en, one.numerator, one.denominator, one.ratio),
        *(withheld, defined.formula, _target(defined, one), defined.source),
    )


def _target(defined: Definition, one: Indicator) -> str | None:
    """Say what is aimed at: of what is held against norms, those that were held there."""
    return "；".join(map(_norm, one.aims)) if one.aims else defined.target


def _norm(aim: NormAim) -> str:
    bounds = ((sign, bound) for sign, bound in (("≥", aim.lower), ("≤", aim.upper)) if bound is not None)
    return f"{' '.join(f'{sign}{bound}' for sign, bound in bounds)} {aim.unit}（{aim.document}）"


def _of_the_answer(
    found: AreaMetrics | AreaParts, definitions: Defined, one: Indicator | None, zone: ZoneInfo
) -> Row:
    """Return what a row has of the whole answer: without which services it is, how exact, and of when."""
    counted = _counted(definitions, definitions[one.id]) if one else set(OWNERS)
    needed = {OWNERS[metric] for metric in counted}
    missing = ", ".join(name for name in found.missing if name in needed)
    of_people = found.multiples_of if counted & OF_PEOPLE else None
    of_reviews = found.reviews_multiples_of if counted & OF_REVIEWS else None
    return missing or None, of_people or of_reviews, found.as_of and found.as_of.astimezone(zone)


def _counted(definitions: Defined, one: Definition) -> set[Metric]:
    counted = {metric for metric in (one.numerator, one.denominator) if metric}
    return counted.union(*(_counted(definitions, definitions[id_]) for id_ in one.weights or ()))


def prometheus_text(found: AreaMetrics) -> str:
    """Return the figures in Prometheus' text format; what is unknown or withheld has no line."""
    samples = {
        "onewindow_indicator": _parts(found.area, found.indicators),
        "onewindow_indicator_ratio": (
            (f'area="{found.area}",id="{one.id}"', one.ratio) for one in found.indicators
        ),
        "onewindow_service_missing": (
            (f'area="{found.area}",service="{name}"', int(name in found.missing)) for name in BEHIND
        ),
        "onewindow_as_of_seconds": [
            (f'area="{found.area}"', found.as_of.timestamp() if found.as_of else None)
        ],
    }
    return "".join(line for name, several in samples.items() for line in _lines(name, several))


def _parts(area: str, indicators: Iterable[Indicator]) -> Iterator[tuple[str, float | None]]:
    for one in indicators:
        for part, n in (("numerator", one.numerator), ("denominator", one.denominator)):
            yield f'area="{area}",id="{one.id}",part="{part}"', n


def _lines(name: str, samples: Iterable[tuple[str, float | None]]) -> Iterator[str]:
    yield f"# HELP {name} {_HELP[name]}\n# TYPE {name} gauge\n"
    for labels, n in samples:
        if n is not None:
            yield f"{name}{{{labels}}} {n}\n"
