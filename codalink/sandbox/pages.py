"""The HTML pages with which Odoo's web server answers what is no call at all, in the words of 18 and of 19."""

import html

from codalink.sandbox.dialect import Dialect
from codalink.sandbox.web import Request, Response

_NOT_FOUND = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try \
again.</p>
"""
_NO_DATABASE = """<!DOCTYPE html>
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
_PROXY_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
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


def not_found(dialect: Dialect, *, has_database: bool) -> Response:
    """Answer a path that is none; 19 says something else where no database is chosen (`path_json1`)."""
    return Response(404, _NOT_FOUND.encode()) if dialect.is_18 or has_database else no_database()


def no_database() -> Response:
    """Answer 19's request for a database that is not there."""
    return Response(404, _NO_DATABASE.encode())


def not_allowed(methods: str) -> Response:
    """Answer a method of HTTP that the path does not know."""
    answer = page(405, "Method Not Allowed", "The method is not allowed for the requested URL.")
    return Response(405, answer.body, headers=(("Allow", methods),))


def from_proxy(status: int, heading: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Answer as a web server in front of Odoo does, which has not asked Odoo at all."""
    return Response(status, _PROXY_PAGE.format(title=f"{status} {heading}").encode(), "text/html", headers, reason=heading)


def redirect(url: str, status: int = 303) -> Response:
    """Send the client elsewhere."""
    body = _REDIRECT.format(url=html.escape(url))
    return Response(status, body.encode(), headers=(("Location", url), ("X-Content-Type-Options", "nosniff")))


def wrong_type(dialect: Dialect, request: Request) -> Response:
    """Answer a request to a JSON route that is no JSON."""
    if dialect.is_18:
        text = f"Request inferred type is compatible with ['http'] but '{request.path}' is type='json'."
        return page(400, "Bad Request", _escape(text))
    # Without a content type, JSON-2 would be possible too.
    return wrong_type_19(["http"] if request.content_type else ["http", "json2"], request.path, "jsonrpc")


def wrong_type_19(kinds: list[str], route: str, wanted: str) -> Response:
    """Answer, as 19 does, a request whose content type is another one than the route's."""
    text = f"Request inferred type is compatible with {kinds} but '{route}' is type='{wanted}'."
    advice = "<br><br>Please verify the Content-Type request header and try again."
    return page(415, "Unsupported Media Type", _escape(text) + advice)


def _escape(text: str) -> str:
    """Escape as Odoo's web library does, which writes an apostrophe as a decimal number."""
    return html.escape(text).replace("&#x27;", "&#39;")
