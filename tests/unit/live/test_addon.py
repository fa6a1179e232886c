"""The add-on for real Odoo servers, as far as it can be checked without one: syntax, manifest, data, and the contract's names."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from codalink.sandbox import codabox, codabox_files, codabox_wizards, texts
from codalink.sandbox.accounting import AccountJournal
from codalink.sandbox.base_models import ResCompany, Settings
from codalink.sandbox.fields import Field as SandboxField
from codalink.sandbox.models import BaseModel
from tests.replaying import recording
from tests.unit.live.odoo_stub import ADDONS, ADMIN, DEFINED, Database, Field, Model

ADDON = ADDONS / "l10n_be_codabox"
SOURCES = sorted(ADDON.rglob("*.py"))
OLDEST_PYTHON = (3, 10)
"""That of the image odoo:17.0."""

EXTENDED: dict[type[BaseModel], type[BaseModel] | None] = {
    codabox.CodaboxCompany: ResCompany,
    codabox.CodaboxSettings: Settings,
    codabox_files.CodaboxJournal: AccountJournal,
    codabox_wizards.ConnectionWizard: None,
    codabox_wizards.ValidationWizard: None,
    codabox_wizards.ChangePasswordWizard: None,
    codabox_wizards.RevokeWizard: None,
}
"""The sandbox's half of the contract, and what of it is Odoo's own."""
BY_NAME = {model.model_name: model for model in EXTENDED}
SAID_BY_THE_SANDBOX_TOO = {name: text for name, text in vars(texts).items() if name.isupper() and isinstance(text, str)}
OF_OUR_OWN = {"codalink.live.key"}
"""What the real module has not."""


def manifest() -> dict[str, Any]:
    found = ast.literal_eval((ADDON / "__manifest__.py").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def data_files(ending: str) -> list[Path]:
    return [ADDON / name for name in manifest()["data"] if name.endswith(ending)]


# --- what Odoo reads before it runs anything ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ADDON)) for path in SOURCES])
def test_every_file_is_python_of_the_oldest_server(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=OLDEST_PYTHON)


def test_every_file_is_imported() -> None:
    """A file that its package forgets would be missing on the server, without a word."""
    for folder in (ADDON / "models", ADDON / "wizards"):
        imported = {name.name for node in ast.parse((folder / "__init__.py").read_text()).body for name in getattr(node, "names", [])}
        assert imported == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_manifest_has_what_odoo_needs() -> None:
    assert manifest().keys() >= {"name", "version", "depends", "data", "license", "author"}


def test_manifest_version_is_completed_by_each_series() -> None:
    """Recorded: 18.0.1.0 and 19.0.1.0. A version with a series in it would install on that one alone."""
    assert manifest()["version"] == "1.0"


def test_manifest_depends_on_modules_of_community_only() -> None:
    assert set(manifest()["depends"]) == {"account", "base_vat", "l10n_be"}


def test_manifest_lists_every_data_file_and_no_other() -> None:
    there = {path.relative_to(ADDON).as_posix() for path in ADDON.rglob("*") if path.suffix in {".xml", ".csv"}}
    assert set(manifest()["data"]) == there


def records() -> Iterator[ET.Element]:
    for path in data_files(".xml"):
        yield from ET.parse(path).getroot().iter("record")  # noqa: S314 - our own file


def test_scheduled_action_is_found_by_its_name() -> None:
    named = {field.attrib["name"]: field for record in records() for field in record.iter("field")}
    assert [record.attrib["model"] for record in records()] == ["ir.cron"]
    assert "CodaBox" in str(named["name"].text)


def test_scheduled_action_sets_only_fields_that_all_versions_have() -> None:
    of_all = {"name", "model_id", "state", "code", "interval_number", "interval_type", "active", "nextcall"}
    assert {field.attrib["name"] for record in records() for field in record.iter("field")} <= of_all


def test_scheduled_action_runs_a_method_that_there_is(registry: dict[str, type[Model]]) -> None:
    (code,) = (field.text for record in records() for field in record.iter("field") if field.attrib["name"] == "code")
    called = str(code).removeprefix("model.").removesuffix("()")
    assert callable(getattr(registry["account.journal"], called))


# --- rights ------------------------------------------------------------------------------------------------------------------------------


def rights() -> list[dict[str, str]]:
    return [row for path in data_files(".csv") for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def test_every_wizard_is_for_administrators_and_nobody_else(registry: dict[str, type[Model]]) -> None:
    wizards = {name for name, model in registry.items() if name.startswith("l10n_be_codabox.")}
    assert {(row["name"], row["group_id:id"]) for row in rights()} == {(name, ADMIN) for name in wizards}


def test_rights_name_each_model_by_its_external_id() -> None:
    assert [row["model_id:id"] for row in rights()] == [f"model_{row['name'].replace('.', '_')}" for row in rights()]


def test_rights_allow_all_of_it() -> None:
    assert {value for row in rights() for key, value in row.items() if key.startswith("perm_")} == {"1"}


# --- the contract's names ----------------------------------------------------------------------------------------------------------------


def own_fields(sandbox: type[BaseModel]) -> dict[str, SandboxField]:
    """The fields of the sandbox's model that the module brings, but for Bank Feed, which it only extends."""
    extended = EXTENDED[sandbox]
    of_odoo = set(extended.fields) if extended else set()
    return {name: field for name, field in sandbox.fields.items() if name not in of_odoo}


