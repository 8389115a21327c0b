"""What officers write in free words about a case lies sealed, and is read by whoever may read the case."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from casework.office import Office, furnished, open_office
from conftest import FreshDatabase
from onewindow_casework.app import SERVICE
from onewindow_casework.reviews.models import Review
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.privacy import new_key_ring
from onewindow_shared.plumbing.sealed import reencrypt
from onewindow_shared.plumbing.unit import Unit
from testkit.api import SECRETS, environment
from testkit.databases import everything

WORDS = "王小红住院，由其子王小明代收"
NOTICE = {"method": "post", "proof": WORDS}


def written_about(office: Office) -> str:
    """Suspend, resume and extend a case, and take it back, each for a reason that names somebody."""
    case_no = office.started()
    hearing = {"procedure": "hearing", "days": 5, "reason": WORDS, "notice": NOTICE}
    office.must(office.agent, "suspension", case_no, hearing)
    office.must(office.agent, "resumption", case_no, {"result": WORDS})
    office.must(office.admin, "extension", case_no, {"days": 5, "reason": WORDS, "notice": NOTICE})
    office.must(office.agent, "withdrawal", case_no, {"acting": "applicant", "reason": WORDS})
    return case_no


def read_again(office: Office, case_no: str) -> Iterator[str]:
    clock = office.read(f"cases/{case_no}/clock", office.agent)
    yield from (clock["extension"]["reason"], *(pause["reason"] for pause in clock["pauses"]))
    notes = [one["note"] for one in office.read(f"cases/{case_no}/timeline", office.agent)["items"]]
    yield from (note for note in notes[3:] if note is not None)


def url_of(office: Office) -> str:
    return office.api.runtime.settings.database_url.get_secret_value()


def test_the_words_of_officers_lie_open_nowhere(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    case_no = written_about(office)
    assert list(read_again(office, case_no)) == [WORDS] * 6
    lying = everything(url_of(office))
    assert case_no in lying
    logged = capfd.readouterr()
    assert WORDS not in lying + logged.out + logged.err


def test_words_are_sealed_again_under_a_newer_key(fresh_database: FreshDatabase) -> None:
    url, old = fresh_database("casework", furnished), SECRETS["data_keys"]
    with open_office(url) as office:
        case_no = written_about(office)
    newest = f"2{new_key_ring().removeprefix('1')}"
    with open_office(url, data_keys=f"{newest},{old}") as office:
        assert office.api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)) == 10
    with open_office(url, data_keys=newest) as office:
        assert list(read_again(office, case_no)) == [WORDS] * 6


def test_words_that_lay_open_are_sealed_by_the_migration(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = written_about(office)
    for name, value in environment(office.api.runtime.settings).items():
        monkeypatch.setenv(name, value)
    migrate("casework", url_of(office), down_to="0021_departments_told")
    assert everything(url_of(office)).count(WORDS) == 9
    migrate("casework", url_of(office))
    assert WORDS not in everything(url_of(office))
    assert list(read_again(office, case_no)) == [WORDS] * 6


def test_reviews_from_before_are_of_the_handling_that_stands_and_keep_their_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = office.closed(), office.closed()
    office.api.clock.now = datetime(2026, 11, 24, 17, tzinfo=UTC)
    office.review(office.clerk, bad, level=1, comment=WORDS)
    office.review(office.clerk, good, level=5)
    columns = (
        *(Review.case_no, Review.community, Review.department, Review.item_code, Review.officer),
        *(Review.handling, Review.level, Review.rated_on, Review.since),
    )

    def kept(unit: Unit) -> list[Any]:
        return [tuple(row) for row in unit.session.execute(select(*columns).order_by(Review.id))]

    before = office.api.system(kept)
    assert [row[7] for row in before] == [date(2026, 11, 25)] * 2, "one in the morning in China"
    for name, value in environment(office.api.runtime.settings).items():
        monkeypatch.setenv(name, value)
    migrate("casework", url_of(office), down_to="0028_supervision")
    migrate("casework", url_of(office))
    assert office.api.system(kept) == before
    assert office.read(f"cases/{bad}/review", office.clerk)["comment"] == WORDS
    assert WORDS not in everything(url_of(office))
