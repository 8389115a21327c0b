"""A service that cannot start says why, without repeating what it was given."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from onewindow_shared.plumbing import service
from onewindow_shared.plumbing.privacy import BadKeys
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.service import create_app
from onewindow_shared.plumbing.settings import Misconfigured
from shared import sample
from testkit.api import People, running, settings_for


def failing(error: Exception) -> Any:
    @asynccontextmanager
    async def extension(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        raise error
        yield

    def made(app: FastAPI, runtime: Runtime) -> AbstractAsyncContextManager[None]:
        return extension(app, runtime)

    return made


def start(url: str, error: Exception | None = None, **more: Any) -> list[Any]:
    """Start the sample service, which fails; return what was logged."""
    failing_one = replace(sample.SERVICE, extension=failing(error)) if error else sample.SERVICE
    app = create_app(failing_one, settings_for(failing_one, url, **more), verifier=People(), background=False)
    kinds = type(error) if error else BadKeys
    with capture_logs() as lines, pytest.raises(kinds), TestClient(app):
        raise AssertionError("it started")
    return [line for line in lines if line["event"] == "start failed"]


def test_what_is_wrong_with_the_settings_is_told(url: str) -> None:
    (line,) = start(url, Misconfigured("set the sender of codes"))
    assert (line["why"], line["exc_info"]) == ("set the sender of codes", True)


def test_keys_that_cannot_be_used_are_told(url: str) -> None:
    (line,) = start(url, data_keys="no key at all")
    assert line["why"].startswith("key ring")
    assert "no key at all" not in line["why"]


def test_of_any_other_error_only_type_and_place_are_logged(url: str) -> None:
    (line,) = start(url, LookupError("330902 and a name"))
    assert "why" not in line
    assert line["exc_info"]


def test_no_proxy_of_the_environment_comes_between_services(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    made = mock.Mock(side_effect=httpx2.AsyncClient)
    with mock.patch.object(service, "httpx2", mock.Mock(AsyncClient=made)), running(sample.SERVICE, url):
        assert made.call_args.kwargs["trust_env"] is False
