"""Nothing is published that nobody takes, and nobody waits for what is never published."""

import ast
import re
from functools import cache

import pytest

from guards.suite import SERVICES, each_service, service, sources
from onewindow_shared.contracts import events
from onewindow_shared.contracts.events import Payload

PAYLOADS = {
    kind.__name__: kind
    for kind in vars(events).values()
    if isinstance(kind, type) and kind in Payload.__subclasses__()
}
each_payload = pytest.mark.parametrize("payload", PAYLOADS)


@cache
def calls(name: str) -> frozenset[str]:
    """Return every word of what a service's sources call."""
    return frozenset(
        word
        for source in sources(name)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        for word in ast.unparse(node.func).split(".")
    )


def publishers(payload: str) -> set[str]:
    """Services whose sources make a payload of this kind."""
    return {name for name in SERVICES if payload in calls(name)}


@each_payload
def test_every_subscriber_has_a_handler(payload: str) -> None:
    kind = PAYLOADS[payload]
    assert kind.subscribers
    for name in kind.subscribers:
        assert kind in service(name).handlers


@each_payload
def test_somebody_publishes_it_and_sends_it_to_all_who_subscribe(payload: str) -> None:
    found = publishers(payload)
    assert found
    for name in found:
        assert set(PAYLOADS[payload].subscribers) - {name} <= set(service(name).destinations)


@each_service
def test_a_service_handles_only_what_is_sent_to_it(name: str) -> None:
    for kind in service(name).handlers:
        assert name in kind.subscribers


@each_service
def test_a_service_sends_only_where_something_goes(name: str) -> None:
    sent = {kind for kind in PAYLOADS if name in publishers(kind)}
    reached = {where for kind in sent for where in PAYLOADS[kind].subscribers if where != name}
    assert set(service(name).destinations) == reached


def test_names_are_of_one_form_and_unique() -> None:
    names = [kind.type for kind in PAYLOADS.values()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+\.[a-z]+\.v[0-9]+", name) for name in names)


@each_payload
def test_a_key_fits_its_column(payload: str) -> None:
    key = vars(PAYLOADS[payload]).get("key")
    assert key is not None, "a partition key of its own"
