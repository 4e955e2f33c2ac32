"""Whether the chip is the one that was signed, and no copy: what its signed list of files says it can do, it must do."""

from datetime import datetime

from edge.idcard import active_authentication, chip_authentication, passive
from edge.idcard.card import CloneCheck
from edge.idcard.errors import ClonedError, GarbledError, RefusedError
from edge.idcard.groups import Group
from edge.idcard.security_infos import SecurityInfos, parse_dg14
from edge.idcard.session import Session
from edge.idcard.trust import TrustStore


def prove_chip(
    session: Session, sod: bytes, groups: dict[Group, bytes], *, trust: TrustStore | None, moment: datetime
) -> CloneCheck:
    """Do Chip Authentication, else Active Authentication, whichever the SOD's list and DG14 offer; NOT_SUPPORTED: neither.

    What is read for it is added to `groups`, and used only once it is verified. After Chip Authentication the session waits for
    its proof (`Session.is_unproven`). ClonedError when the chip refuses what was signed, or fails; what `passive.verify` raises.
    """
    listed = passive.listed(sod)
    infos = SecurityInfos()
    if Group.DG14 in listed:
        groups[Group.DG14] = _read(session, Group.DG14)
        passive.verify(sod, groups, trust, moment)
        infos = parse_dg14(groups[Group.DG14])
        key = chip_authentication.usable_key(infos)
        if key is not None:
            session.authenticate(key)
            return CloneCheck.CHIP_AUTHENTICATION
    if Group.DG15 not in listed:
        return CloneCheck.NOT_SUPPORTED
    groups[Group.DG15] = _read(session, Group.DG15)
    passive.verify(sod, groups, trust, moment)
    _sign(session, groups[Group.DG15], infos.active_hash)
    return CloneCheck.ACTIVE_AUTHENTICATION


def _read(session: Session, group: Group) -> bytes:
    try:
        return session.read(group.file)
    except RefusedError as error:
        raise ClonedError(f"the chip does not give {group.name}, which its issuer signed") from error


def _sign(session: Session, dg15: bytes, active_hash: str | None) -> None:
    try:
        active_authentication.authenticate(
            session.exchange, dg15, active_hash, session.rand, extended=session.blocks.is_long
        )
    except (RefusedError, GarbledError) as error:
        raise ClonedError("Active Authentication: the chip does not sign") from error
