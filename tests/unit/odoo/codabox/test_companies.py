"""Companies and their numbers, on versions that lack fields and on strange answers."""

from collections.abc import Mapping

import pytest

from codalink.errors import AnswerUnexpected, CodalinkError, FieldMissing, RightsMissing
from codalink.odoo.codabox.companies import CompanyRecord, KnownFields, is_connected, read_companies
from codalink.odoo.gateway import Call, Json
from tests.unit.fakes import NUMBERS, OFFICE_VAT, ScriptedGateway

ALL_FIELDS = ("name", "vat", "company_registry", "country_code", "parent_id", "account_representative_id")
MODULE = (
    "l10n_be_codabox_company_vat",
    "l10n_be_codabox_fiduciary_vat",
    "l10n_be_codabox_is_connected",
    "l10n_be_codabox_soda_journal",
)
WITHOUT_FIDUCIARY = [*ALL_FIELDS, *(name for name in MODULE if "fiduciary" not in name)]
OWN = NUMBERS[0]


class OlderDatabase(ScriptedGateway):
    """A version that has only these fields of res.company."""

    def __init__(
        self, fields: list[str], rows: list[dict[str, Json]], *, parameter: str | None = None, firms: Mapping[int, object] | None = None
    ) -> None:
        self.fields = fields
        self.rows = rows
        found = [] if parameter is None else [{"id": 1, "value": parameter}]
        super().__init__(
            {
                "res.company.search_read": self._companies,
                "fields_get": {name: {"type": "char"} for name in fields},
                "ir.config_parameter.search_read": found,
                "res.partner.search_read": [{"id": number, "vat": vat} for number, vat in (firms or {}).items()],
            }
        )

    def _companies(self, call: Call) -> Json:
        wanted = call.arguments["fields"]
        assert isinstance(wanted, list)
        if set(wanted) - set(self.fields):
            raise FieldMissing
        return [{"id": row["id"], **{name: row.get(name, False) for name in wanted}} for row in self.rows]


def row(**fields: Json) -> dict[str, Json]:
    return {"id": 1, "name": "Bakkerij", "vat": f"BE{OWN}", "country_code": "BE", **fields}


def only(gateway: ScriptedGateway) -> CompanyRecord:
    (found,) = read_companies(gateway)
    return found


# --- the usual version ---------------------------------------------------------------------------------------------------------------


def test_all_fields_are_read_in_one_call() -> None:
    gateway = OlderDatabase([*ALL_FIELDS, *MODULE], [row(l10n_be_codabox_fiduciary_vat=OFFICE_VAT)])
    read_companies(gateway)

    assert [call.method for call in gateway.calls] == ["search_read"]


def test_soda_journal_is_its_id() -> None:
    gateway = OlderDatabase([*ALL_FIELDS, *MODULE], [row(l10n_be_codabox_soda_journal=[10, "MISC"])])

    assert only(gateway).soda_journal_id == 10


def test_branch_tells_its_company() -> None:
    assert only(OlderDatabase([*ALL_FIELDS, *MODULE], [row(parent_id=[3, "Bakkerij"])])).parent_id == 3
    assert only(OlderDatabase([*ALL_FIELDS, *MODULE], [row(parent_id=False)])).parent_id is None


def test_connected_company_is_told() -> None:
    assert only(OlderDatabase([*ALL_FIELDS, *MODULE], [row(l10n_be_codabox_is_connected=True)])).is_connected


# --- the company's own number --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"vat": f"BE{OWN}", "company_registry": NUMBERS[1]}, OWN),
        ({"vat": "BE 0403.019.261"}, OWN),
        ({"vat": False, "company_registry": NUMBERS[1]}, NUMBERS[1]),
        ({"vat": "/", "company_registry": NUMBERS[1]}, NUMBERS[1]),
        ({"vat": " / ", "company_registry": "0477.472.701"}, NUMBERS[1]),
        ({"vat": False, "company_registry": False}, ""),
        ({"vat": f"BE{OWN}", "l10n_be_codabox_company_vat": NUMBERS[2]}, NUMBERS[2]),
    ],
)
def test_company_number_is_the_one_that_odoo_sends(fields: dict[str, Json], number: str) -> None:
    assert only(OlderDatabase([*ALL_FIELDS, *MODULE], [row(**fields)])).company_number == number


