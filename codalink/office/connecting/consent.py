"""Which consent pages may be opened in the user's browser."""

from urllib.parse import urlsplit

from codalink.odoo.gateway import ServerUrl, is_loopback

_TRUSTED_DOMAINS = ("codabox.com",)


def is_expected_page(url: str, server: ServerUrl) -> bool:
    """Whether `url`, which came from the Odoo at `server`, is a page of CodaBox.

    https on codabox.com; on a loopback Odoo (a sandbox) also http on loopback.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if not url.isprintable() or "\\" in url or parts.username is not None:
        return False
    if parts.scheme == "https" and any(host == domain or host.endswith(f".{domain}") for domain in _TRUSTED_DOMAINS):
        return True
    return parts.scheme in {"http", "https"} and is_loopback(host) and is_loopback(server.host)
