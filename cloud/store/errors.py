"""What can be wrong with the store itself; what is wrong with a request is told by cloud.sos."""


class StoreError(Exception):
    """Root of the store's errors; the text never holds personal data."""


class SchemaError(StoreError):
    """The database's schema is not the one that this release was written for."""


class AwayError(StoreError):
    """The database cannot be reached, or takes nothing now; the same again may succeed later."""


class ContentError(StoreError):
    """The database refused what it was given; the same again will be refused again."""


class BusyError(AwayError):
    """Another writer of this process held the database for too long."""


class MissingError(StoreError):
    """There is no row of that name."""
