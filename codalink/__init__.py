"""codalink connects all companies of a Belgian accounting office on Odoo to CodaBox."""

__version__ = "0.1.0"
