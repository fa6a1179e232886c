"""What somebody would write with OdooRPC to connect further companies: one database after the other, as the documentation shows it.

    python -m tests.bench.by_hand < answers.json

Reads `{"login": …, "password": …, "office_password": …, "databases": [[host, port, name], …]}` and prints the seconds it took.
"""

import json
import sys
import time

import odoorpc


def main() -> None:
    """Connect every company of every database."""
    asked = json.load(sys.stdin)
    begin = time.perf_counter()
    for host, port, name in asked["databases"]:
        connect_database(host, port, name, asked["login"], asked["password"], asked["office_password"])
    sys.stdout.write(f"{time.perf_counter() - begin:.3f}\n")


def connect_database(host: str, port: int, name: str, login: str, password: str, office_password: str) -> None:
    """Connect the companies of one database, through OdooRPC's environment."""
    odoo = odoorpc.ODOO(host, port=port)
    odoo.login(name, login, password)
    companies = odoo.env["res.company"]
    for company in companies.browse(companies.search([])):
        if company.l10n_be_codabox_is_connected:
            continue
        settings = odoo.env["res.config.settings"].create({"company_id": company.id})
        action = odoo.env["res.config.settings"].browse(settings).l10n_be_codabox_open_connection_wizard()
        wizard = odoo.env["l10n_be_codabox.connection.wizard"].browse(action["res_id"])
        wizard.fidu_password = office_password
        wizard.l10n_be_codabox_create_connection()
        if not companies.browse(company.id).l10n_be_codabox_is_connected:
            sys.exit(f"{name} is not connected")


if __name__ == "__main__":
    main()
