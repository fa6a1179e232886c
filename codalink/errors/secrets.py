"""The keyring, or a secret in it."""

from codalink.errors.family import CodalinkError
from codalink.errors.menus import CONSENT_IN_MYCODABOX, REVOKE_IN_ODOO


class SecretsError(CodalinkError):
    """The keyring or a secret in it is the problem."""

    concerns_everyone = True


class KeyringMissing(SecretsError):
    """The system has no keyring that codalink trusts; the remedy is for the platform at hand."""

    default_cause = "No safe keyring was found on this computer, and codalink keeps secrets nowhere else."
    default_remedy = "Install or start the system's keyring, then try again."


class KeyringSilent(SecretsError):
    """The keyring doesn't answer in time: mostly locked, with a question that nobody sees."""

    default_cause = "The keyring doesn't answer. It is probably locked and waits for its password."
    default_remedy = "Unlock the keyring (log in to the desktop, or open its password manager), then try again."
    is_repeatable = True
    other_wordings = (r"The keyring is locked",)


class KeyringUnreliable(SecretsError):
    """The keyring gave back something else than was stored."""

    default_cause = "The keyring did not give back what was stored in it."
    default_remedy = "Nothing was sent to CodaBox. Repair the keyring or choose another backend, then try again."
    other_wordings = (
        r"The keyring still shows a secret",
        r"The keyring reports an error",
    )


class LoginSecretMissing(SecretsError):
    """No password or API key is stored for a login on a server."""

    default_cause = "No password or API key is stored for this login on this server."
    default_remedy = "Run `codalink setup` to enter it. It is kept in the keyring."
    next_command = "codalink setup"
    concerns_everyone = False
    other_wordings = (
        r"No password or API key is stored for",
        r"No API key is stored for the database",
    )


class OfficePasswordMissing(SecretsError):
    """The office is registered, but its password is not in the keyring."""

    default_cause = "The office is connected to CodaBox already, but its password is not in this computer's keyring."
    default_remedy = (
        "If somebody in the office has it, run `codalink password set`. Otherwise run `codalink password recover`: it looks wherever "
        "it may still be, and leads the way to a new one where it is lost."
    )
    steps = (
        (
            "Ask who made the office's first connection, and look in the office's password manager: Odoo showed the password once, then. "
            "Whoever has it runs `codalink password set`, and nothing more is needed."
        ),
        (
            "Otherwise run `codalink password recover`. Within an hour of the first connection the password may still be in Odoo, and "
            "codalink brings it home. Where it is lost for good, it leads the way to a new one."
        ),
    )
    next_command = "codalink password recover"
    other_wordings = (r"The keyring has no password for", r"Odoo asks for the office password")


class OfficePasswordLost(SecretsError):
    """Nobody has the office password any more, and Odoo doesn't show it: only a new first connection makes another one."""

    default_cause = "The office password is lost: it is neither in this computer's keyring nor still in Odoo."
    default_remedy = (
        "Revoke Odoo's access in MyCodaBox (Administration > CodaBox Connect), then run `codalink password recover --revoked`: it "
        "revokes in Odoo, and makes a new first connection."
    )
    steps = (
        (
            "Ask once more in the office, and in its password manager: whoever has it runs `codalink password set`, and nothing more is "
            "needed."
        ),
        (
            f"If it is lost for good, revoke Odoo's access in {CONSENT_IN_MYCODABOX}. Expect no files for any company until the new "
            "consent is given."
        ),
        (
            f"Then run `codalink password recover --revoked`. It revokes each company's connection in {REVOKE_IN_ODOO}, and makes a "
            "new first connection, whose password it keeps in the keyring."
        ),
        "Give the new consent on the page that opens. codalink then connects every company again.",
    )
    next_command = "codalink password recover --revoked"
    other_wordings = (
        r"\b(lost|forgot(ten)?)( the| our)?( office)? password",
        r"\bpassword (is |was )?lost\b",
    )


class OfficePasswordRefused(SecretsError):
    """CodaBox does not accept the office password."""

    default_cause = "CodaBox refuses the office password that is in the keyring."
    default_remedy = (
        "If somebody has exchanged it, enter the new one with `codalink password set`. Otherwise run `codalink password recover`: it "
        "looks for the valid one, and leads the way to a new one where it is lost."
    )
    steps = (
        (
            "Find the password that Odoo showed at the office's first connection, or the one that it was exchanged for since. It is "
            "not the password of a login in Odoo, nor of MyCodaBox."
        ),
        "Enter it with `codalink password set`, then run `codalink connect-all`.",
        "If nobody has it, run `codalink password recover`. Where it is lost for good, it leads the way to a new one.",
    )
    next_command = "codalink connect-all"
    wordings = (r"password is not valid for this VAT", r"password is not valid for this accounting firm")
    other_wordings = (
        r"^wrong( office)? password$",
        r"An exchange of the office password was interrupted",
        r"CodaBox changed the office password, and refuses",
        r"CodaBox refuses the office password in the keyring",
    )
    guesses = (r"wachtwoord[^.]*niet geldig[^.]*(nummer|kantoor)", r"mot de passe[^.]*pas valide[^.]*(num[ée]ro|bureau|fiduciaire)")


class KeyFileDamaged(SecretsError):
    """The file with the databases' API keys can't be read; it stays as it is."""

    default_cause = "The file with the databases' API keys can't be read."
    default_remedy = (
        "It was left as it is. Put a copy of it from your backup in its place; or move it away, make new keys in Odoo, and enter them with "
        "`codalink keys import`."
    )
    next_command = "codalink keys list"
    other_wordings = (r"with the API keys (?!can't be opened)",)


class KeyFileSealed(SecretsError):
    """The random key that opens the file with the API keys is not in the keyring, or is another one."""

    default_cause = "The file with the databases' API keys can't be opened: what opens it is not in the keyring, or is another one."
    default_remedy = (
        "Keyring and file belong together: put that item back into the keyring, or use the file that goes with it. If it is lost, move the "
        "file away, make new keys in Odoo, and enter them with `codalink keys import`."
    )
    next_command = "codalink keys list"
    other_wordings = (r"with the API keys can't be opened",)


class KeyFileExposed(SecretsError):
    """Others can read or change the file with the API keys."""

    default_cause = "Others can read or change the file with the databases' API keys."
    default_remedy = "Make the file readable for yourself only, then run this command again."
    other_wordings = (r"Other users of this computer can read or change",)


class KeyFileNotWritten(SecretsError):
    """The file with the API keys can't be written; the former one is still there."""

    default_cause = "The file with the databases' API keys can't be written."
    default_remedy = "The former keys are still there. Check the folder's rights and the space on the disk, then run this command again."
    other_wordings = (
        r"The API keys can't be written to",
        r"The folder .* can't be used",
        r"did not give back what was written",
        r"Another codalink run has held",
    )
