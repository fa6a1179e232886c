"""Connecting the office: how it stands, the plan, the first connection and all further ones."""
