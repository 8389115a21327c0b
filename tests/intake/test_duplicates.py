"""The same person and item again is pointed out before it is posted, and the window's choice is kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, insert, select, text

from intake.conftest import Open
from intake.window import ITEM, Somebody, form, person, somebody, wrong_fields
from onewindow_intake.cases.likes import LIKES
from onewindow_intake.cases.models import Case
from onewindow_intake.duplicates import queries, rules
from onewindow_intake.duplicates.queries import Sought
from onewindow_intake.duplicates.rules import Traits
from onewindow_intake.settings import Settings
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN, Api

Found = dict[str, Any]
DEFAULT = Settings.model_fields["duplicate_likeness"].default
ABROAD = "330903001001"
ADDRESS = "定海区昌国街道西安社区昌国路61号301室"
TWO = {"decision": "go_on", "reason": "母女同名，各自申请"}


@pytest.fixture
def strict(open_furnished: Open) -> Iterator[Api]:
    """A district whose windows decide about earlier cases."""
    with open_furnished(duplicates_refused=True) as api:
        yield api


def window(api: Api, area: str = XIAN) -> Somebody:
    return somebody(api, Role.WINDOW_CLERK, area, subject=f"clerk-{area}")


def look(who: Somebody, applicant: Found, item: str = ITEM) -> list[Found]:
    body = {"item_code": item, "community": XIAN, "applicant": applicant}
    answer = who.post("cases/duplicates", body)
    assert answer.status_code == 200, answer.text
    found: list[Found] = answer.json()["cases"]
    return found


def test_only_that_somebody_looked_is_written(strict: Api) -> None:
    window(strict).posted()
    database = strict.runtime.database
    with mock.patch.object(database, "write", wraps=database.write) as written:
        assert look(window(strict), person(1))
    assert [call.args[1].__qualname__ for call in written.call_args_list] == ["Runtime.write.<locals>.work"]


def test_the_same_document_is_pointed_out(strict: Api) -> None:
    clerk = window(strict)
    case = clerk.posted()
    (found,) = look(clerk, person())
    assert (found["case_no"], found["likeness"], found["reasons"]) == (case["case_no"], 1, ["same_document"])
    assert found["applicant"] == "王*芳"
    assert look(clerk, person(2, "李小明")) == []
    assert look(clerk, person(), item="med-peoples-mediation-heping") == []


def test_a_mistyped_person_is_found_by_name_phone_and_address(strict: Api) -> None:
    clerk = window(strict)
    clerk.posted(applicant=person() | {"address": ADDRESS})
    other = person(5, "王桂方") | {"mobile": person()["mobile"], "address": "昌国街道西安社区 昌国路61号301"}
    (found,) = look(clerk, other)
    assert found["reasons"] == ["similar_name", "same_mobile", "similar_address"]
    assert 0.8 <= found["likeness"] < 1
    assert look(clerk, person(7, "王桂芳") | {"mobile": "15957000888"}) == []


def test_a_window_decides_before_it_posts_and_the_choice_is_kept(strict: Api) -> None:
    clerk = window(strict)
    case = clerk.posted()
    refused = clerk.apply(form())
    assert (refused.status_code, refused.json()["earlier"]) == (409, case["case_no"])
    choice = {"decision": "go_on", "earlier": case["case_no"], "reason": "另一处房屋，分别申请"}
    assert clerk.case(clerk.posted(duplicate=choice))["duplicate"] == choice


def test_sent_again_the_first_answer_is_given_and_not_its_own_duplicate(strict: Api) -> None:
    clerk = window(strict)
    first, again = clerk.apply(form(), key="flaky-line"), clerk.apply(form(), key="flaky-line")
    assert (again.status_code, again.content) == (201, first.content)


def test_of_windows_that_post_a_first_case_at_once_all_but_one_are_told_of_it(
    strict: Api, open_service: Open
) -> None:
    with open_service(duplicates_refused=True) as other_process:
        clerks = [window(strict), window(strict), window(other_process), window(other_process)]
        assert {clerk.apply({}).status_code for clerk in clerks} == {422}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda turn: clerks[turn % 4].apply(form()), range(8)))
    (posted,) = (answer.json() for answer in answers if answer.status_code == 201)
    told = [answer.json()["earlier"] for answer in answers if answer.status_code == 409]
    assert told == [posted["case_no"]] * 7


def test_of_a_case_elsewhere_a_window_learns_only_where(strict: Api) -> None:
    case = window(strict, KAIYUAN).posted(community=KAIYUAN)
    clerk = window(strict)
    (found,) = look(clerk, person())
    assert found == {
        "community": KAIYUAN, "case_no": None, "status": None, "received_on": None,
        "applicant": None, "likeness": None, "reasons": [],
    }  # fmt: skip
    refused = clerk.apply(form())
    assert refused.json()["community"] == KAIYUAN
    assert "earlier" not in refused.json()
    assert case["case_no"] not in refused.text


def test_a_window_goes_on_from_a_case_elsewhere_without_its_number(strict: Api) -> None:
    case = window(strict, KAIYUAN).posted(community=KAIYUAN)
    clerk = window(strict)
    choice = {"decision": "go_on", "reason": "已迁入本社区，重新申请"}
    assert wrong_fields(clerk.apply(form(duplicate={**choice, "earlier": case["case_no"]}))) == {
        "duplicate.earlier"
    }
    posted = clerk.posted(duplicate=choice)
    assert clerk.case(posted)["duplicate"] == {**choice, "earlier": None}
    nobody = form(applicant=person(9, "李小明"), duplicate=choice)
    assert wrong_fields(clerk.apply(nobody)) == {"duplicate.earlier"}


def test_a_choice_is_about_a_case_of_this_person_and_item(strict: Api) -> None:
    clerk = window(strict)
    own, others = clerk.posted(), clerk.posted(applicant=person(2, "李小明"))
    another = clerk.posted(item="med-peoples-mediation-heping", materials=[])
    choice = {"decision": "go_on", "reason": "另一处房屋，分别申请"}
    for number in (others["case_no"], another["case_no"], own["case_no"][:-4] + "9999", None):
        refused = clerk.apply(form(duplicate={**choice, "earlier": number}))
        assert wrong_fields(refused) == {"duplicate.earlier"}, number
    clerk.posted(duplicate={**choice, "earlier": own["case_no"]})


def test_a_window_goes_on_from_the_same_person_behind_many_newer_like_ones(
    strict: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a whole home shares an address, or one agent's number stands on every form."""
    monkeypatch.setattr(queries, "MOST", 2)
    clerk = window(strict)
    case = clerk.posted()
    for serial, name in enumerate(("李小明", "陈建国"), start=5):
        clerk.posted(applicant=person(serial, name) | {"mobile": person()["mobile"]})
    refused = clerk.apply(form())
    assert (refused.status_code, refused.json()["earlier"]) == (409, case["case_no"])
    assert look(clerk, person())[0]["case_no"] == case["case_no"]
    clerk.posted(
        duplicate={"decision": "go_on", "earlier": case["case_no"], "reason": "另一处房屋，分别申请"}
    )


