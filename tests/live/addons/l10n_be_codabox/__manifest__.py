# codalink's stand-in for Odoo Enterprise's module of this name, for test servers only: it never reaches CodaBox.
# The version has two parts on purpose: Odoo puts its own in front, so that one add-on installs on 17.0, 18.0 and 19.0.
{
    "name": "CodaBox (codalink's stand-in for tests)",
    "summary": "The public surface of Odoo's CodaBox module on Community, talking to a stand-in proxy",
    "version": "1.0",
    "category": "Accounting/Localizations",
    "author": "codalink contributors",
    "license": "LGPL-3",
    "depends": ["account", "base_vat", "l10n_be"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron.xml",
    ],
}
