"""MyCodaBox, simulated: the consent page that the office's browser sees after its first connection, and the export of its mandates."""

import html
from urllib.parse import parse_qs

from codalink.sandbox.mandates import mandates_export
from codalink.sandbox.proxy import Consent, Office, Proxy
from codalink.sandbox.web import Request, Response

PATH = "/mycodabox/consent/"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | MyCodaBox (simulation)</title>
<style>
  body {{ font: 1.05rem/1.55 system-ui, sans-serif; margin: 0; background: #f2f5f7; color: #1c2b36; }}
  .banner {{ background: #7a3e00; color: #fff; padding: .6rem 1.25rem; text-align: center; }}
  main {{ max-width: 38rem; margin: 2rem auto; background: #fff; padding: 1.5rem 2rem; border-radius: .6rem;
         box-shadow: 0 1px 4px #0003; }}
  h1 {{ font-size: 1.5rem; margin-top: 0; }}
  .state {{ border-left: .3rem solid #0b6b57; padding: .3rem .8rem; background: #eef6f4; }}
  form {{ display: flex; gap: .8rem; margin-top: 1.4rem; flex-wrap: wrap; }}
  button {{ font: inherit; padding: .6rem 1.6rem; border-radius: .4rem; border: 2px solid #0b6b57; cursor: pointer; }}
  .allow {{ background: #0b6b57; color: #fff; }}
  .deny {{ background: #fff; color: #1c2b36; }}
  button:focus-visible {{ outline: 3px solid #f0a000; outline-offset: 2px; }}
</style>
</head>
<body>
<p class="banner" role="note"><strong>Simulation.</strong> This is codalink's demo, not the real MyCodaBox.
Nothing here reaches CodaBox.</p>
<main>
{content}
</main>
</body>
</html>
"""

_ASK = """<h1>CodaBox Connect: permission for Odoo</h1>
<p>Signed in as <strong>{name}</strong> (BE {vat}).</p>
<p class="state">Permission for Odoo: <strong>{state}</strong></p>
<p>If you allow it, Odoo may fetch the bank statements (CODA) and payroll entries (SODA) of the customers that this
office connects.</p>
<ul>
  <li>The permission is for the whole office and is asked once.</li>
  <li>You can take it back at any time, under Administration &gt; CodaBox Connect.</li>
</ul>
<form method="post">
  <button class="allow" name="answer" value="allow">Allow</button>
  <button class="deny" name="answer" value="deny">Deny</button>
</form>"""

_DONE = """<h1>{heading}</h1>
<p class="state" role="status">Permission for Odoo: <strong>{state}</strong></p>
<p>You can close this window and go back to codalink.</p>"""

_UNKNOWN = """<h1>This link is not valid</h1>
<p>No office is waiting for a permission here. Start the connection again to get a new link.</p>"""

_HARMLESS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
)
_ANSWERS = {"allow": Consent.ALLOWED, "deny": Consent.DENIED}


def consent_page(proxy: Proxy, request: Request) -> Response:
    """Show the page (GET), or take the answer ``answer=allow`` or ``answer=deny`` (POST)."""
    office = proxy.office_of_consent_token(request.path.removeprefix(PATH))
    if office is None:
        return _page(404, "Not found", _UNKNOWN)
    if request.method == "POST":
        return _take_answer(proxy, office, request)
    values = {"name": html.escape(office.name), "vat": html.escape(office.vat), "state": _state(office)}
    return _page(200, "Permission", _ASK.format(**values))


def mandates_file(proxy: Proxy, office_vat: str) -> Response:
    """Hand over the office's mandates, as a file to keep."""
    with proxy.lock:
        text = mandates_export(proxy.mandates.values(), office_vat)
    disposition = ("Content-Disposition", 'attachment; filename="mandates.csv"')
    return Response(200, text.encode(), "text/csv; charset=utf-8", (disposition, ("Cache-Control", "no-store")))


def _take_answer(proxy: Proxy, office: Office, request: Request) -> Response:
    given = parse_qs(request.body.decode("utf-8", "replace")).get("answer", [""])[0]
    consent = _ANSWERS.get(given)
    if consent is None:
        return _page(400, "No answer", _DONE.format(heading="Please choose Allow or Deny", state=_state(office)))
    proxy.give_consent(office.vat, consent)
    heading = "Thank you" if consent is Consent.ALLOWED else "Permission denied"
    return _page(200, heading, _DONE.format(heading=heading, state=_state(office)))


def _state(office: Office) -> str:
    return html.escape(office.consent.value.capitalize())


def _page(status: int, title: str, content: str) -> Response:
    return Response(status, _PAGE.format(title=title, content=content).encode(), headers=_HARMLESS)
