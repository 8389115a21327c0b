"""A request's head in bytes (RFC 9112)."""

import re

from onewindow_gateway.edge.ports import Headers, UnsendableRequest

_TARGET = re.compile(rb"/[!-~\x80-\xff]*")
_NAME = re.compile(rb"[!#$%&'*+.^`|~0-9A-Za-z-]+")
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_EXPECT_BODY = frozenset({"POST", "PUT", "PATCH"})
_KNOWN_NAMES = 1024


class _FieldNames(dict[bytes, bytes]):
    """Header names that have been checked, each with the colon it is written with."""

    def __missing__(self, name: bytes) -> bytes:
        if not _NAME.fullmatch(name):
            raise UnsendableRequest("a header name is not a token")
        if len(self) < _KNOWN_NAMES:
            self[name] = name + b": "
        return name + b": "


_FIELDS = _FieldNames()


def framing(method: str, body_length: int | None) -> bytes:
    """The header line that says how long the body is; None is a length nobody knows yet."""
    if body_length is None:
        return b"transfer-encoding: chunked"
    if body_length or method in _EXPECT_BODY:
        return b"content-length: %d" % body_length
    return b""


def request_head(method: str, target: bytes, host: bytes, headers: Headers, body_length: int | None) -> bytes:
    """The request line and all headers with the empty line after them.

    Raises `UnsendableRequest` for anything that would not stay on its line.
    """
    if not (method in _METHODS and _TARGET.fullmatch(target)):
        raise UnsendableRequest("a request line needs a known method and a path")
    lines = [b"%b %b HTTP/1.1" % (method.encode(), target), host]
    lines += [_FIELDS[name] + value for name, value in headers]
    frame = framing(method, body_length)
    if frame:
        lines.append(frame)
    breaks = len(lines) + 1
    lines += (b"", b"")
    head = b"\r\n".join(lines)
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or b"\0" in head:
        raise UnsendableRequest("a header value holds a line break or NUL")
    return head


def chunk(data: bytes) -> bytes:
    """One piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"
