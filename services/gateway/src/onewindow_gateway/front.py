"""The edge in front of the gateway's own routes: what it forwards where, whom it lets through, how often."""

import re
from collections.abc import Hashable
from typing import Any, cast
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp

from onewindow_gateway.edge import Claims as EdgeClaims
from onewindow_gateway.edge import (
    Edge,
    EdgeSettings,
    HttpUpstream,
    KeepPolicy,
    LimitPolicy,
    TokenCheck,
    TokenRefused,
)
from onewindow_gateway.forwardlog import ForwardLog
from onewindow_gateway.settings import BEHIND, Settings
from onewindow_gateway.tokens import OwnTokens
from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing.problems import Unauthorized
from onewindow_shared.plumbing.settings import ServiceSettings

MINUTE = 60
TRACKING = "/api/intake/v1/tracking/"
PAPER_CHECKS = "/api/intake/v1/paper-checks"
REVIEW_CODES = "/api/casework/v1/review-invitations/"
LOOKED_UP = ("/tracking", "/papers", "/certificates", "/service-certificates", "/reviews")
"""Pages by which codes can be tried."""
UPLOADS = "/api/intake/v1/uploads/"
HTTP_PORT = 80
FIGURES = re.compile(r"/api/metrics/v1/areas/[0-9]{6,12}(/parts)?")
"""What dashboards poll: the same for everybody with the same roles, area and department."""


def front(app: FastAPI, settings: ServiceSettings) -> ASGIApp:
    """Put the edge around the application."""
    own = cast("Settings", settings)

    def revoked(claims: EdgeClaims) -> bool:
        return cast("Claims", claims).session in app.state.gateway.revocations

    routes = {f"/api/{service}/": _upstream(own.upstream(service)) for service in BEHIND}
    edge = Edge(
        inner=app,
        routes=routes,
        token_check=_check(OwnTokens(own)),
        revoked=revoked,
        limiter_policies=policies(own),
        settings=EdgeSettings(
            max_body_bytes=own.max_body_bytes,
            larger_bodies=((UPLOADS, own.max_upload_bytes),),
            trusted_proxies=own.trusted_proxies,
            keep=KeepPolicy(FIGURES, own.metrics_answer_seconds, _rights)
            if own.metrics_answer_seconds
            else None,
        ),
    )
    return ForwardLog(edge, tuple(routes))


def _rights(claims: Any) -> Hashable:
    """Return what decides which figures somebody is told, but not who they are."""
    told = cast("Claims", claims)
    return told.roles, told.area, told.department, told.organisation


def _upstream(address: str) -> HttpUpstream:
    parts = urlsplit(address)
    return HttpUpstream(parts.hostname or "", parts.port or HTTP_PORT)


def _check(tokens: OwnTokens) -> TokenCheck:
    def check(token: str) -> Claims:
        try:
            return tokens.check(token)
        except Unauthorized:
            raise TokenRefused("expired or not issued here") from None

    return check


def policies(settings: Settings) -> list[LimitPolicy]:
    """Return the limits of requests; health and the issuer's documents have none."""
    post = frozenset({"POST"})
    wished = [
        _policy("client", settings.limit_client),
        _policy("account", settings.limit_account, key="account"),
        _policy("polls", settings.limit_polls, key="account", kept=True),
        _policy("auth", settings.limit_auth, prefix="/auth/", methods=post, everyone=True),
        _policy("tracking", settings.limit_tracking, prefix=TRACKING, everyone=True),
        _policy("paper-checks", settings.limit_tracking, prefix=PAPER_CHECKS, everyone=True),
        _policy("reviews", settings.limit_tracking, prefix=REVIEW_CODES, everyone=True),
        *(
            _policy(f"page{page.replace('/', '-')}", settings.limit_tracking, prefix=page, everyone=True)
            for page in LOOKED_UP
        ),
    ]
    return [policy for policy in wished if policy is not None]


def _policy(name: str, amount: int, **more: Any) -> LimitPolicy | None:
    return LimitPolicy(name, amount, MINUTE, **{"prefix": "/api/", **more}) if amount else None
