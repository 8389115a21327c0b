"""What routes of this service need besides `Run`: the terms of registering, and the identity check."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import structlog
from fastapi import FastAPI, Request

from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.contracts.volunteers import GuardianIn, RegistrationIn
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.runtime import Run, Runtime, runtime_of
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.unit import system_actor
from onewindow_volunteers.people import service
from onewindow_volunteers.people.rules import IdentityCheck, Verdict, Verification
from onewindow_volunteers.people.service import Terms
from onewindow_volunteers.settings import Settings

log = structlog.get_logger()


class NumberAlone:
    """Asks nobody: a number that passes its own check of form, check digit and birth date proves no name."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    async def compare(self, name: str, document: IdDocument) -> Verdict:
        """Find the same of everybody."""
        del name, document
        return self._verdict


@asynccontextmanager
async def number_alone(settings: ServiceSettings) -> AsyncIterator[IdentityCheck]:
    """Open the check that asks nobody: it matches in the embedded run, and is unsure everywhere else."""
    yield NumberAlone(Verdict.MATCHES if settings.embedded else Verdict.UNSURE)


@asynccontextmanager
async def with_identity_check(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Keep the site's identity check open as long as the application lives."""
    settings = cast("Settings", runtime.settings)
    async with settings.identity_check(settings) as check:
        app.state.identity_check = check
        yield


def beyond_ones_own(run: Run) -> Run:
    """Return a way to rows that carry no account yet, or another's: the phone that they name decides."""
    return replace(run, actor=replace(run.actor, scope=system_actor(run.runtime.name).scope))


async def terms_of(request: Request) -> Terms:
    """Return what this district asks of those who register."""
    settings = cast("Settings", runtime_of(request).settings)
    return Terms(
        settings.ages,
        settings.identity_checks_per_day,
        settings.events_secret.get_secret_value(),
    )


async def identify(request: Request, run: Run, terms: Terms, form: RegistrationIn) -> Verdict:
    """Check the identities of a form that is right otherwise; raise `Invalid` where they differ."""
    settings = cast("Settings", runtime_of(request).settings)
    if settings.verification is Verification.COMMUNITY:
        return Verdict.UNSURE
    await run.write(service.ask, terms, form)
    verdict = await _compared(request.app.state.identity_check, settings.identity_check_seconds, form)
    if verdict is Verdict.DIFFERS:
        await run.write(service.refuse, form)
        raise invalid({"id_document": "name and document do not belong together"})
    return verdict


async def _compared(check: IdentityCheck, seconds: float, form: RegistrationIn) -> Verdict:
    """Ask for the person and the guardian; the worst answer counts."""
    people: list[RegistrationIn | GuardianIn] = [form, form.guardian] if form.guardian else [form]
    try:
        async with asyncio.timeout(seconds):
            found = {await check.compare(person.name, person.id_document) for person in people}
    except Exception as error:  # noqa: BLE001 - whatever failed, the window can still verify
        log.warning("identity check failed", error=type(error).__name__)
        return Verdict.UNSURE
    return next(verdict for verdict in (Verdict.DIFFERS, Verdict.UNSURE, Verdict.MATCHES) if verdict in found)
