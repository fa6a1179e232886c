"""Odoo's own models, as far as an accounting office's client looks at them. CodaBox's additions are in `codabox`."""

from typing import TYPE_CHECKING, Any, ClassVar

from codalink.sandbox.belgium import digits, is_valid_vat
from codalink.sandbox.fields import Field, Fields, boolean, char, many2one
from codalink.sandbox.models import EVERYBODY, BaseModel, fully_guarded, model_method
from codalink.sandbox.odoo_errors import ValidationError
from codalink.sandbox.users import ADMIN_GROUP
from codalink.sandbox.world import COUNTRY_IDS, CURRENCY_IDS

if TYPE_CHECKING:
    from codalink.sandbox.world import Row

_COUNTRIES = {"BE": "Belgium", "DE": "Germany", "FR": "France", "LU": "Luxembourg", "NL": "Netherlands"}
_COUNTRY_ROWS: "dict[int, Row]" = {COUNTRY_IDS[code]: {"name": name, "code": code} for code, name in _COUNTRIES.items()}
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
_CURRENCY_ROWS: "dict[int, Row]" = {CURRENCY_IDS[name]: {"name": name, "symbol": symbol} for name, symbol in _SYMBOLS.items()}


class Country(BaseModel):
    """`res.country`."""

    model_name = "res.country"
    description = "Country"
    order = "name"
    fields: ClassVar[Fields] = {"name": char("Country Name", required=True), "code": char("Country Code", required=True)}

    def rows(self) -> "dict[int, Row]":
        """Give the few countries there are, the same for all databases."""
        return _COUNTRY_ROWS


class Currency(BaseModel):
    """`res.currency`; journals in another currency than the company's name one."""

    model_name = "res.currency"
    description = "Currency"
    fields: ClassVar[Fields] = {"name": char("Currency", required=True), "symbol": char("Symbol")}

    def rows(self) -> "dict[int, Row]":
        """Give the few currencies there are, the same for all databases."""
        return _CURRENCY_ROWS


class Partner(BaseModel):
    """`res.partner`."""

    model_name = "res.partner"
    description = "Contact"
    order = "name"
    fields: ClassVar[Fields] = {
        "name": char("Name"),
        "active": boolean("Active", unset=True),
        "vat": char("Tax ID"),
        "company_registry": char("Company ID"),
        "country_id": many2one("res.country", "Country"),
        "email": char("Email"),
        "phone": char("Phone"),
        "street": char("Street"),
        "lang": char("Language"),
        "tz": char("Timezone"),
        "comment": Field("html", "Notes"),
        "is_company": boolean("Is a Company"),
        "parent_id": many2one("res.partner", "Related Company"),
        "category_id": Field("many2many", "Tags", relation="res.partner.category"),
        "partner_latitude": Field("float", "Geo Latitude"),
        "type": Field(
            "selection",
            "Address Type",
            selection=(("contact", "Contact"), ("invoice", "Invoice Address"), ("other", "Other Address")),
        ),
    }
    guards = EVERYBODY

    def assign(self, vals: dict[str, Any]) -> None:
        """Set values; a Belgian VAT number must be valid, also where the country is what changes."""
        super().assign(vals)
        if vals.keys() & {"vat", "country_id"}:
            for record in self:
                _check_vat(record)


def _check_vat(partner: BaseModel) -> None:
    vat = partner.value("vat")
    if not vat or vat == "/" or partner.value("country_id") != COUNTRY_IDS["BE"]:
        return
    if not is_valid_vat(digits(vat)):
        raise ValidationError(partner.env.dialect.invalid_vat(vat, partner.value("name")))
    if not partner.value("company_registry"):
        partner.store(company_registry=digits(vat))


def _branches(company: BaseModel) -> list[int]:
    """Give the ids of the companies that are branches of this one."""
    return [key for key, row in company.rows().items() if row.get("parent_id") == company.ids[0]]


class ResCompany(BaseModel):
    """`res.company`; name, VAT and the rest stand on its partner."""

    model_name = "res.company"
    description = "Companies"
    order = "id"
    fields: ClassVar[Fields] = {
        "name": Field("char", "Company Name", required=True, related="partner_id.name"),
        "active": boolean("Active", compute=lambda _record: True),
        "partner_id": many2one("res.partner", "Partner", required=True),
        "vat": char("Tax ID", related="partner_id.vat"),
        "company_registry": char("Company ID", related="partner_id.company_registry"),
        "email": char("Email", related="partner_id.email"),
        "street": char("Street", related="partner_id.street"),
        "country_id": many2one("res.country", "Country", related="partner_id.country_id", searchable=False),
        "country_code": char("Country Code", readonly=True, related="partner_id.country_id.code"),
        "currency_id": many2one("res.currency", "Currency", unset=CURRENCY_IDS["EUR"]),
        "parent_id": many2one("res.company", "Parent Company"),
        "child_ids": Field("one2many", "Branches", relation="res.company", compute=_branches),
    }

    def fields_get(self, allfields: list[str] | None = None, attributes: list[str] | None = None) -> dict[str, dict[str, Any]]:
        """Describe the fields; the name counts as stored, as Odoo keeps a copy of it."""
        described = super().fields_get(allfields, attributes)
        if "store" in described.get("name", {}):
            described["name"]["store"] = True
        return described

    fields_get.is_model_method = True  # type: ignore[attr-defined]


class Attachment(BaseModel):
    """`ir.attachment`; `datas` is base64."""

    model_name = "ir.attachment"
    description = "Attachment"
    order = "id desc"
    fields: ClassVar[Fields] = {
        "name": char("Name", required=True),
        "mimetype": char("Mime Type", readonly=True),
        "file_size": Field("integer", "File Size", readonly=True),
        "datas": Field("binary", "File Content (base64)"),
        "res_model": char("Resource Model"),
        "res_id": Field("integer", "Resource ID"),
        "company_id": many2one("res.company", "Company"),
    }
    guards = EVERYBODY


class Message(BaseModel):
    """`mail.message`, for its method without a result."""

    model_name = "mail.message"
    description = "Message"
    fields: ClassVar[Fields] = {"subject": char("Subject"), "body": Field("html", "Contents")}
    guards = EVERYBODY

    @model_method
    def unstar_all(self) -> None:
        """Take away all stars."""


class Settings(BaseModel):
    """`res.config.settings`."""

    model_name = "res.config.settings"
    description = "Config Settings"
    is_transient = True
    fields: ClassVar[Fields] = {"company_id": many2one("res.company", "Company", required=True)}
    guards = fully_guarded(ADMIN_GROUP)

    def _defaults(self) -> dict[str, Any]:
        allowed = self.env.context.get("allowed_company_ids") or self.env.database.company_ids()
        return {"company_id": allowed[0]}
