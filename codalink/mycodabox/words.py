"""The words of MyCodaBox's exports: names of columns and states, in English, Dutch and French.

No sample of a real export was at hand. The states are those of CodaBox's help pages, newer and older ones, where these have them in the
language, else translated; the columns' names are what one would call them. A name that is missing is added to its table here, as `plain`
writes it: small letters, no accents, none of the small words.
"""

import re
import unicodedata
from collections.abc import Collection
from enum import Enum
from functools import lru_cache
from itertools import chain

from codalink.office.readiness.mandates import MandateState


class Column(Enum):
    """What a column holds; the value is how it is called in messages."""

    ACCOUNT = "account number"
    STATE = "state"
    ACCOUNT_STATE = "state of the account"
    COMPANY = "company"
    NUMBER = "enterprise number"
    REASON = "reason"
    SINCE = "date of the state"
    CURRENCY = "currency"
    SERVICE = "service"
    SECRETARIAT = "social secretariat"


COLUMNS: dict[Column, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    Column.ACCOUNT: (
        ("iban", "account number", "bank account number", "bank account", "account", "bank accounts", "accounts", "iban number"),
        ("rekeningnummer", "bankrekeningnummer", "bankrekening", "rekening", "bankrekeningen", "rekeningen", "iban nummer"),
        ("numero compte", "n compte", "no compte", "numero compte bancaire", "compte bancaire", "compte", "comptes bancaires", "comptes"),
    ),
    Column.STATE: (
        ("mandate state", "mandate status", "state mandate", "status mandate", "state", "status"),
        ("mandaatstatus", "status mandaat", "staat mandaat", "toestand mandaat", "status volmacht", "staat volmacht", "staat", "toestand"),
        ("statut mandat", "etat mandat", "statut", "etat"),
    ),
    Column.ACCOUNT_STATE: (
        ("account state", "account status", "bank account state", "bank account status", "state account", "status account"),
        ("status rekening", "staat rekening", "toestand rekening", "rekeningstatus", "status bankrekening", "staat bankrekening"),
        ("statut compte", "etat compte", "statut compte bancaire", "etat compte bancaire"),
    ),
    Column.COMPANY: (
        ("company name", "company", "client name", "client", "customer name", "customer", "name"),
        ("klantnaam", "naam klant", "klant", "dossiernaam", "naam dossier", "dossier", "onderneming", "bedrijf", "vennootschap", "naam"),
        ("nom client", "nom entreprise", "nom societe", "nom dossier", "entreprise", "societe", "nom"),
    ),
    Column.NUMBER: (
        ("enterprise number", "company number", "vat number", "registration number", "company id", "vat"),
        ("ondernemingsnummer", "kbo nummer", "btw nummer", "kbo", "btw"),
        ("numero entreprise", "n entreprise", "no entreprise", "numero bce", "numero tva", "n tva", "no tva", "bce", "tva"),
    ),
    Column.REASON: (
        ("reason", "state reason", "state details", "details", "detail", "explanation", "comment", "remark"),
        ("reden", "uitleg", "toelichting", "opmerking"),
        ("raison", "motif", "explication", "remarque", "commentaire"),
    ),
    Column.SINCE: (
        ("state date", "status date", "date state", "date status", "since", "date"),
        ("statusdatum", "status datum", "datum status", "datum staat", "sinds", "datum"),
        ("date statut", "date etat", "depuis"),
    ),
    Column.CURRENCY: (("currency",), ("munt", "munteenheid", "valuta"), ("devise", "monnaie")),
    Column.SERVICE: (
        ("service", "product", "mandate type", "type mandate", "type"),
        ("dienst", "type mandaat", "soort mandaat"),
        ("type mandat",),
    ),
    Column.SECRETARIAT: (("social secretariat", "social office"), ("sociaal secretariaat",), ("secretariat social",)),
}
"""In English, Dutch and French. Where a file has several of a column's names, the first one here counts."""

