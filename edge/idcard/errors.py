"""What can go wrong with a card. Errors are sorted by what somebody can do about it and never tell what stands on a card.

`fault` is a stable name: screens have their words by it, for the citizen; the error's own text is for the technician.
"""

from enum import StrEnum
from typing import ClassVar

from edge.errors import EdgeError


class CardFault(StrEnum):
    """Why a card was not read, or is not believed."""

    GONE = "gone"
    SILENT = "silent"
    OTHER_CARD = "other-card"
    WRONG_KEY = "wrong-key"
    BLOCKED = "blocked"
    GARBLED = "garbled"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    TAMPERED = "tampered"
    FOREIGN_ISSUER = "foreign-issuer"
    ISSUER_EXPIRED = "issuer-expired"
    ISSUER_REVOKED = "issuer-revoked"
    CLONED = "cloned"
    OTHER_PERSON = "other-person"
    NO_READER = "no-reader"


class CardError(EdgeError):
    """Root: the card was not read, or is not believed."""

    fault: ClassVar[CardFault]


class GoneError(CardError):
    """The card was taken away before the end."""

    fault = CardFault.GONE

    def __init__(self) -> None:
        super().__init__("the card was taken away")


class SilentError(CardError):
    """The card gives no answer, or not in time: it lies badly, is damaged, or no chip card."""

    fault = CardFault.SILENT


class OtherCardError(CardError):
    """A chip answers, but it has no ICAO application: a bank card, a health card."""

    fault = CardFault.OTHER_CARD

    def __init__(self) -> None:
        super().__init__("the chip has no ICAO application (A0000002471001)")


class WrongKeyError(CardError):
    """The card does not accept the number: mistyped, or another card's. Each one costs a try."""

    fault = CardFault.WRONG_KEY

    def __init__(self) -> None:
        super().__init__("the chip refuses the access key")


class BlockedError(CardError):
    """The card accepts no key any more (SW 6983, 6984)."""

    fault = CardFault.BLOCKED

    def __init__(self) -> None:
        super().__init__("the chip has blocked this way of access")


class GarbledError(CardError):
    """The answer is not what the protocol allows: disturbed, or forged. The text says which rule was broken."""

    fault = CardFault.GARBLED


class RefusedError(CardError):
    """The chip refuses a command that it should obey; `sw` is its status word."""

    fault = CardFault.REFUSED

    def __init__(self, doing: str, sw: int) -> None:
        super().__init__(f"{doing}: refused with {sw:04X}")
        self.sw = sw


class UnreadableError(CardError):
    """A file of the card is not built as its standard says. The text names the file and the rule."""

    fault = CardFault.UNREADABLE


class TamperedError(CardError):
    """A file is not the one that the issuer signed, or the signature is wrong."""

    fault = CardFault.TAMPERED


class ForeignIssuerError(CardError):
    """No authority in the trust store issued the signer's certificate."""

    fault = CardFault.FOREIGN_ISSUER


class IssuerExpiredError(CardError):
    """The signer's certificate, or its authority's, was not valid when the card was signed."""

    fault = CardFault.ISSUER_EXPIRED


class IssuerRevokedError(CardError):
    """The signer's certificate was revoked."""

    fault = CardFault.ISSUER_REVOKED


class ClonedError(CardError):
    """The chip does not have the private key that belongs to what was signed: it is a copy."""

    fault = CardFault.CLONED


class OtherPersonError(CardError):
    """Files of the card, or card and printed code, are not about the same person. The text names the two sources."""

    fault = CardFault.OTHER_PERSON


class ReaderGoneError(CardError):
    """There is no reader, or its service does not run."""

    fault = CardFault.NO_READER
