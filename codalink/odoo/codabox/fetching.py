"""The module's buttons that fetch files from CodaBox: one call of up to a quarter of an hour, whose end may not be seen."""

from codalink.errors import AnswerTimedOut, FetchTimedOut
from codalink.odoo.gateway import Gateway, Json, Patience, press


def fetch(gateway: Gateway, button: str, company_id: int, journal_id: int) -> Json:
    """Press such a button on a journal. Safe to repeat: Odoo keeps file by file what it has fetched. Raises NoFiles, FetchTimedOut."""
    try:
        return gateway.execute(press("account.journal", button, journal_id, companies=[company_id], patience=Patience.RETRIEVE))
    except AnswerTimedOut as error:
        minutes = round(Patience.RETRIEVE.value / 60)
        raise FetchTimedOut(f"Odoo was still fetching files after {minutes} minutes; codalink waited no longer.") from error
