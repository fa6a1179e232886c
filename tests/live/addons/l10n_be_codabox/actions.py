"""The actions that buttons answer, as a web client reads them."""


def window(name: str, record, context: dict | None = None) -> dict:
    """Open one record in a dialog."""
    action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "views": [[False, "form"]],
        "target": "new",
    }
    return action if context is None else {**action, "context": context}


def listing(name: str, model: str, field: str, ids: list) -> dict:
    """Show the records that a fetch has made."""
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "view_mode": "list,form",
        "views": [[False, "list"], [False, "form"]],
        "domain": [[field, "in", ids]],
    }


def notification(kind: str, message: str, then: dict) -> dict:
    """Show a message, then go on."""
    params = {"type": kind, "title": "CodaBox", "message": message, "next": then}
    return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
