"""What is logged while people's data is being worked on: everything but the data."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.logging_process import NAME, NUMBER, PHONE

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def output(url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared.logging_process", url],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout + done.stderr


def test_a_line_says_what_happened_without_personal_data(output: str) -> None:
    for personal in (NAME, NUMBER, PHONE, NUMBER[6:14], "cursor=", "phone=", "defect/1"):
        assert personal not in output
    lines: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    assert {line["service"] for line in lines} == {"sample"}
    answered = [(line["route"], line["status"]) for line in lines if line["event"] == "request"]
    things = "/api/sample/v1/things"
    assert answered == [
        (things, 422),
        ("/api/sample/v1/defect/{secret}", 500),
        ("unrouted", 404),
        (things, 201),
        (things, 409),
        (things, 500),
        (things, 422),
        (f"{things}/{{number}}", 428),
    ]
    failed = [line for line in lines if line["event"] in ("request failed", "failed")]
    assert len(failed) == 4
    for line in failed:
        assert line["exception"][0]["at"], "where it happened is kept"
