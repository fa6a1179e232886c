"""How the add-on asks the stand-in proxy: one POST of JSON a question.

Where the proxy is stands in the system parameter `l10n_be_codabox.stand_in_proxy`. There is no default: without it nobody is asked,
and so this add-on can't reach Odoo's real proxy by mistake.
"""

import json
import logging
import urllib.error
import urllib.request

from odoo.exceptions import UserError

from . import texts

ADDRESS = "l10n_be_codabox.stand_in_proxy"
TIMEOUT_S = 60

_logger = logging.getLogger(__name__)


class Refused(Exception):
    """The proxy's or CodaBox's refusal. `is_temporary`: nothing was decided."""

    def __init__(self, text: str, is_temporary: bool) -> None:
        super().__init__(text)
        self.text = text
        self.is_temporary = is_temporary


def ask(env, question: str, *arguments):
    """Put one question to the proxy; raises Refused with the text that a person is to see."""
    address = env["ir.config_parameter"].sudo().get_param(ADDRESS)
    if not address:
        raise Refused(texts.PROXY_DOWN, True)
    body = json.dumps(arguments).encode()
    request = urllib.request.Request(f"{address.rstrip('/')}/iap/{question}", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            answer = json.load(response)
    except (OSError, ValueError) as error:
        # Only the kind of error: a question may hold the office password.
        _logger.warning("The stand-in proxy doesn't answer: %s", type(error).__name__)
        raise Refused(texts.PROXY_DOWN, True) from None
    if "refusal" in answer:
        raise Refused(answer["refusal"], answer["is_temporary"])
    return answer["answer"]


def ask_for_user(env, question: str, *arguments):
    """The same for a button: a refusal becomes the error that Odoo shows, and takes back what the call has done since its last commit."""
    try:
        return ask(env, question, *arguments)
    except Refused as refused:
        raise UserError(refused.text) from None