def test_a_choice_about_a_like_person_decides_nothing_about_the_same(strict: Api) -> None:
    clerk = window(strict)
    same = clerk.posted()
    twin = person(5, "王桂芳") | {"mobile": person()["mobile"]}
    like = clerk.posted(applicant=twin, duplicate={**TWO, "earlier": same["case_no"]})
    choice = {**TWO, "earlier": like["case_no"]}
    refused = clerk.apply(form(duplicate=choice))
    assert (refused.status_code, refused.json()["earlier"]) == (409, same["case_no"])


def test_districts_learn_nothing_of_each_others_people(strict: Api) -> None:
    area = AreaChanged(code=ABROAD, name="勾山社区", kind=AreaKind.RESIDENTS_COMMITTEE, population=None)
    strict.receive(area, source="casework")
    there, here = window(strict, ABROAD), window(strict)
    there.posted(community=ABROAD)
    assert look(here, person()) == []
    assert [here.apply(form()).status_code for _ in range(2)] == [201, 409]
    body = {"item_code": ITEM, "community": XIAN, "applicant": person()}
    assert there.post("cases/duplicates", body).status_code == 403
    assert len(there.post("cases/duplicates", {**body, "community": ABROAD}).json()["cases"]) == 1


def test_what_came_to_nothing_or_lies_far_back_is_no_duplicate(strict: Api) -> None:
    clerk = window(strict)
    clerk.moved(clerk.posted(), "withdrawal", {})
    assert look(clerk, person()) == []
    clerk.posted()
    strict.clock.pass_(days=91)
    assert look(clerk, person()) == []
    assert clerk.apply(form()).status_code == 201


def test_residents_are_told_of_their_own_and_not_refused(strict: Api) -> None:
    resident = somebody(strict, Role.RESIDENT, subject="r-1")
    window(strict).posted()
    assert look(resident, person()) == []
    case = resident.posted(channel="web")
    assert [one["case_no"] for one in look(resident, person())] == [case["case_no"]]
    assert resident.apply(form(channel="web")).status_code == 201
    choice = {"decision": "go_on", "earlier": case["case_no"], "reason": "另一处房屋"}
    assert wrong_fields(resident.apply(form(channel="web", duplicate=choice))) == {"duplicate"}


def test_a_district_may_only_tell(api: Api, clerk: Somebody) -> None:
    clerk.posted()
    assert clerk.apply(form()).status_code == 201


names = st.text("王桂芳方李明小", min_size=1, max_size=4)
traits = st.builds(
    Traits, names, st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True), st.none() | st.text(max_size=12)
)


