"""Only plain paths are routed."""

import pytest

from onewindow_gateway.edge.paths import Routes, is_plain

ESCAPES = [
    "/api/intake/../internal/events",
    "/api/intake/..",
    "/api/intake/./v1",
    "/api/intake/%2e%2e/internal/events",
    "/api/intake/%2E./internal/events",
    "/api/intake/.%2e/internal/events",
    "/api/intake/..%2finternal/events",
    "/api/intake/v1%2F..%2Finternal",
    "/api/intake/..;/internal/events",
    "/api/intake/%2e%2e;x=1/internal",
    "/api/intake/..\\internal\\events",
    "/api/intake/..%5cinternal",
    "/api/intake/a%00b",
    "/api/intake/a%0d%0ab",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_a_path_that_could_mean_another_is_not_plain(path: str) -> None:
    assert not is_plain(path.encode())


@pytest.mark.parametrize(
    "path",
    [
        "/api/intake/v1/cases/A.B..C",
        "/api/intake/v1/items/%E5%AE%9A%E6%B5%B7",
        "/api/intake/%252e%252e/x",
        "/api/intake/a;b",
        "/",
    ],
)
def test_an_ordinary_path_is_plain(path: str) -> None:
    assert is_plain(path.encode())


def test_the_longest_prefix_wins_and_others_stay_inside() -> None:
    routes = Routes({"/api/intake/": "intake", "/api/intake/v2/": "next"})
    assert routes.find(b"/api/intake/v1/x") == "intake"
    assert routes.find(b"/api/intake/v2/x") == "next"
    assert routes.find(b"/api/intake") is None
    assert routes.find(b"/api/intakes/v1") is None
    assert routes.find(b"/internal/events") is None


@pytest.mark.parametrize(
    "prefix", ["/", "api/intake/", "/api/intake", "/internal/", "/internal/x/", "/api/../"]
)
def test_a_prefix_that_opens_too_much_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        Routes({prefix: "service"})