STATES: dict[MandateState, tuple[str, ...]] = {
    MandateState.REGISTERED: ("registered", "in treatment", "geregistreerd", "in behandeling", "inscrit", "enregistre", "en traitement"),
    MandateState.IN_PREPARATION: ("in preparation", "prepared", "in voorbereiding", "voorbereid", "en preparation", "prepare"),
    MandateState.AWAITING_SIGNATURE: (
        *("awaiting signature", "sent client", "sent customer", "available online", "pending signed mandate"),
        *("in afwachting ondertekening", "in afwachting handtekening", "wachten op ondertekening", "wachten op handtekening"),
        *("wacht op handtekening", "verzonden klant", "online beschikbaar", "in afwachting getekend mandaat"),
        *("in afwachting ondertekend mandaat", "wachten op ondertekend mandaat", "wachten op getekend mandaat"),
        *("en attente signature", "envoye client", "disponible en ligne", "en attente mandat signe"),
    ),
    MandateState.SIGNED: ("signed", "ondertekend", "getekend", "signe"),
    MandateState.BANK_PROCEDURE: (
        *("bank procedure", "bankprocedure", "procedure bancaire"),
        *("pending activation bank", "in afwachting activatie bank", "wachten op activatie bank", "activation en attente banque"),
        *("en attente activation banque",),
    ),
    MandateState.PENDING_CLIENT: (
        *("pending activation client", "pending activation customer", "pending activation account holder"),
        *("in afwachting activatie klant", "in afwachting activatie rekeninghouder", "wachten op activatie klant"),
        *("wachten op activatie rekeninghouder", "en attente activation client", "en attente activation titulaire compte"),
    ),
    MandateState.PENDING_FIRST_FILE: (
        *("bank activation completed", "pending first coda file", "bankactivatie voltooid", "bankactivatie in orde"),
        *("wachten op eerste coda bestand", "activation bancaire terminee", "en attente premier fichier coda"),
    ),
    MandateState.PENDING_DELIVERY: ("coda available", "pending delivery", "coda beschikbaar", "coda disponible"),
    MandateState.PROBLEM: ("problem", "probleem", "probleme"),
    MandateState.ACTIVE: ("active", "coda is provided", "actief", "coda wordt geleverd", "actif", "coda est fourni", "coda fourni"),
    MandateState.ARCHIVED: (
        *("archived", "bank mandate stopped", "bank activation completed no more banking transactions"),
        *("gearchiveerd", "bankmandaat gestopt", "bankmandaat stopgezet", "bankvolmacht gestopt"),
        *("archive", "mandat bancaire stoppe"),
    ),
    MandateState.NOT_SIGNED: ("not signed", "niet ondertekend", "niet getekend", "non signe", "pas signe"),
    MandateState.REQUESTED: ("requested", "aangevraagd", "demande"),
    MandateState.DELAYED: ("delayed", "vertraagd", "uitgesteld", "retarde", "en retard", "retard"),
    MandateState.CONFIRMED: ("confirmed", "bevestigd", "confirme"),
}
"""A cell may say more after one of these, such as "Bank procedure + Sent to the bank"."""

_SMALL_WORDS = frozenset({"of", "the", "by", "to", "van", "het", "de", "door", "naar", "du", "d", "la", "le", "l", "des", "par", "au"})

_SERVICES = frozenset({"coda", "soda", "codabox"})
"""May stand in any column's name."""


def plain(text: str) -> str:
    """A name for comparing: small letters, no accents, signs or small words (`Numéro d'entreprise` → `numero entreprise`)."""
    letters = "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))
    return " ".join(word for word in re.findall(r"[a-z0-9]+", letters.casefold()) if word not in _SMALL_WORDS)


def find_columns(header: Collection[str]) -> dict[Column, int]:
    """Where each column stands in a line, by its cells; one may say more in brackets, as in `Rekeningnummer (IBAN)`."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        words = plain(cell.partition("(")[0]).split()
        places.setdefault(" ".join(word for word in words if word not in _SERVICES), place)
    found = {column: next((places[name] for name in chain(*names) if name in places), None) for column, names in COLUMNS.items()}
    return {column: place for column, place in found.items() if place is not None}


@lru_cache(maxsize=256)
def state_of(text: str) -> MandateState | None:
    """The state that a cell tells; None where codalink has no word for it."""
    told = f"{plain(text)} "
    fits = [(len(name), state) for state, names in STATES.items() for name in names if told.startswith(f"{name} ")]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None
