"""The databases and companies seen last time, for completion and for news of databases: Odoo stays the source of truth.

Two things are kept apart: what any command saw last, and what the user had listed last by `codalink databases`.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codalink.office.model import Survey


def state_folder() -> Path:
    """Where locks and what was seen last time lie: `CODALINK_STATE`, else the platform's folder."""
    if named := os.environ.get("CODALINK_STATE"):
        return Path(named)
    import platformdirs

    return platformdirs.user_state_path("codalink", appauthor=False)


def journal_file() -> Path:
    """Where codalink writes down what it changed."""
    return state_folder() / "journal.sqlite"


def keys_file() -> Path:
    """Where the databases' API keys lie, encrypted: in the folder `CODALINK_STATE`, else in the platform's folder for data."""
    if named := os.environ.get("CODALINK_STATE"):
        return Path(named) / "keys.codalink"
    import platformdirs

    return platformdirs.user_data_path("codalink", appauthor=False) / "keys.codalink"


def remember(survey: "Survey") -> None:
    """Write down what was found, for completion. Failing to is no reason to fail a command."""
    listed = _listed(survey)
    _write(
        _SEEN,
        {
            "databases": sorted({place.rpartition("/")[2] for place in listed}),
            "places": sorted(listed | (places() if _is_partial(survey) else set())),
            "companies": [[company.path, company.name, company.vat.digits if company.vat else ""] for company in survey.companies],
        },
    )


def places() -> set[str]:
    """The databases that any command saw last time, as `server/name`."""
    return {str(place) for place in _read(_SEEN, "places")}


def companies() -> list[tuple[str, ...]]:
    """The companies that any command saw last time, each with all that is kept of it."""
    return [tuple(str(part) for part in entry) for entry in _read(_SEEN, "companies") if isinstance(entry, list)]


# --- new and vanished ----------------------------------------------------------------------------------------------------------------


def changes(survey: "Survey", office_vat: str) -> tuple[set[str], set[str]]:
    """Databases that are new, and those that have vanished, since the last listing for this office; which this survey becomes.

    Nothing is new the first time. A database that is listed counts, reached or not; nothing vanishes while a source can't be asked.
    """
    file = f"listed-{office_vat}.json"
    known, listed = {str(place) for place in _read(file, "places")}, _listed(survey)
    vanished = set() if _is_partial(survey) else known - listed
    _write(file, {"places": sorted((listed | known) - vanished)})
    return (listed - known if known else set()), vanished


def _listed(survey: "Survey") -> set[str]:
    found = {f"{one.database.server}/{one.database.name}" for one in survey.found}
    return found | {f"{failure.server}/{failure.where}" for failure in survey.failures if not failure.is_source}


def _is_partial(survey: "Survey") -> bool:
    """Whether a source of databases could not be asked."""
    return any(failure.is_source for failure in survey.failures)


# --- completion ----------------------------------------------------------------------------------------------------------------------


def complete_company(incomplete: str) -> list[tuple[str, str]]:
    """Companies whose name, database or number goes on from what was typed, each with its name.

    Proposed is a word without blanks, which shells would take apart: the database where it has this one company, else the number.
    """
    typed = incomplete.casefold()
    companies = [entry for entry in _read(_SEEN, "companies") if isinstance(entry, list) and len(entry) == len(("path", "name", "vat"))]
    databases = Counter(_database(entry) for entry in companies)
    found: list[tuple[str, str]] = []
    for entry in companies:
        _, name, vat = (str(part) for part in entry)
        words = [_database(entry)] if databases[_database(entry)] == 1 else []
        found += [(word, name) for word in [*words, vat] if word and word.casefold().startswith(typed)][:1]
    return found


def _database(entry: list[object]) -> str:
    return str(entry[0]).partition("/")[0]


def complete_database(incomplete: str) -> list[str]:
    """Names of databases that begin with what was typed."""
    return [str(name) for name in _read(_SEEN, "databases") if str(name).casefold().startswith(incomplete.casefold())]


# --- the files -----------------------------------------------------------------------------------------------------------------------

_SEEN = "seen.json"


def _read(file: str, what: str) -> list[object]:
    try:
        found = json.loads((state_folder() / file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    entries = found.get(what) if isinstance(found, dict) else None
    return entries if isinstance(entries, list) else []


def _write(file: str, content: dict[str, list[str] | list[list[str]]]) -> None:
    """Without it, completion and news are poorer, and nothing else."""
    from codalink.files import write_whole

    folder = state_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / file, json.dumps(content))
    except OSError:
        return
