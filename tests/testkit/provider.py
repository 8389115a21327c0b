"""A site's own provider of messages, which takes them over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks.webhooks import Webhook

from testkit.api import SECRETS, Api

SECRET = SECRETS["events_secret"]


@dataclass
class Provider:
    """What was posted to it, each with its headers; it takes nothing over while it is broken."""

    url: str
    taken: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    broken: bool = False
    refuses: Callable[[dict[str, Any]], bool] = lambda _: False

    @property
    def settings(self) -> dict[str, Any]:
        """What a service is told that sends its messages here."""
        return {"notice_webhook_url": self.url, "notice_webhook_secret": SECRET}

    @property
    def numbers(self) -> list[str]:
        """The number of each message that was posted."""
        return [headers["webhook-id"] for headers, _ in self.taken]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What each message said."""
        return [message for _, message in self.taken]


@contextmanager
def providing() -> Iterator[Provider]:
    """Run a provider that checks the signature of whatever is posted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            headers = dict(self.headers)
            message = Webhook(SECRET).verify(content, headers)
            found.taken.append((headers, message))
            self.send_response(503 if found.broken or found.refuses(message) else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Provider(f"http://127.0.0.1:{server.server_port}/")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send_all(api: Api) -> int:
    """Let a service send what waits; return how much it tried."""
    assert api.client.portal is not None
    tried = 0
    while api.client.portal.call(api.app.state.outlet.next):
        tried += 1
    return tried
