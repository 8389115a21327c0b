"""Documents that a scanner looks at before anybody reads them."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from intake.conftest import Open
from intake.uploads import PDF, PHOTO, files, job, kept, read, settings
from intake.window import somebody
from onewindow_intake.app import SERVICE
from onewindow_intake.documents import tending
from onewindow_intake.documents.models import Content
from onewindow_intake.settings import Settings
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.migrations import migrate
from testkit.api import XIAN, Api, settings_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def scanning_api(open_furnished: Open, folder: Path, tmp_path: Path) -> Iterator[Api]:
    """A service with a scanner: it knows one virus, and fails while a file says so."""
    script = tmp_path / "scanner.py"
    script.write_text(
        "import pathlib, sys\n"
        "content = sys.stdin.buffer.read()\n"
        f"sys.exit(2 if pathlib.Path({str(tmp_path / 'down')!r}).exists() else int(b'EICAR' in content))\n"
    )
    command = (sys.executable, str(script))
    with open_furnished(**settings(folder), scan_command=command) as api:
        yield api


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("/opt/scan.sh", ("/opt/scan.sh",)),
        ("'/opt/my scan.sh'  --fdpass -", ("/opt/my scan.sh", "--fdpass", "-")),
        ('["/opt/my scan.sh", "-"]', ("/opt/my scan.sh", "-")),
        ("", ()),
    ],
)
def test_a_scanner_is_named_as_in_a_shell_or_as_a_list(
    monkeypatch: pytest.MonkeyPatch, said: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ONEWINDOW_SCAN_COMMAND", said)
    found = settings_for(SERVICE, "sqlite://")
    assert isinstance(found, Settings)
    assert found.scan_command == command


@pytest.mark.parametrize("said", ["'/opt/scan.sh", "[1, 2", "[1]"])
def test_a_scanner_that_is_not_understood_is_named(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("ONEWINDOW_SCAN_COMMAND", said)
    with pytest.raises(ValidationError, match="scan_command"):
        settings_for(SERVICE, "sqlite://")


def test_nothing_is_handed_out_before_it_is_known_to_be_clean(scanning_api: Api, tmp_path: Path) -> None:
    clerk = somebody(scanning_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    case = clerk.posted()
    clean, bad = kept(clerk, case), kept(clerk, case, PDF + b"EICAR", "b.pdf")
    assert read(clerk, clean).json()["scan"] == "waiting"
    (tmp_path / "down").touch()
    assert job(scanning_api, "scan") == 1
    assert read(clerk, clean).status_code == 409
    (tmp_path / "down").unlink()
    scanning_api.clock.pass_(seconds=5)
    while job(scanning_api, "scan"):
        pass
    assert read(clerk, clean).content == PHOTO
    refused = read(clerk, bad)
    assert (refused.status_code, refused.json()["scan"]) == (409, "infected")
    listed = clerk.get(f"cases/{case['case_no']}/documents").json()["items"]
    withheld = {one["document_id"]: one["withheld_at"] for one in listed}
    assert withheld[clean["document_id"]] is None
    assert datetime.fromisoformat(withheld[bad["document_id"]]) == scanning_api.clock.now


def test_since_when_a_file_from_before_is_withheld_is_known_from_the_audit(scanning_api: Api) -> None:
    clerk = somebody(scanning_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    case = clerk.posted()
    kept(clerk, case, PDF + b"EICAR", "b.pdf")
    found_at = scanning_api.clock.now
    assert job(scanning_api, "scan") == 1
    url = scanning_api.runtime.settings.database_url.get_secret_value()
    scanning_api.clock.pass_(days=1)
    migrate("intake", url, down_to="0037_imports_assume")
    migrate("intake", url)
    (listed,) = clerk.get(f"cases/{case['case_no']}/documents").json()["items"]
    assert datetime.fromisoformat(listed["withheld_at"]) == found_at


def test_a_scanner_that_said_nothing_takes_back_no_verdict(scanning_api: Api) -> None:
    """Two processes may ask about one content at once."""
    clerk = somebody(scanning_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    bad = kept(clerk, clerk.posted(), PDF + b"EICAR", "b.pdf")
    content = scanning_api.system(lambda unit: unit.session.scalars(select(Content.id)).one())
    scanning_api.system(tending.scanned, content, Scan.INFECTED)
    scanning_api.system(tending.scanned, content, Scan.WAITING)
    assert read(clerk, bad).json()["scan"] == "infected"


def test_a_store_that_is_away_is_no_answer_of_the_scanner(scanning_api: Api, folder: Path) -> None:
    clerk = somebody(scanning_api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    document = kept(clerk, clerk.posted())
    for file in files(folder):
        file.unlink()
    assert job(scanning_api, "scan") == 1
    assert read(clerk, document).json()["scan"] == "waiting"
