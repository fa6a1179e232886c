"""What a person exports from MyCodaBox. Knows its files and its words in three languages; doesn't know Odoo."""

from codalink.mycodabox.export import read_mandates

__all__ = ["read_mandates"]
