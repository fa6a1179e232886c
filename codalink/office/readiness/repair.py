"""Repairing what a check found, as far as nothing about it is ambiguous: a plan that is shown, asked for, and carried out as it is.

Each repair sets one thing that was not set before; nothing that a person chose is changed. Doing it again does no harm: a new check finds
what is still missing. Installing the module lets Odoo tell more of a company, so the check after it may find more to repair.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from codalink.errors import CodalinkError, CountryMissing, FeedNotOffered, FeedUndefined, FirmAmbiguous, OfficeNotSet
from codalink.odoo.codabox import settings
from codalink.odoo.codabox.module import Module, ModuleState, install, read_module
from codalink.odoo.codabox.statements import CODABOX_FEED, JournalRecord
from codalink.odoo.gateway import DatabaseAddress, Gateway
from codalink.office.changes import Change, ChangeKind, announced
from codalink.office.events import PieceDone, StageEnded, StageStarted
from codalink.office.means import Means
from codalink.office.model import Company, Office, parsed_or_none, server_of
from codalink.office.readiness.check import CheckedCompany, OfficeCheck
from codalink.office.readiness.findings import Condition, Finding, Grade

_CLOSED = frozenset({Condition.VERSION, Condition.RIGHTS, Condition.COUNTRY, Condition.NUMBER, Condition.OFFICE, Condition.ORIGINAL})
"""Where one of these fails, nothing is repaired: the company is not the office's, not Belgian, a copy, or out of reach."""


@dataclass(frozen=True)
class Repair:
    """One thing to set. `detail` says of what, or to what; a module is installed for the whole database of the company."""

    kind: ChangeKind
    company: Company
    detail: str = ""
    journal: JournalRecord | None = None
    module: Module | None = None


@dataclass(frozen=True)
class LeftAlone:
    """What could not be decided without a person, or not even be looked at."""

    company: Company
    error: CodalinkError

    @property
    def is_for_a_person(self) -> bool:
        """Whether codalink looked, and it is a person's to decide."""
        return isinstance(self.error, (FirmAmbiguous, FeedNotOffered))


@dataclass(frozen=True)
class RepairPlan:
    """What would be set, in the order in which it is done, and what is left to a person."""

    office: Office
    repairs: tuple[Repair, ...]
    left: tuple[LeftAlone, ...] = ()


@dataclass(frozen=True)
class RepairOutcome:
    """What became of one repair; `error` is None where it is done."""

    repair: Repair
    error: CodalinkError | None = None


# --- planning ------------------------------------------------------------------------------------------------------------------------


def plan_repairs(check: OfficeCheck, means: Means) -> RepairPlan:
    """Decide what to set. One or two calls, which only read, for a database where a firm or a feed is to be set. Raises SecretsError."""
    together: dict[DatabaseAddress, list[Repair]] = defaultdict(list)
    for checked in check.companies:
        for repair in _wanted(checked):
            if repair.kind is not ChangeKind.INSTALL_MODULE or not together[repair.company.database]:
                together[repair.company.database].append(repair)
    means.listener(StageStarted("Looking what can be repaired", len(together)))
    decided: dict[DatabaseAddress, tuple[list[Repair], list[LeftAlone]]] = {}

    def decide(wanted: Sequence[Repair]) -> tuple[list[Repair], list[LeftAlone]]:
        return _decided(wanted, check.office, means)

    for wanted, result in means.runner.each(list(together.values()), decide, means.stop, lane=_server):
        decided[wanted[0].company.database] = result
        means.listener(PieceDone(wanted[0].company.database.name))
    means.listener(StageEnded())
    in_order = [decided[database] for database in together if database in decided]
    return RepairPlan(
        check.office,
        tuple(repair for repairs, _ in in_order for repair in repairs),
        tuple(one for _, left in in_order for one in left),
    )


def _server(repairs: Sequence[Repair]) -> object:
    return server_of([repair.company for repair in repairs])


def repairable(check: OfficeCheck) -> int:
    """How many things could be put in order, before anybody has looked whether each can be decided. No calls."""
    return sum(len(_wanted(checked)) for checked in check.companies)


def _wanted(checked: CheckedCompany) -> list[Repair]:
    """What a company's findings ask for, before anybody has looked whether it can be decided."""
    failed = {finding.condition for finding in checked.findings if finding.grade is Grade.FAIL}
    if failed & _CLOSED:
        return []
    if Condition.MODULE in failed:
        module = checked.dossier.module
        is_there = module is not None and module.state is ModuleState.INSTALLABLE
        return [Repair(ChangeKind.INSTALL_MODULE, checked.company, checked.company.database.name, module=module)] if is_there else []
    wanted = [repair for finding in checked.troubles for repair in _asked_for(finding, checked)]
    is_ours = Condition.FIRM not in failed or any(repair.kind is ChangeKind.SET_OFFICE for repair in wanted)
    return wanted if is_ours else []


def _asked_for(finding: Finding, checked: CheckedCompany) -> list[Repair]:
    match finding.error:
        case CountryMissing():
            return [Repair(ChangeKind.SET_COUNTRY, checked.company)]
        case OfficeNotSet():
            return [Repair(ChangeKind.SET_OFFICE, checked.company)]
        case FeedUndefined():
            return [
                Repair(ChangeKind.SET_FEED, checked.company, f"{account.journal.name} {account.journal.iban}", journal=account.journal)
                for account in checked.dossier.accounts or ()
                if finding.account == account.journal.iban and _is_sound(checked, finding.account)
            ]
        case _:
            return []


