"""The built pages by themselves: under which policy, compressed or not, and what stands there before they are built."""

import gzip
from pathlib import Path

import pytest
from starlette.staticfiles import StaticFiles

from onewindow_gateway.apps import api as apps
from testkit.api import Api

SCRIPT = b"export const all = 1;"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "desk.html").write_text("<!doctype html><title>desk</title>", encoding="utf-8")
    (tmp_path / "worker.js").write_bytes(SCRIPT)
    (assets / "desk-1.js").write_bytes(SCRIPT)
    (assets / "desk-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    monkeypatch.setattr(apps, "BUILT", tmp_path)
    monkeypatch.setattr(apps, "ASSETS", StaticFiles(directory=assets))
    return tmp_path


@pytest.fixture
def nothing_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "BUILT", tmp_path)
    monkeypatch.setattr(apps, "ASSETS", StaticFiles(directory=tmp_path / "assets", check_dir=False))


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk/work"])
def test_every_address_of_the_desk_is_its_page(api: Api, path: str) -> None:
    page = api.client.get(path)
    assert "<title>desk" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "script-src 'self' " not in policy
    assert "http" not in policy


@pytest.mark.usefixtures("built")
def test_a_part_is_sent_compressed_to_who_understands_it_and_kept(api: Api) -> None:
    for encoding, told in (("gzip", "gzip"), ("identity", None)):
        part = api.client.get("/apps/assets/desk-1.js", headers={"Accept-Encoding": encoding})
        assert part.content == SCRIPT
        assert part.headers.get("content-encoding") == told
        assert part.headers["content-type"] == "text/javascript"
        assert "immutable" in part.headers["cache-control"]
        assert part.headers["vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("built")
def test_the_worker_may_look_after_the_whole_desk(api: Api) -> None:
    assert api.client.get("/desk/worker.js").headers["service-worker-allowed"] == "/desk"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", ["nothing.js", "desk-1.js.gz", "..%2fdesk.html", "%2e%2e%2fdesk.html"])
def test_nothing_else_is_sent(api: Api, name: str) -> None:
    assert api.client.get(f"/apps/assets/{name}").status_code == 404


@pytest.mark.usefixtures("nothing_built")
def test_before_they_are_built_a_notice_stands_there_and_the_rest_works(api: Api) -> None:
    for path in ("/desk", "/wall", "/volunteer"):
        page = api.client.get(path)
        assert (page.status_code, "make pages" in page.text) == (503, True)
    assert api.client.get("/desk/worker.js").status_code == 404
    assert api.client.get("/apps/assets/desk-1.js").status_code == 404
    assert api.client.get("/healthz").status_code == 200
