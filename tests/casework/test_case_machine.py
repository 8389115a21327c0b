"""The life of a case under commands that several people give at once: a machine that looks for a way to break it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from casework.office import Office
from casework.test_case_histories import NOTICE
from onewindow_shared.contracts.lifecycle import ENDS, MOVES, CaseStatus

COMMANDS: dict[str, tuple[str, Any]] = {
    "claim": ("agent", None),
    "start": ("agent", None),
    "suspension": ("agent", {"procedure": "hearing", "days": 2, "reason": "听证", "notice": NOTICE}),
    "resumption": ("agent", {"result": "听证结束"}),
    "extension": ("admin", {"days": 3, "reason": "案情复杂", "notice": NOTICE}),
    "decision": ("officer", {"outcome": "grant"}),
    "delivery": ("clerk", {"method": "pick_up", "proof": "签收"}),
    "closure": ("clerk", {}),
    "withdrawal": ("clerk", {}),
    "reopening": ("admin", {"reason": "发现新的证据"}),
}
PATHS = {(move.source, move.target) for move in MOVES}

commands = st.sampled_from(sorted(COMMANDS))


class CaseMachine(RuleBasedStateMachine):
    """One case: everybody who commands it saw the same version, and at most one of them is obeyed."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.case_no = ""
        self.obeyed = 1

    @initialize()
    def accepted(self) -> None:
        self.case_no, self.obeyed = self.office.accepted(), 1

    @rule(command=commands)
    def one_commands(self, command: str) -> None:
        self.give([command])

    @rule(volley=st.lists(commands, min_size=2, max_size=3))
    def several_command_at_once(self, volley: list[str]) -> None:
        self.give(volley)

    @rule()
    def it_is_worked_on(self) -> None:
        """Go on as people do, so that the far states are reached too."""
        for command in ("claim", "start", "resumption", "decision", "delivery", "closure"):
            self.give([command])

    def give(self, volley: list[str]) -> None:
        seen = self.office.case(self.case_no)["version"]

        def send(command: str) -> int:
            who, body = COMMANDS[command]
            return self.office.do(
                getattr(self.office, who), command, self.case_no, body, seen=seen
            ).status_code

        with ThreadPoolExecutor(len(volley)) as pool:
            answers = list(pool.map(send, volley))
        assert set(answers) <= {200, 403, 409, 412}, (volley, answers)
        assert answers.count(200) <= 1
        self.obeyed += answers.count(200)

    @invariant()
    def its_life_is_one_of_the_table(self) -> None:
        if not self.case_no:
            return
        entries = self.office.read(f"cases/{self.case_no}/timeline?limit=200", self.office.admin)["items"]
        states = [CaseStatus(entry["status"]) for entry in entries]
        assert {step for step in pairwise(states) if step[0] is not step[1]} <= PATHS
        case = self.office.case(self.case_no)
        assert (case["version"], case["status"]) == (len(entries), states[-1])
        assert len(entries) == self.obeyed, "each command that was obeyed is written down once"
        assert (case["decision"] is not None) == (states[-1] in {"decided", "delivered", "closed"})

    def teardown(self) -> None:
        assert self.office.figures() == self.office.recounted()
        if self.case_no and CaseStatus(self.office.case(self.case_no)["status"]) in ENDS:
            assert self.office.api.tick() == 0


def test_no_commands_given_at_once_break_the_life_of_a_case(office: Office) -> None:
    class OfThisOffice(CaseMachine):
        def __init__(self) -> None:
            super().__init__(office)

    run_state_machine_as_test(OfThisOffice, settings=settings(max_examples=6, stateful_step_count=8))
