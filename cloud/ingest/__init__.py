"""From the broker to the store: drain, validate, commit as one, acknowledge, receipt.

`source` is the one door to paho, `intake` is pure, `worker` is the loop that ties them to the store.
Never here: SQL, or a decision about an incident; those live in store/ and sos/.
"""
