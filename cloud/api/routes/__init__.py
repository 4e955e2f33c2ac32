"""The routes, one module for each thing that a console is about.

Here live thin functions: read the body, ask the store, arrange the answer.
Never here: SQL, a decision that belongs to cloud.sos, or a check that the access table makes.
"""
