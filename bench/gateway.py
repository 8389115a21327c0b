"""How much of nginx the gateway reaches, in front of the same service.

    python bench/gateway.py [--rounds 7] [--seconds 2] [--connections 32] [--post]

A service (FastAPI on uvicorn, one worker, 1.3 KB of JSON) stands behind our gateway with its token check
and rate limits, and behind nginx (one worker, kept-alive connections, no token check). In each round wrk
drives the service directly, the gateway and nginx in random order; every ratio is taken inside its round.
Printed: medians with [lowest-highest]. Needs wrk; without nginx only the gateway is measured.
"""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = "/api/casework/v1/cases/GA330902202600000001"
HERE = Path(__file__).resolve()
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}

POST_SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"note": "' .. string.rep("x", 1000) .. '"}'
"""

NGINX = """
worker_processes 1;
pid {base}/nginx.pid;
error_log {base}/error.log crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {base}/body; proxy_temp_path {base}/proxy; fastcgi_temp_path {base}/fastcgi;
  uwsgi_temp_path {base}/uwsgi; scgi_temp_path {base}/scgi;
  keepalive_requests 10000000;
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 10000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Request-ID $request_id;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Result:
    """One run of wrk: requests per second, latency in ms, CPU of the proxy per request in microseconds."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Target:
    """Something wrk can drive; `pid` is the process whose CPU counts, with its children."""

    name: str
    port: int
    pid: int


def service_app() -> Any:
    """The service behind both."""
    from fastapi import FastAPI, Request, Response

    app = FastAPI()
    case = {f"field_{number:02}": "value " * 6 for number in range(25)}
    body = json.dumps(case).encode()

    @app.get("/api/casework/v1/cases/{case_no}")
    async def read(case_no: str) -> Response:
        return Response(body, media_type="application/json")

    @app.post("/api/casework/v1/cases/{case_no}")
    async def write(case_no: str, request: Request) -> Response:
        await request.body()
        return Response(b'{"ok": true}', media_type="application/json")

    return app


def gateway_app(upstream: int, key_file: Path) -> Any:
    """The edge, with EdDSA tokens that are verified once and then remembered."""
    from fastapi import FastAPI
    from joserfc import jwt
    from joserfc.jwk import OKPKey

    from onewindow_gateway.edge import Edge, HttpUpstream, LimitPolicy, TokenRefused

    key = OKPKey.import_key(json.loads(key_file.read_text()))
    known: dict[str, Caller] = {}

    def check(token: str) -> Caller:
        caller = known.get(token)
        if caller is None:
            claims = jwt.decode(token, key, algorithms=["Ed25519"]).claims
            caller = known[token] = Caller(claims["sub"], claims["exp"])
        if caller.expires < time.time():
            raise TokenRefused("expired")
        return caller

    policies = [
        LimitPolicy("default", 100_000_000, 60),
        LimitPolicy("account", 100_000_000, 60, key="account"),
        LimitPolicy("sign-in", 100, 60, prefix="/auth/", everyone=True),
    ]
    revoked: set[str] = set()
    routes = {
        f"/api/{name}/": HttpUpstream("127.0.0.1", upstream) for name in ("intake", "casework", "volunteers")
    }
    return Edge(FastAPI(), routes, check, lambda caller: caller.subject in revoked, policies)


@dataclass(frozen=True)
class Caller:
    """Verified claims."""

    subject: str
    expires: float


def serve(role: str, port: int, upstream: int, key_file: str) -> None:
    """Run one of the two applications in this process."""
    import uvicorn

    app = service_app() if role == "service" else gateway_app(upstream, Path(key_file))
    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
    )


def make_token(key_file: Path) -> str:
    """A signed token; its key goes into the file."""
    from joserfc import jwt
    from joserfc.jwk import OKPKey

    key = OKPKey.generate_key("Ed25519")
    key_file.write_text(json.dumps(key.as_dict(private=True)))
    claims = {"sub": "clerk-1", "exp": int(time.time()) + 3600, "iss": "gateway", "scope": "casework"}
    return jwt.encode({"alg": "Ed25519"}, claims, key, algorithms=["Ed25519"])


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A server process while it listens on the port."""
    process = subprocess.Popen(command)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    """Until the port accepts connections. Raises `TimeoutError`."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        threading.Event().wait(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for each in [str(pid), *children]:
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def drive(target: Target, token: str, options: argparse.Namespace, script: Path | None) -> Result:
    """One run of wrk. Raises `AssertionError` when an answer was not 2xx."""
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    command += ["-H", f"Authorization: Bearer {token}", *(["-s", str(script)] if script else [])]
    before = cpu_seconds(target.pid)
    run = subprocess.run(
        [*command, f"http://127.0.0.1:{target.port}{PATH}"], capture_output=True, text=True, check=True
    )
    cpu = cpu_seconds(target.pid) - before
    assert "Non-2xx" not in run.stdout, run.stdout
    assert "Socket errors" not in run.stdout, run.stdout
    requests = int(found(r"(\d+) requests in", run.stdout)[0])
    rate = float(found(r"Requests/sec:\s+([\d.]+)", run.stdout)[0])
    return Result(rate, latency("50", run.stdout), latency("99", run.stdout), cpu / requests * 1e6)


def found(pattern: str, text: str) -> tuple[str, ...]:
    """The groups of a pattern that must be there."""
    match = re.search(pattern, text)
    assert match, text
    return match.groups()


def latency(percentile: str, text: str) -> float:
    """A percentile from wrk's table, in ms."""
    value, unit = found(rf"{percentile}%\s+([\d.]+)(us|ms|s)", text)
    return float(value) * UNITS[unit]


