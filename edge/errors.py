"""The root of everything that the edge raises on purpose."""


class EdgeError(Exception):
    """Something that the daemon knows how to name; the text carries no personal data."""
