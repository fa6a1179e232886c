"""What every cell must end in."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.integration.office import Done
from tests.matrix import network
from tests.matrix.commands import Row
from tests.matrix.offices import MatrixOffice
from tests.matrix.troubles import UNREACHABLE, Trouble

_NEVER = ("Traceback", "does not know")
_VOLATILE = re.compile(r"http://127\.0\.0\.1:\d+")


def troubles_of_run(row: Row, trouble: Trouble, done: Done, office: MatrixOffice, clean: Done, *, shown: str) -> Iterator[str]:
    """What is not right about the run in which it went wrong."""
    allowed = trouble.codes(row)
    if done.exit_code not in allowed:
        yield f"ended with {done.exit_code}, not with one of {sorted(allowed)}"
    yield from _never(done)
    if done.exit_code == row.clean_code:
        yield from (f"ended with {done.exit_code}, and {left}" for left in row.judge(office))
        if row.gives_data and shown == "json" and _data(done) != _data(clean):
            yield f"ended with {done.exit_code}, and gives other data"
    else:
        yield from _telling(row, done, shown)
    yield from _secrets_told(office, done)
    if network.VISITORS:
        network.VISITORS.clear()
        yield "followed a redirect"


def troubles_of_next_run(row: Row, done: Done, office: MatrixOffice) -> Iterator[str]:
    """What is not right about the run after it, with nothing wrong any more."""
    if done.exit_code != row.clean_code:
        yield f"the next run ended with {done.exit_code}"
    yield from _never(done)
    yield from (f"after the next run {left}" for left in _judged(row, office))
    yield from _secrets_told(office, done)
    yield from (f"left {path.name} behind" for path in office.folder.rglob("*") if path.is_file() and _is_unfinished(path.name))


def _judged(row: Row, office: MatrixOffice) -> Iterable[str]:
    try:
        return list(row.judge(office))
    except Exception as error:  # noqa: BLE001  # whatever a judge can't read is not in order
        return [f"nobody can judge it: {error!r}"]


def _never(done: Done) -> Iterator[str]:
    yield from (f'says "{words}"' for words in _NEVER if words in done.stdout + done.stderr)


def _telling(row: Row, done: Done, shown: str) -> Iterator[str]:
    """Whoever ends badly says why and what to do."""
    if shown != "json" or not row.has_formats or not done.stdout:
        if "What to do" not in done.stderr and "→" not in done.stdout + done.stderr:
            yield "doesn't say what to do"
        return
    document = json.loads(done.stdout)
    told = [*document["errors"], *errors_in(document["rows"])]
    if document["exit_code"] != done.exit_code:
        yield "its document has another exit code"
    if not told:
        yield "tells no error"
    if any(not error["cause"] or not error["remedy"] for error in told):
        yield "tells an error without cause or remedy"
    if done.exit_code == UNREACHABLE and any(not list(errors_in([one])) for one in document["rows"]):
        yield "says that nothing was reached, and has a row that was"


def errors_in(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # JSON
    """All errors in a document's rows, at whatever depth."""
    if isinstance(value, dict):
        if value.get("error"):
            yield value
        for inner in value.values():
            yield from errors_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from errors_in(inner)


def _data(done: Done) -> list[str]:
    rows = json.loads(done.stdout)["rows"]
    return sorted(_VOLATILE.sub("http://server", json.dumps(row, sort_keys=True)) for row in rows)


def _secrets_told(office: MatrixOffice, done: Done) -> Iterator[str]:
    secrets = [secret.encode() for secret in office.secrets() if secret]
    said = (done.stdout + done.stderr).encode()
    if any(secret in said for secret in secrets):
        yield "shows a secret"
    for path in office.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if any(secret in content for secret in secrets):
                yield f"wrote a secret into {path.name}"


def _is_unfinished(name: str) -> bool:
    return name.startswith(".") and not name.endswith(".lock")
