"""Cases that a window made offline: the same ones result however often and in whatever order they are sent."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from intake.conftest import Open
from intake.window import INSTANT, NO_PAPERS, Answer, Somebody, form, on, person, somebody
from onewindow_intake.cases.models import Case, OfflineCase
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.batches import MOST_CASES
from onewindow_shared.plumbing.idempotency import IdempotencyRecord
from testkit.api import KAIYUAN, XIAN, Api

CLIENT = "window-app-0001"
MADE = "2026-11-23T09:00:00+08:00"
NOW = "2026-11-23T09:30:00+08:00"
GIVEN = {"purpose": "case_handling", "given": True}
CREATED, THERE, REFUSED = "created", "already_there", "refused"


def entry(serial: int, made_at: str = MADE, **change: Any) -> dict[str, Any]:
    case = form(serial=serial, **{"item": NO_PAPERS, **change})
    return {"client_id": f"case-{serial:06d}", "made_at": made_at, "case": case}


def sent(who: Somebody, *entries: Any, at: str = NOW, client: str = CLIENT) -> Answer:
    return who.post("case-batches", {"client": client, "sent_at": at, "cases": entries})


def answers(who: Somebody, *entries: Any, **more: str) -> list[dict[str, Any]]:
    answer = sent(who, *entries, **more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


def outcomes(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [answer["outcome"] for answer in found]


def cases(api: Api) -> int:
    return api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(Case)) or 0)


def test_each_entry_gets_its_case_in_the_order_of_the_batch(clerk: Somebody) -> None:
    found = answers(clerk, entry(3), entry(1), entry(2))
    assert [answer["client_id"] for answer in found] == ["case-000003", "case-000001", "case-000002"]
    assert outcomes(found) == [CREATED] * 3
    for answer in found:
        assert answer["tracking_code"]
        assert clerk.case(answer)["received_at"] == answer["received_at"] == "2026-11-23T01:00:00Z"


def test_what_was_decided_offline_is_decided_once(clerk: Somebody) -> None:
    instant = entry(1, item=INSTANT, materials=clerk.papers(INSTANT), decide={"outcome": "grant"})
    slow = entry(2, decide={"outcome": "grant"})
    found = answers(clerk, instant, slow)
    assert outcomes(found) == [CREATED, REFUSED]
    assert found[1]["problem"]["errors"][0]["field"] == "case.decide"
    (again,) = answers(clerk, instant)
    assert (again["case_no"], again["status"]) == (found[0]["case_no"], "closed")
    assert clerk.steps(again) == ["received", "decided_at_once"]


def test_what_was_accepted_offline_was_accepted_in_that_visit(api: Api, clerk: Somebody) -> None:
    api.clock.now = on("2026-11-24T09:30:00")
    friday = entry(1, made_at="2026-11-20T16:00:00+08:00", accept=True)
    instant = entry(2, made_at="2026-11-20T16:30:00+08:00", item=INSTANT, decide={"outcome": "grant"})
    instant["case"]["materials"] = clerk.papers(INSTANT)
    found = answers(clerk, friday, instant, at="2026-11-24T09:30:00+08:00")
    again = answers(clerk, friday, instant, at="2026-11-24T09:30:00+08:00")
    assert [one["accepted_on"] for one in (*found, *again)] == ["2026-11-20"] * 4
    accepted, decided = (clerk.case(one) for one in found)
    told = clerk.posted(item=NO_PAPERS, serial=3, accept=True)
    assert accepted["accepted_at"] == "2026-11-20T08:00:00Z"
    assert accepted["due_on"] < told["due_on"]
    assert (decided["accepted_on"], decided["ended_on"]) == ("2026-11-20", "2026-11-20")
    figures = clerk.get(f"metrics/areas/{XIAN}", **{"from": "2026-11-20", "to": "2026-11-20"}).json()[
        "figures"
    ]
    assert (figures["cases.accepted"], figures["cases.closed_instantly"]) == (2, 1)


def test_an_earlier_case_of_the_same_person_is_named_with_each_answer(clerk: Somebody) -> None:
    first, second = entry(1), {**entry(1), "client_id": "case-000002"}
    found = answers(clerk, first, second, entry(7, applicant=person(7, "李小明")))
    assert outcomes(found) == [CREATED] * 3
    earlier = found[1]["earlier"]
    assert (found[0]["earlier"], found[2]["earlier"]) == (None, None)
    assert (earlier["case_no"], earlier["reasons"]) == (found[0]["case_no"], ["same_document"])
    assert answers(clerk, second)[0]["earlier"] == earlier
    choice = {"decision": "go_on", "earlier": earlier["case_no"], "reason": "另一户"}
    (decided,) = answers(clerk, {**entry(1, duplicate=choice), "client_id": "case-000003"})
    assert (decided["outcome"], decided["earlier"]) == (CREATED, None)


def test_of_an_earlier_case_elsewhere_the_answer_says_only_where_it_lies(
    clerk: Somebody, neighbour: Somebody
) -> None:
    answers(clerk, entry(1))
    (found,) = answers(neighbour, entry(1, community=KAIYUAN), client="window-app-0002")
    told = {name: value for name, value in found["earlier"].items() if value}
    assert (found["outcome"], told) == (CREATED, {"community": XIAN})


def test_what_was_sent_before_is_there_with_the_same_number(api: Api, clerk: Somebody) -> None:
    first = answers(clerk, entry(1), entry(2))
    before = cases(api)
    again = answers(clerk, entry(2), entry(3), entry(1))
    assert outcomes(again) == [THERE, CREATED, THERE]
    assert [again[2]["case_no"], again[0]["case_no"]] == [answer["case_no"] for answer in first]
    assert again[2]["tracking_code"] == first[0]["tracking_code"]
    assert cases(api) == before + 1


def test_it_is_there_even_years_later_and_whoever_sends_it(api: Api, clerk: Somebody) -> None:
    (first,) = answers(clerk, entry(1))
    api.system(lambda unit: unit.session.delete(unit.session.scalars(select(IdempotencyRecord)).all()[-1]))
    api.clock.pass_(days=900)
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.later")
    (again,) = answers(colleague, entry(1))
    assert (again["outcome"], again["case_no"]) == (THERE, first["case_no"])
    assert (again["judged"], again["received_at"]) == (first["judged"], first["received_at"])


def test_names_of_different_clients_have_nothing_to_do_with_each_other(clerk: Somebody) -> None:
    (one,) = answers(clerk, entry(1))
    (other,) = answers(clerk, entry(1), client="window-app-0002")
    assert other["outcome"] == CREATED
    assert one["case_no"] != other["case_no"]


def test_one_bad_entry_refuses_only_itself_and_names_its_fields(clerk: Somebody) -> None:
    wrong = entry(2)
    wrong["case"]["applicant"]["id_document"]["number"] = "330902196504010000"
    wrong["made_at"] = "yesterday"
    late = entry(5, received_at=MADE)
    found = answers(clerk, entry(1), wrong, entry(3, item="no-such-item"), "what", late, entry(4))
    assert outcomes(found) == [CREATED, REFUSED, REFUSED, REFUSED, REFUSED, CREATED]
    fields = [{wrong["field"] for wrong in (a["problem"] or {"errors": []})["errors"]} for a in found]
    assert {"made_at"} < fields[1]
    assert any(field.startswith("case.applicant.id_document") for field in fields[1])
    assert fields[2] == {"case.item_code"}
    assert fields[4] == {"case"}
    assert found[1]["client_id"] == "case-000002"
    assert found[3]["client_id"] is None
    assert "330902196504010000" not in str(found)


def test_a_name_that_was_used_for_something_else_is_refused_and_says_so(clerk: Somebody) -> None:
    answers(clerk, entry(1))
    (found,) = answers(clerk, entry(1, remark="另一件事"))
    assert found["outcome"] == REFUSED
    assert found["case_no"] is None
    assert found["problem"]["type"] == "urn:onewindow:problem:idempotency-key-reused"


def test_twins_in_one_batch_are_one_case(api: Api, clerk: Somebody) -> None:
    before = cases(api)
    found = answers(clerk, entry(1), entry(1), entry(1, remark="另一件事"))
    first_wins = {CREATED: 1, THERE: 1, REFUSED: 1}
    the_other_wins = {CREATED: 1, REFUSED: 2}
    assert Counter(outcomes(found)) in (first_wins, the_other_wins)
    assert cases(api) == before + 1


def test_a_case_of_another_area_is_refused_even_if_it_is_there(api: Api, clerk: Somebody) -> None:
    neighbour = somebody(api, Role.WINDOW_CLERK, KAIYUAN, subject="clerk.kaiyuan")
    (theirs,) = answers(neighbour, entry(1, community=KAIYUAN))
    found = sent(clerk, entry(1, community=KAIYUAN), entry(2))
    assert outcomes(found.json()["entries"]) == [REFUSED, CREATED]
    assert theirs["case_no"] not in found.text


def test_only_windows_and_agents_hand_in_batches(api: Api, resident: Somebody) -> None:
    assert sent(resident, entry(1)).status_code == 403
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")
    assert outcomes(answers(agent, entry(1))) == [CREATED]


def test_a_batch_has_a_size(clerk: Somebody) -> None:
    assert sent(clerk).status_code == 422
    assert sent(clerk, *["what"] * (MOST_CASES + 1)).status_code == 422
    assert outcomes(answers(clerk, *["what"] * MOST_CASES)) == [REFUSED] * MOST_CASES


SENDINGS = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=6), min_size=1, max_size=6)
_run = iter(range(10_000))


@given(SENDINGS)
@settings(max_examples=25)
def test_batches_in_any_order_repeated_and_overlapping_give_the_same_cases(
    api: Api, clerk: Somebody, sendings: list[list[int]]
) -> None:
    client = f"property-{next(_run):06d}"
    before = cases(api)
    numbers: dict[str, set[str]] = {}
    created = 0
    for places in sendings:
        found = answers(clerk, *(entry(place) for place in places), client=client)
        assert REFUSED not in outcomes(found)
        created += outcomes(found).count(CREATED)
        for answer in found:
            numbers.setdefault(answer["client_id"], set()).add(answer["case_no"])
    handed_in = {place for places in sendings for place in places}
    assert len(numbers) == len(handed_in) == created == cases(api) - before
    assert all(len(several) == 1 for several in numbers.values())


def test_overlapping_batches_at_once_give_the_same_cases(api: Api, clerk: Somebody) -> None:
    before = cases(api)
    pieces = [range(90), range(45, 130), range(100, 140), range(20, 60)]

    async def together() -> list[Any]:
        calls = [asyncio.to_thread(answers, clerk, *map(entry, piece)) for piece in pieces]
        return list(await asyncio.gather(*calls))

    found = [answer for several in asyncio.run(together()) for answer in several]
    assert REFUSED not in outcomes(found)
    assert len({(answer["client_id"], answer["case_no"]) for answer in found}) == 140
    assert outcomes(found).count(CREATED) == cases(api) - before == 140
    kept = api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(OfflineCase)))
    assert kept == 140


def test_two_processes_with_overlapping_batches_give_the_same_cases(
    quiet_api: Api, open_service: Open
) -> None:
    with open_service() as other_api:
        desks = [
            somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian") for api in (quiet_api, other_api)
        ]

        for desk in desks:  # a route is built at its first request, and not by two threads at once
            assert sent(desk).status_code == 422

        async def together() -> list[Any]:
            calls = [
                asyncio.to_thread(answers, desk, *map(entry, piece))
                for desk, piece in zip(
                    desks * 2, (range(60), range(80), range(40, 100), range(30, 90)), strict=True
                )
            ]
            return list(await asyncio.gather(*calls))

        found = [answer for several in asyncio.run(together()) for answer in several]
    assert REFUSED not in outcomes(found)
    assert len({(answer["client_id"], answer["case_no"]) for answer in found}) == 100
    assert outcomes(found).count(CREATED) == cases(quiet_api) == 100
