"""Issued documents as rows, with the number, the code and the address that follow from them."""

import base64
import hashlib
import hmac
from typing import Any

from pydantic import TypeAdapter

from onewindow_intake.papers.models import DOCUMENT, TOKEN
from onewindow_intake.papers.rules import KINDS
from onewindow_shared.contracts.documents_issued import AnyDocument, DocumentKind
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.plumbing.privacy import Vault

CODES = "papers"
"""What the key of verification codes is derived for."""
TOKEN_BYTES = 16
_DOCUMENT: TypeAdapter[AnyDocument] = TypeAdapter(AnyDocument)


def number_of(case_no: str, kind: DocumentKind, issue: int) -> str:
    """Return the number of a paper."""
    return f"{case_no}-{KINDS[kind][0]}{issue}"


def code_of(vault: Vault, number: str) -> str:
    """Return the code that stands on a paper beside its number."""
    return tracking_code(vault.derive(CODES), number)


def token_of(vault: Vault, number: str) -> str:
    """Return the last part of the address in the QR code; it cannot be worked out without the key."""
    digest = hmac.digest(vault.derive(TOKEN), number.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).rstrip(b"=").decode()


def row(vault: Vault, document: AnyDocument, issue: int) -> dict[str, Any]:
    """Write down an issued document."""
    number = number_of(document.case_no, document.kind, issue)
    content = document.model_dump_json()
    return {
        "number": number,
        "case_no": document.case_no,
        "kind": document.kind,
        "issue": issue,
        "token_index": vault.blind_index(token_of(vault, number), purpose=TOKEN),
        "document_sealed": vault.seal(content, purpose=DOCUMENT),
        "content_hash": hashlib.sha256(content.encode()).hexdigest(),
        "issued_at": document.issued_at,
        "issued_by": document.issued_by,
    }


def opened(vault: Vault, token: str) -> AnyDocument:
    """Return what an issued document says."""
    return _DOCUMENT.validate_json(vault.open(token, purpose=DOCUMENT))
