"""The gateway to Odoo: protocols behind one interface, the CodaBox module as typed functions, foreign errors as ours."""
