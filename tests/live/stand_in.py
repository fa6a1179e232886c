"""The stand-in for Odoo's IAP proxy over HTTP, with MyCodaBox's page: the sandbox's own proxy, asked by the add-on of real Odoo servers.

    python -m tests.live.stand_in --host 0.0.0.0 --port 8070

needs nothing but Python. `/iap/QUESTION` is what the add-on asks, `/stand-in/ORDER` what a test orders; both take a list of arguments as
JSON. Everything that it knows is made up and forgotten when it ends.
"""

import argparse
import base64
import json
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from codalink.sandbox.coda import CodaStatement
from codalink.sandbox.codabox_files import soda_file
from codalink.sandbox.mycodabox import PATH as CONSENT_PATH
from codalink.sandbox.mycodabox import consent_page
from codalink.sandbox.proxy import Consent, Office, Proxy, ProxyError
from codalink.sandbox.refusals import Button
from codalink.sandbox.web import JSON, HttpServer, Request, Response

Answer = Callable[..., Any]


class StandIn:
    """The site. Set `proxy`'s switches at any time."""

    def __init__(self, proxy: Proxy | None = None) -> None:
        self.proxy = proxy or Proxy()
        self._iap: dict[str, Answer] = {
            "status": self._status,
            "connect_first": lambda *numbers: self.proxy.connect_first(*numbers)._asdict(),
            "connect_further": self._connect_further,
            "refresh": self._refresh,
            "check": self.proxy.check,
            "revoke": self.proxy.revoke,
            "change_password": self.proxy.change_password,
            "check_files": self.proxy.check_files,
            "take_statements": self._take_statements,
            "take_payroll": self._take_payroll,
        }
        self._orders: dict[str, Answer] = {
            "new_office": self._new_office,
            "office": self._office,
            "give_consent": lambda vat, word: self.proxy.give_consent(vat, Consent(word)),
            "pass_days": self._pass_days,
            "add_payroll": self._add_payroll,
        }

    def __call__(self, request: Request) -> Response:
        """Answer a question, an order, or a person's browser."""
        if request.path.startswith(CONSENT_PATH):
            return consent_page(self.proxy, request)
        room, _, name = request.path.strip("/").partition("/")
        known = {"iap": self._iap, "stand-in": self._orders}.get(room, {}).get(name)
        if known is None or request.method != "POST" or request.content_type != "application/json":
            # The type keeps out a web page that makes a visitor's browser send orders.
            return _json(404, {"error": "there is nothing here"})
        try:
            return _json(200, {"answer": known(*json.loads(request.body))})
        except ProxyError as refused:
            return _json(200, {"refusal": refused.text, "is_temporary": refused.is_temporary})

    # What the add-on asks ------------------------------------------------------------------------

    def _status(self, company_vat: str, office_vat: str) -> dict[str, Any]:
        status = self.proxy.status(company_vat, office_vat)
        return {
            "nb_connections": status.nb_connections,
            "connection_exists": status.connection_exists,
            "is_fidu_consent_valid": status.is_consent_valid,
        }

    def _connect_further(self, company_vat: str, office_vat: str, password: str) -> dict[str, Any]:
        token, is_valid = self.proxy.connect_further(company_vat, office_vat, password)
        return {"token": token, "is_consent_valid": is_valid}

    def _refresh(self, company_vat: str, office_vat: str, token: str) -> None:
        self.proxy.meet(Button.REFRESH, company_vat)
        self.proxy.check(company_vat, office_vat, token)

    def _take_statements(self, iban: str, holder: str, company_vat: str) -> list[dict[str, Any]]:
        return [_statement(one) for one in self.proxy.take_statements(iban, holder, company_vat)]

    def _take_payroll(self, company_vat: str) -> list[dict[str, Any]]:
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        taken = self.proxy.take_payroll(company_vat)
        return [{"reference": one, "date": day, "xml": _base64(soda_file(one, day))} for one in taken]

    # What a test orders --------------------------------------------------------------------------

    def _new_office(self, vat: str, name: str, mycodabox_url: str) -> None:
        """Give an office a contract, or begin anew with one; its consent page is where the test's browser finds it."""
        self.proxy.mycodabox_url = mycodabox_url
        self.proxy.add_office(Office(vat, name))

    def _office(self, vat: str) -> dict[str, Any]:
        with self.proxy.lock:
            office = self.proxy.office(vat)
            return {
                "first_connections": office.first_connections,
                "connected": sorted(office.connections),
                "password": office.password,
                "consent_url": self.proxy.consent_url(office),
            }

    def _pass_days(self, iban: str, days: int) -> None:
        with self.proxy.lock:
            self.proxy.bank_accounts[iban].pass_days(days)

    def _add_payroll(self, company_vat: str, references: list[str]) -> None:
        with self.proxy.lock:
            self.proxy.payroll[company_vat] = references


def _statement(one: CodaStatement) -> dict[str, Any]:
    day = str(one.day)
    return {
        "name": one.name,
        "date": day,
        "balance_start": float(one.balance_start),
        "balance_end_real": float(one.balance_end),
        "lines": [{"date": day, "payment_ref": moved.text, "amount": float(moved.amount)} for moved in one.movements],
        "coda": _base64(one.as_coda()),
        "pdf": _base64(one.as_pdf()),
    }


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _json(status: int, document: object) -> Response:
    return Response(status, json.dumps(document).encode(), JSON, (("Cache-Control", "no-store"),))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until interrupted or told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.stand_in", description="A stand-in for Odoo's IAP proxy and MyCodaBox.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8070)
    options = parser.parse_args(arguments)
    server = HttpServer(StandIn(), port=options.port, host=options.host)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    server.listen()
    ended.wait()
    server.stop()


if __name__ == "__main__":
    main()
