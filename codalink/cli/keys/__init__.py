"""`codalink keys`: the databases' own API keys."""

import typer

from codalink.cli import exits, options
from codalink.cli.keys.entering import set_key
from codalink.cli.keys.forgetting import forget
from codalink.cli.keys.importing import import_keys
from codalink.cli.keys.listing import show_list
from codalink.cli.keys.rotating import rotate

app = typer.Typer(
    no_args_is_help=True,
    help="List, enter, import, exchange or forget the databases' API keys.",
)

for _name, _function, _examples in (
    ("list", show_list, ("codalink keys list", "codalink keys list csv --refresh > keys.csv")),
    (
        "set",
        set_key,
        ("codalink keys set --database klant_db", "some-password-manager | codalink keys set -d odoo.example.be/klant_db --secret-stdin"),
    ),
    ("import", import_keys, ("codalink keys import keys.csv", "some-password-manager | codalink keys import -")),
    (
        "rotate",
        rotate,
        ("codalink keys rotate --database klant_db", "codalink keys rotate --all --days 60", "codalink keys rotate json --all --quiet"),
    ),
    ("forget", forget, ("codalink keys forget --database klant_db", "codalink keys forget -d odoo.example.be/klant_db --yes")),
):
    app.command(_name, help=options.help_text(_function, _examples), epilog=exits.WORDS)(_function)
