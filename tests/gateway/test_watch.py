"""What `make watch` shows fits a terminal of eighty columns."""

import io

import httpx2
import pytest
from rich.console import Console

from onewindow_gateway.metrics.definitions import COUNTED
from onewindow_gateway.metrics.rules import merge
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.metrics import OWNERS, ServiceFigures
from testkit.api import MONDAY
from watch import Watch
from watching import Session


@pytest.mark.parametrize("formulas", [False, True])
def test_ids_and_numbers_take_one_line(formulas: bool) -> None:
    day = MONDAY.date()
    counted = {
        service: ServiceFigures(
            area="330902",
            period_from=day,
            period_to=day,
            figures={metric: 123_456 for metric, owner in OWNERS.items() if owner == service},
            population=500_030,
            as_of=MONDAY,
        )
        for service in BEHIND
    }
    said = merge(COUNTED, "330902", (day, day), counted, None).model_dump(mode="json")
    with httpx2.Client() as client:
        watch = Watch(Session(client, "client.dashboard", ""), "330902", formulas=formulas)
    watch.whole.said = said | {"compared": [{"indicators": said["indicators"]}]}
    watch.meanings.said = {"definitions": [one.model_dump(mode="json") for one in COUNTED]}
    watch.below.said = {"parts": []}
    paper = io.StringIO()
    Console(width=120 if formulas else 80, file=paper).print(*watch.tables())
    lines = paper.getvalue().splitlines()
    assert all(any(one.id in line for line in lines) for one in COUNTED)
    shares = [one for one in COUNTED if one.denominator is not None and one.percentile is None]
    assert sum("123456/123456" in line for line in lines) == len(shares)
    assert any("÷" in line for line in lines) is formulas
