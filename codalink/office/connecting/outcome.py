"""What became of each company, and of the run."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from codalink.errors import CodalinkError
from codalink.office.model import Company, DatabaseFailure


class Result(Enum):
    """What became of a company."""

    CONNECTED = "connected"
    """By this run."""
    ALREADY_CONNECTED = "already connected"
    WAITING_FOR_CONSENT = "waiting for consent"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It can't be connected as it stands."""
    NOT_TRIED = "not tried"
    """The run stopped before."""


@dataclass(frozen=True)
class CompanyOutcome:
    """One company's row. `error` tells reason and next step where the result isn't a connection."""

    company: Company
    result: Result
    error: CodalinkError | None = None


@dataclass(frozen=True)
class RunOutcome:
    """What a run of `connect-all` did.

    `stopped_by` is the error that stopped the run for everyone, `was_interrupted` says that the user did.
    """

    companies: tuple[CompanyOutcome, ...]
    failures: tuple[DatabaseFailure, ...] = ()
    stopped_by: CodalinkError | None = None
    was_interrupted: bool = False

    @property
    def counts(self) -> Counter[Result]:
        """How many companies ended how."""
        return Counter(outcome.result for outcome in self.companies)
