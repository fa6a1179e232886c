"""What the CodaBox module's wizards have in common: a button opens one, and a password that was typed into one is wiped out of it."""

from collections.abc import Sequence

from codalink.odoo import answers
from codalink.odoo.gateway import Gateway, Json, search_read, write

CONNECTION_WIZARD = "l10n_be_codabox.connection.wizard"


def opened_record(answer: Json, model: str) -> int | None:
    """The id of the record that a button's action opens; None where it opens none of `model`."""
    if not isinstance(answer, dict) or answer.get("res_model") != model:
        return None
    record_id = answer.get("res_id")
    return int(str(record_id)) if answers.is_id(record_id) else None


def wipe_wizards(gateway: Gateway, company_id: int, model: str, fields: Sequence[str]) -> None:
    """Empty these fields in all wizards of the company that hold something there. One call, and another one where there is any."""
    holding: list[Json] = ["|"] * (len(fields) - 1) + [[field, "!=", False] for field in fields]
    call = search_read(model, [["company_id", "=", company_id], *holding], ["company_id"], companies=[company_id])
    found = [answers.own_id(row) for row in answers.rows(gateway.execute(call), "wizards with a password in them")]
    if found:
        gateway.execute(write(model, found, dict.fromkeys(fields, False), companies=[company_id], changes=False))
