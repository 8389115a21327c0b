"""The volunteers service answers as its description says."""

from collections.abc import Iterator

import pytest
from schemathesis import GenerationMode

from contracts.places import Place
from contracts.playing import EXAMPLES, opened, operations, play
from guards.suite import description

NAME = "volunteers"
OPERATIONS = operations(description(NAME))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with opened(NAME, tmp_path_factory.mktemp(NAME)) as running:
        yield running


@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_is_described(place: Place, label: str, mode: GenerationMode) -> None:
    play(place, OPERATIONS[label], mode, EXAMPLES[mode])
