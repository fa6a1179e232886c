"""An office on real servers, as the shared flows see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from codalink.sandbox.keyring_server import KeyringServer
from codalink.sandbox.web import HttpServer
from tests.flows.consent import give_browser
from tests.integration.office import OFFICE_PASSWORD_SERVICE, Done, Processes, keyring_at, own_environment
from tests.integration.terminal import clean
from tests.live.prepare import PreparedOffice, make_key, prepare_office
from tests.live.remote import Odoo, StandInProxy
from tests.live.settings import LiveSettings


class Way(Enum):
    """What codalink speaks with the server, and so which secret it has."""

    JSON_RPC = "json-rpc"
    XML_RPC = "xml-rpc"
    JSON_2 = "json-2"


FIRST_WITH_JSON_2 = 19
PASSWORD_FIELDS = {
    "l10n_be_codabox.connection.wizard": ("fidu_password",),
    "l10n_be_codabox.validation.wizard": ("fidu_password",),
    "l10n_be_codabox.change.password.wizard": ("current_fidu_password", "new_fidu_password", "confirm_fidu_password"),
}
"""Where an office password may stand in Odoo."""


def has_json_2(version: str) -> bool:
    """Whether a server of this version speaks JSON-2."""
    return int(version.removeprefix("saas~").partition(".")[0]) >= FIRST_WITH_JSON_2


@dataclass
class LiveOffice(Processes):
    """A `FlowOffice` whose databases are on a real server."""

    settings: LiveSettings
    way: Way
    folder: Path
    environment: dict[str, str]
    odoo: Odoo
    proxy: StandInProxy
    keyring: KeyringServer
    prepared: PreparedOffice

    def set_up(self) -> None:
        """Run `codalink setup`, and give it an API key of each database where it is to use them."""
        protocol = Way.XML_RPC.value if self.way is Way.XML_RPC else ""
        rows = [f"{self.settings.url},{name},{protocol}" for name in self.settings.databases]
        listed = self.folder / "databases.csv"
        listed.write_text("\n".join(["url,database,protocol", *rows, ""]), encoding="utf-8")
        office = ("--office-name", self.prepared.name, "--office-vat", self.prepared.vat, "--login", self.settings.login)
        _succeeded(self.run("setup", *office, "--databases-file", str(listed), *_UNATTENDED, stdin=f"{self.settings.secret}\n"))
        if self.way is Way.JSON_2:
            keys = [f"{self.settings.url},{name},{self.settings.login},{make_key(self.odoo, name)}" for name in self.settings.databases]
            _succeeded(self.run("keys", "import", "-", stdin="\n".join(["url,database,login,key", *keys, ""])))

    @property
    def versions(self) -> dict[str, str]:
        return dict.fromkeys(self.settings.databases, self.odoo.version)

    @property
    def protocols(self) -> dict[str, str]:
        return dict.fromkeys(self.settings.databases, self.way.value)

    @property
    def connected(self) -> dict[str, bool]:
        field = "l10n_be_codabox_is_connected"
        asked = ((name, self.odoo.call(name, "res.company", "search_read", [], fields=[field])) for name in self.settings.databases)
        return {f"{name}/{row['id']}": row[field] for name, rows in asked for row in rows}

    @property
    def readable_passwords(self) -> list[str]:
        asked = (
            self.odoo.call(name, model, "search_read", [], fields=[field])
            for name in self.settings.databases
            for model, fields in PASSWORD_FIELDS.items()
            for field in fields
        )
        return [value for rows in asked for row in rows for key, value in row.items() if key != "id" and value]

    @property
    def password(self) -> str:
        return str(self.proxy.order("office", self.prepared.vat)["password"])

    @property
    def first_connections(self) -> int:
        return int(self.proxy.order("office", self.prepared.vat)["first_connections"])

    @property
    def kept_password(self) -> str | None:
        return self.keyring.items.get((OFFICE_PASSWORD_SERVICE, self.prepared.vat))

    def keep_password(self, password: str) -> None:
        self.keyring.items[OFFICE_PASSWORD_SERVICE, self.prepared.vat] = password


_UNATTENDED = ("--secret-stdin", "--yes", "--no-try")


def _succeeded(done: Done) -> None:
    assert done.exit_code == 0, done


@contextmanager
def live_office(settings: LiveSettings, way: Way, folder: Path) -> Iterator[LiveOffice]:
    """Prepare the databases for a new office, and set up codalink for it, with a keyring of its own."""
    odoo, proxy = Odoo(settings.url, settings.login, settings.secret), StandInProxy(settings.proxy_url)
    keyring = KeyringServer(lambda _seconds: None)
    server = HttpServer(keyring)
    server.listen()
    try:
        prepared = prepare_office(odoo, proxy, settings.proxy_url_for_odoo, settings.databases)
        environment = own_environment(folder, keyring_at(server.url + keyring.path))
        office = LiveOffice(settings, way, folder, environment, odoo, proxy, keyring, prepared)
        clean(office)
        give_browser(office)
        office.set_up()
        yield office
    finally:
        server.stop()