def spread(values: list[float], digits: int = 2) -> str:
    """Median with [lowest-highest]."""
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}-{max(values):.{digits}f}]"


def report(rounds: list[dict[str, Result]]) -> None:
    """Print what came out."""
    for name in rounds[0]:
        results = [each[name] for each in rounds]
        print(
            f"{name:8} {spread([r.rate for r in results], 0)} req/s"
            f"   p50 {spread([r.p50 for r in results])} ms   p99 {spread([r.p99 for r in results])} ms"
            f"   CPU {spread([r.cpu for r in results], 0)} us"
        )
    for base in ("service", "nginx"):
        if base in rounds[0]:
            pairs = [(each["gateway"], each[base]) for each in rounds]
            print(
                f"gateway / {base}: throughput {spread([g.rate / b.rate for g, b in pairs])}"
                f"   p99 {spread([g.p99 / b.p99 for g, b in pairs])}"
                f"   CPU per request {spread([g.cpu / b.cpu for g, b in pairs])}"
            )


def measure(targets: list[Target], token: str, options: argparse.Namespace, script: Path | None) -> None:
    """All rounds."""
    rounds = []
    for number in range(options.rounds + 1):
        order = random.sample(targets, len(targets))
        results = {target.name: drive(target, token, options, script) for target in order}
        if number:  # the first round warms up
            rounds.append({target.name: results[target.name] for target in targets})
    report(rounds)


def bench(options: argparse.Namespace) -> None:
    """Start everything and measure."""
    with contextlib.ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        token = make_token(base / "key.json")
        me = [sys.executable, str(HERE), "--key", str(base / "key.json")]
        service, gateway, nginx = free_port(), free_port(), free_port()
        pid = stack.enter_context(running([*me, "--serve", "service", "--port", str(service)], service))
        targets = [Target("service", service, pid)]
        command = [*me, "--serve", "gateway", "--port", str(gateway), "--upstream", str(service)]
        targets.append(Target("gateway", gateway, stack.enter_context(running(command, gateway))))
        if shutil.which("nginx"):
            (base / "nginx.conf").write_text(NGINX.format(base=base, port=nginx, upstream=service))
            command = ["nginx", "-c", str(base / "nginx.conf"), "-p", str(base), "-g", "daemon off;"]
            targets.append(Target("nginx", nginx, stack.enter_context(running(command, nginx))))
        else:
            print("skipped: nginx is not installed")
        script = None
        if options.post:
            script = base / "post.lua"
            script.write_text(POST_SCRIPT)
        measure(targets, token, options, script)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--post", action="store_true", help="POST 1 KB instead of GET")
    parser.add_argument("--serve", choices=["service", "gateway"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--upstream", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--key", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.port, options.upstream, options.key)
    elif not shutil.which("wrk"):
        print("skipped: wrk is not installed")
    else:
        bench(options)


if __name__ == "__main__":
    main()
