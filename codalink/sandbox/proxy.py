"""Odoo's IAP proxy with CodaBox behind it: what all databases share. Thread safe; knows nothing of Odoo's records."""

import secrets
import string
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from codalink.sandbox import texts
from codalink.sandbox.belgium import is_valid_vat
from codalink.sandbox.coda import BankAccount, CodaStatement
from codalink.sandbox.mandates import Mandate
from codalink.sandbox.refusals import Button, DialledRefusal, Refusal, Refusals

_ALPHABET = string.ascii_letters + string.digits


def random_password(length: int = 16) -> str:
    """Make an office password such as the proxy makes them."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _today() -> date:
    return datetime.now(UTC).date()


class Consent(Enum):
    """The office's word in MyCodaBox."""

    TO_BE_DETERMINED = "to be determined"
    ALLOWED = "allowed"
    DENIED = "denied"
    CANCELLED = "cancelled"


class ProxyError(Exception):
    """The proxy's or CodaBox's refusal, in one of the module's English texts. `is_temporary`: nothing was decided."""

    def __init__(self, text: str, *, is_temporary: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.is_temporary = is_temporary


class Status(NamedTuple):
    """What the connection wizard shows when it opens."""

    nb_connections: int
    connection_exists: bool
    is_consent_valid: bool


class FirstConnection(NamedTuple):
    """What an office's first connection hands over, once."""

    token: str
    office_password: str
    consent_url: str


@dataclass(slots=True)
class Office:
    """An accounting office with a CodaBox contract. `connections` maps company VATs to their tokens."""

    vat: str
    name: str = "Kantoor Demo"
    password: str = field(default_factory=random_password)
    consent_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    consent: Consent = Consent.TO_BE_DETERMINED
    is_registered: bool = False
    first_connections: int = 0
    connections: dict[str, str] = field(default_factory=dict)
    next_password: str = ""
    """The password of the next first connection, where a test wants to know it; random otherwise."""

    @property
    def is_consent_valid(self) -> bool:
        """Whether files may flow."""
        return self.consent is Consent.ALLOWED


class Proxy:
    """The proxy's state and switches. Set `is_down`, `is_timing_out`, `is_deprecated`, `has_no_files` at any time; `refuse` dials
    in any text.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.offices: dict[str, Office] = {}
        self.bank_accounts: dict[str, BankAccount] = {}
        self.mandates: dict[str, Mandate] = {}
        self.refusals = Refusals()
        self.payroll: dict[str, list[str]] = {}
        self.mycodabox_url = "http://127.0.0.1:8070"
        self.fixed_token = ""
        self.is_down = False
        self.is_timing_out = False
        self.is_deprecated = False
        self.has_no_files = False
        self.today: Callable[[], date] = _today
        self.on_first_connection: Callable[[Office], None] | None = None

    def add_office(self, office: Office) -> Office:
        """Give an office a contract with CodaBox."""
        with self.lock:
            self.offices[office.vat] = office
        return office

    def office(self, vat: str) -> Office:
        """Find the office with this number (ten digits); KeyError where it has no contract."""
        return self.offices[vat]

    def connected_companies(self, office_vat: str) -> list[str]:
        """List the VATs of the companies connected to an office."""
        with self.lock:
            return sorted(self.offices[office_vat].connections)

    def give_consent(self, office_vat: str, consent: Consent = Consent.ALLOWED) -> None:
        """Do what a person does on the consent page, or take it back (`Consent.CANCELLED`).

        A cancelled consent frees the office: its next connection is a first one again.
        """
        with self.lock:
            office = self.offices[office_vat]
            office.consent = consent
            if consent is Consent.CANCELLED:
                office.is_registered = False

    def add_mandate(self, mandate: Mandate) -> Mandate:
        """Tell how the mandate of an account stands. Accounts that nothing is told of have an active one."""
        with self.lock:
            self.mandates[mandate.iban] = mandate
        return mandate

    def refuse(self, refusal: Refusal, button: Button | None = None, *, company_vat: str = "", times: int | None = 1) -> DialledRefusal:
        """Refuse the next call at a button (the refusal's usual one unless told), or so many; answers what counts them.

        `company_vat` is ten digits, ``""`` for every company. Take it back with ``refusals.clear()``.
        """
        dialled = DialledRefusal(refusal, button or refusal.usual_button, company_vat, times)
        self.refusals.add(dialled)
        return dialled

    def meet(self, button: Button, company_vat: str) -> None:
        """Raise ProxyError where a refusal waits for this company at this button."""
        refusal = self.refusals.take(button, company_vat)
        if refusal is not None:
            raise ProxyError(refusal.text, is_temporary=refusal.is_temporary)

    def office_of_consent_token(self, token: str) -> Office | None:
        """Find whose consent page this is."""
        with self.lock:
            found = (office for office in self.offices.values() if secrets.compare_digest(office.consent_token, token))
            return next(found, None)

    def consent_url(self, office: Office) -> str:
        """Tell the address of an office's consent page."""
        return f"{self.mycodabox_url}/mycodabox/consent/{office.consent_token}"

    # What Odoo databases ask -------------------------------------------------------------------

    def status(self, company_vat: str, office_vat: str) -> Status:
        """Answer what the wizard shows. Neither number is checked here, as recorded (`open_wizard_badvat`)."""
        with self.lock:
            self.meet(Button.OPEN_WIZARD, company_vat)
            self._check_reachable()
            office = self.offices.get(office_vat)
            if office is None:
                return Status(0, connection_exists=False, is_consent_valid=False)
            return Status(len(office.connections), company_vat in office.connections, office.is_consent_valid)

    def connect_first(self, company_vat: str, office_vat: str) -> FirstConnection:
        """Register the office with its first company; refused once it is registered."""
        with self.lock:
            office = self._contracted(company_vat, office_vat)
            if office.is_registered:
                raise ProxyError(texts.ALREADY_REGISTERED)
            self._register(office, company_vat)
            listener = self.on_first_connection
        if listener is not None:
            listener(office)
        return FirstConnection(office.connections[company_vat], office.password, self.consent_url(office))

    def connect_further(self, company_vat: str, office_vat: str, password: str) -> tuple[str, bool]:
        """Connect one more company; answers its token and whether consent is valid. Doing it again does no harm."""
        with self.lock:
            office = self._contracted(company_vat, office_vat)
            if office.first_connections == 0 or not secrets.compare_digest(office.password.encode(), password.encode()):
                raise ProxyError(texts.WRONG_PASSWORD)
            if office.consent is Consent.CANCELLED:
                raise ProxyError(texts.CONSENT_INVALID)
            token = office.connections.setdefault(company_vat, self._new_token())
            return token, office.is_consent_valid

    def check(self, company_vat: str, office_vat: str, token: str) -> None:
        """Raise ProxyError unless this connection exists and the consent is valid."""
        with self.lock:
            self._check_reachable()
            office = self._connected(company_vat, office_vat, token)
            if not office.is_consent_valid:
                raise ProxyError(texts.CONSENT_INVALID)

    def revoke(self, company_vat: str, office_vat: str, token: str, password: str | None = None) -> None:
        """Take a connection away; with a password where the module's version asks for it."""
        with self.lock:
            self.meet(Button.REVOKE, company_vat)
            self._check_working()
            office = self._connected(company_vat, office_vat, token)
            if password is not None and password != office.password:
                raise ProxyError(texts.WRONG_PASSWORD_FIRM)
            del office.connections[company_vat]

    def change_password(self, company_vat: str, office_vat: str, current: str, new: str) -> None:
        """Replace the office password, through any of its companies."""
        with self.lock:
            self.meet(Button.CHANGE_PASSWORD, company_vat)
            self._check_working()
            office = self.offices.get(office_vat)
            if office is None or office.first_connections == 0 or office.password != current:
                raise ProxyError(texts.WRONG_PASSWORD_FIRM)
            office.password = new

    def _register(self, office: Office, company_vat: str) -> None:
        if office.first_connections:
            # A new beginning after revocation: the old password and the old connections are worth nothing.
            office.password = random_password()
            office.connections.clear()
        if office.next_password:
            office.password, office.next_password = office.next_password, ""
        office.is_registered = True
        office.consent = Consent.TO_BE_DETERMINED
        office.first_connections += 1
        office.connections[company_vat] = self._new_token()

    def _connected(self, company_vat: str, office_vat: str, token: str) -> Office:
        office = self.offices.get(office_vat)
        if office is None or not token or office.connections.get(company_vat) != token:
            if office is not None and office.consent is Consent.CANCELLED:
                raise ProxyError(texts.CONSENT_INVALID)
            raise ProxyError(texts.NO_CONNECTION)
        return office

    def _contracted(self, company_vat: str, office_vat: str) -> Office:
        self.meet(Button.CONNECT, company_vat)
        self._check_working()
        if not (is_valid_vat(company_vat) and is_valid_vat(office_vat)):
            raise ProxyError(texts.VAT_INVALID)
        office = self.offices.get(office_vat)
        if office is None:
            raise ProxyError(texts.UNKNOWN_OFFICE)
        return office

    def _check_reachable(self) -> None:
        if self.is_down:
            raise ProxyError(texts.PROXY_DOWN, is_temporary=True)

    def _check_working(self) -> None:
        self._check_reachable()
        if self.is_deprecated:
            raise ProxyError(texts.UPGRADE)
        if self.is_timing_out:
            raise ProxyError(texts.CODABOX_DOWN, is_temporary=True)

    def _new_token(self) -> str:
        return self.fixed_token or secrets.token_hex(16)

    # Files --------------------------------------------------------------------------------------

    def check_files(self, company_vat: str) -> None:
        """Raise ProxyError where CodaBox can't be asked for files, or has none to give."""
        with self.lock:
            self.meet(Button.RETRIEVE, company_vat)
            self._check_working()
            if self.has_no_files:
                raise ProxyError(texts.NO_FILES)

    def take_statements(self, iban: str, holder: str, company_vat: str) -> list[CodaStatement]:
        """Hand over an account's statements that wait; none without an active mandate. The first one to ask finds two days of them."""
        with self.lock:
            mandate = self.mandates.get(iban)
            if mandate is not None and not mandate.delivers:
                return []
            account = self.bank_accounts.get(iban)
            if account is None:
                # The files are those of yesterday and the day before.
                begin = self.today() - timedelta(days=3)
                account = self.bank_accounts[iban] = BankAccount(iban, holder, company_vat, last_day=begin)
                account.currency = mandate.currency if mandate else account.currency
                account.pass_days(2)
            return account.take()

    def take_payroll(self, company_vat: str) -> list[str]:
        """Hand over the payroll entries (their references) that wait for a company."""
        with self.lock:
            return self.payroll.pop(company_vat, [])
