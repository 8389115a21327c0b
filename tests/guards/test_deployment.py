"""Compose file, Dockerfiles, locks, distributions and settings agree: read as text, no container engine needed."""

import ast
import importlib
import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings
from standardwebhooks.webhooks import Webhook

from embedded_environment import SERVICES, Plan

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTS = {service: Plan(Path(), "sqlite", 8100).port(service) for service in SERVICES}
PROJECTS = ("shared", *(f"services/{service}" for service in SERVICES))
CARRIED_BY_FASTAPI = {"starlette"}

each_service = pytest.mark.parametrize("service", SERVICES)
each_project = pytest.mark.parametrize("project", PROJECTS)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def pyproject(project: str) -> dict[str, Any]:
    return tomllib.loads(read(f"{project}/pyproject.toml"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return canonical(found[0])


def lines_of(path: str) -> list[str]:
    return [line for line in read(path).splitlines() if line and not line.startswith("#")]


def pins(path: str) -> dict[tuple[str, str], str]:
    """Name and version of every package in a lock, with its hashes and markers."""
    blocks = re.split(r"\n(?=[a-z])", read(path))
    return {
        (name_of(block), block.split("==")[1].split()[0]): block.strip() for block in blocks if "==" in block
    }


def instructions(service: str) -> list[tuple[str, str]]:
    """The lines of the last stage of a Dockerfile, as instruction and argument."""
    text = read(f"services/{service}/Dockerfile").replace("\\\n", " ")
    stage = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
    return [
        (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
        for line in stage.splitlines()[1:]
        if line.strip()
    ]


def instruction(service: str, name: str) -> str:
    (argument,) = [argument for found, argument in instructions(service) if found == name]
    return argument


def image_environment(service: str) -> dict[str, str]:
    words = [
        word for name, argument in instructions(service) if name == "ENV" for word in shlex.split(argument)
    ]
    return dict(word.split("=", 1) for word in words)


def mounted(part: dict[str, Any]) -> dict[str, str]:
    """Secrets of a part of the compose file: name in the container to name of the secret."""
    listed = [{"source": item, "target": item} if isinstance(item, str) else item for item in part["secrets"]]
    return {item["target"]: item["source"] for item in listed}


def settings_of(service: str) -> type[BaseSettings]:
    found: type[BaseSettings] = importlib.import_module(f"onewindow_{service}.settings").Settings
    return found


def told(part: dict[str, Any], service: str) -> set[str]:
    """Settings that a container is given, by field name."""
    variables = {*part["environment"], *image_environment(service), *map(str.upper, mounted(part))}
    return {name.removeprefix("ONEWINDOW_").lower() for name in variables if name.startswith("ONEWINDOW_")}


# --- distributions and locks


@each_service
def test_the_entry_point_of_a_service_exists(service: str) -> None:
    module, _, function = pyproject(f"services/{service}")["project"]["scripts"][
        f"onewindow-{service}"
    ].partition(":")
    assert module == f"onewindow_{service}.__main__"
    assert callable(getattr(importlib.import_module(module), function))


@each_project
def test_a_distribution_is_typed_and_named_like_its_package(project: str) -> None:
    name = pyproject(project)["project"]["name"]
    assert (ROOT / project / "src" / name.replace("-", "_") / "py.typed").is_file()
    assert pyproject(project)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [
        f"src/{name.replace('-', '_')}"
    ]


@each_service
def test_of_its_sisters_a_service_needs_shared_alone(service: str) -> None:
    needed = map(name_of, pyproject(f"services/{service}")["project"]["dependencies"])
    assert [name for name in needed if name.startswith("onewindow-")] == ["onewindow-shared"]


@each_project
def test_what_the_code_imports_is_declared(project: str) -> None:
    declared = {
        name_of(line) for at in {project, "shared"} for line in pyproject(at)["project"]["dependencies"]
    }
    allowed = declared | CARRIED_BY_FASTAPI | {pyproject(project)["project"]["name"]}
    owners = packages_distributions()
    undeclared = {
        module
        for file in (ROOT / project / "src").rglob("*.py")
        for module in imported(file)
        if module not in sys.stdlib_module_names
        and not allowed & set(map(canonical, owners.get(module, [module])))
    }
    assert undeclared == set()


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {
        alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    absolute = {
        node.module.split(".")[0]
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return plain | absolute


def test_requirements_list_what_the_distributions_need() -> None:
    needed = {line for project in PROJECTS for line in pyproject(project)["project"]["dependencies"]}
    outside = {line for line in needed if not line.startswith("onewindow-")}
    assert outside <= set(lines_of("requirements.in"))


def test_the_lock_pins_every_requirement() -> None:
    pinned = {name for name, _ in pins("requirements.lock")}
    assert set(map(name_of, lines_of("requirements.in"))) <= pinned


@pytest.mark.parametrize("lock", ["deploy/requirements.lock", "deploy/build.lock"])
def test_images_install_the_versions_that_were_tested(lock: str) -> None:
    assert pins(lock)
    for package, block in pins(lock).items():
        assert hashes(block) == hashes(pins("requirements.lock")[package])


def hashes(block: str) -> set[str]:
    return set(re.findall(r"sha256:[0-9a-f]{64}", block))


def test_images_hold_no_tools_for_tests() -> None:
    assert {"pytest", "mypy", "ruff", "schemathesis"}.isdisjoint(
        name for name, _ in pins("deploy/requirements.lock")
    )


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/requirements.lock", "deploy/build.lock"])
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in read(lock)


# --- images


@each_service
def test_an_image_runs_its_own_service_as_nobody_special(service: str) -> None:
    uid = instruction(service, "USER").split(":")[0]
    assert uid.isdigit()
    assert int(uid) >= 1000
    assert json.loads(instruction(service, "ENTRYPOINT")) == ["python", "-m", f"onewindow_{service}"]
    assert json.loads(instruction(service, "CMD")) == ["serve"]


@each_service
def test_an_image_listens_where_it_is_asked_for_its_health(service: str) -> None:
    port = PORTS[service]
    assert instruction(service, "EXPOSE") == str(port)
    assert image_environment(service)["ONEWINDOW_LISTEN"] == f"0.0.0.0:{port}"
    assert f"http://127.0.0.1:{port}/healthz" in instruction(service, "HEALTHCHECK")


@each_service
def test_an_image_takes_packages_by_hash_and_code_of_its_own(service: str) -> None:
    text = read(f"services/{service}/Dockerfile")
    downloads = [line for line in text.splitlines() if "pip install" in line and "--no-index" not in line]
    assert downloads
    assert all("--require-hashes" in line for line in downloads)
    code = re.sub(r"(?m)^COPY services/\w+/openapi\.json .*$", "", text)
    assert {found for found in SERVICES if f"services/{found}" in code} == {service}


# --- the compose file


@each_service
def test_migration_is_a_step_of_its_own_before_a_service(service: str) -> None:
    step = PARTS[f"migrate-{service}"]
    assert step["command"] == ["migrate"]
    assert step["restart"] == "no"
    assert step["image"] == PARTS[service]["image"]
    assert step["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    condition = {"condition": "service_completed_successfully"}
    assert PARTS[service]["depends_on"][f"migrate-{service}"] == condition


@each_service
def test_a_service_is_built_from_its_own_dockerfile(service: str) -> None:
    assert PARTS[service]["build"] == {"context": ".", "dockerfile": f"services/{service}/Dockerfile"}


def test_only_the_gateway_is_reached_from_outside() -> None:
    assert [name for name, part in PARTS.items() if "ports" in part] == ["gateway"]
    assert [name for name, part in PARTS.items() if "front" in part["networks"]] == ["gateway"]
    assert COMPOSE["networks"]["back"]["internal"] is True
    (published,) = PARTS["gateway"]["ports"]
    assert published.endswith(f":{PORTS['gateway']}")


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_container_is_closed_in(name: str) -> None:
    part = PARTS[name]
    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in part["security_opt"]
    assert part["logging"]["options"]["max-size"]
    assert part["restart"] == ("no" if name.startswith("migrate-") else "unless-stopped")


@each_service
def test_services_find_one_another(service: str) -> None:
    environment = PARTS[service]["environment"]
    assert json.loads(environment["ONEWINDOW_PEERS"]) == {
        name: f"http://{name}:{PORTS[name]}" for name in SERVICES
    }
    assert environment["ONEWINDOW_JWKS_URL"] == f"http://gateway:{PORTS['gateway']}/auth/jwks.json"


@pytest.mark.parametrize("name", [*SERVICES, *(f"migrate-{service}" for service in SERVICES)])
def test_a_container_is_told_settings_that_exist_and_all_it_needs(name: str) -> None:
    service = name.removeprefix("migrate-")
    fields = settings_of(service).model_fields
    given = told(PARTS[name], service)
    assert given <= set(fields)
    assert {field for field, about in fields.items() if about.is_required()} <= given
    assert "embedded" not in given


@each_service
def test_the_embedded_run_tells_settings_that_exist(service: str) -> None:
    plan = Plan(Path("/var"), "sqlite", 8100, clock_file=Path("/clock"))
    given = {name for name in plan.environment(service, {}) if name.startswith("ONEWINDOW_")}
    tests = {name for name in given if name.startswith(("ONEWINDOW_TEST_", "ONEWINDOW_REQUIRE_"))}
    assert {name.removeprefix("ONEWINDOW_").lower() for name in given - tests} <= set(
        settings_of(service).model_fields
    )


# --- secrets


def test_every_secret_is_a_file_without_a_default() -> None:
    used = {source for part in PARTS.values() for source in mounted(part).values()}
    assert used == set(COMPOSE["secrets"])
    assert COMPOSE["secrets"] == {name: {"file": f"./deploy/secrets/{name}"} for name in used}


@each_service
def test_a_service_has_a_database_and_keys_of_its_own(service: str) -> None:
    assert mounted(PARTS[service]) == mounted(PARTS[f"migrate-{service}"])
    own = {"database_url", "data_keys", "index_key", "cursor_secret"}
    assert {f"onewindow_{name}": f"{service}_{name}" for name in own}.items() <= mounted(
        PARTS[service]
    ).items()
    owners = {
        "signing_keys": {"gateway"},
        "sms_webhook_secret": {"gateway"},
        "notice_webhook_secret": {"intake", "casework", "volunteers"},
    }
    for name, of in owners.items():
        assert (f"onewindow_{name}" in mounted(PARTS[service])) == (service in of)


@pytest.fixture(scope="module")
def made_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = ("data_keys", "index_key", "cursor_secret", "events_secret", "signing_keys")
    values = {f"ONEWINDOW_{name.upper()}": name for name in names}
    directory = tmp_path_factory.mktemp("secrets") / "made"
    command = shlex.join([sys.executable, "-c", f"print({json.dumps(json.dumps(values))})"])
    subprocess.run([ROOT / "deploy/make-secrets", "--to", directory, "--command", command], check=True)
    return directory


def test_make_secrets_makes_every_secret(made_secrets: Path) -> None:
    assert {file.name for file in made_secrets.iterdir()} == set(COMPOSE["secrets"])
    assert made_secrets.stat().st_mode & 0o777 == 0o700


def test_the_secret_of_codes_can_sign(made_secrets: Path) -> None:
    Webhook((made_secrets / "sms_webhook_secret").read_text(encoding="utf-8"))


def test_make_secrets_overwrites_nothing(made_secrets: Path) -> None:
    before = (made_secrets / "postgres_password").read_text(encoding="utf-8")
    again = subprocess.run(
        [ROOT / "deploy/make-secrets", "--to", made_secrets], check=False, capture_output=True
    )
    assert again.returncode == 1
    assert (made_secrets / "postgres_password").read_text(encoding="utf-8") == before


@each_service
def test_a_service_signs_in_to_the_database_made_for_it(service: str, made_secrets: Path) -> None:
    role = f"onewindow_{service}"
    password = (made_secrets / f"{service}_password").read_text(encoding="utf-8")
    url = (made_secrets / f"{service}_database_url").read_text(encoding="utf-8")
    assert url == f"postgresql://{role}:{password}@postgres:5432/{role}"
    script = read("deploy/postgres/databases.sql")
    assert f"CREATE ROLE {role} LOGIN PASSWORD :'{service}_password';" in script
    assert f"CREATE DATABASE {role} OWNER {role};" in script
    assert f"REVOKE ALL ON DATABASE {role} FROM PUBLIC;" in script
    assert f"cat /run/secrets/{service}_password" in script
    assert mounted(PARTS["postgres"])[f"{service}_password"] == f"{service}_password"
