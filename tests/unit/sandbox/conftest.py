import pytest

from codalink.sandbox import World, small_office
from tests.unit.sandbox.asking import Ask, Clock, asking


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    world = small_office(databases=2, companies=2)
    world.clock = clock
    return world


@pytest.fixture
def ask(world: World) -> Ask:
    return asking(world, world.database("klant-001"))


@pytest.fixture
def ask_second(world: World) -> Ask:
    return asking(world, world.database("klant-002"))
