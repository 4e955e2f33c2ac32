"""What may be believed of what instruments say. Pure; values are Decimal in the units of `wire.measures`.

`readings` judges one finished measurement, `settling` turns a stream into one, `series` makes one result of several.
Each rule has its reason beside it; where a guideline has one, that one is followed and named.
"""
