"""Whom this machine trusts, for every HTTP client of a process."""

import ssl
from functools import cache

import httpx2


@cache
def trusted(*, environment: bool = False) -> ssl.SSLContext:
    """Return the trusted certificates, read once: reading them takes longer than most requests.

    With `environment`, `SSL_CERT_FILE` and `SSL_CERT_DIR` are followed.
    """
    return httpx2.create_ssl_context(trust_env=environment)
