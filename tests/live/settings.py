"""Where the real servers are: the variables CODALINK_LIVE_*, as tests/live/README.md documents them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("URL", "DATABASES", "LOGIN", "SECRET_FILE", "PROXY_URL")
NO_SERVER = (
    "no Odoo server to test against: `make live` starts some with Docker, or say with CODALINK_LIVE_URL and the other variables "
    "of tests/live/README.md where one is"
)


class SettingsWrongError(Exception):
    """A variable is missing or wrong; the text says which."""


@dataclass(frozen=True)
class LiveSettings:
    """One Odoo server that is there already, with databases that are for tests only.

    `proxy_url_for_odoo` is where the server finds the stand-in proxy, which need not be where we find it.
    """

    url: str
    databases: tuple[str, ...]
    login: str
    secret_file: Path
    proxy_url: str
    proxy_url_for_odoo: str

    @property
    def secret(self) -> str:
        """The account's password: the first line of the file. Read each time, so that it stands in no repr."""
        return self.secret_file.read_text(encoding="utf-8").splitlines()[0]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that say all this."""
        values = (self.url, ",".join(self.databases), self.login, str(self.secret_file), self.proxy_url, self.proxy_url_for_odoo)
        return dict(zip((f"CODALINK_LIVE_{name}" for name in (*NEEDED, "PROXY_URL_FOR_ODOO")), values, strict=True))


def read_settings(environment: Mapping[str, str]) -> LiveSettings | None:
    """Read the variables; None where there are none. Raises SettingsWrongError where only some are set, or one can't be used."""
    given = {name: environment.get(f"CODALINK_LIVE_{name}", "").strip() for name in (*NEEDED, "PROXY_URL_FOR_ODOO")}
    if not any(given.values()):
        return None
    if missing := [f"CODALINK_LIVE_{name}" for name in NEEDED if not given[name]]:
        raise SettingsWrongError(f"{', '.join(missing)} missing: see tests/live/README.md")
    databases = tuple(name.strip() for name in given["DATABASES"].split(",") if name.strip())
    if len(databases) < 2:
        raise SettingsWrongError("CODALINK_LIVE_DATABASES: two databases at least, with commas between them")
    secret_file = Path(given["SECRET_FILE"])
    if not secret_file.is_file() or not secret_file.read_text(encoding="utf-8").strip():
        raise SettingsWrongError(f"CODALINK_LIVE_SECRET_FILE: {secret_file} has no password in its first line")
    proxy = given["PROXY_URL"].rstrip("/")
    odoo_finds = given["PROXY_URL_FOR_ODOO"].rstrip("/") or proxy
    return LiveSettings(given["URL"].rstrip("/"), databases, given["LOGIN"], secret_file, proxy, odoo_finds)
