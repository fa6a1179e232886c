"""Odoo over XML-RPC: for servers that speak neither JSON-2 nor JSON-RPC, such as those behind a proxy that lets only this through.

Answers are parsed without entities, so that a hostile server can't blow them up (defusedxml).
"""

import xmlrpc.client
from typing import Any, cast
from xml.parsers.expat import ExpatError

import defusedxml.xmlrpc
from defusedxml.common import DefusedXmlException

from codalink.errors import NotOdoo
from codalink.odoo.faults import odoo_error
from codalink.odoo.gateway import DatabaseAddress, Json, Patience, ServerUrl
from codalink.odoo.http import HttpPool
from codalink.odoo.rpc import opened

_NOTHING = "cannot marshal None"
"""Odoo's answer where a method gives None: the method has run (recording none_result)."""

_NAMES = {3: "odoo.exceptions.AccessDenied", 4: "odoo.exceptions.AccessError"}
_USER_ERRORS = 2
"""Fault 2 stands for user, validation and missing errors; the last ones are told apart by their text."""


class XmlRpc:
    """XML-RPC on our pool, with our errors (rpc.py has the contract)."""

    def __init__(self, server: ServerUrl, pool: HttpPool, database: DatabaseAddress | None = None) -> None:
        self._server = server
        self._pool = pool
        self._database = database

    def ask(self, service: str, method: str, arguments: list[Json], patience: Patience) -> Json:
        """See Transport."""
        parameters: tuple[Any, ...] = tuple(cast("list[Json]", opened(arguments)))
        body = xmlrpc.client.dumps(parameters, method, allow_none=True).encode()
        answer = self._pool.post_xml(self._server, f"/xmlrpc/2/{service}", body, answer_limit_s=patience.value)
        try:
            return _parsed(answer)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == 1 and _NOTHING in str(fault.faultString):
                return None
            raise odoo_error(*_told(fault), self._database) from None
        except (ExpatError, DefusedXmlException, xmlrpc.client.ResponseError, ValueError, TypeError, LookupError, RecursionError) as error:
            raise NotOdoo(f"{self._server} gives an answer that is not Odoo's: {type(error).__name__}.") from None


def _parsed(answer: bytes) -> Json:
    """The answer's only value. Raises Fault, and the errors of a parser that was given something else."""
    unmarshaller = xmlrpc.client.Unmarshaller(use_builtin_types=True)
    parser = defusedxml.xmlrpc.DefusedExpatParser(unmarshaller)
    parser.feed(answer)
    parser.close()
    (value,) = unmarshaller.close()
    result: Json = value
    return result


def _told(fault: xmlrpc.client.Fault) -> tuple[str, str]:
    """Name and message of Odoo's error: by its code, or for all others from the last line of the traceback that stands in the text."""
    text = str(fault.faultString).strip()
    if fault.faultCode == _USER_ERRORS:
        is_missing = text.startswith("Record does not exist")
        return ("odoo.exceptions.MissingError" if is_missing else "odoo.exceptions.UserError"), text
    if fault.faultCode in _NAMES:
        return _NAMES[fault.faultCode], text
    name, _, message = text.splitlines()[-1].partition(": ") if text else ("", "", "")
    return name, message or name
