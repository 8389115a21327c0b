"""What no file of the project may contain, because it is of a machine, of a registry, or unfinished."""

import re

from guards.suite import ROOT, tracked

GENERATED = {"requirements.lock", "package-lock.json"}


def joined(*parts: str) -> str:
    """Return a word that this file itself does not contain."""
    return re.escape("".join(parts))


HOSTS = (("py", "pi.org"), ("python", "hosted.org"), ("registry.", "npm"), ("proxy.", "golang"))
HOMES = (("ro", "ot"), ("ho", "me"), ("wo", "rk"))
MARKS = (("TO", "DO"), ("FIX", "ME"), ("X", "XX"))

FORBIDDEN = {
    "a registry's address": "|".join(joined(*host) for host in HOSTS),
    "a path of one machine": rf"(?<![\w./-])/(?:{'|'.join(joined(*home) for home in HOMES)})/\w",
    "unfinished work": rf"\b(?:{'|'.join(joined(*mark) for mark in MARKS)})\b",
    "an issue by its number": r"(?i)\bissue\s*#?\d",
    "a conflict of versions": r"(?m)^(?:<{7}|>{7}) ",
}


def test_no_file_contains_what_does_not_belong_to_the_project() -> None:
    found = []
    for file in tracked():
        if file.name in GENERATED:
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in FORBIDDEN.items():
            found += [f"{file.relative_to(ROOT)}: {what}: {hit[0]}" for hit in re.finditer(pattern, text)]
    assert not found
