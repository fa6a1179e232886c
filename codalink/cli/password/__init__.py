"""`codalink password`: the office password's life."""

import typer

from codalink.cli import exits, options
from codalink.cli.password.entering import set_password
from codalink.cli.password.forgetting import forget
from codalink.cli.password.recovering import recover
from codalink.cli.password.rotating import rotate
from codalink.cli.password.showing import show
from codalink.cli.password.verifying import verify

app = typer.Typer(
    no_args_is_help=True,
    help="Look after the office password: show, enter, test, exchange, find again or forget it.",
)

for _name, _function, _examples in (
    ("show", show, ("codalink password show",)),
    ("set", set_password, ("codalink password set", "some-password-manager | codalink password set --secret-stdin")),
    ("verify", verify, ("codalink password verify",)),
    ("rotate", rotate, ("codalink password rotate", "codalink password rotate --yes --quiet")),
    ("recover", recover, ("codalink password recover", "codalink password recover --revoked --first klant_db")),
    ("forget", forget, ("codalink password forget",)),
):
    app.command(_name, help=options.help_text(_function, _examples), epilog=exits.WORDS)(_function)
