import pytest

from codalink.sandbox import FaultKind, Sandbox, World, large_office
from codalink.sandbox.calls import Call
from codalink.sandbox.faults import Fault, Faults
from tests.unit.sandbox.posting import jsonrpc

KINDS = (FaultKind.TOO_MANY_REQUESTS, FaultKind.SERVICE_UNAVAILABLE, FaultKind.RESET_AFTER)


def call(database: str, method: str = "read", number: int = 0) -> Call:
    return Call("odoo18", "object", method, [], database, "res.company", [[number]])


def hits(seed: int, databases: list[str], share: float = 0.1) -> dict[tuple[str, int], FaultKind]:
    faults = Faults()
    faults.add_random(KINDS, share, seed=seed)
    taken = {(database, number): faults.take(call(database, number=number)) for number in range(20) for database in databases}
    return {key: fault.kind for key, fault in taken.items() if fault}


DATABASES = [f"klant-{number:03d}" for number in range(300)]


def test_share_of_all_calls_is_hit_by_every_kind() -> None:
    found = hits(1, DATABASES)

    assert 500 < len(found) < 700  # of 6,000
    assert set(found.values()) == set(KINDS)


def test_same_seed_hits_the_same_calls_in_whatever_order_databases_come() -> None:
    assert hits(1, DATABASES) == hits(1, DATABASES[::-1])
    assert hits(1, DATABASES) != hits(2, DATABASES)


@pytest.mark.parametrize("most", [1, 3])
def test_call_is_never_hit_more_often_in_a_row_than_told(most: int) -> None:
    faults = Faults()
    dice = faults.add_random(KINDS, share=1.0, seed=1, most_in_a_row=most)

    was_hit = [faults.take(call("klant-001")) is not None for _ in range(3 * (most + 1))]

    assert was_hit == ([True] * most + [False]) * 3
    assert (dice.fired, dice.seen) == (3 * most, len(was_hit))


def test_faults_dialled_in_go_first_and_clearing_takes_all_out() -> None:
    faults = Faults()
    faults.add_random([FaultKind.STALL], share=1.0, seed=1)
    dialled = faults.add(Fault(kind=FaultKind.BAD_GATEWAY, times=1))

    assert faults.take(call("klant-001")) is dialled
    faults.clear()
    assert faults.take(call("klant-001")) is None


def test_refused_connections_are_not_for_chance() -> None:
    with pytest.raises(ValueError, match="all calls or none"):
        Faults().add_random([FaultKind.REFUSE], seed=1)


def test_busy_and_unavailable_servers_say_when_to_come_back(world: World) -> None:
    sandbox = Sandbox(world)
    sandbox.faults.add(FaultKind.SERVICE_UNAVAILABLE, seconds=0.2)

    refused = jsonrpc(sandbox.servers["odoo18"], "common", "version")

    assert (refused.status, dict(refused.headers)["Retry-After"]) == (503, "1")


def test_large_office_is_made_with_a_key_in_every_database() -> None:
    world = large_office(2000)

    assert len(world.api_key) == 40
    assert all(world.api_key in database.users[2].api_keys for database in world.databases())
