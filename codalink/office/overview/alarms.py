"""What a scheduled status raises the alarm about."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from codalink.office.overview.attention import Freshness
from codalink.office.overview.status import Connection, OfficeStatus


class Alarm(Enum):
    """A reason to raise the alarm; the value is its name for the user."""

    GAPS = "gaps"
    """Accounts whose statements don't follow each other."""
    STALE = "stale"
    """Accounts that CodaBox should fill, and whose last statement is old."""
    DISCONNECTED = "disconnected"
    """Companies that could be connected and are not, or whose consent is missing."""


@dataclass(frozen=True)
class Raised:
    """An alarm, and how many accounts or companies it is about: one at least."""

    alarm: Alarm
    count: int


def raise_alarms(status: OfficeStatus, alarms: Collection[Alarm], freshness: Freshness) -> list[Raised]:
    """What was found of these alarms, in their own order."""
    accounts = [one for row in status.companies for one in row.accounts]
    counts = {
        Alarm.GAPS: sum(one.check is not None and not one.check.is_complete for one in accounts),
        Alarm.STALE: sum(freshness.is_stale(one) for one in accounts),
        Alarm.DISCONNECTED: sum(row.connection in {Connection.NOT_CONNECTED, Connection.CONSENT_MISSING} for row in status.companies),
    }
    return [Raised(alarm, count) for alarm, count in counts.items() if alarm in alarms and count]