# --- where the field for the office is missing ---------------------------------------------------------------------------------------


def test_office_is_the_system_parameters_first() -> None:
    gateway = OlderDatabase(
        WITHOUT_FIDUCIARY, [row(account_representative_id=[8, "Kantoor"])], parameter=f"BE{OFFICE_VAT}", firms={8: f"BE{NUMBERS[3]}"}
    )

    assert only(gateway).office_number == OFFICE_VAT


def test_office_is_the_accounting_firms_second() -> None:
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, [row(account_representative_id=[8, "Kantoor"])], firms={8: f"BE {OFFICE_VAT}"})

    assert only(gateway).office_number == OFFICE_VAT


def test_office_is_the_companys_own_last() -> None:
    assert only(OlderDatabase(WITHOUT_FIDUCIARY, [row()])).office_number == OWN


@pytest.mark.parametrize("vat", [False, "", "/", "unknown"])
def test_firm_without_a_number_leaves_the_companys_own(vat: object) -> None:
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, [row(account_representative_id=[8, "Kantoor"])], firms={8: vat})

    assert only(gateway).office_number == OWN


@pytest.mark.parametrize("parameter", ["", "/", "none"])
def test_parameter_without_a_number_counts_for_nothing(parameter: str) -> None:
    gateway = OlderDatabase(
        WITHOUT_FIDUCIARY, [row(account_representative_id=[8, "Kantoor"])], parameter=parameter, firms={8: f"BE{OFFICE_VAT}"}
    )

    assert only(gateway).office_number == OFFICE_VAT


def test_parameter_counts_for_every_company_of_the_database() -> None:
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, [row(), row(id=2)], parameter=OFFICE_VAT)

    assert [one.office_number for one in read_companies(gateway)] == [OFFICE_VAT, OFFICE_VAT]


def test_companies_of_two_firms_have_their_own_offices() -> None:
    rows = [row(account_representative_id=[8, "A"]), row(id=2, account_representative_id=[9, "B"]), row(id=3)]
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, rows, firms={8: OFFICE_VAT, 9: NUMBERS[3]})

    assert [one.office_number for one in read_companies(gateway)] == [OFFICE_VAT, NUMBERS[3], OWN]


def test_firms_are_asked_once_for_all_companies() -> None:
    rows = [row(account_representative_id=[8, "A"]), row(id=2, account_representative_id=[8, "A"])]
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, rows, firms={8: OFFICE_VAT})
    read_companies(gateway)

    assert [call.model for call in gateway.calls] == ["res.company", "res.company", "res.company", "ir.config_parameter", "res.partner"]
    assert gateway.calls[-1].arguments["domain"] == [["id", "in", [8]]]


def test_missing_field_is_asked_for_once_and_left_out() -> None:
    gateway = OlderDatabase(WITHOUT_FIDUCIARY, [row()])
    read_companies(gateway)

    assert gateway.calls[2].arguments["fields"] == WITHOUT_FIDUCIARY


def test_database_without_the_module_is_told() -> None:
    assert not only(OlderDatabase(list(ALL_FIELDS), [row()])).has_module


def test_database_with_nothing_but_names_is_read() -> None:
    assert only(OlderDatabase(["name"], [row()])) == CompanyRecord(
        1, "Bakkerij", "", "", "", has_accounting_firm=False, has_module=False, is_connected=False, soda_journal_id=None
    )


# --- what databases teach each other -------------------------------------------------------------------------------------------------


def calls_of(gateway: ScriptedGateway, known: KnownFields, alike: str = "17.0") -> list[str]:
    """The models that reading this database asks, `fields` for what fields there are."""
    read_companies(gateway, known, alike)
    return ["fields" if call.method == "fields_get" else call.model for call in gateway.calls]


