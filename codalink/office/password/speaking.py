"""Speaking with CodaBox about the office password, through one of the office's companies.

There is no button in Odoo that only tests the password. The wizard that changes it does so as a side effect: asked to replace the password
with itself, CodaBox refuses a wrong one, and leaves a right one as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codalink.errors import CodalinkError, NoConnection, OfficePasswordRefused, UsageError
from codalink.odoo.codabox.office_password import change_password, open_change_wizard, wipe_change_wizards
from codalink.odoo.gateway import DatabaseAddress
from codalink.office.connecting.plan import Choice, candidates
from codalink.office.connecting.standing import Asked, ask_someone
from codalink.office.means import Means
from codalink.office.model import Company, Office, Survey
from codalink.office.readiness.dossier import Dossier
from codalink.office.readiness.judgement import obstacle
from codalink.secrets.masked import Secret

_ENOUGH = 3
"""Databases with a connected company: where one of them is broken, CodaBox is asked through another."""
_TRIES = 3
"""How often a password is tested where the answers are lost on the way."""


def enough_to_speak(office: Office) -> Callable[[Company], bool]:
    """Says of companies, one after the other, when enough databases were read: whoever looks for one to speak through needs a few only."""
    databases: set[DatabaseAddress] = set()

    def is_enough(company: Company) -> bool:
        if company.record.is_connected and obstacle(Dossier(company), office) is None:
            databases.add(company.database)
        return len(databases) >= _ENOUGH

    return is_enough


def companies_of(office: Office, survey: Survey) -> list[Company]:
    """The office's companies that CodaBox can be asked through, those that Odoo counts as connected first.

    Raises UsageError where there are none, or what kept the databases from being read.
    """
    found = sorted(candidates(survey, office, Choice()), key=lambda company: not company.record.is_connected)
    if found:
        return found
    if survey.failures:
        raise survey.failures[0].error
    raise UsageError(f"No company of {office.name} ({office.vat}) was found.", remedy="Run `codalink databases` and `codalink check`.")


def find_speaker(office: Office, companies: Sequence[Company], means: Means) -> "Speaker":
    """Somebody to speak through; three calls where the first one answers.

    Raises NoConnection where the office is not registered with CodaBox, and what the companies' databases raise.
    """
    asked = ask_someone(companies, means.gateways, means.stop)
    if asked is None:
        raise UsageError("Stopped before anything was asked.", remedy="Run the command again.")
    if asked.status.office_connections == 0:
        raise NoConnection(
            f"{office.name} has no connection to CodaBox, so no office password is valid.",
            remedy="Run `codalink connect-all`: it makes the first connection, and brings its password home.",
        )
    return Speaker(asked, means)


@dataclass(frozen=True)
class Speaker:
    """A company through which CodaBox is asked; it leaves no password readable in Odoo behind it."""

    asked: Asked
    means: Means

    @property
    def company(self) -> Company:
        """Whose wizards are used."""
        return self.asked.company

    def change(self, current: Secret, new: Secret) -> None:
        """Let CodaBox replace the office password. Five calls.

        Raises OfficePasswordRefused where `current` is not the valid one, and other errors whose `may_have_happened` tells whether it may
        be done all the same, now or a little later.
        """
        gateway, company_id = self.means.gateway(self.company), self.company.record.id
        wizard_id = open_change_wizard(gateway, company_id, self.asked.status.wizard_id)
        try:
            change_password(gateway, company_id, wizard_id, current, new)
        except CodalinkError as error:
            if error.may_have_happened:
                self._wipe_later()  # what is under way may put the passwords there again
            raise
        finally:
            self._wipe()

    def accepts(self, password: Secret) -> bool:
        """Whether this is the valid password; nothing is changed by asking. Raises what keeps CodaBox from being asked."""
        for tries_left in reversed(range(_TRIES)):
            try:
                self.change(password, password)
            except OfficePasswordRefused:
                return False
            except CodalinkError as error:
                if not (error.is_repeatable and tries_left) or self.means.stop.is_requested:
                    raise
            else:
                return True
        raise AssertionError  # the last try returns or raises

    def _wipe(self) -> None:
        try:
            wipe_change_wizards(self.means.gateway(self.company), self.company.record.id)
        except CodalinkError:
            self._wipe_later()

    def _wipe_later(self) -> None:
        self.means.leftovers.note(self.company, wipe_change_wizards, self.means.now())
