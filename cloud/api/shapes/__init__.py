"""What the API answers, field by field: times are UTC milliseconds, durations milliseconds.

Here live pydantic models, each with `of()`, which arranges what the store returned.
Never here: a query, a decision, or anything that a request says.
"""
