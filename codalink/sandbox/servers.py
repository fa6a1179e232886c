"""The running sandbox: real HTTP servers on free ports of 127.0.0.1 around one simulated world."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

from codalink.sandbox.calls import Call, CallLog
from codalink.sandbox.faults import Faults
from codalink.sandbox.keyring_server import KeyringServer
from codalink.sandbox.mycodabox import PATH as CONSENT_PATH
from codalink.sandbox.mycodabox import consent_page, mandates_file
from codalink.sandbox.odoo_site import OdooSite
from codalink.sandbox.pages import page
from codalink.sandbox.proxy import Office, Proxy
from codalink.sandbox.state_page import StatePage
from codalink.sandbox.web import HttpServer, Request, Response
from codalink.sandbox.world import OdooServer, World

_SHORT_S = 0.2


class Sandbox:
    """Runs a world while it is entered.

    `latency_s` is added to every Odoo call, `login_latency_s` besides to every login, `install_latency_s` to installing a module.
    With `consent_after_s`, consent is given by itself that many seconds after a first connection. `before_call` and `after_call` are
    called in the threads that answer.
    """

    def __init__(
        self,
        world: World,
        *,
        latency_s: float = 0.0,
        login_latency_s: float = 0.0,
        install_latency_s: float = 0.0,
        consent_after_s: float | None = None,
    ) -> None:
        self.world = world
        self.latency_s = latency_s
        self.login_latency_s = login_latency_s
        self.install_latency_s = install_latency_s
        self.consent_after_s = consent_after_s
        self.calls = CallLog()
        self.faults = Faults(self._apply_refusals)
        self.before_call: Callable[[Call], None] | None = None
        self.after_call: Callable[[Call, Any], None] | None = None
        self.keyring = KeyringServer(self.wait)
        self.sites = {server.name: OdooSite(server, self) for server in world.servers.values()}
        self.servers = {name: HttpServer(site) for name, site in self.sites.items()}
        self.state_page = StatePage(self)
        self._mandates_path = f"/mycodabox/{secrets.token_urlsafe(24)}/mandates.csv"
        self._odoo_com = HttpServer(OdooSite(world.odoo_com, self)) if world.odoo_com else None
        self._mycodabox = HttpServer(self._answer_beside_odoo)
        self._is_stopping = threading.Event()

    @property
    def proxy(self) -> Proxy:
        """The IAP proxy's state and switches."""
        return self.world.proxy

    @property
    def mycodabox_url(self) -> str:
        """The address of the simulated MyCodaBox."""
        return self._mycodabox.url

    @property
    def keyring_url(self) -> str:
        """What `CODALINK_DEMO_KEYRING` must hold."""
        return self._mycodabox.url + self.keyring.path

    @property
    def state_url(self) -> str:
        """Where the state page is."""
        return self._mycodabox.url + self.state_page.path

    @property
    def mandates_url(self) -> str:
        """Where an office downloads its mandates: MyCodaBox's export, CSV, as it stands now."""
        return self._mycodabox.url + self._mandates_path

    @property
    def odoo_com_url(self) -> str:
        """The address of the simulated www.odoo.com; ``""`` where the world has none."""
        return self._odoo_com.url if self._odoo_com else ""

    @property
    def connection_count(self) -> int:
        """How many TCP connections were made to all Odoo servers."""
        return sum(server.connection_count for server in self.servers.values())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open all servers; those that are down reserve a port and refuse."""
        self._is_stopping.clear()
        self._mycodabox.listen()
        self.proxy.mycodabox_url = self._mycodabox.url
        if self.consent_after_s is not None:
            self.proxy.on_first_connection = self._consent_later
        self._open()

    def stop(self) -> None:
        """Close everything; what stalls goes on at once."""
        self._is_stopping.set()
        self.proxy.on_first_connection = None
        for server in [*self.servers.values(), self._mycodabox, self._odoo_com]:
            if server is not None:
                server.stop()

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond the sandbox's end."""
        if seconds <= _SHORT_S:
            time.sleep(seconds)  # a third of the price of waiting for an event
        else:
            self._is_stopping.wait(seconds)

    def reset_counts(self) -> None:
        """Forget the calls so far, and begin to count connections and calls at once anew."""
        self.calls.clear()
        for server in self.servers.values():
            server.connection_count = 0
        for site in self.sites.values():
            site.most_at_once = 0

    def url_of(self, database: str) -> str:
        """Tell the address of the server that holds a database."""
        return next(self.servers[server.name].url for server in self.world.servers.values() if database in server.databases)

    def _open(self) -> None:
        for server, running in self._odoo_servers():
            if server.is_up and not self.faults.is_refused(server.name):
                running.listen()
            elif running.is_listening or not running.port:
                running.refuse()
            server.url = running.url

    def _odoo_servers(self) -> Iterator[tuple[OdooServer, HttpServer]]:
        yield from ((self.world.servers[name], running) for name, running in self.servers.items())
        if self.world.odoo_com is not None and self._odoo_com is not None:
            yield self.world.odoo_com, self._odoo_com

    def _apply_refusals(self) -> None:
        if self._mycodabox.is_listening:
            self._open()

    def _answer_beside_odoo(self, request: Request) -> Response:
        if request.path.startswith(CONSENT_PATH):
            return consent_page(self.proxy, request)
        if request.path == self.keyring.path:
            return self.keyring(request)
        if request.path == self.state_page.path:
            return self.state_page(request)
        if request.path == self._mandates_path:
            return mandates_file(self.proxy, self.world.office_vat)
        return page(404, "Not Found", "There is nothing here.")

    def _consent_later(self, office: Office) -> None:
        def give() -> None:
            if not self._is_stopping.wait(self.consent_after_s):
                self.proxy.give_consent(office.vat)

        threading.Thread(target=give, name="sandbox-consent", daemon=True).start()
