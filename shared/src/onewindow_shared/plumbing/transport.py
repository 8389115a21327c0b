"""Batches of events over HTTP, signed as Standard Webhooks: outside subscribers can use the same code."""

import uuid
from collections.abc import Mapping, Sequence

import httpx2
from pydantic import TypeAdapter, ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.problems import BadSignature
from onewindow_shared.plumbing.relay import Outcome, Unreachable

BATCH_TYPE = "application/cloudevents-batch+json"
_OUTCOMES = TypeAdapter(list[Outcome])


class HttpTransport:
    """Posts batches to `/internal/events` of the peers."""

    def __init__(self, client: httpx2.AsyncClient, peers: Mapping[str, str], secret: str) -> None:
        self._client, self._peers, self._webhook = client, peers, Webhook(secret)

    async def deliver(self, destination: str, bodies: Sequence[str]) -> list[Outcome]:
        content = f"[{','.join(bodies)}]"
        message, moment = str(uuid.uuid4()), system_clock()
        headers = {
            "content-type": BATCH_TYPE,
            "webhook-id": message,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._webhook.sign(message, moment, content),
        }
        try:
            response = await self._client.post(
                f"{self._peers[destination]}/internal/events", content=content, headers=headers
            )
            response.raise_for_status()
            return _OUTCOMES.validate_json(response.content)
        except httpx2.HTTPStatusError as error:
            raise Unreachable(f"status {error.response.status_code}") from error
        except (httpx2.HTTPError, ValidationError) as error:
            raise Unreachable(type(error).__name__) from error


def verify_batch(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Refuse a batch that no peer signed within the last minutes."""
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        raise BadSignature(detail="Sign the batch with the shared secret.") from None
