"""A company's dossier: what is known of it. What nobody has looked at is None, so that a judgement never rests on a guess."""

from dataclasses import dataclass

from codalink.errors import CodalinkError, NotConnectable
from codalink.odoo.codabox.module import Module
from codalink.office.model import Account, Company
from codalink.office.readiness.mandates import Mandates


@dataclass(frozen=True)
class Dossier:
    """One company, and what is known beyond its record."""

    company: Company
    version: str | None = None
    """The server's, such as `18.0` or `saas~18.2+e`."""
    duplicate: NotConnectable | None = None
    """Set where the company stands in another database too."""
    module: Module | None = None
    accounts: tuple[Account, ...] | None = None
    """Its bank journals."""
    unread: CodalinkError | None = None
    """Why `module` or `accounts` could not be read."""
    is_consented: bool | None = None
    """Whether the office's consent is valid; the same for all its companies."""
    mandates: Mandates | None = None
    """What MyCodaBox's export says of all accounts, where somebody has one."""
