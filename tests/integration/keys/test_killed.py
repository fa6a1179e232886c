"""`codalink keys rotate` killed by SIGKILL, whenever it comes: a key that works is always kept, and one more run finishes."""

import re
import signal
import subprocess
import sys
import threading

import pytest

from codalink.sandbox.calls import Call as Arrived
from codalink.secrets.keys import ApiKey, StoredKey
from codalink.secrets.masked import Secret
from tests.conftest import Count
from tests.integration.doomed import Doomed, moments, some
from tests.integration.keys.key_office import PROTOCOLS, KeyOffice, assert_exchanged, today

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

BATCHES = 8
EXPECTED_AT_LEAST = 60


class DoomedOffice:
    """An office with one key, which is exchanged again and again, each time killed at another point."""

    def __init__(self, office: KeyOffice, database: str) -> None:
        self.office = office
        self.database = database
        self.old = ""
        """The key with which it began."""
        self.doomed = Doomed(office.codalink, ("keys", "rotate", "--all"), self.begin_anew)

    def begin_anew(self) -> None:
        """One key is stored, and it is the only one in Odoo."""
        user = self.office.world.database(self.database).users[2]
        user.api_keys = {key: known for key, known in user.api_keys.items() if key == self.office.world.api_key}
        key, address = self.office.key(self.database), self.office.address(self.database)
        self.office.opened().keep([StoredKey(str(address.server), address.name, address.login, ApiKey(Secret(key), today()))])
        self.old = key

    def has_working_key(self) -> bool:
        """Whether Odoo accepts the key that codalink would use."""
        return self.office.stored()[self.database].key.reveal() in self.office.valid(self.database)


def number_of(points: list[str], pattern: str) -> int:
    """The number of the first point whose name fits."""
    return next(number for number, point in enumerate(points, start=1) if re.fullmatch(pattern, point))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_killed_at_any_point_a_working_key_is_kept_and_the_next_run_finishes(batch: int, office: KeyOffice, count: Count) -> None:
    """At every request, every use of the keyring, every file that is put in its place or taken away."""
    doomed = DoomedOffice(office, name := PROTOCOLS["json-2"])
    points = doomed.doomed.points()
    assert len(points) >= EXPECTED_AT_LEAST, points
    count("kill points", "keys rotate", len(moments(points)) if batch == 0 else 0)
    made, kept = number_of(points, "after .*apikeys.generate"), number_of(points, "after replace keys.codalink")

    for number, point in some(points, batch, BATCHES):
        doomed.doomed.die_at(number)
        assert doomed.has_working_key(), point

        done = office("rotate", "--all")
        assert done.exit_code == 0, f"{point}: {done}"
        assert_exchanged(office, name, doomed.old, lost=1 if made <= number < kept else 0)


@pytest.mark.parametrize("name", PROTOCOLS.values(), ids=PROTOCOLS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["generate", "context_get", "revoke"])
def test_killed_while_odoo_works_the_next_run_finishes(method: str, when: str, name: str, office: KeyOffice) -> None:
    old = office.give_own_keys(name)[name]
    process: list[subprocess.Popen[str]] = []
    ready = threading.Event()

    def kill(call: Arrived, _result: object = None) -> None:
        if call.method == method:
            assert ready.wait(30)
            process[0].send_signal(signal.SIGKILL)
            process[0].wait(30)

    if when == "before":
        office.sandbox.before_call = kill
    else:
        office.sandbox.after_call = kill
    with office.start("rotate", "--all") as running_process:
        process.append(running_process)
        ready.set()
        running_process.communicate(timeout=60)
    office.sandbox.before_call = office.sandbox.after_call = None

    assert process[0].returncode == -signal.SIGKILL
    assert office.stored()[name].key.reveal() in office.valid(name)  # whatever happened, there is one that works
    done = office("rotate", "--all")
    assert done.exit_code == 0, done
    # The sandbox carries out the call even though its caller is dead; a key whose answer nobody got stays in Odoo.
    assert_exchanged(office, name, old, lost=1 if method == "generate" else 0)
