"""What the district's indicators mean (rules C5)."""

from onewindow_gateway.metrics.counters import COUNTED as COUNTERS
from onewindow_gateway.metrics.defining import index
from onewindow_gateway.metrics.measured import MEASURED
from onewindow_gateway.metrics.of_admission import ADMISSION, DISCLOSURE, MONEY
from onewindow_gateway.metrics.of_cases import CASES
from onewindow_gateway.metrics.of_volunteers import VOLUNTEERS
from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.indicators import Counter, Definition
from onewindow_shared.contracts.metrics import OWNERS

COUNTED: tuple[Definition, ...] = (*CASES, *ADMISSION, *MEASURED, *MONEY, *DISCLOSURE, *VOLUNTEERS)


def counters() -> list[Counter]:
    """Return what each counter counts, in words."""
    return [
        Counter(metric=metric, name=zh, name_en=en, service=OWNERS[metric])
        for metric, (zh, en) in COUNTERS.items()
    ]


def definitions_of(settings: Settings) -> tuple[Definition, ...]:
    """Return what this district measures: what is counted, and the indices that it weighs itself."""
    return (
        *COUNTED,
        index(
            "E1",
            ("社区治理指数", "Index of the communities; residents' satisfaction weighs most"),
            settings.community_index,
            "居民满意度为主要衡量标准: 中发〔2017〕13号; weights: the gateway's community_index",
        ),
        index(
            "E2",
            ("社区工作者评价指数", "Index of the workers; the public's satisfaction weighs over half"),
            settings.worker_index,
            "群众满意度占主要权重: 中发〔2017〕13号; weights: the gateway's worker_index",
        ),
    )
