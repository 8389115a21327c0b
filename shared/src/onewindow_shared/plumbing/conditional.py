"""Conditional requests: `ETag` and 304 on reads, `If-Match` on writes (RFC 9110 section 13)."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from onewindow_shared.contracts.common import Resource
from onewindow_shared.plumbing.problems import VersionRequired, VersionStale

_TAGS = re.compile(r'(?:W/)?"([^"]*)"')
_VERSION = re.compile(r'"([0-9]{1,18})(?:\.[a-z]{1,16})?"')
"""A version; letters of what else is shown may follow, so that a read is no older than it looks."""
JSON_TYPE = "application/json"
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged"}}
"""How a route describes that `answer` may say nothing new."""


async def _if_match(
    if_match: Annotated[str | None, Header(description='`ETag` of the state you saw, e.g. `"3"`')] = None,
) -> int:
    found = _VERSION.fullmatch(if_match.strip()) if if_match else None
    if found is None:
        raise VersionRequired(detail='Send If-Match with the ETag of the state you saw, e.g. "3".')
    return int(found[1])


IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the caller saw; 428 without."""


def expect_version(current: Resource, seen: int) -> None:
    """Refuse a write by somebody who saw an older state, and show them the present one."""
    if current.version != seen:
        raise stale(current)


def stale(current: Resource) -> VersionStale:
    """Return what somebody is told who saw an older state: the present one."""
    return VersionStale(detail="Somebody was faster.", current=current.model_dump(mode="json"))


def tagged(response: Response, resource: Resource) -> None:
    """Give the answer the `ETag` of its resource."""
    response.headers["ETag"] = f'"{resource.version}"'


def tag_of(resource: Resource) -> str:
    """Return a tag that `If-Match` takes, of a resource whose version does not tell all that it shows."""
    digest = hashlib.sha256(resource.model_dump_json().encode()).digest()[:16]
    return f"{resource.version}.{''.join(chr(ord('a') + byte % 26) for byte in digest)}"


def content_tag(body: BaseModel, *, but: str | None = None) -> str:
    """Return a tag that changes with the content; `but` names a field whose changes do not count."""
    content = body.model_dump_json(exclude={but} if but else None)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def answer(request: Request, body: BaseModel, *, etag: str | None = None, max_age: int = 0) -> Response:
    """Answer a read: 304 if the caller already has this very state, else the body with its `ETag`.

    `max_age` is in seconds; without `etag` the tag is made from the content.
    """
    content = body.model_dump_json().encode()
    tag = etag or content_tag(body)
    headers = {"ETag": f'"{tag}"', "Cache-Control": f"private, max-age={max_age}", "Vary": "Authorization"}
    wanted = request.headers.get("if-none-match", "")
    if tag in _TAGS.findall(wanted) or wanted.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=JSON_TYPE)
