"""Plays requests full of personal data against the sample service, with the logging of production."""

import asyncio
import logging
import sys

import structlog

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing import logs
from shared import sample
from testkit.api import XIAN, running

NAME, NUMBER, PHONE = "王小明", "11010119900307743X", "13812345678"


def requests(url: str) -> None:
    with running(sample.SERVICE, url) as api:
        clerk = api.people.headers(Role.WINDOW_CLERK, XIAN) | {"Idempotency-Key": f"key-of-{PHONE}"}
        body = {"label": f"{NAME} {NUMBER}", "community": XIAN}
        path = "/api/sample/v1/things"
        api.client.get(f"{path}?cursor={NUMBER}&name={NAME}", headers=clerk)
        api.client.get(f"/api/sample/v1/defect/{NUMBER}")
        api.client.get(f"/nowhere/{NUMBER}?phone={PHONE}")
        api.client.post(path, json=body, headers=clerk)
        api.client.post(path, json=body, headers=clerk | {"Idempotency-Key": "another-key"})
        api.client.post(path, json=body | {"n": 5000}, headers=clerk | {"Idempotency-Key": "a-third-key"})
        api.client.post(path, json=body | {NUMBER: NAME}, headers=clerk)
        api.client.put(f"{path}/1", json=body, headers=clerk | {"If-Match": f'"{NUMBER}"'})


def libraries() -> None:
    try:
        int(NUMBER)
    except ValueError:
        logging.getLogger("library").exception("failed")
        structlog.get_logger().exception("failed")


async def forgotten() -> None:
    async def failing() -> None:
        raise ValueError(NUMBER)

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    del task


if __name__ == "__main__":
    logs.configure("sample", "INFO")
    requests(sys.argv[1])
    libraries()
    asyncio.run(forgotten())
