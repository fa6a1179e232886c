"""The module's texts, and their Dutch and French translations.

Odoo answers in the user's language unless the call's context names another one. The translations are ours: they are
here so that a client that recognises errors by their English text but forgets `lang` is found out.
"""

NOT_CONFIGURED = "CodaBox is not configured. Please check your configuration."
PROXY_DOWN = "An error occurred while connecting to the IAP server. Please contact Odoo support."
CODABOX_DOWN = "CodaBox is not responding. Please try again later."
CODABOX_ERROR = "An error occurred while connecting to CodaBox. Please contact Odoo support."
NO_CONNECTION = "No connection exists with these VAT/Company ID number(s). Please check your configuration."
CONNECTION_INVALID = "It seems that your CodaBox connection is not valid anymore.  Please connect again."
CONSENT_INVALID = "CodaBox consent is not valid. Please reconnect."
WRONG_PASSWORD = "The provided password is not valid for this VAT/Company ID number."  # noqa: S105 - a text
WRONG_PASSWORD_FIRM = "The provided password is not valid for this accounting firm."  # noqa: S105 - a text
VAT_INVALID = "It seems that the VAT/Company ID number you provided is not valid. Please check your configuration."
UNKNOWN_OFFICE = "It seems that the VAT/Company ID number you provided does not exist in CodaBox. Please check your configuration."
ALREADY_REGISTERED = (
    "It seems you have already created a connection to CodaBox with this account. "
    "To create a new connection, you must first revoke the old one on myCodaBox portal."
)
NO_FILES = "No files were found. Please check your configuration."
UPGRADE = "Please upgrade the module CodaBox."
INSTALL_BRIDGE = "Please install the module CodaBox Bridge Wizard to use this feature (you may have to Update the Apps List first)."
VAT_NOT_SET = "The company VAT number or ID is not set."
VAT_ID_NOT_SET = "The company VAT/ID number is not set."
NOT_AN_OFFICE = "The feature is restricted to Accounting Firms."
PASSWORDS_DIFFER = "The new passwords do not match."
CONNECTION_VALID = "CodaBox connection is valid."
PASSWORD_CHANGED = "Password changed successfully."  # noqa: S105 - a text
NO_PAYROLL = "No new payroll entries were found."
FOREIGN_COMPANY = "Access to unauthorized or invalid companies."
RECORD_GONE = "Record does not exist or has been deleted."

_DUTCH = {
    NOT_CONFIGURED: "CodaBox is niet geconfigureerd. Controleer uw configuratie.",
    PROXY_DOWN: "Er is een fout opgetreden bij het verbinden met de IAP-server. Neem contact op met Odoo support.",
    CODABOX_DOWN: "CodaBox antwoordt niet. Probeer het later opnieuw.",
    NO_CONNECTION: "Er bestaat geen verbinding met deze btw-/ondernemingsnummers. Controleer uw configuratie.",
    CONNECTION_INVALID: "Uw CodaBox-verbinding lijkt niet meer geldig te zijn. Maak opnieuw verbinding.",
    CONSENT_INVALID: "De CodaBox-toestemming is niet geldig. Maak opnieuw verbinding.",
    WRONG_PASSWORD: "Het opgegeven wachtwoord is niet geldig voor dit btw-/ondernemingsnummer.",
    WRONG_PASSWORD_FIRM: "Het opgegeven wachtwoord is niet geldig voor dit boekhoudkantoor.",
    VAT_INVALID: "Het opgegeven btw-/ondernemingsnummer lijkt niet geldig te zijn. Controleer uw configuratie.",
    UNKNOWN_OFFICE: "Het opgegeven btw-/ondernemingsnummer bestaat niet in CodaBox. Controleer uw configuratie.",
    ALREADY_REGISTERED: (
        "U hebt met deze account al een verbinding met CodaBox gemaakt. "
        "Trek eerst de oude in op het myCodaBox-portaal om een nieuwe te maken."
    ),
    NO_FILES: "Er zijn geen bestanden gevonden. Controleer uw configuratie.",
    UPGRADE: "Werk de module CodaBox bij.",
    INSTALL_BRIDGE: "Installeer de module CodaBox Bridge Wizard om deze functie te gebruiken.",
    VAT_NOT_SET: "Het btw- of ondernemingsnummer van het bedrijf is niet ingevuld.",
    NOT_AN_OFFICE: "Deze functie is voorbehouden aan boekhoudkantoren.",
    CONNECTION_VALID: "De CodaBox-verbinding is geldig.",
    FOREIGN_COMPANY: "Toegang tot niet-toegelaten of ongeldige bedrijven.",
    RECORD_GONE: "Het record bestaat niet of is verwijderd.",
}

_FRENCH = {
    NOT_CONFIGURED: "CodaBox n'est pas configuré. Veuillez vérifier votre configuration.",
    PROXY_DOWN: "Une erreur est survenue lors de la connexion au serveur IAP. Veuillez contacter l'assistance d'Odoo.",
    CODABOX_DOWN: "CodaBox ne répond pas. Veuillez réessayer plus tard.",
    NO_CONNECTION: "Aucune connexion n'existe avec ce(s) numéro(s) de TVA. Veuillez vérifier votre configuration.",
    CONNECTION_INVALID: "Votre connexion CodaBox ne semble plus valide. Veuillez vous reconnecter.",
    CONSENT_INVALID: "Le consentement CodaBox n'est pas valide. Veuillez vous reconnecter.",
    WRONG_PASSWORD: "Le mot de passe fourni n'est pas valide pour ce numéro de TVA/d'entreprise.",
    WRONG_PASSWORD_FIRM: "Le mot de passe fourni n'est pas valide pour ce bureau comptable.",
    VAT_INVALID: "Le numéro de TVA/d'entreprise fourni ne semble pas valide. Veuillez vérifier votre configuration.",
    UNKNOWN_OFFICE: "Le numéro de TVA/d'entreprise fourni n'existe pas dans CodaBox. Vérifiez votre configuration.",
    ALREADY_REGISTERED: (
        "Vous avez déjà créé une connexion à CodaBox avec ce compte. "
        "Pour en créer une nouvelle, révoquez d'abord l'ancienne sur le portail myCodaBox."
    ),
    NO_FILES: "Aucun fichier n'a été trouvé. Veuillez vérifier votre configuration.",
    UPGRADE: "Veuillez mettre à jour le module CodaBox.",
    INSTALL_BRIDGE: "Veuillez installer le module CodaBox Bridge Wizard pour utiliser cette fonctionnalité.",
    VAT_NOT_SET: "Le numéro de TVA ou d'entreprise de la société n'est pas renseigné.",
    NOT_AN_OFFICE: "Cette fonctionnalité est réservée aux bureaux comptables.",
    CONNECTION_VALID: "La connexion CodaBox est valide.",
    FOREIGN_COMPANY: "Accès à des sociétés non autorisées ou non valides.",
    RECORD_GONE: "L'enregistrement n'existe pas ou a été supprimé.",
}


def translate(text: str, language: str) -> str:
    """Give `text` in an Odoo language code (`nl_BE`, `fr_FR`, …); English where no translation is known."""
    table = {"nl": _DUTCH, "fr": _FRENCH}.get(language[:2], {})
    return table.get(text, text)
