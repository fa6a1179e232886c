"""`codalink password rotate`."""

from typing import Annotated

import typer

from codalink.cli import options
from codalink.cli.wiring import Session
from codalink.secrets.masked import Secret

_LENGTH = 16


def rotate(
    yes: Annotated[bool, typer.Option("--yes", "-y", envvar="CODALINK_YES", help="Don't ask.")] = False,
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Exchange the office password for a new one, when somebody who knew it has left, say.

    The connections stay as they are. The new password is put into the keyring before Odoo is asked, and the old one leaves it only when
    CodaBox has accepted the new one. Interrupted anywhere, run it again: it finds out which one is valid, and goes on.
    """
    with Session("password rotate", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        from codalink.office.password.rotate import Rotation, rotate_password
        from codalink.office.password.speaking import enough_to_speak
        from codalink.render.messages import sentence
        from codalink.render.progress import LiveProgress

        office = session.configuration.office
        question = f"Exchange the CodaBox password of {office.name}? Every other computer and note that has the old one needs the new one."
        if not yes and not session.confirm(question, otherwise="--yes"):
            return
        with session.office_lock(), LiveProgress(session.streams) as progress:
            done = rotate_password(
                office, session.survey(progress, is_enough=enough_to_speak(office)), _new_password, session.means(progress)
            )
        if done is Rotation.FINISHED:
            session.streams.notice("The exchange that was interrupted is finished: the new office password is in the keyring.")
        else:
            session.streams.notice(sentence(f"{office.name} has a new office password. It is in the keyring, and CodaBox accepts it."))
        session.streams.notice("Other computers of the office need it too: `codalink password show` here, `codalink password set` there.")
        session.streams.notice("Backups made before have the old one, which opens nothing any more: `codalink password backup FILE`.")


def _new_password() -> Secret:
    """Of the form that Odoo's proxy makes them (recording validation_read): 95 bits of chance."""
    from secrets import choice
    from string import ascii_letters, digits

    return Secret("".join(choice(ascii_letters + digits) for _ in range(_LENGTH)))
