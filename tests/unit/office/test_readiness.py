"""What stands between a company and its connection."""

from typing import Any

import pytest

from codalink import errors
from codalink.errors import NotConnectable
from codalink.office.dossier import Dossier
from codalink.office.readiness import obstacle
from codalink.readiness_errors import FirmWithoutNumber
from tests.unit.fakes import NUMBERS, OFFICE, OFFICE_VAT, company

OBSTACLES: dict[str, tuple[dict[str, Any], type[NotConnectable]]] = {
    "no module": ({"has_module": False}, errors.ModuleMissing),
    "French": ({"country": "FR"}, errors.NotBelgian),
    "no number": ({"number": ""}, errors.NumberMissing),
    "bad number": ({"number": "0403019262"}, errors.NumberNotValid),
    "own office": ({"office": NUMBERS[0], "has_firm": False}, errors.OfficeNotSet),
    "firm without a number": ({"office": NUMBERS[0]}, FirmWithoutNumber),
    "other office": ({"office": NUMBERS[1]}, errors.OtherOffice),
    "no office": ({"office": ""}, errors.NumberNotValid),
    "bad office": ({"office": "123"}, errors.NumberNotValid),
    "no module and all else wrong": ({"has_module": False, "country": "FR", "number": "", "office": ""}, errors.ModuleMissing),
    "French without a number": ({"country": "FR", "number": "", "office": ""}, errors.NotBelgian),
    "no number at an office": ({"number": "", "office": OFFICE_VAT}, errors.NumberMissing),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_is_found(name: str) -> None:
    fields, kind = OBSTACLES[name]

    assert type(obstacle(Dossier(company(**fields)), OFFICE)) is kind


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"country": ""},
        {"number": "BE 0403.019.261"},
        {"number": "403019261"},
        {"office": "BE 0123.456.749"},
        {"is_connected": True},
        {"has_firm": False},
    ],
)
def test_nothing_stands_in_the_way(fields: dict[str, Any]) -> None:
    assert obstacle(Dossier(company(**fields)), OFFICE) is None


def test_the_offices_own_company_can_be_connected() -> None:
    assert obstacle(Dossier(company("Kantoor Testmans", number=OFFICE_VAT, office=OFFICE_VAT, has_firm=False)), OFFICE) is None


def test_other_office_is_named() -> None:
    reason = obstacle(Dossier(company(office=NUMBERS[1])), OFFICE)

    assert reason is not None
    assert "BE 0477.472.701" in reason.cause
    assert "Kantoor Testmans (BE 0123.456.749)" in reason.cause


def test_bad_number_is_named() -> None:
    reason = obstacle(Dossier(company(number="0403019262")), OFFICE)

    assert reason is not None
    assert "0403019262" in reason.cause


@pytest.mark.parametrize("name", OBSTACLES)
def test_obstacle_is_told_in_whole_sentences(name: str) -> None:
    reason = obstacle(Dossier(company(**OBSTACLES[name][0])), OFFICE)

    assert reason is not None
    assert reason.cause.endswith(".")
    assert reason.remedy.endswith(".")