def without_fiduciary() -> OlderDatabase:
    return OlderDatabase(WITHOUT_FIDUCIARY, [row(account_representative_id=[8, "Kantoor"])], firms={8: OFFICE_VAT})


def test_second_database_of_a_version_that_lacks_a_field_is_not_asked_for_its_fields() -> None:
    known = KnownFields()

    assert calls_of(without_fiduciary(), known) == ["res.company", "fields", "res.company", "ir.config_parameter", "res.partner"]
    assert calls_of(without_fiduciary(), known) == ["res.company", "ir.config_parameter", "res.partner"]


def test_database_of_another_version_is_taken_for_complete() -> None:
    known = KnownFields()
    calls_of(without_fiduciary(), known)

    assert calls_of(OlderDatabase([*ALL_FIELDS, *MODULE], [row()]), known, "18.0") == ["res.company"]


def test_office_is_the_same_whether_its_field_was_expected_or_not() -> None:
    known = KnownFields()
    found = [read_companies(without_fiduciary(), known, "17.0") for _ in range(2)]

    assert found[0] == found[1]
    assert found[1][0].office_number == OFFICE_VAT


def test_database_without_the_module_teaches_nothing() -> None:
    known = KnownFields()
    read_companies(OlderDatabase(list(ALL_FIELDS), [row()]), known, "18.0")
    (found,) = read_companies(OlderDatabase([*ALL_FIELDS, *MODULE], [row(l10n_be_codabox_is_connected=True)]), known, "18.0")

    assert (found.has_module, found.is_connected) == (True, True)


def test_field_of_another_module_is_asked_for_in_every_database() -> None:
    """Whether the module with the Accounting Firm is installed differs from database to database."""
    known = KnownFields()
    without_firm = [name for name in WITHOUT_FIDUCIARY if name != "account_representative_id"]
    read_companies(OlderDatabase(without_firm, [row()]), known, "17.0")

    assert read_companies(without_fiduciary(), known, "17.0")[0].has_accounting_firm


def test_database_that_lacks_more_than_expected_is_asked_for_its_fields() -> None:
    known = KnownFields()
    calls_of(without_fiduciary(), known)
    older = OlderDatabase(list(ALL_FIELDS), [row()])

    assert calls_of(older, known)[:3] == ["res.company", "fields", "res.company"]
    assert not only(older).has_module


# --- strange answers -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, False, {}, "x", 1, [1], [{"name": "without id"}]])
def test_strange_companies_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        read_companies(ScriptedGateway({"search_read": answer}))


@pytest.mark.parametrize("answer", [None, False, [], "x", 1])
def test_strange_fields_are_unexpected(answer: object) -> None:
    with pytest.raises(AnswerUnexpected):
        read_companies(ScriptedGateway({"search_read": FieldMissing(), "fields_get": answer}))


def test_strange_values_count_as_empty() -> None:
    strange = {name: {"a": 1} for name in [*ALL_FIELDS, *MODULE]}

    assert only(ScriptedGateway({"search_read": [{"id": 1, **strange}]})).name == ""


def test_other_refusals_are_passed_on() -> None:
    with pytest.raises(RightsMissing):
        read_companies(ScriptedGateway({"search_read": RightsMissing()}))


def test_field_missing_for_good_is_passed_on() -> None:
    with pytest.raises(FieldMissing):
        read_companies(ScriptedGateway({"search_read": FieldMissing(), "fields_get": {}}))


@pytest.mark.parametrize("answer", [None, {}, [7], True])
def test_strange_answer_about_a_connection_is_unexpected(answer: object) -> None:
    with pytest.raises(CodalinkError):
        is_connected(ScriptedGateway({"read": answer}), 1)


def test_vanished_company_is_not_connected() -> None:
    assert not is_connected(ScriptedGateway({"read": []}), 1)
