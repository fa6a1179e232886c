"""A simulated accounting office over real HTTP: Odoo servers, the IAP proxy behind them, and MyCodaBox.

The sandbox is what `codalink demo` and the tests run against. It answers as recorded Odoo servers do, errors and
oddities included, and shares no code with the product, so that one misunderstanding cannot hide in both.

    with Sandbox(demo_office()) as sandbox:
        sandbox.servers["odoo18"].url       # "http://127.0.0.1:41234"

Top to bottom: `servers` (the running thing) → `jsonrpc` (a protocol) → `rpc` (Odoo's services) → `models`, `codabox`
(one database) → `proxy` (what all databases share) → `world` (the state).
"""

from codalink.sandbox.demo_office import demo_office
from codalink.sandbox.faults import Fault, FaultKind, Faults
from codalink.sandbox.offices import large_office, small_office
from codalink.sandbox.proxy import Consent, Office, Proxy
from codalink.sandbox.recorded import recorded_server
from codalink.sandbox.servers import Sandbox
from codalink.sandbox.world import Company, CustomerDatabase, Journal, OdooServer, User, World

__all__ = [
    "Company",
    "Consent",
    "CustomerDatabase",
    "Fault",
    "FaultKind",
    "Faults",
    "Journal",
    "OdooServer",
    "Office",
    "Proxy",
    "Sandbox",
    "User",
    "World",
    "demo_office",
    "large_office",
    "recorded_server",
    "small_office",
]
