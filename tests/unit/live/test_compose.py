"""The compose file for real servers, as far as it can be checked without Docker, and what `make live` says without it."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live import __main__ as live
from tests.live.settings import SettingsWrongError, read_settings
from tests.unit.live.odoo_stub import ADDONS

FOLDER = ADDONS.parent
COMPOSE = FOLDER / "compose.yaml"


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def test_each_version_has_its_server_and_database(services: dict[str, dict[str, Any]]) -> None:
    wanted = {"proxy": "python:3.12-slim"}
    wanted |= {f"odoo{version}": f"odoo:{version}.0" for version in live.VERSIONS}
    wanted |= {f"db{version}": "postgres:16" for version in live.VERSIONS}
    assert {name: service["image"] for name, service in services.items()} == wanted


def test_ports_are_free_ones_on_loopback_only(services: dict[str, dict[str, Any]]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"proxy": ["127.0.0.1::8070"]} | {f"odoo{version}": ["127.0.0.1::8069"] for version in live.VERSIONS}


def test_everything_that_is_started_tells_its_health(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if not service["healthcheck"]["test"]] == []


def test_servers_wait_for_what_they_need(services: dict[str, dict[str, Any]]) -> None:
    for version in live.VERSIONS:
        server = services[f"odoo{version}"]
        assert server["environment"]["HOST"] == f"db{version}"
        assert set(server["depends_on"]) == {f"db{version}", "proxy"}
        assert {one["condition"] for one in server["depends_on"].values()} == {"service_healthy"}


def test_mounted_folders_are_there_and_read_only(services: dict[str, dict[str, Any]]) -> None:
    mounted = [one.split(":") for service in services.values() for one in service.get("volumes", [])]
    assert len(mounted) == 2 + len(live.VERSIONS)
    assert all((FOLDER / place).is_dir() and access == "ro" for place, _, access in mounted)


def test_no_secret_stands_in_the_file() -> None:
    passwords = [line.split("PASSWORD", 1)[1] for line in COMPOSE.read_text(encoding="utf-8").splitlines() if "PASSWORD" in line]
    assert len(passwords) == 1 + len(live.VERSIONS)
    assert all("${CODALINK_LIVE_POSTGRES_PASSWORD:?" in one for one in passwords)


def test_proxy_inside_is_the_service_s_name_and_port(services: dict[str, dict[str, Any]]) -> None:
    assert f"http://proxy:{services['proxy']['command'][-1]}" == live.PROXY_INSIDE


def test_version_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert live.main(["16"]) == 2
    assert "choose among 17, 18, 19" in capsys.readouterr().err


def test_missing_docker_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert live.missing_docker() == "Docker is not installed here."


DOCKER = """#!/bin/sh
echo "$*" >> "$CALLED"
case "$*" in *" up "*) exit 1 ;; esac
"""


@pytest.mark.skipif(os.name != "posix", reason="the program in Docker's place is a shell script")
def test_servers_that_do_not_start_are_removed_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program, called = tmp_path / "docker", tmp_path / "called"
    program.write_text(DOCKER, encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CALLED", str(called))
    before = signal.getsignal(signal.SIGTERM)
    try:
        code = live.main(["18"])
    finally:
        signal.signal(signal.SIGTERM, before)

    asked = [line.partition("compose.yaml ")[2] for line in called.read_text(encoding="utf-8").splitlines()]
    assert code == 1
    assert asked[-2:] == ["up --detach --wait odoo18", "down --volumes --remove-orphans --timeout 10"]


class TestSettings:
    GIVEN = {  # noqa: RUF012 - constant
        "CODALINK_LIVE_URL": "https://odoo.example.be/",
        "CODALINK_LIVE_DATABASES": "one, two",
        "CODALINK_LIVE_LOGIN": "admin",
        "CODALINK_LIVE_PROXY_URL": "http://127.0.0.1:8070",
    }

    def test_secret_comes_from_a_file_and_is_in_no_repr(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("geheim\n", encoding="utf-8")
        settings = read_settings({**self.GIVEN, "CODALINK_LIVE_SECRET_FILE": str(file)})

        assert settings is not None
        assert (settings.secret, settings.databases, settings.url) == ("geheim", ("one", "two"), "https://odoo.example.be")
        assert "geheim" not in repr(settings)
        assert read_settings(settings.environment) == settings

    def test_odoo_finds_the_proxy_where_we_do_unless_told(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("geheim\n", encoding="utf-8")
        settings = read_settings({**self.GIVEN, "CODALINK_LIVE_SECRET_FILE": str(file)})

        assert settings is not None
        assert settings.proxy_url_for_odoo == "http://127.0.0.1:8070"

    def test_nothing_set_is_no_server(self) -> None:
        assert read_settings({}) is None

    def test_one_missing_is_named(self) -> None:
        with pytest.raises(SettingsWrongError, match="CODALINK_LIVE_SECRET_FILE missing"):
            read_settings(self.GIVEN)

    def test_empty_secret_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "secret").touch()
        with pytest.raises(SettingsWrongError, match="no password"):
            read_settings({**self.GIVEN, "CODALINK_LIVE_SECRET_FILE": str(tmp_path / "secret")})

    def test_one_database_is_too_few(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsWrongError, match="two databases"):
            read_settings({**self.GIVEN, "CODALINK_LIVE_SECRET_FILE": str(tmp_path), "CODALINK_LIVE_DATABASES": "one"})
