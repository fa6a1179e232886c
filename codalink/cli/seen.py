"""The databases and companies seen last time, for shell completion only: Odoo stays the source of truth."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codalink.odoo.gateway import DatabaseAddress
    from codalink.office.model import Survey


def state_folder() -> Path:
    """Where locks and what was seen last time lie: `CODALINK_STATE`, else the platform's folder."""
    if named := os.environ.get("CODALINK_STATE"):
        return Path(named)
    import platformdirs

    return platformdirs.user_state_path("codalink", appauthor=False)


def keys_file() -> Path:
    """Where the databases' API keys lie, encrypted: in the folder `CODALINK_STATE`, else in the platform's folder for data."""
    if named := os.environ.get("CODALINK_STATE"):
        return Path(named) / "keys.codalink"
    import platformdirs

    return platformdirs.user_data_path("codalink", appauthor=False) / "keys.codalink"


def remember(survey: "Survey") -> None:
    """Write down what was found. Failing to is no reason to fail a command."""
    from codalink.files import write_whole

    found = {
        "databases": [one.database.name for one in survey.found],
        "places": sorted({_place(one.database) for one in survey.found} | _unasked(survey)),
        "companies": [[company.path, company.name, company.vat.digits if company.vat else ""] for company in survey.companies],
    }
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "seen.json", json.dumps(found))
    except OSError:
        return


def _unasked(survey: "Survey") -> set[str]:
    """What was known before and could not be looked for now."""
    if any(failure.is_source for failure in survey.failures):
        return places()
    return places() & {f"{failure.server}/{failure.where}" for failure in survey.failures}


def places() -> set[str]:
    """The databases seen last time, as `server/name`."""
    return {str(place) for place in _seen("places")}


def changes(known: set[str], survey: "Survey") -> tuple[set[str], set[str]]:
    """Databases that are new compared with `known`, and those that have vanished; nothing is new the first time.

    What could not be reached now has not vanished, and neither has what a source lists that could not be asked.
    """
    found = {_place(one.database) for one in survey.found}
    unreached = {f"{failure.server}/{failure.where}" for failure in survey.failures}
    is_complete = not any(failure.is_source for failure in survey.failures)
    return (found - known if known else set()), (known - found - unreached if is_complete else set())


def _place(database: "DatabaseAddress") -> str:
    return f"{database.server}/{database.name}"


def complete_company(incomplete: str) -> list[tuple[str, str]]:
    """Companies whose name, database or number goes on from what was typed, each with its name.

    Proposed is a word without blanks, which shells would take apart: the database where it has this one company, else the number.
    """
    typed = incomplete.casefold()
    companies = [entry for entry in _seen("companies") if isinstance(entry, list) and len(entry) == len(("path", "name", "vat"))]
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
    return [str(name) for name in _seen("databases") if str(name).casefold().startswith(incomplete.casefold())]


def _seen(what: str) -> list[object]:
    try:
        found = json.loads((state_folder() / "seen.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    entries = found.get(what) if isinstance(found, dict) else None
    return entries if isinstance(entries, list) else []