@given(traits, traits)
def test_likeness_is_a_share_and_the_same_both_ways(one: Traits, other: Traits) -> None:
    share, _ = rules.likeness(one, other)
    assert 0 <= share <= 1
    assert rules.likeness(other, one)[0] == pytest.approx(share)


@given(traits, traits)
def test_nobody_is_liker_than_the_same(one: Traits, other: Traits) -> None:
    assert rules.likeness(one, other)[0] <= rules.likeness(one, one)[0]


@given(traits)
def test_who_agrees_in_all_is_wholly_alike(one: Traits) -> None:
    there = replace(one, address=ADDRESS)
    assert rules.likeness(there, there)[0] == pytest.approx(1)


SOMEBODY = Traits("王芳", "+8613800138000", ADDRESS)
NO_MOBILE, NEAR_MOBILE = "+8615957000888", "+8613800138001"
NEXT_DOOR = ADDRESS.replace("301", "302")
ELSEWHERE = "定海区昌国街道西安社区人民路88号502室"
SAME_SOUND, OTHER_NAME = "王方", "李小明"
STRANGERS = [
    Traits("王芳", NO_MOBILE, None),
    Traits("王芳", NO_MOBILE, ELSEWHERE),
    Traits("王芳", NEAR_MOBILE, None),
    Traits("王芳", NO_MOBILE, NEXT_DOOR),
    Traits("王芳", NO_MOBILE, "西安社区"),
    Traits(OTHER_NAME, SOMEBODY.mobile, ADDRESS),
]
ALIKE = [
    Traits("王芳", NO_MOBILE, ADDRESS.removeprefix("定海区").replace("室", "")),
    Traits("王芳", NO_MOBILE, ADDRESS),
    Traits("王芳", SOMEBODY.mobile, None),
    Traits("王芳", SOMEBODY.mobile, NEXT_DOOR),
    Traits("王芳", SOMEBODY.mobile, ADDRESS),
]
"""Each agrees in more with somebody than the one before."""


@pytest.mark.parametrize("other", STRANGERS)
def test_a_common_name_alone_points_out_no_stranger(other: Traits) -> None:
    assert rules.likeness(SOMEBODY, other)[0] < DEFAULT


def test_the_more_agrees_the_liker_two_people_are() -> None:
    shares = [rules.likeness(SOMEBODY, other)[0] for other in (STRANGERS[0], STRANGERS[3], *ALIKE)]
    assert shares == sorted(set(shares))
    assert [share >= DEFAULT for share in shares] == [False, False, *[True] * len(ALIKE)]
    by_sound = [rules.likeness(SOMEBODY, replace(other, name=SAME_SOUND))[0] for other in ALIKE]
    assert all(less < more for less, more in zip(by_sound, shares[2:], strict=True))
    assert by_sound[2] >= DEFAULT


def test_a_stranger_of_the_same_name_is_posted_without_a_decision(strict: Api) -> None:
    clerk = window(strict)
    clerk.posted(applicant=person(1, "王芳"))
    for serial, address in ((2, None), (5, ELSEWHERE)):
        stranger = person(serial, "王芳") | {"address": address}
        assert look(clerk, stranger) == []
        assert clerk.apply(form(applicant=stranger)).status_code == 201


def test_looking_for_earlier_cases_passes_over_no_others(strict: Api) -> None:
    """Each way in which a case may be like another has an index, which is used among many of one item."""
    window(strict).posted()
    cases = table_of(Case)

    def many(unit: Unit) -> None:
        case = dict(unit.session.connection().execute(select(cases)).mappings().one())
        del case["id"]
        others = [
            {**case, "case_no": f"7{n:025d}", **dict.fromkeys((*LIKES, "applicant_index"), f"{n:064d}")}
            for n in range(500)
        ]
        unit.session.execute(insert(cases), others)
        unit.session.execute(text("ANALYZE"))

    def plans(unit: Unit) -> list[str]:
        asked: list[Any] = []
        connection = unit.session.connection()

        def seen(*args: Any) -> None:
            asked.append(args[2:4])

        event.listen(connection, "before_cursor_execute", seen)
        whom = Sought(ITEM, XIAN[:6], "0" * 64, dict.fromkeys(LIKES, "0" * 64), Traits("", "", None))
        queries.candidates(unit.session, whom, unit.now)
        queries.possible(unit.session, [whom], [whom], unit.now)
        event.remove(connection, "before_cursor_execute", seen)
        how = "EXPLAIN QUERY PLAN" if unit.dialect == "sqlite" else "EXPLAIN"
        return [str(connection.exec_driver_sql(f"{how} {one}", given).all()) for one, given in asked]

    strict.system(many)
    used = ("ix_cases_applicant_index", *(f"ix_cases_{like}_item" for like in LIKES))
    for told in strict.system(plans):
        assert [name for name in used if name not in told] == [], told
