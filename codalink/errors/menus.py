"""Where things are set in Odoo and in MyCodaBox: each path is said once, so that every answer names it alike.

Sources: Odoo's manual (Belgium > CodaBox), CodaBox's help pages.
"""

REVOKE_IN_ODOO = "Odoo (Accounting > Configuration > Settings, section CodaBox > Manage Connection > Revoke)"
FIRM_IN_ODOO = "Odoo (Settings > Accounting > Accounting Firm)"
COMPANIES_IN_ODOO = "Odoo (Settings > Companies)"
USERS_IN_ODOO = "Odoo (Settings > Users)"
APPS_IN_ODOO = "Odoo's menu Apps"
JOURNALS_IN_ODOO = "Odoo (Accounting > Configuration > Journals)"
API_KEYS_IN_ODOO = "Odoo (your name at the top right > Preferences > Account Security > New API Key)"
CONSENT_IN_MYCODABOX = "MyCodaBox (Administration > CodaBox Connect)"
CODA_IN_MYCODABOX = "MyCodaBox (Mandates & Services > CODA)"
MANDATE_IN_MYCODABOX = "MyCodaBox (Mandates & Services > CODA > Manage)"
SODA_IN_MYCODABOX = "MyCodaBox (Mandates & Services > SODA)"
