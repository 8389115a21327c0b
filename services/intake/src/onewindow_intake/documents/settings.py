"""Settings of documents."""

import json
import shlex
from datetime import timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from onewindow_intake.documents.rules import Terms
from onewindow_intake.documents.store import MEMORY, Store, open_store
from onewindow_shared.plumbing.settings import ServiceSettings

MIB = 1024 * 1024


def _words(command: Any) -> Any:
    """Read a command as people write it; raises ValueError for an open quotation mark."""
    if not isinstance(command, str):
        return command
    return json.loads(command) if command.lstrip().startswith("[") else shlex.split(command)


class DocumentSettings(ServiceSettings):
    """Where documents lie, what is taken, and for how long it is kept."""

    documents_url: str = MEMORY
    """`file:///folder` or `s3://bucket/prefix`; `memory:` is for the embedded run only."""
    documents_s3_endpoint: str | None = None
    """Address of the S3 service, where it is not Amazon's."""
    documents_s3_region: str = "us-east-1"
    """Its region; most services of one's own ignore it."""
    documents_s3_key: str = ""
    """Id of the access key."""
    documents_s3_secret: SecretStr = SecretStr("")
    """The access key's secret."""
    document_most_bytes: int = Field(default=20 * MIB, ge=1)
    """Largest document; the gateway's `max_upload_bytes` has to let it through."""
    document_part_bytes: int = Field(default=4 * MIB, ge=1)
    """Largest part, which is what one request holds in memory."""
    documents_per_case: int = Field(default=100, ge=1)
    """Most documents of one case, with the uploads under way."""
    upload_hours: float = Field(default=24.0, gt=0)
    """Hours after which an upload that is not complete is forgotten."""
    documents_kept_days: int = Field(default=3650, ge=1)
    """Days after the end of a case for which its documents are kept."""
    scan_url: str | None = None
    """Where a virus scanner takes documents by POST, answering `{"infected": false}` or true."""
    scan_command: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ()
    """Command of a virus scanner that reads a document and ends with 0 (clean) or 1 (infected).

    Its words as in a shell, `clamdscan --fdpass -`, or as a JSON list.
    """

    @model_validator(mode="after")
    def _documents_have_a_place(self) -> Self:
        if self.documents_url == MEMORY and not self.embedded:
            raise ValueError("documents_url is needed: memory is for the embedded run only")
        key = self.documents_s3_key and self.documents_s3_secret.get_secret_value()
        if urlsplit(self.documents_url).scheme == "s3" and not key:
            raise ValueError("documents_s3_key and documents_s3_secret are needed for a bucket")
        if self.scan_url and self.scan_command:
            raise ValueError("scan_url and scan_command are two scanners; one is asked")
        return self

    @property
    def documents(self) -> Terms:
        """The district's terms for documents."""
        return Terms(
            most_bytes=self.document_most_bytes,
            part_bytes=self.document_part_bytes,
            most_documents=self.documents_per_case,
            unfinished=timedelta(hours=self.upload_hours),
            kept=timedelta(days=self.documents_kept_days),
            scanned=bool(self.scan_url or self.scan_command),
        )

    def document_store(self) -> Store:
        """Open the place where documents lie."""
        return Store(
            open_store(
                self.documents_url,
                self.documents_s3_endpoint,
                self.documents_s3_region,
                self.documents_s3_key,
                self.documents_s3_secret,
            )
        )
