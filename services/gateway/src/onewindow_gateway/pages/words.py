"""The one table of what problems are called on pages; the built pages read the same file."""

import json
from collections.abc import Mapping
from functools import cache

from onewindow_gateway.pages.showing import HERE
from onewindow_shared.plumbing.problems import URN


@cache
def problem_words() -> Mapping[str, str]:
    """Return what each type of problem is called in Chinese, by the last part of its name."""
    words: Mapping[str, str] = json.loads((HERE / "words.json").read_text(encoding="utf-8"))["problems"]
    return words


def words_of(problem: bytes) -> tuple[str, str] | None:
    """Return a problem's name in Chinese and English, or None for a body that is no known problem."""
    try:
        said = json.loads(problem)
        return problem_words()[said["type"].removeprefix(URN)], said["title"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
