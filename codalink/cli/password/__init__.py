"""`codalink password`: the office password's life."""

import typer

from codalink.cli import exits, options
from codalink.cli.password.entering import set_password
from codalink.cli.password.forgetting import forget
from codalink.cli.password.showing import show

app = typer.Typer(
    no_args_is_help=True,
    help="Show, enter or forget the office password.",
)

for _name, _function, _examples in (
    ("show", show, ("codalink password show",)),
    ("set", set_password, ("codalink password set", "some-password-manager | codalink password set --secret-stdin")),
    ("forget", forget, ("codalink password forget",)),
):
    app.command(_name, help=options.help_text(_function, _examples), epilog=exits.WORDS)(_function)
