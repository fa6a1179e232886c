"""The original files that Odoo keeps as attachments."""

import base64

import pytest

from codalink import errors
from codalink.odoo.codabox.originals import AttachmentRecord, list_attachments, read_contents
from codalink.odoo.gateway import Call
from tests.unit.fakes import ScriptedGateway


def test_files_belong_to_their_records() -> None:
    gateway = ScriptedGateway({"search_read": [{"id": 7, "name": "Original CodaBox.coda", "res_id": 3, "file_size": 640}]})

    assert list_attachments(gateway, 1, "account.bank.statement", [3]) == [AttachmentRecord(7, 3, "Original CodaBox.coda", 640)]
    assert gateway.calls[0].arguments["domain"] == [["res_model", "=", "account.bank.statement"], ["res_id", "in", [3]]]


def test_no_records_need_no_call() -> None:
    gateway = ScriptedGateway({})

    assert list_attachments(gateway, 1, "account.move", []) == []
    assert not gateway.calls


def test_contents_come_twenty_a_call_and_a_vanished_one_is_left_out() -> None:
    def answer(call: Call) -> object:
        return [{"id": number, "datas": base64.b64encode(b"%d" % number).decode()} for number in call.ids or () if number != 30]

    gateway = ScriptedGateway({"read": answer})

    contents = dict(read_contents(gateway, 1, range(1, 46)))

    assert contents == {number: b"%d" % number for number in range(1, 46) if number != 30}
    assert [len(call.ids or ()) for call in gateway.calls] == [20, 20, 5]


@pytest.mark.parametrize("datas", ["not base64!", "AAA"])
def test_content_that_cannot_be_read_is_told(datas: str) -> None:
    with pytest.raises(errors.AnswerUnexpected):
        list(read_contents(ScriptedGateway({"read": [{"id": 1, "datas": datas}]}), 1, [1]))
