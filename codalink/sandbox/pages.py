"""The HTML pages with which Odoo's web server answers what is no call at all, in the words of 18 and of 19."""

import html

from codalink.sandbox.dialect import Dialect
from codalink.sandbox.web import Request, Response

_NOT_FOUND_18 = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try \
again.</p>
"""
_NOT_FOUND_19 = """<!DOCTYPE html>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>
<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>

<!-- Alternatively, use the X-Odoo-Database header. -->
"""
_PAGE = """<!doctype html>
<html lang=en>
<title>{title}</title>
<h1>{heading}</h1>
<p>{text}</p>
"""
_REDIRECT = """<!doctype html>
<html lang=en>
<title>Redirecting...</title>
<h1>Redirecting...</h1>
<p>You should be redirected automatically to the target URL: <a href="{url}">{url}</a>. If not, click the link.
"""
LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Login | Odoo</title></head>
<body><form class="oe_login_form" method="post" action="/web/login"><input name="login"/>\
<input name="password" type="password"/><button type="submit">Log in</button></form></body></html>
"""


def page(status: int, heading: str, text: str) -> Response:
    """Make a plain page; `text` is HTML."""
    return Response(status, _PAGE.format(title=f"{status} {heading}", heading=heading, text=text).encode())


def not_found(dialect: Dialect) -> Response:
    """Answer a path that is none."""
    return Response(404, (_NOT_FOUND_18 if dialect.is_18 else _NOT_FOUND_19).encode())


def redirect(url: str, status: int = 303) -> Response:
    """Send the client elsewhere."""
    body = _REDIRECT.format(url=html.escape(url))
    return Response(status, body.encode(), headers=(("Location", url),))


def wrong_type(dialect: Dialect, request: Request) -> Response:
    """Answer a request to a JSON route that is no JSON."""
    if dialect.is_18:
        text = f"Request inferred type is compatible with ['http'] but '{request.path}' is type='json'."
        return page(400, "Bad Request", _escape(text))
    # Without a content type, JSON-2 would be possible too.
    kinds = ["http"] if request.content_type else ["http", "json2"]
    text = f"Request inferred type is compatible with {kinds} but '{request.path}' is type='jsonrpc'."
    advice = "<br><br>Please verify the Content-Type request header and try again."
    return page(415, "Unsupported Media Type", _escape(text) + advice)


def _escape(text: str) -> str:
    """Escape as Odoo's web library does, which writes an apostrophe as a decimal number."""
    return html.escape(text).replace("&#x27;", "&#39;")
