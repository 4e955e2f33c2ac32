"""What becomes of a request after it was submitted, as far as this station was told.

Here lives what is known of each. Never here: what people wrote, and who they are.
"""
