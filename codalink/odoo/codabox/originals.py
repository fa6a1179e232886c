"""The original files behind statements and payroll entries: Odoo keeps them as attachments."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codalink.errors import AnswerUnexpected
from codalink.odoo import answers
from codalink.odoo.gateway import Call, Gateway, search_read

_AT_ONCE = 20
"""Files a call: a CODA and a PDF are some tens of kilobytes."""


@dataclass(frozen=True)
class AttachmentRecord:
    """A file in Odoo. `owner_id` is the statement's or entry's; `name` is foreign text; `size` counts bytes, 0 where Odoo doesn't tell."""

    id: int
    owner_id: int
    name: str
    size: int


def list_attachments(gateway: Gateway, company_id: int, model: str, owner_ids: Sequence[int]) -> list[AttachmentRecord]:
    """The files of these records. One call, none for an empty list."""
    if not owner_ids:
        return []
    domain = [["res_model", "=", model], ["res_id", "in", list(owner_ids)]]
    call = search_read("ir.attachment", domain, ["name", "res_id", "file_size"], companies=[company_id])
    found = answers.rows(gateway.execute(call), "the files")
    return [
        AttachmentRecord(answers.own_id(row), _whole(row, "res_id"), answers.text(row, "name"), _whole(row, "file_size")) for row in found
    ]


def _whole(row: answers.Row, field: str) -> int:
    value = row.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def read_contents(gateway: Gateway, company_id: int, attachment_ids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The files' contents with their ids; one that is gone meanwhile is left out. One call for twenty of them."""
    for some in _some_at_a_time(attachment_ids):
        call = Call("ir.attachment", "read", ids=some, arguments={"fields": ["datas"]}, companies=(company_id,))
        for row in answers.rows(gateway.execute(call), "the files"):
            yield answers.own_id(row), _content(answers.text(row, "datas"))


def _some_at_a_time(ids: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return (tuple(ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE))


def _content(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise AnswerUnexpected("Odoo gives a file in a form that can't be read.") from error
