"""What the command line says of a card: what was read, masked; what was proven; what each fault means to a technician."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from edge.drivers.card.doctor import Finding, Level
from edge.idcard.card import CardRead, CloneCheck, Issuer
from edge.idcard.errors import CardFault
from edge.idcard.groups import Field
from edge.trust_anchors import TrustAnchorsError, read_anchors

FAULTS: Final[Mapping[CardFault, str]] = MappingProxyType(
    {
        CardFault.GONE: "The card was taken away too early, or none was laid on. Leave it on the reader until the end.",
        CardFault.SILENT: "The chip gives no answer. Lay the card flat, alone, over the middle of the antenna; end other "
        "programs that use the reader; try another card to see whether this one is damaged.",
        CardFault.OTHER_CARD: "It is a chip card of another kind, such as a bank's. Only citizens' cards with chip are read.",
        CardFault.WRONG_KEY: "The number does not open this card. Compare it with the print: of the access number the last six "
        "of the twelve digits; with dates, those of birth and expiry. Each wrong number costs a try.",
        CardFault.BLOCKED: "The chip takes no more numbers. Do not go on trying: the holder has it unblocked by the police.",
        CardFault.GARBLED: "The answer breaks the protocol. Lay the card anew, away from metal and phones. If it stays so with "
        "this card only, treat the card as not genuine.",
        CardFault.REFUSED: "The chip refuses a command that it should obey. Lay the card anew; if it stays so, note the status "
        "word above and report it: the card may be of a new make.",
        CardFault.UNREADABLE: "A file on the card is built in an unknown way. Report the text above; it holds nothing personal.",
        CardFault.TAMPERED: "What stands on the chip is not what was signed. Do not accept the card.",
        CardFault.FOREIGN_ISSUER: "Nobody in the trust store has issued the signer. Either the store lacks the authority (see "
        "`tcds-edge card doctor`), or the card is not genuine.",
        CardFault.ISSUER_EXPIRED: "The signer's certificate was not valid when the card was signed. Check the station's clock, "
        "then the trust store; otherwise do not accept the card.",
        CardFault.ISSUER_REVOKED: "The issuer has revoked the signer's certificate. Do not accept the card.",
        CardFault.CLONED: "The chip cannot prove that it is the original: it is a copy. Do not accept the card.",
        CardFault.OTHER_PERSON: "Parts of the card are about different people. Do not accept the card.",
        CardFault.NO_READER: "There is no reader, or its service does not run. `tcds-edge card doctor` says what is missing.",
    }
)
"""What it is and what to do, for whoever looks after stations; citizens have words of their own on the screen."""

ISSUERS: Final[Mapping[Issuer, str]] = MappingProxyType(
    {
        Issuer.VERIFIED: "an authority of the trust store issued the signer",
        Issuer.NOT_CHECKED: "NOT CHECKED: no trust store is set, so anybody may have signed it",
    }
)
CLONE_CHECKS: Final[Mapping[CloneCheck, str]] = MappingProxyType(
    {
        CloneCheck.CHIP_AUTHENTICATION: "the chip is the original (Chip Authentication)",
        CloneCheck.ACTIVE_AUTHENTICATION: "the chip is the original (Active Authentication)",
        CloneCheck.NOT_SUPPORTED: "NOT PROVEN: the chip offers no proof and could be a copy",
    }
)

_SHOWN_DIGITS: Final = 4
_WIDTH: Final = 14


def report(read: CardRead, *, is_revealed: bool) -> Iterator[str]:
    """Yield what was read and what it proves, line by line; without `is_revealed` nobody can be told by it."""
    for field, value in read.fields.items():
        yield f"{field.value:<{_WIDTH}}{value if is_revealed else masked(field, value)}"
    if read.photo is not None:
        yield f"{Field.PHOTO.value:<{_WIDTH}}{read.photo.media_type}, {len(read.photo.data):,} bytes"
    yield f"{'whole':<{_WIDTH}}every file read is the one that was signed"
    yield f"{'issuer':<{_WIDTH}}{ISSUERS[read.proof.issuer]}"
    yield f"{'copy check':<{_WIDTH}}{CLONE_CHECKS[read.proof.clone_check]}"
    for warning in read.proof.warnings:
        yield f"{'warning':<{_WIDTH}}{warning}"


def masked(field: Field, value: str) -> str:
    """Return what may stand on a technician's screen of a value: enough to see that it was read."""
    if field is Field.NUMBER:
        return value[-_SHOWN_DIGITS:].rjust(len(value), "*")
    if field is Field.NAME:
        return " ".join(f"{part[0]}." for part in value.split())
    return f"({len(value)} characters)"


def trust_findings(directory: Path | None, moment: datetime) -> Iterator[Finding]:
    """Look at the trust store in `directory`; None: the settings name none."""
    if directory is None:
        advice = (
            "Set `trust` in the section [card] to the directory of the issuing authorities' certificates."
        )
        yield Finding(Level.WARNING, "There is no trust store: nobody checks who signed a card.", advice)
        return
    try:
        anchors = read_anchors(directory)
    except TrustAnchorsError as error:
        advice = "Until this is mended no card is believed. Have the certificates delivered anew."
        yield Finding(Level.PROBLEM, f"The trust store cannot be used: {error}.", advice)
        return
    store = anchors.store
    counts = f"{len(store.authorities)} certificates and {len(store.revoked)} revocation lists"
    yield Finding(Level.OK, f"The trust store has {counts}: {directory}")
    for problem in anchors.problems:
        yield Finding(
            Level.PROBLEM, f"Left out of the trust store: {problem}.", "Replace the file or take it away."
        )
    for name in anchors.overdue(moment):
        advice = "Fetch the issuer's newest list: until then a newly revoked signer is still believed."
        yield Finding(Level.WARNING, f"The revocation list {name} is overdue.", advice)