def _is_sound(checked: CheckedCompany, account: str) -> bool:
    """Whether the bank account itself is in order: a valid Belgian IBAN, in one journal."""
    return any(one.condition is Condition.ACCOUNT and one.grade is Grade.PASS and one.account == account for one in checked.findings)


def _decided(wanted: Sequence[Repair], office: Office, means: Means) -> tuple[list[Repair], list[LeftAlone]]:
    """The repairs of one database that can be done, and those that only a person can decide."""
    gateway = means.gateway(wanted[0].company)
    repairs: list[Repair] = []
    left: list[LeftAlone] = []
    details: dict[ChangeKind, str] = {}
    for repair in wanted:
        try:
            if repair.kind in {ChangeKind.SET_OFFICE, ChangeKind.SET_FEED} and repair.kind not in details:
                details[repair.kind] = _firm_detail(gateway, office) if repair.kind is ChangeKind.SET_OFFICE else _feed_detail(gateway)
        except CodalinkError as error:
            if error.concerns_everyone:
                raise
            left.append(LeftAlone(repair.company, error))
            continue
        detail = repair.detail or details.get(repair.kind, "")
        repairs.append(Repair(repair.kind, repair.company, detail, repair.journal, repair.module))
    return repairs, left


def _firm_detail(gateway: Gateway, office: Office) -> str:
    """Which contact becomes the accounting firm. Raises FirmAmbiguous."""
    firm = _office_contact(gateway, office)
    return f"{firm.name} ({office.vat})" if firm else f"{office.name} ({office.vat}), a new contact"


def _office_contact(gateway: Gateway, office: Office) -> settings.PartnerRecord | None:
    """The office's contact in this database; None where there is none yet. One call. Raises FirmAmbiguous."""
    contacts = [one for one in settings.find_partners(gateway, office.vat.digits) if parsed_or_none(one.vat) == office.vat]
    if len(contacts) > 1:
        names = ", ".join(contact.name for contact in contacts)
        raise FirmAmbiguous(f"{len(contacts)} contacts have the VAT number of {office.name}: {names}.")
    return contacts[0] if contacts else None


def _feed_detail(gateway: Gateway) -> str:
    """Nothing to add, as long as CodaBox is among the feeds. Raises FeedNotOffered."""
    if CODABOX_FEED not in settings.bank_feeds(gateway):
        raise FeedNotOffered
    return ""


# --- carrying out --------------------------------------------------------------------------------------------------------------------


def carry_out_repairs(plan: RepairPlan, means: Means) -> list[RepairOutcome]:
    """Do what the plan says, database by database side by side; after a stop, what has not begun is left out. Raises SecretsError."""
    together: dict[DatabaseAddress, list[Repair]] = defaultdict(list)
    for repair in plan.repairs:
        together[repair.company.database].append(repair)
    means.listener(StageStarted("Repairing", len(together)))

    def mend(repairs: Sequence[Repair]) -> list[RepairOutcome]:
        return [_mended(repair, plan.office, means) for repair in repairs if not means.stop.is_requested]

    outcomes: list[RepairOutcome] = []
    for repairs, done in means.runner.each(list(together.values()), mend, means.stop, lane=_server):
        outcomes += done
        means.listener(PieceDone(repairs[0].company.database.name, failed=any(one.error for one in done)))
    means.listener(StageEnded())
    return sorted(outcomes, key=lambda one: plan.repairs.index(one.repair))


def _mended(repair: Repair, office: Office, means: Means) -> RepairOutcome:
    if repair.kind is ChangeKind.INSTALL_MODULE:  # concerns the whole database, whose name is all that its detail says
        change = Change(repair.kind, repair.company.database)
    else:
        change = Change(repair.kind, repair.company, repair.detail)
    try:
        with announced(means.listener, change):
            _carry_out(repair, office, means.gateway(repair.company))
    except CodalinkError as error:
        if error.concerns_everyone:
            raise
        return RepairOutcome(repair, error)
    return RepairOutcome(repair)


def _carry_out(repair: Repair, office: Office, gateway: Gateway) -> None:
    company_id = repair.company.record.id
    match repair:
        case Repair(ChangeKind.INSTALL_MODULE, module=Module() as module):
            _install(gateway, module)
        case Repair(ChangeKind.SET_COUNTRY):
            settings.set_country(gateway, company_id, settings.belgium(gateway))
        case Repair(ChangeKind.SET_OFFICE):
            settings.set_accounting_firm(gateway, company_id, _firm(gateway, office))
        case Repair(ChangeKind.SET_FEED, journal=JournalRecord() as journal):
            settings.set_codabox_feed(gateway, company_id, journal.id)


def _install(gateway: Gateway, module: Module) -> None:
    try:
        install(gateway, module)
    except CodalinkError as error:
        if not (error.may_have_happened and read_module(gateway, is_installed=False).state is ModuleState.READY):
            raise


def _firm(gateway: Gateway, office: Office) -> int:
    """The office's contact, made where there is none. A lost answer is looked after, so that no second one is made."""
    known = _office_contact(gateway, office)
    if known is not None:
        return known.id
    try:
        return settings.create_firm(gateway, office.name, office.vat.digits)
    except CodalinkError as error:
        made = _office_contact(gateway, office) if error.may_have_happened else None
        if made is None:
            raise
        return made.id
