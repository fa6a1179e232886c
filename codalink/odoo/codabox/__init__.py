"""The CodaBox module's public surface as typed functions (contract, section 2): the only room that knows its models and fields.

Each function says how many calls it makes. Errors: those of Gateway.execute, and AnswerUnexpected.
"""
