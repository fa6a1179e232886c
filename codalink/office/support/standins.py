"""Stand-ins for names: the same name has the same one throughout a pack, so that its lines can be related."""

import re
from collections import defaultdict

from codalink.errors import AddressRefused
from codalink.odoo.gateway import ServerUrl, is_loopback
from codalink.office.model import parsed_or_none
from codalink.office.support.pack import Part
from codalink.secrets.credentials import is_odoo_online

_WILDCARDS = re.compile(r"([*?]+)")


class StandIns:
    """Gives names away for numbers, in the order in which they are met: the first server is `server-1`."""

    def __init__(self) -> None:
        self._numbers: dict[Part, dict[tuple[str, ...], int]] = defaultdict(dict)

    def of(self, part: Part, *name: str) -> str:
        """The stand-in for a name, which may have several parts, such as server and database; nothing for nothing."""
        if not name[-1]:
            return ""
        numbers = self._numbers[part]
        key = tuple(_as_one(part, text) for text in name)
        return f"{part.value}-{numbers.setdefault(key, len(numbers) + 1)}"

    def of_pattern(self, pattern: str) -> str:
        """A pattern with its wildcards where they are, and a stand-in for each piece of a name between them."""
        pieces = _WILDCARDS.split(pattern)
        return "".join(piece if _WILDCARDS.fullmatch(piece) else self.of(Part.PATTERN, piece) for piece in pieces)


def _as_one(part: Part, text: str) -> str:
    """The text as it is when written in the usual way: an address with and without its port is one server."""
    match part:
        case Part.SERVER:
            server = _server(text)
            return str(server) if server else text
        case Part.VAT:
            vat = parsed_or_none(text)
            return vat.digits if vat else text
        case _:
            return text


def about_server(text: str) -> str:
    """What may be told of a server: how it is reached, and whose it is."""
    server = _server(text)
    if server is None:
        return "not an address"
    if is_loopback(server.host):
        return f"{server.scheme}, this computer"
    is_own_port = str(server).count(":") > 1 and not str(server).endswith("]")
    where = "odoo.com" if is_odoo_online(str(server)) or server.host.endswith("odoo.com") else "elsewhere"
    return f"{server.scheme}, {where}{', a port of its own' if is_own_port else ''}"


def _server(text: str) -> ServerUrl | None:
    try:
        return ServerUrl.parse(text)
    except AddressRefused:
        return None
