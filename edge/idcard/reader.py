"""Reading a card: open the chip, prove it, read what was asked for and nothing else, and believe it only once it is verified.

Source: ICAO Doc 9303-11, 4.1 and figure 2 (the order of steps). The chip is proven before anything personal is read.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from edge.idcard import agreement, passive
from edge.idcard.access import WAYS, Way
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, CardRead, Photo, Proof, Step
from edge.idcard.dg13 import parse_dg13
from edge.idcard.face import parse_dg2
from edge.idcard.groups import Field, File, Group
from edge.idcard.mrz import parse_dg1
from edge.idcard.port import Port
from edge.idcard.proving import prove_chip
from edge.idcard.session import Session
from edge.idcard.trust import TrustStore


def ignore(_step: Step) -> None:
    """Listen to no step."""


def read_card(
    port: Port,
    key: AccessKey,
    wanted: frozenset[Field],
    *,
    trust: TrustStore | None,
    moment: datetime,
    blocks: Blocks | None = None,
    tell: Callable[[Step], None] = ignore,
    rand: Callable[[int], bytes] = secrets.token_bytes,
    with_mrz: bool = False,
    ways: frozenset[Way] = WAYS,
) -> CardRead:
    """Read what is wanted of the card that lies there; a CardError when it cannot be read or not be believed.

    `trust` None: whoever signed it is not checked. `moment`: now, aware. `with_mrz`: read the machine-readable zone too and see
    that it is about the same person. `ways`: what a key may open the chip with. A file that the card does not have is left out.
    """
    session = Session(port, key, blocks=blocks, rand=rand, ways=ways)
    tell(Step.OPENING)
    session.open()
    tell(Step.READING)
    sod = session.read(File.SOD)
    groups: dict[Group, bytes] = {}
    clone_check = prove_chip(session, sod, groups, trust=trust, moment=moment)
    listed = passive.listed(sod)
    needed = {group for group in needed_groups(wanted, with_mrz=with_mrz) if group in listed}
    groups |= read_groups(session, needed - {Group.DG2})
    if session.is_unproven:
        session.confirm()
    if Group.DG2 in needed:
        tell(Step.PHOTO)
        groups |= read_groups(session, {Group.DG2})
    tell(Step.PROVING)
    issuer = passive.verify(sod, groups, trust, moment)
    fields = parse_dg13(groups[Group.DG13], wanted) if Group.DG13 in groups else {}
    mrz = parse_dg1(groups[Group.DG1]) if Group.DG1 in groups else None
    return CardRead(
        fields=fields,
        photo=_photo(groups),
        proof=Proof(
            issuer=issuer,
            clone_check=clone_check,
            warnings=agreement.check(mrz, fields),
            fingerprint=hashlib.sha256(sod).hexdigest(),
        ),
        apdus=session.exchange.apdus,
    )


def needed_groups(wanted: frozenset[Field], *, with_mrz: bool) -> frozenset[Group]:
    """Return the data groups in which what is wanted stands."""
    asked = {
        Group.DG1: with_mrz,
        Group.DG2: Field.PHOTO in wanted,
        Group.DG13: bool(wanted - {Field.PHOTO}),
    }
    return frozenset(group for group, is_asked in asked.items() if is_asked)


def read_groups(session: Session, groups: Iterable[Group]) -> dict[Group, bytes]:
    """Read data groups, in the order of their numbers, from a session that is open; nothing is verified by this."""
    return {group: session.read(group.file) for group in sorted(groups)}


def _photo(groups: Mapping[Group, bytes]) -> Photo | None:
    return parse_dg2(groups[Group.DG2]) if Group.DG2 in groups else None
