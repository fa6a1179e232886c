"""Mandates in MyCodaBox, one for each bank account, and the export of them that an office can download there."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from io import StringIO

from codalink.sandbox.belgium import spaced

HEADER = ("Client", "Enterprise number", "Account number (IBAN)", "Currency", "Mandate state", "State date", "Reason")


class MandateState(Enum):
    """How far a CODA mandate has come; the value is MyCodaBox's word."""

    REGISTERED = "Registered"
    IN_PREPARATION = "In preparation"
    AWAITING_SIGNATURE = "Awaiting signature"
    SIGNED = "Signed"
    BANK_PROCEDURE = "Bank procedure"
    PROBLEM = "Problem"
    ACTIVE = "Active"
    ARCHIVED = "Archived"
    NONE = "none"
    """Nobody has made one: the account is missing in the export."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """The mandate of one account with an office. `iban` without spaces, the numbers ten digits."""

    iban: str
    client: str
    client_vat: str
    office_vat: str
    state: MandateState = MandateState.ACTIVE
    since: date = date(2026, 1, 5)
    reason: str = ""
    currency: str = "EUR"

    @property
    def delivers(self) -> bool:
        """Whether files come."""
        return self.state is MandateState.ACTIVE


def mandates_export(mandates: Iterable[Mandate], office_vat: str) -> str:
    """Write an office's mandates as CSV, as a Belgian spreadsheet likes it: semicolons, days first, a byte order mark in front.

    No sample of a real export was at hand: the columns are what the contract says that it tells.
    """
    lines = StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(_row(one) for one in mandates if one.office_vat == office_vat and one.state is not MandateState.NONE)
    return f"\ufeff{lines.getvalue()}"


def _row(mandate: Mandate) -> tuple[str, ...]:
    vat = mandate.client_vat
    number = f"{vat[:4]}.{vat[4:7]}.{vat[7:]}"
    day = f"{mandate.since:%d/%m/%Y}"
    return (mandate.client, number, spaced(mandate.iban), mandate.currency, mandate.state.value, day, mandate.reason)
