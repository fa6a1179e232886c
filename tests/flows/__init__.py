"""What an office does with codalink, as claims that hold for any office: the sandbox's and one on real Odoo servers.

A flow sees an office through `FlowOffice` only, so that nothing but the server differs. Claims stand in classes that are not collected by
themselves; who runs them (tests/integration, tests/live) inherits, and brings the fixture that makes the office.
"""
