"""Messages to a site's own provider: posted as JSON and signed as Standard Webhooks."""

import json
from typing import Any

import httpx2
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from onewindow_shared.plumbing.clock import system_clock


class Hook:
    """One address that messages are posted to."""

    def __init__(self, client: httpx2.AsyncClient, url: str, secret: SecretStr) -> None:
        self._client, self._url = client, url
        self._webhook = Webhook(secret.get_secret_value())

    async def post(self, number: str, message: dict[str, Any]) -> None:
        """Hand a message over, or raise `httpx2.HTTPError`; tried again, it keeps its number."""
        content, moment = json.dumps(message), system_clock()
        headers = {
            "content-type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._webhook.sign(number, moment, content),
        }
        (await self._client.post(self._url, content=content, headers=headers)).raise_for_status()
