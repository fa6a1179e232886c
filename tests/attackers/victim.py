"""codalink as somebody uses it whose configuration names a server that means harm, beside one that is good."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from codalink.sandbox import Sandbox
from codalink.sandbox.offices import small_office
from tests.integration.office import CommandLine, Done
from tests.integration.terminal import clean_command_line, configuration, rows_by

SECRET = "wachtwoord-Ae7Xq9"
"""The login's password on every server that means harm."""
BAD = "kwaad"
"""The name of its database."""
GOOD = "klant-001"

_PROGRAM = """
import sys
from pathlib import Path
from codalink.odoo.gateway import Patience
if {patience_s}:
    for patience in Patience:
        patience._value_ = {patience_s}
from codalink.cli.app import main
try:
    main()
finally:
    if sys.platform != "win32":
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        Path("peak").write_text(str(peak // (1024 * 1024 if sys.platform == "darwin" else 1024)))
"""


@dataclass(frozen=True)
class Victim:
    """A command line with a good database and one for each server that means harm."""

    office: CommandLine

    def run(self, *arguments: str, patience_s: float = 0.0, stdin: str = "") -> Done:
        """Run one command; with another patience than codalink's own where that is not 0."""
        return self.office.run(*arguments, program=("-c", _PROGRAM.format(patience_s=patience_s)), stdin=stdin)

    @property
    def peak_mib(self) -> int:
        """The most memory that the last run had; 0 where the system doesn't tell."""
        peak = self.office.folder / "peak"
        return int(peak.read_text()) if peak.exists() else 0

    def cause(self, database: str = BAD, *, patience_s: float = 0.0) -> str:
        """What `codalink databases json` says of a database; "" where all is well. The good one is well, whatever happens."""
        done = self.run("databases", "json", patience_s=patience_s)
        assert "Traceback" not in done.stderr, done
        assert SECRET not in done.stdout + done.stderr
        rows = rows_by(done, "database")
        assert not rows[GOOD]["cause"], done
        return str(rows[database]["cause"])


@contextmanager
def visiting(folder: Path, *urls: str, protocol: str = "json-rpc", good_url: str = "") -> Iterator[Victim]:
    """Configure codalink for a good database and one on each of `urls`, with the secrets for all of them."""
    with Sandbox(small_office(1)) as sandbox:
        office = clean_command_line(sandbox, folder)
        world = sandbox.world
        good = good_url or sandbox.url_of(GOOD)
        names = [BAD, *(f"{BAD}-{number}" for number in range(2, len(urls) + 1))]
        rows = [f"{url},{name},{protocol}" for url, name in zip(urls, names, strict=True)]
        (folder / "databases.csv").write_text("\n".join(["url,database,protocol", f"{good},{GOOD},json-rpc", *rows, ""]), encoding="utf-8")
        office.config.write_text(configuration(world, 'file = "databases.csv"'), encoding="utf-8")
        service = "codalink Odoo login"
        sandbox.keyring.items[service, f"{world.login} @ {good}"] = world.password
        sandbox.keyring.items.update({(service, f"{world.login} @ {url}"): SECRET for url in urls})
        yield Victim(office)


POSIX = sys.platform != "win32"
