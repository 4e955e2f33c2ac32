"""Paying at the screen: which bills are open, a code for the person's own telephone, and that the money has come.

The centre says what is to be paid and whether it is; here is only what the person sees of it, in memory. Leaving the page
loses nothing: what was submitted is on disk, and an order is known to the centre before its code is shown.
"""
