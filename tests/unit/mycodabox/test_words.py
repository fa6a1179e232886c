"""The words of MyCodaBox's exports, in three languages."""

from collections import Counter

import pytest

from codalink.mycodabox.words import COLUMNS, STATES, Column, find_columns, plain, state_of
from codalink.office.readiness.mandates import MandateState


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("IBAN", Column.ACCOUNT),
        ("Account number", Column.ACCOUNT),
        ("Rekeningnummer", Column.ACCOUNT),
        ("Rekeningnummer (IBAN)", Column.ACCOUNT),
        ("Numéro de compte", Column.ACCOUNT),
        ("N° de compte", Column.ACCOUNT),
        ("  NUMERO   DE COMPTE ", Column.ACCOUNT),
        ("State", Column.STATE),
        ("Mandate status", Column.STATE),
        ("Status van de volmacht", Column.STATE),
        ("Toestand", Column.STATE),
        ("État du mandat", Column.STATE),
        ("Statut", Column.STATE),
        ("Account state", Column.ACCOUNT_STATE),
        ("Status rekening", Column.ACCOUNT_STATE),
        ("Statut du compte", Column.ACCOUNT_STATE),
        ("Client", Column.COMPANY),
        ("Klant", Column.COMPANY),
        ("Nom du client", Column.COMPANY),
        ("Enterprise number", Column.NUMBER),
        ("Ondernemingsnummer", Column.NUMBER),
        ("BTW-nummer", Column.NUMBER),
        ("Numéro d'entreprise", Column.NUMBER),
        ("Numéro d\u2019entreprise", Column.NUMBER),
        ("Reason", Column.REASON),
        ("Reden", Column.REASON),
        ("Raison", Column.REASON),
        ("State Date", Column.SINCE),
        ("Statusdatum", Column.SINCE),
        ("Date du statut", Column.SINCE),
        ("Devise", Column.CURRENCY),
        ("Sociaal secretariaat", Column.SECRETARIAT),
    ],
)
def test_column_is_known_in_its_languages(header: str, column: Column) -> None:
    assert find_columns(["Something else", header]) == {column: 1}


def test_date_of_the_state_is_not_taken_for_the_state() -> None:
    assert find_columns(["Status date", "Status"]) == {Column.SINCE: 0, Column.STATE: 1}


def test_state_of_the_account_is_told_from_that_of_the_mandate() -> None:
    assert find_columns(["Account status", "Mandate status"]) == {Column.ACCOUNT_STATE: 0, Column.STATE: 1}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        *((word, MandateState.REGISTERED) for word in ("Registered", "Geregistreerd", "Inscrit")),
        *((word, MandateState.IN_PREPARATION) for word in ("In preparation", "In voorbereiding", "En Préparation")),
        *((word, MandateState.AWAITING_SIGNATURE) for word in ("Awaiting signature", "In afwachting van ondertekening")),
        *((word, MandateState.AWAITING_SIGNATURE) for word in ("En attente de signature", "Sent To Client", "Available Online")),
        *((word, MandateState.AWAITING_SIGNATURE) for word in ("En attente du mandat signé", "Pending signed mandate")),
        *((word, MandateState.SIGNED) for word in ("Signed", "Ondertekend", "Getekend", "Signé", "SIGNE", " signed ")),
        *((word, MandateState.BANK_PROCEDURE) for word in ("Bank Procedure", "Bankprocedure", "Procédure Bancaire")),
        *((word, MandateState.BANK_PROCEDURE) for word in ("Pending activation by bank", "Activation en attente de la banque")),
        *((word, MandateState.PROBLEM) for word in ("Problem", "Probleem", "Problème")),
        *((word, MandateState.ACTIVE) for word in ("Active", "Actief", "Actif", "CODA is provided")),
        *((word, MandateState.ARCHIVED) for word in ("Archived", "Gearchiveerd", "Archivé", "Bank mandate stopped by client")),
        *((word, MandateState.ARCHIVED) for word in ("Mandat bancaire stoppé par la banque",)),
        *((word, MandateState.NOT_SIGNED) for word in ("Not signed", "Niet ondertekend", "Non signé")),
        *((word, MandateState.REQUESTED) for word in ("Requested", "Aangevraagd", "Demandé")),
        *((word, MandateState.DELAYED) for word in ("Delayed", "Vertraagd", "Retardé")),
        *((word, MandateState.CONFIRMED) for word in ("Confirmed", "Bevestigd", "Confirmé")),
        ("En attente d'activation par le titulaire du compte", MandateState.PENDING_CLIENT),
        ("Bank activation completed + pending first CODA file", MandateState.PENDING_FIRST_FILE),
        ("Bankactivatie voltooid - Wachten op eerste CODA-bestand", MandateState.PENDING_FIRST_FILE),
        ("CODA disponible + Livraison en attente", MandateState.PENDING_DELIVERY),
    ],
)
def test_state_is_known_in_its_languages(text: str, state: MandateState) -> None:
    assert state_of(text) is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Awaiting signature + Sent to the email address", MandateState.AWAITING_SIGNATURE),
        ("Bankprocedure: verstuurd naar de bank", MandateState.BANK_PROCEDURE),
        ("Signed, received and in treatment", MandateState.SIGNED),
        ("Pending signed mandate - bank activation already completed", MandateState.AWAITING_SIGNATURE),
        ("Bank activation completed + no more banking transactions since 18 months", MandateState.ARCHIVED),
    ],
)
def test_state_may_say_more(text: str, state: MandateState) -> None:
    assert state_of(text) is state


@pytest.mark.parametrize("text", ["", "Blocked", "Inactive", "Activated", "Signedish", "?", "Ondertekening"])
def test_unknown_state_is_not_guessed(text: str) -> None:
    assert state_of(text) is None


COLUMN_NAMES = [name for languages in COLUMNS.values() for names in languages for name in names]
STATE_NAMES = [name for names in STATES.values() for name in names]


@pytest.mark.parametrize("name", [*COLUMN_NAMES, *STATE_NAMES])
def test_name_is_written_as_it_is_compared(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize("names", [COLUMN_NAMES, STATE_NAMES], ids=["columns", "states"])
def test_name_means_one_thing(names: list[str]) -> None:
    assert [name for name, number in Counter(names).items() if number > 1] == []


def test_every_state_has_a_name() -> None:
    assert set(STATES) == set(MandateState)
