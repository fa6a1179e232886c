"""A simulated accounting office over real HTTP: Odoo servers, the IAP proxy behind them, and MyCodaBox.

The sandbox is what `codalink demo` and the tests run against. It answers as recorded Odoo servers do, errors and
oddities included, and shares no code with the product, so that one misunderstanding cannot hide in both.

    with Sandbox(demo_office()) as sandbox:
        sandbox.servers["odoo18"].url       # "http://127.0.0.1:41234"

Top to bottom: `servers` (the running thing) → `jsonrpc`, `json2`, `xmlrpc` (the protocols) → `rpc` (Odoo's services) →
`models`, `codabox` (one database) → `proxy` (what all databases share) → `world` (the state).
"""

from codalink.sandbox.demo_office import demo_office
from codalink.sandbox.faults import Fault, FaultKind, Faults
from codalink.sandbox.histories import add_history
from codalink.sandbox.listings import account_of_odoo_com, add_databases_app, add_odoo_com, add_test_copy
from codalink.sandbox.mandates import Mandate, MandateState, mandates_export
from codalink.sandbox.mixed_office import mixed_office, online_office
from codalink.sandbox.offices import large_office, small_office
from codalink.sandbox.proxy import Consent, Office, Proxy
from codalink.sandbox.random_faults import RandomFaults
from codalink.sandbox.recorded import recorded_server
from codalink.sandbox.refusals import Button, Refusal
from codalink.sandbox.servers import Sandbox
from codalink.sandbox.troubles import Planted, Trouble
from codalink.sandbox.users import ACCOUNTING_GROUP, ADMIN_GROUP, ApiKey, User
from codalink.sandbox.world import Company, CustomerDatabase, Flavour, Journal, OdooServer, Partner, World

__all__ = [
    "ACCOUNTING_GROUP",
    "ADMIN_GROUP",
    "ApiKey",
    "Button",
    "Company",
    "Consent",
    "CustomerDatabase",
    "Fault",
    "FaultKind",
    "Faults",
    "Flavour",
    "Journal",
    "Mandate",
    "MandateState",
    "OdooServer",
    "Office",
    "Partner",
    "Planted",
    "Proxy",
    "RandomFaults",
    "Refusal",
    "Sandbox",
    "Trouble",
    "User",
    "World",
    "account_of_odoo_com",
    "add_databases_app",
    "add_history",
    "add_odoo_com",
    "add_test_copy",
    "demo_office",
    "large_office",
    "mandates_export",
    "mixed_office",
    "online_office",
    "recorded_server",
    "small_office",
]
