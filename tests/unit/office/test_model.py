"""Numbers in any notation, and the nouns around them."""

import pytest

from codalink.errors import NumberInvalid
from codalink.office.model import Vat, parsed_or_none
from tests.unit.fakes import company, surveyed


@pytest.mark.parametrize(
    "typed",
    [
        "BE0403.019.261",
        "BE 0403.019.261",
        "be0403019261",
        "0403019261",
        "403019261",
        "403 019 261",
        " 0403.019.261 ",
        "BE-0403-019-261",
        "0403/019/261",
        "BE403019261",
    ],
)
def test_number_is_read_in_any_notation(typed: str) -> None:
    assert Vat.parse(typed).digits == "0403019261"


@pytest.mark.parametrize(
    "typed",
    ["", " ", "BE", "/", "0403019262", "04030192611", "403", "0000000000", "NL0403019261", "BE04O3019261", "FR83404833048", "٠٤٠٣٠١٩٢٦١"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberInvalid):
        Vat.parse(typed)


def test_endless_number_is_refused() -> None:
    """Python itself refuses to read more than 4300 digits, with another error."""
    with pytest.raises(NumberInvalid):
        Vat.parse("1" * 5000)


def test_refused_number_is_repeated() -> None:
    with pytest.raises(NumberInvalid, match="'0403019262' is not a valid Belgian VAT number"):
        Vat.parse("0403019262")


def test_number_is_written_as_on_letters() -> None:
    assert str(Vat("0403019261")) == "BE 0403.019.261"


def test_written_number_is_read_back() -> None:
    assert Vat.parse(str(Vat("0403019261"))) == Vat("0403019261")


def test_no_number_is_none() -> None:
    assert parsed_or_none("none") is None


def test_company_has_its_number_and_its_offices() -> None:
    one = company(number="403019261", office="BE 0123.456.749")

    assert (one.vat, one.office_vat) == (Vat("0403019261"), Vat("0123456749"))


def test_company_without_a_valid_number_has_none() -> None:
    assert company(number="123").vat is None


def test_path_is_database_and_name() -> None:
    assert company("Bakkerij", "klant-001").path == "klant-001/Bakkerij"


def test_survey_has_the_companies_of_all_databases() -> None:
    companies = (company("A", "one"), company("B", "two"))

    assert surveyed(*companies).companies == companies
