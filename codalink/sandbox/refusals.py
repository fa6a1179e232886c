"""Refusals dialled in: each text with which the module, the proxy or CodaBox refuses, at the button where Odoo says it.

Most refusals come about by themselves, from the state of the world. A switch brings the others, and any of them on demand:

    sandbox.proxy.refuse(Refusal.CODABOX_ERROR)                                        # the next connection, whoever's
    sandbox.proxy.refuse(Refusal.NO_FILES, company_vat="0403019261", times=None)       # always, for one company
"""

import threading
from dataclasses import dataclass
from enum import Enum

from codalink.sandbox import texts


class Button(Enum):
    """What a person presses in Odoo, as far as it asks the proxy."""

    OPEN_WIZARD = "open the connection wizard"
    CONNECT = "connect"
    REFRESH = "refresh the connection"
    RETRIEVE = "fetch from CodaBox"
    REVOKE = "revoke"
    CHANGE_PASSWORD = "change the password"  # noqa: S105 - a button
    SODA_MAPPING = "open the SODA mapping"


class Refusal(Enum):
    """A text of the contract's section 3, and the button where it usually comes. Two wordings are two refusals."""

    NOT_CONFIGURED = (texts.NOT_CONFIGURED, Button.OPEN_WIZARD)
    PROXY_DOWN = (texts.PROXY_DOWN, Button.OPEN_WIZARD)
    CODABOX_DOWN = (texts.CODABOX_DOWN, Button.CONNECT)
    CODABOX_ERROR = (texts.CODABOX_ERROR, Button.CONNECT)
    NO_CONNECTION = (texts.NO_CONNECTION, Button.REFRESH)
    CONNECTION_INVALID = (texts.CONNECTION_INVALID, Button.RETRIEVE)
    CONSENT_INVALID = (texts.CONSENT_INVALID, Button.REFRESH)
    WRONG_PASSWORD = (texts.WRONG_PASSWORD, Button.CONNECT)
    WRONG_PASSWORD_FIRM = (texts.WRONG_PASSWORD_FIRM, Button.REVOKE)
    VAT_INVALID = (texts.VAT_INVALID, Button.CONNECT)
    UNKNOWN_OFFICE = (texts.UNKNOWN_OFFICE, Button.CONNECT)
    ALREADY_REGISTERED = (texts.ALREADY_REGISTERED, Button.CONNECT)
    NO_FILES = (texts.NO_FILES, Button.RETRIEVE)
    UPGRADE = (texts.UPGRADE, Button.CONNECT)
    INSTALL_BRIDGE = (texts.INSTALL_BRIDGE, Button.REFRESH)
    VAT_NOT_SET = (texts.VAT_NOT_SET, Button.OPEN_WIZARD)
    VAT_ID_NOT_SET = (texts.VAT_ID_NOT_SET, Button.OPEN_WIZARD)
    NOT_AN_OFFICE = (texts.NOT_AN_OFFICE, Button.SODA_MAPPING)

    @property
    def text(self) -> str:
        """What Odoo says, in English."""
        return self.value[0]

    @property
    def usual_button(self) -> Button:
        """Where it usually comes."""
        return self.value[1]

    @property
    def is_temporary(self) -> bool:
        """Whether nothing was decided, so that what Odoo has written down stays."""
        return self in _TEMPORARY


_TEMPORARY = frozenset({Refusal.PROXY_DOWN, Refusal.CODABOX_DOWN, Refusal.CODABOX_ERROR})


@dataclass(slots=True)
class DialledRefusal:
    """A refusal that waits at a button, for one company or (``""``) for all, so many `times`; None is for ever."""

    refusal: Refusal
    button: Button
    company_vat: str = ""
    times: int | None = 1
    fired: int = 0

    def meets(self, button: Button, company_vat: str) -> bool:
        """Say whether it is due, when this company comes to this button."""
        is_left = self.times is None or self.fired < self.times
        return is_left and self.button is button and self.company_vat in ("", company_vat)


class Refusals:
    """The refusals dialled in. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dialled: list[DialledRefusal] = []

    def add(self, dialled: DialledRefusal) -> None:
        """Dial one in; the first one that meets a call counts."""
        with self._lock:
            self._dialled.append(dialled)

    def clear(self) -> None:
        """Take all out."""
        with self._lock:
            self._dialled.clear()

    def take(self, button: Button, company_vat: str) -> Refusal | None:
        """Find the refusal that this call meets, and count it."""
        with self._lock:
            due = next((dialled for dialled in self._dialled if dialled.meets(button, company_vat)), None)
            if due is None:
                return None
            due.fired += 1
            return due.refusal
