"""The office password in the keyring is not the one of the office's first connection."""

from dataclasses import dataclass

from tests.flows.office import FlowOffice
from tests.integration.office import Done
from tests.integration.terminal import envelope

WRONG = "not the one of the first connection"


@dataclass
class RefusedPassword:
    """A whole run with the wrong password, in an office whose first database is connected and the others are not."""

    office: FlowOffice
    done: Done


def with_wrong_password(office: FlowOffice) -> RefusedPassword:
    """Let an office that is connected in one database forget its password, and connect the rest."""
    office.keep_password(WRONG)
    return RefusedPassword(office, office.run("connect-all", "--yes", "json"))


class RefusedPasswordClaims:
    """Hold for a `refused` run."""

    def test_ends_with_4(self, refused: RefusedPassword) -> None:
        assert refused.done.exit_code == 4, refused.done

    def test_is_tried_at_one_company_and_the_others_are_left(self, refused: RefusedPassword) -> None:
        results = [row["result"] for row in envelope(refused.done)["rows"]]
        assert results == ["already connected", "failed", *["not tried"] * (len(refused.office.protocols) - 2)]

    def test_says_what_to_do_on_standard_error(self, refused: RefusedPassword) -> None:
        assert "codalink password set" in refused.done.stderr

    def test_stays_in_the_keyring_as_it_was(self, refused: RefusedPassword) -> None:
        assert refused.office.kept_password == WRONG

    def test_connects_nobody(self, refused: RefusedPassword) -> None:
        assert list(refused.office.connected.values()).count(True) == 1
