"""Failures of a server as one row: what hit hundreds of databases for their server's sake is said once."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from codalink.errors import (
    CertificateRejected,
    CodalinkError,
    ProtocolMissing,
    RedirectRefused,
    ServerError,
    ServerLeftAlone,
    Unreachable,
)
from codalink.office.model import Company, DatabaseFailure

Row = TypeVar("Row")


def databases(failures: Iterable[DatabaseFailure]) -> list[DatabaseFailure]:
    """The failures, with one for all databases of a server that failed for its sake; its `where` is their number."""
    alone, shared = _gathered(failures, lambda failure: (failure.server, None if failure.is_source else failure.error), "databases")
    return alone + shared


def companies(
    rows: Iterable[Row], company_of: Callable[[Row], Company], error_of: Callable[[Row], CodalinkError | None]
) -> tuple[list[Row], list[DatabaseFailure]]:
    """The rows of companies that stand for themselves, and a failure for each server in the place of all others."""
    return _gathered(rows, lambda row: (str(company_of(row).database.server), error_of(row)), "companies")


def _gathered(
    rows: Iterable[Row], blame: Callable[[Row], tuple[str, CodalinkError | None]], noun: str
) -> tuple[list[Row], list[DatabaseFailure]]:
    blamed = [(row, *blame(row)) for row in rows]
    left_alone = {server: error for _, server, error in blamed if isinstance(error, ServerLeftAlone)}
    errors: dict[tuple[str, str], CodalinkError] = {}
    counts: Counter[tuple[str, str]] = Counter()
    reasons: list[tuple[str, str] | None] = []
    for _, server, error in blamed:
        common = _servers_own(error, left_alone.get(server))
        reasons.append((server, common.cause) if common else None)
        if common:
            errors[server, common.cause] = common
            counts[server, common.cause] += 1
    alone = [row for (row, _, _), reason in zip(blamed, reasons, strict=True) if reason is None or counts[reason] == 1]
    shared = [DatabaseFailure(f"{count} {noun}", reason[0], errors[reason]) for reason, count in counts.items() if count > 1]
    return alone, shared


_OF_SERVERS = (Unreachable, CertificateRejected, RedirectRefused, ProtocolMissing, ServerLeftAlone)
"""Errors that every database of a server shares. Others may be a single database's, whose name must be told."""


def _servers_own(error: CodalinkError | None, left_alone: ServerLeftAlone | None) -> CodalinkError | None:
    """The error where the server is to blame for it; what led to leaving a server alone is told in the same words as that."""
    if left_alone and isinstance(error, ServerError) and (error.is_repeatable or isinstance(error, ServerLeftAlone)):
        return left_alone
    return error if isinstance(error, _OF_SERVERS) else None
