"""`codalink password verify`."""

from codalink.cli import options
from codalink.cli.wiring import Session


def verify(
    jobs: options.Jobs = options.DEFAULT_JOBS,
    config: options.Config = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,
) -> None:
    """Ask CodaBox whether the office password in the keyring is still the valid one.

    Nothing is changed: Odoo is asked to replace the password with itself, which CodaBox refuses where it is wrong. Ends with 0 where it is
    valid, and with 4 where it is missing or refused.
    """
    with Session("password verify", options.common(config, quiet, verbose, debug), jobs=jobs) as session:
        from codalink.office.password.speaking import enough_to_speak
        from codalink.office.password.verify import verify_password
        from codalink.render.messages import sentence
        from codalink.render.progress import LiveProgress

        office = session.configuration.office
        with session.office_lock(), LiveProgress(session.streams) as progress:
            asked = verify_password(office, session.survey(progress, is_enough=enough_to_speak(office)), session.means(progress))
        session.streams.notice(sentence(f"The office password of {office.name} ({office.vat}) in the keyring is the valid one."))
        if not asked.status.is_consent_valid:
            session.streams.notice("But the office's consent in MyCodaBox is missing: `codalink connect-all` asks for it.")
