"""Answers of the edge itself: RFC 9457 problems with nothing of the request in them."""

import json

from starlette.types import Send

from .ports import Headers


class Refusal(Exception):
    """The request ends here with this problem."""

    def __init__(
        self, status: int, kind: str, title: str, detail: str, headers: Headers | None = None
    ) -> None:
        super().__init__(title)
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.headers = headers or []

    @property
    def body(self) -> bytes:
        problem = {
            "type": f"urn:onewindow:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return json.dumps(problem).encode()


async def send_head(send: Send, refusal: Refusal, headers: Headers) -> bytes:
    """Start the answer; gives back the body to send."""
    body = refusal.body
    framing = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    head = [*framing, (b"cache-control", b"no-store"), *refusal.headers, *headers]
    await send({"type": "http.response.start", "status": refusal.status, "headers": head})
    return body


async def send_problem(send: Send, refusal: Refusal, headers: Headers) -> None:
    """The whole answer."""
    body = await send_head(send, refusal, headers)
    await send({"type": "http.response.body", "body": body})


def _retry_after(seconds: int) -> Headers:
    return [(b"retry-after", b"%d" % seconds)]


def bad_path() -> Refusal:
    return Refusal(400, "bad-path", "Path not allowed", "The path has dot segments or encoded separators.")


def bad_framing() -> Refusal:
    detail = "Content-Length and Transfer-Encoding do not agree on one length of the body."
    return Refusal(400, "bad-framing", "Length of the body unclear", detail, [(b"connection", b"close")])


def bad_headers() -> Refusal:
    return Refusal(
        400, "bad-headers", "Header not allowed", "A header or the address has forbidden characters."
    )


def method_not_allowed(allowed: str) -> Refusal:
    detail = "This method is not served here."
    return Refusal(405, "method-not-allowed", "Method not allowed", detail, [(b"allow", allowed.encode())])


def unauthorised(reason: str) -> Refusal:
    """`reason` is quoted in the challenge (RFC 6750 section 3), so it is cut to plain words."""
    words = "".join(
        letter for letter in reason if letter.isascii() and (letter.isalnum() or letter in " ._-")
    )
    challenge = f'Bearer error="invalid_token", error_description="{words}"'.encode()
    headers = [(b"www-authenticate", challenge)]
    return Refusal(401, "token-refused", "Token refused", f"The access token is not valid: {words}.", headers)


def body_too_large(limit: int) -> Refusal:
    return Refusal(413, "body-too-large", "Body too large", f"At most {limit} bytes are accepted.")


def too_many_requests(policy: str, seconds: int) -> Refusal:
    detail = f"The limit '{policy}' is used up; try again in {seconds} s."
    return Refusal(429, "too-many-requests", "Too many requests", detail, _retry_after(seconds))


def slow_body() -> Refusal:
    detail = "The body did not arrive in time."
    return Refusal(408, "request-timeout", "Request too slow", detail, [(b"connection", b"close")])


def service_unavailable(retry_after: int) -> Refusal:
    detail = "The service behind this address cannot be reached at the moment."
    return Refusal(503, "service-unavailable", "Service unavailable", detail, _retry_after(retry_after))


def service_slow(retry_after: int) -> Refusal:
    detail = "The service behind this address did not answer in time."
    return Refusal(504, "service-timeout", "Service too slow", detail, _retry_after(retry_after))


def service_broken(retry_after: int) -> Refusal:
    detail = "The service behind this address broke off; whether the request took effect is not known."
    return Refusal(502, "service-broken", "No usable answer", detail, _retry_after(retry_after))