def own_methods(sandbox: type[BaseModel]) -> set[str]:
    return {name for name, value in vars(sandbox).items() if callable(value) and not name.startswith("_")}


def added(model: str) -> tuple[dict[str, Field], set[str]]:
    """The fields and the public methods that the add-on gives a model."""
    kinds = [kind for kind in DEFINED if model in {kind._name, kind._inherit} and kind.__module__.startswith("odoo.addons.")]
    values = {name: value for kind in kinds for name, value in vars(kind).items()}
    fields = {name: value for name, value in values.items() if isinstance(value, Field)}
    return fields, {name for name, value in values.items() if callable(value) and not name.startswith("_")}


@pytest.mark.usefixtures("registry")
class TestSameSurfaceAsTheSandbox:
    def test_models(self) -> None:
        ours = {kind._inherit or kind._name for kind in DEFINED if kind.__module__.startswith("odoo.addons.")}
        assert ours - OF_OUR_OWN == set(BY_NAME)

    @pytest.mark.parametrize("model", BY_NAME)
    def test_fields(self, model: str) -> None:
        assert set(added(model)[0]) == set(own_fields(BY_NAME[model]))

    @pytest.mark.parametrize("model", BY_NAME)
    def test_types_rights_and_relations_of_fields(self, model: str) -> None:
        ours = {name: (one.type, one.comodel, one.required, bool(one.groups)) for name, one in added(model)[0].items()}
        theirs = {name: (one.type, one.relation, one.required, one.admin_only) for name, one in own_fields(BY_NAME[model]).items()}
        assert ours == theirs

    @pytest.mark.parametrize("model", BY_NAME)
    def test_fields_that_nobody_writes(self, model: str) -> None:
        ours = {name for name, one in added(model)[0].items() if one.is_readonly}
        assert ours == {name for name, one in own_fields(BY_NAME[model]).items() if one.readonly}

    @pytest.mark.parametrize("model", BY_NAME)
    def test_buttons(self, model: str) -> None:
        assert added(model)[1] == own_methods(BY_NAME[model])

    @pytest.mark.parametrize("model", [name for name, model in BY_NAME.items() if EXTENDED[model] is None])
    def test_descriptions_which_refusals_quote(self, model: str, registry: dict[str, type[Model]]) -> None:
        assert (registry[model]._description, registry[model].is_transient) == (BY_NAME[model].description, True)

    def test_secrets_are_for_administrators(self) -> None:
        groups = {one.groups for model in BY_NAME for name, one in added(model)[0].items() if "password" in name or "token" in name}
        assert groups == {ADMIN, ""}  # the tick box that shows the password is no secret
        assert added("l10n_be_codabox.connection.wizard")[0]["show_fidu_password"].groups == ""


@pytest.mark.parametrize("version", ["18", "19"])
def test_company_s_fields_are_described_as_recorded(version: str, registry: dict[str, type[Model]]) -> None:
    (line,) = (
        one for one in recording(f"odoo{version}-json2" if version == "19" else "odoo18-jsonrpc") if one["name"] == "company_fields_get"
    )
    answered = ast.literal_eval(line["response"]["body"].replace("true", "True").replace("false", "False").replace("null", "None"))
    recorded = answered.get("result", answered)
    ours = {name: {"type": one.type, "string": one.label, "readonly": one.is_readonly} for name, one in added("res.company")[0].items()}
    assert ours == {name: {key: recorded[name][key] for key in ("type", "string", "readonly")} for name in ours}


def test_bank_feed_is_offered_beside_odoo_s_own(registry: dict[str, type[Model]]) -> None:
    journal = Database(registry, {}, "").environment()["account.journal"]
    assert journal.bank_feeds() == [("undefined", "Undefined Yet"), codabox_files.CODABOX_FEED]


def test_texts_are_the_contract_s() -> None:
    own = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse((ADDON / "texts.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert own == {name: SAID_BY_THE_SANDBOX_TOO[name] for name in own}
