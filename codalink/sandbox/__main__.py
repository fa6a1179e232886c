"""A sandbox in a process of its own, for benchmarks and for trying things by hand: ``python -m codalink.sandbox``.

Prints one line of JSON, `describe_sandbox`'s, and runs until its standard input is closed or it is interrupted.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from codalink.sandbox import (
    Sandbox,
    World,
    account_of_odoo_com,
    demo_office,
    large_office,
    mixed_office,
    online_office,
    small_office,
)

_OFFICES: dict[str, Callable[[argparse.Namespace], World]] = {
    "demo": lambda _options: demo_office(),
    "small": lambda options: small_office(options.databases, options.companies),
    "large": lambda options: large_office(options.databases, options.version, options.statements),
    "mixed": lambda options: mixed_office(options.databases, options.companies),
    "online": lambda options: online_office(options.databases, options.companies),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a sandbox; all that is wanted of it stands in the arguments."""
    options = _parser().parse_args(arguments)
    world = _OFFICES[options.office](options)
    for server in world.servers.values():
        server.max_at_once = options.max_at_once
    timing = {"latency_s": options.latency, "login_latency_s": options.login_latency, "consent_after_s": options.consent_after}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), Sandbox(world, **timing) as sandbox:
        sys.stdout.write(json.dumps(describe_sandbox(sandbox)) + "\n")
        sys.stdout.flush()
        while sys.stdin.buffer.read(65_536):
            pass


def describe_sandbox(sandbox: Sandbox) -> dict[str, Any]:
    """Tell what a client needs: addresses, the office, and the accountant's secrets, which open nothing but this sandbox."""
    world = sandbox.world
    servers = {
        name: {"url": running.url, "version": world.servers[name].version, "databases": list(world.servers[name].databases)}
        for name, running in sandbox.servers.items()
    }
    told = {
        "servers": servers,
        "databases": [database.name for database in world.databases()],
        "office_name": world.office_name,
        "office_vat": world.office_vat,
        "login": world.login,
        "password": world.password,
        "api_key": world.api_key,
        "keyring": sandbox.keyring_url,
        "mycodabox": sandbox.mycodabox_url,
        "mandates": sandbox.mandates_url,
        "state": sandbox.state_url,
    }
    return told | ({"odoo_com": _odoo_com(sandbox)} if world.odoo_com else {})


def _odoo_com(sandbox: Sandbox) -> dict[str, str]:
    login, password, api_key = account_of_odoo_com(sandbox.world)
    return {"url": sandbox.odoo_com_url, "login": login, "password": password, "api_key": api_key}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m codalink.sandbox", description="A simulated accounting office over real HTTP.")
    parser.add_argument("--office", choices=_OFFICES, default="small")
    parser.add_argument("--databases", type=int, default=20)
    parser.add_argument("--companies", type=int, default=1, help="companies in each database")
    parser.add_argument("--version", action="append", help="a server with this version, in a large office; 18.0 and 19.0 unless given")
    parser.add_argument("--statements", type=int, default=0, help="bank statements of each account, in a large office")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every call takes")
    parser.add_argument("--login-latency", type=float, default=0.0, help="seconds that a login takes besides")
    parser.add_argument("--consent-after", type=float, help="seconds after which consent is given by itself")
    parser.add_argument("--max-at-once", type=int, help="requests beyond so many at once are answered 429")
    return parser


if __name__ == "__main__":
    main()
