"""Codes that let whoever holds one review a case without an account; they need no column."""

from enum import StrEnum

from onewindow_shared.contracts.numbers import tracking_code


class CodeSent(StrEnum):
    """How a code comes to the applicant."""

    ON_PAPER = "paper"
    TO_PHONE = "phone"


def review_code(events_secret: str, case_no: str, sent: CodeSent) -> str:
    """Return the code of a case; the services share the key, nobody else can work it out."""
    return tracking_code(f"review-{sent}:{events_secret}".encode(), case_no)


def review_link(public_address: str, case_no: str, code: str) -> str:
    """Return the address in a QR code: what stands behind the `#` is sent to no server."""
    return f"{public_address}/reviews#{case_no}.{code}"
