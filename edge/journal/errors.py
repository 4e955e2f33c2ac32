"""What can go wrong with the journal, sorted by who must act."""

from edge.errors import EdgeError


class JournalError(EdgeError):
    """Root: the journal cannot do what was asked. Never carries a body or a source."""


class BodyRefusedError(JournalError):
    """The caller's fault: this body does not belong into this lane, or breaks the wire contract's bounds."""


class JournalFullError(JournalError):
    """No place for this entry now; nothing was written. It heals by itself when receipts or space come."""


class JournalBusyError(JournalFullError):
    """More appends wait for the disk than may wait; the disk hangs or the caller floods."""


class JournalBrokenError(JournalError):
    """The file is damaged and was moved aside: end the daemon, the next start begins a new journal."""
