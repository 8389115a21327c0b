"""Routes of one-time codes."""

import secrets
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Response

from onewindow_gateway.codes import service
from onewindow_gateway.deps import Gateway, at_the_door, gateway_of
from onewindow_gateway.sessions.api import NO_STORE, signed, tokens
from onewindow_gateway.sessions.service import SignInRefused
from onewindow_gateway.sms import NotDelivered
from onewindow_shared.contracts.accounts import CodeRequest, CodeRequested, CodeSignIn, PhoneProof, TokenOut
from onewindow_shared.plumbing.problems import Invalid, Unavailable, problems
from onewindow_shared.plumbing.runtime import Run

router = APIRouter(prefix="/auth", tags=["sign-in"])
Held = Annotated[Gateway, Depends(gateway_of)]
log = structlog.get_logger()


@router.post(
    "/otp", status_code=202, summary="Ask for a one-time code", responses=problems(Unavailable, Invalid)
)
async def request_code(
    body: CodeRequest, gateway: Held, run: Run = at_the_door("it is the way to sign in")
) -> CodeRequested:
    """Send a code to a phone by SMS.

    The answer is the same for every phone, with or without an account, also where no code is sent because
    the last one is too young or the day's are used up.
    """
    settings, counted = gateway.settings, service.index_of(run.runtime.vault, body.phone)
    if gateway.codes_sent.may(counted):
        code = await run.write(service.issue, body.phone, settings)
        if code is not None:
            gateway.codes_sent.take(counted)
            await _send(gateway, run, body.phone, code)
    return CodeRequested(expires_in=settings.otp_seconds, retry_after=settings.otp_pause_seconds)


async def _send(gateway: Gateway, run: Run, phone: str, code: str) -> None:
    try:
        await gateway.sender.send(phone, code, gateway.settings.otp_seconds)
    except NotDelivered as error:
        log.warning("code not delivered", error=str(error))
        await run.write(service.withdraw, phone)
        raise Unavailable(detail="Codes cannot be sent at the moment.", retry_after=5) from None


@router.post("/otp/verify", summary="Sign in by code", responses=problems(SignInRefused, Invalid))
async def verify_code(
    body: CodeSignIn, response: Response, gateway: Held, run: Run = at_the_door("it is the way to sign in")
) -> TokenOut:
    """Sign in with the code that was sent; it works once, and only for a few guesses."""
    response.headers.update(NO_STORE)
    return tokens(gateway, await run.write(service.redeem, body.phone, body.code, gateway.settings))


@router.post("/otp/proof", summary="Prove a phone", responses=problems(SignInRefused, Invalid))
async def prove_phone(
    body: CodeSignIn,
    response: Response,
    gateway: Held,
    run: Run = at_the_door("it proves a phone without an account"),
) -> PhoneProof:
    """Exchange the code that was sent for a token that proves the phone and opens nothing else.

    No account is made and no session opened; the token lasts as long as an access token.
    """
    response.headers.update(NO_STORE)
    identity = await run.write(service.prove, body.phone, body.code, gateway.settings)
    if identity is None:
        raise SignInRefused
    now = gateway.settings.clock()
    token = signed(gateway, identity, secrets.token_urlsafe(12), now)
    return PhoneProof(access_token=token, expires_in=gateway.settings.access_token_seconds)
