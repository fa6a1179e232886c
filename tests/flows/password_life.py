"""The office password after it came home: asked about, exchanged, and used again; and a connection that is taken away and made anew."""

from dataclasses import dataclass, field

from tests.flows.main_flow import CONNECT_ALL, Step
from tests.flows.office import FlowOffice
from tests.integration.office import Done
from tests.integration.terminal import envelope

VERIFY: Step = ("password", "verify")


@dataclass
class PasswordLife:
    """An office, what became of each step, the passwords at CodaBox before and after the exchange, and who was connected in between."""

    office: FlowOffice
    done: dict[str, Done] = field(default_factory=dict)
    passwords: list[str] = field(default_factory=list, repr=False)
    connected_when_revoked: dict[str, bool] = field(default_factory=dict)


def live_through(office: FlowOffice) -> PasswordLife:
    """Take all steps in an office where nothing is connected yet."""
    life = PasswordLife(office)
    life.done["connecting"] = office.run(*CONNECT_ALL)
    life.passwords.append(office.password)
    life.done["verify"] = office.run(*VERIFY)
    life.done["rotate"] = office.run("password", "rotate", "--yes")
    life.passwords.append(office.password)
    life.done["verify again"] = office.run(*VERIFY)
    life.done["revoke"] = office.run("revoke", "--company", next(iter(office.protocols)), "--yes")
    life.connected_when_revoked = office.connected
    life.done["connecting again"] = office.run(*CONNECT_ALL)
    return life


class PasswordLifeClaims:
    """Hold for a `life` that was lived through."""

    def test_goes_well(self, life: PasswordLife) -> None:
        assert [(str(done), done.exit_code) for done in life.done.values() if done.exit_code != 0] == []

    def test_exchange_brings_the_new_password_home(self, life: PasswordLife) -> None:
        before, after = life.passwords
        assert before != after
        assert life.office.kept_password == life.office.password == after

    def test_revoking_takes_one_connection_away(self, life: PasswordLife) -> None:
        revoked = next(iter(life.office.protocols))
        assert [name.partition("/")[0] for name, is_connected in life.connected_when_revoked.items() if not is_connected] == [revoked]

    def test_new_password_connects_it_again(self, life: PasswordLife) -> None:
        results = sorted(row["result"] for row in envelope(life.done["connecting again"])["rows"])
        assert results == [*["already connected"] * (len(life.office.protocols) - 1), "connected"]
        assert all(life.office.connected.values())

    def test_no_password_is_left_in_odoo(self, life: PasswordLife) -> None:
        assert life.office.readable_passwords == []
