"""The figures as tables for spreadsheets, and as the text that Prometheus collects."""

from collections.abc import Iterable, Iterator

from onewindow_gateway.metrics.definitions import DEFINITIONS
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.metric_parts import AreaParts
from onewindow_shared.contracts.metrics import AreaMetrics, Indicator
from onewindow_shared.plumbing.sheets import Table, sliced
from onewindow_shared.plumbing.workbooks import Row

PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HEADER = ("指标编号", "指标", "Indicator", "分子", "分母", "比值", "不予显示", "目标", "来源")
_DEFINED = {one.id: one for one in DEFINITIONS}
_HELP = {
    "onewindow_indicator": "Both parts of the district's indicators, this month to date.",
    "onewindow_indicator_ratio": "Numerator by denominator of the indicators that have one.",
    "onewindow_service_missing": "1 for a service that did not answer in time.",
    "onewindow_as_of_seconds": "Everything before this moment is counted; seconds since the epoch.",
}


def sheet_of(found: AreaMetrics) -> Table:
    """Return a row for each indicator."""
    return Table(f"{found.area} 指标", HEADER, sliced(_row(one) for one in found.indicators))


def sheet_of_parts(found: AreaParts) -> Table:
    """Return a row for each indicator of each part."""
    rows = ((part.key, part.name, *_row(one)) for part in found.parts for one in part.indicators)
    return Table(f"{found.area} 指标", ("分项", "名称", *HEADER), sliced(rows))


def _row(one: Indicator) -> Row:
    defined = _DEFINED[one.id]
    withheld = "是" if one.withheld else None
    return (
        *(one.id, defined.name, defined.name_en, one.numerator, one.denominator, one.ratio),
        *(withheld, defined.target, defined.source),
    )


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
        "onewindow_as_of_seconds": [(f'area="{found.area}"', found.as_of.timestamp())],
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
