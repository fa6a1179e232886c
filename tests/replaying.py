"""The recordings of real Odoo servers as something to play again: their lines, what happened between two, and how to compare."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from codalink.sandbox import Consent, Office, Proxy
from codalink.sandbox.recorded import OFFICE_VAT

FOLDER = Path(__file__).parent / "recordings"
# Values that depend on when the recording was made, or on how many records Odoo had made before: only types count.
VOLATILE_KEYS = frozenset({"create_date", "nextcall"})
VOLATILE_IDS = {
    "statements_search_read": {"line_ids", "attachment_ids"},
    "statement_lines_search_read": {"id"},
    "attachments_search_read": {"id"},
    "fetch_soda": {"domain"},
}


def _contract_ends(proxy: Proxy) -> None:
    proxy.offices["kept"] = proxy.offices.pop(OFFICE_VAT)


def _contract_and_timeout(proxy: Proxy) -> None:
    office: Office = proxy.offices.pop("kept")
    proxy.add_office(office)
    proxy.is_timing_out = True


def _deprecated(proxy: Proxy) -> None:
    proxy.is_timing_out, proxy.is_deprecated = False, True


def _payroll(proxy: Proxy) -> None:
    company = next(iter(proxy.office(OFFICE_VAT).connections))
    proxy.payroll[company] = ["SODA 2026/01"]


OUTSIDE: dict[str, Callable[[Proxy], object]] = {
    "open_wizard_proxy_down": lambda proxy: setattr(proxy, "is_down", True),
    "notification_no_connection": lambda proxy: setattr(proxy, "is_down", False),
    "create_connection_unknown_office": _contract_ends,
    "create_connection_timeout": _contract_and_timeout,
    "create_connection_deprecated": _deprecated,
    "create_connection_first": lambda proxy: setattr(proxy, "is_deprecated", False),
    "notification_success": lambda proxy: proxy.give_consent(OFFICE_VAT),
    "fetch_coda_no_files_error": lambda proxy: setattr(proxy, "has_no_files", True),
    "general_journal": lambda proxy: setattr(proxy, "has_no_files", False),
    "fetch_soda": _payroll,
    "notification_consent_revoked": lambda proxy: proxy.give_consent(OFFICE_VAT, Consent.CANCELLED),
}
"""What happened outside Odoo, by the name of the line it came before."""


@cache
def recording(file: str) -> list[dict[str, Any]]:
    """All lines of one file, such as ``odoo18-jsonrpc``, in their order."""
    text = (FOLDER / f"{file}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def differences_between(
    wanted: object, got: object, where: str, volatile: frozenset[str] = VOLATILE_KEYS, *, exact: bool = True
) -> list[str]:
    """What differs, a line each; of what is volatile, only the types count."""
    if type(wanted) is not type(got):
        return [f"{where}: {wanted!r} ≠ {got!r}"]
    if isinstance(wanted, dict) and isinstance(got, dict):
        if wanted.keys() != got.keys():
            return [f"{where}: keys {sorted(wanted.keys() ^ got.keys())} on one side only"]
        found = [
            differences_between(wanted[key], got[key], f"{where}.{key}", volatile, exact=exact and key not in volatile) for key in wanted
        ]
        return [difference for part in found for difference in part]
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        if len(wanted) != len(got):
            return [f"{where}: {len(wanted)} ≠ {len(got)} items: {got!r}"]
        found = [
            differences_between(one, other, f"{where}[{index}]", volatile, exact=exact)
            for index, (one, other) in enumerate(zip(wanted, got, strict=True))
        ]
        return [difference for part in found for difference in part]
    if exact and _without_port(wanted) != _without_port(got):
        return [f"{where}: {wanted!r} ≠ {got!r}"]
    return []


def _without_port(value: object) -> object:
    return re.sub(r"http://127\.0\.0\.1:\d+/", "http://127.0.0.1/", value) if isinstance(value, str) else value
